/**
 * The embedded cluster does what Camunda's engine does: every scenario runs on it, its own statements hold, and its trace equals the one recorded
 * from the real engine (`record.ts`). With CONFORMANCE_LAB=1 the scenarios also run on the real engine, whose traces must still be the
 * recorded ones. CONFORMANCE_DELAY=<ms> lets the embedded cluster's searches lag, as a cluster's do.
 */
import { expect } from 'chai';
import { labLacks, startEmbedded, startLab, type Target } from './harness.ts';
import { play } from './scenario.ts';
import { themes } from './scenarios/index.ts';
import { recordedTraces } from './traces.ts';

function compareWithTraces(name: string, start: () => Promise<Target>): void {
  describe(name, function () {
    this.timeout(60_000);
    let target: Target | undefined;
    before(async function () {
      this.timeout(300_000);
      target = await start();
    });
    after(() => target?.stop());

    for (const theme of themes) {
      const recorded = recordedTraces(theme.name);
      describe(theme.name, () => {
        for (const one of theme.scenarios) {
          it(one.title, async () => {
            const expected = recorded[one.title];
            expect(expected, 'no trace: run npx tsx test/conformance/record.ts').to.be.an('object');
            if (!target) throw new Error('the target did not start');
            const trace = await play(target, one, expected);
            if (target.grain === 'steps') expect(trace.steps).to.deep.equal(expected?.steps);
            expect(trace.end).to.deep.equal(expected?.end);
          });
        }
      });
    }

    it('has no trace without its scenario', () => {
      for (const theme of themes) {
        expect(Object.keys(recordedTraces(theme.name)).sort()).to.deep.equal(
          theme.scenarios.map((one) => one.title).sort(),
        );
      }
    });
  });
}

describe('conformance', () => {
  const delay = Number(process.env['CONFORMANCE_DELAY'] ?? 0);
  compareWithTraces(
    delay > 0
      ? `the embedded cluster with searches ${delay} ms late`
      : 'the embedded cluster does what the real engine was recorded doing',
    () => startEmbedded(delay > 0 ? { searchDelayMs: delay } : {}),
  );

  if (process.env['CONFORMANCE_LAB'] === '1') {
    compareWithTraces('the real engine still does what was recorded', startLab);
  } else {
    const why = labLacks();
    it(
      `not run: the scenarios on the real engine (${why === undefined ? 'CONFORMANCE_LAB=1 runs them' : `needs ${why}`})`,
    );
  }
});
