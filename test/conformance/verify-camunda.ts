/**
 * Runs the scenarios on any Camunda 8 cluster: `CAMUNDA_REST_ADDRESS=… npm run verify:camunda -- [theme or part of a title …]`.
 *
 * Logs in by the SDK's environment variables (CAMUNDA_AUTH_STRATEGY, CAMUNDA_CLIENT_ID, CAMUNDA_BASIC_AUTH_USERNAME …). Everything it makes has names of its own
 * and is cancelled and deleted afterwards. It does not touch the cluster's clock unless VERIFY_ALLOW_CLOCK=1, and refuses to start on a
 * cluster where instances of others run unless VERIFY_FOREIGN_OK=1. Exit code 1 when a scenario fails, 2 when it did not start.
 */
import { expect } from 'chai';
import { connectCluster, type Target } from './harness.ts';
import { play } from './scenario.ts';
import { themes } from './scenarios/index.ts';
import { recordedTraces } from './traces.ts';

const yes = (name: string): boolean => process.env[name] === '1';

async function foreignInstances(target: Target): Promise<number> {
  const answer = await target
    .client()
    .searchProcessInstances({ filter: { state: 'ACTIVE' }, page: { limit: 1 } }, { consistency: { waitUpToMs: 0 } });
  return answer.page.totalItems;
}

/** The message, and for two things that differ the lines in which they do. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('actual' in error && 'expected' in error)) return `      ${error.message}`;
  const lines = (value: unknown): string[] => JSON.stringify(value, null, 1).split('\n');
  const actual = lines(error.actual);
  const expected = lines(error.expected);
  const only = (mine: string[], theirs: string[], mark: string): string[] =>
    mine.filter((line) => !theirs.includes(line)).map((line) => `      ${mark} ${line.trim()}`);
  return [`      ${error.message}`, ...only(expected, actual, '-'), ...only(actual, expected, '+')].join('\n');
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  let target: Target;
  try {
    target = await connectCluster({ moveClock: yes('VERIFY_ALLOW_CLOCK') });
    const foreign = await foreignInstances(target);
    if (foreign > 0 && !yes('VERIFY_FOREIGN_OK')) {
      console.error(
        `${foreign} process instances of others run on this cluster. Set VERIFY_FOREIGN_OK=1 if that is all right.`,
      );
      return 2;
    }
  } catch (error) {
    console.error(`No cluster to verify: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  console.log(`Cluster version ${target.version} at ${process.env['CAMUNDA_REST_ADDRESS'] ?? ''}`);
  const counts = { passed: 0, failed: 0, notApplicable: 0 };
  for (const theme of themes) {
    const chosen = theme.scenarios.filter(
      (one) => wanted.length === 0 || wanted.some((word) => theme.name === word || one.title.includes(word)),
    );
    if (chosen.length === 0) continue;
    const recorded = recordedTraces(theme.name);
    console.log(theme.name);
    for (const one of chosen) {
      if (one.clock && !target.hasClock) {
        counts.notApplicable++;
        console.log(`  – ${one.title} (moves the clock: VERIFY_ALLOW_CLOCK=1)`);
        continue;
      }
      try {
        const expected = recorded[one.title];
        const trace = await play(target, one, expected);
        // what each act brought about cannot be told apart while searches lag, but the answers and the end can
        expect(trace.steps.map((step) => `${step.act} → ${step.answer}`)).to.deep.equal(
          expected?.steps.map((step) => `${step.act} → ${step.answer}`),
        );
        expect(trace.end).to.deep.equal(expected?.end);
        counts.passed++;
        console.log(`  ✓ ${one.title}`);
      } catch (error) {
        counts.failed++;
        console.log(`  ✗ ${one.title}\n${explain(error)}`);
      }
    }
  }
  await target.stop();
  if (counts.passed + counts.failed + counts.notApplicable === 0) {
    console.error(`No scenario fits ${wanted.join(', ')}; themes are ${themes.map((theme) => theme.name).join(', ')}`);
    return 2;
  }
  console.log(
    `Camunda ${target.version}: ${counts.passed} passed, ${counts.failed} failed, ${counts.notApplicable} not applicable`,
  );
  return counts.failed > 0 ? 1 : 0;
}

process.exitCode = await main();
