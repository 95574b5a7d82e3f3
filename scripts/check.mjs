// npm run check: alt som skal være grønt ved hver commit. Viser tiden hvert ledd tok, og stopper ikke ved den første feilen.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const bin = (...deler) => path.join(ROT, 'node_modules', ...deler);
const diagrammer = readdirSync(path.join(ROT, 'bpmn'))
  .filter((f) => f.endsWith('.bpmn'))
  .map((f) => `bpmn/${f}`);
const LEDD = [
  ['typer: tjener, arbeidere, tester', bin('typescript/bin/tsc'), ['-p', 'tsconfig.json']],
  ['typer: skjermer', bin('typescript/bin/tsc'), ['-p', 'ui/tsconfig.json', '--noEmit']],
  ['eslint', bin('eslint/bin/eslint.js'), ['--max-warnings', '0', '.']],
  ['importgrenser', bin('mocha/bin/mocha.js'), ['--reporter', 'dot', 'test/arkitektur/**/*.test.ts']],
  ['ubrukt kode (knip)', bin('knip/bin/knip.js'), ['--no-progress']],
  ['bpmnlint', bin('bpmnlint/bin/bpmnlint.js'), diagrammer],
  ['prettier', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']],
  ['genererte sider', bin('tsx/dist/cli.mjs'), ['scripts/docs.ts', '--check']],
];
let feil = 0;
for (const [navn, program, argumenter] of LEDD) {
  const start = Date.now();
  const svar = spawnSync(process.execPath, [program, ...argumenter], { cwd: ROT, encoding: 'utf8' });
  const tid = `${((Date.now() - start) / 1000).toFixed(1)} s`;
  if (svar.status === 0) {
    console.log(`ok    ${navn} (${tid})`);
  } else {
    feil++;
    console.log(`FEIL  ${navn} (${tid})\n${svar.stdout}${svar.stderr}`);
  }
}
process.exit(feil ? 1 : 0);
