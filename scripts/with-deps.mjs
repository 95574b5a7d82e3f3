// Kjører et TypeScript-program med pakkene på plass: node scripts/with-deps.mjs tsx <fil> [argumenter]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const [program, ...argumenter] = process.argv.slice(2);
if (program !== 'tsx') throw new Error(`ukjent program ${program}`);
const svar = spawnSync(process.execPath, [path.join(ROT, 'node_modules/tsx/dist/cli.mjs'), ...argumenter], {
  cwd: ROT,
  stdio: 'inherit',
});
process.exit(svar.status ?? 1);
