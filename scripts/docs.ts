// npm run docs: lager de genererte delene av README og docs på nytt. Med --check feiler det når de ikke stemmer med koden.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { INNSTILLINGER } from '../src/config.ts';
import { BOUNDS } from '../src/engine/embedded/api/bounds.ts';

const ROT = path.resolve(import.meta.dirname, '..');

function innstillingstabell(): string {
  const rader = Object.entries(INNSTILLINGER).map(([navn, { standard, forklaring }]) => {
    const verdi = standard === '' ? '–' : `\`${String(standard)}\``;
    return `| \`${navn}\` | ${verdi} | ${forklaring} |`;
  });
  return ['| Name | Default | What it does |', '|---|---|---|', ...rader].join('\n');
}

function grensetabell(): string {
  const rader = Object.entries(BOUNDS).map(
    ([navn, { limit, what, why }]) => `| \`${navn}\` | ${limit.toLocaleString('en')} | ${what} | ${why} |`,
  );
  return ['| Bound | Limit | Of what | Why |', '|---|---:|---|---|', ...rader].join('\n');
}

const DELER: { fil: string; merke: string; lag: () => string }[] = [
  { fil: 'README.md', merke: 'innstillinger', lag: innstillingstabell },
  { fil: 'docs/motorgrenser.md', merke: 'grenser', lag: grensetabell },
];

const sjekk = process.argv.includes('--check');
let uenige = 0;
for (const { fil, merke, lag } of DELER) {
  const sti = path.join(ROT, fil);
  const gammel = readFileSync(sti, 'utf8');
  const moenster = new RegExp(`(<!-- ${merke}: laget av npm run docs -->)[\\s\\S]*?(<!-- slutt ${merke} -->)`);
  if (!moenster.test(gammel)) throw new Error(`${fil} mangler merket «${merke}».`);
  const raa = gammel.replace(moenster, (_, foer: string, etter: string) => `${foer}\n\n${lag()}\n\n${etter}`);
  // Prettier eier utseendet på tabellen, så generator og formatering aldri er uenige.
  const ny = await format(raa, { ...(await resolveConfig(sti)), filepath: sti });
  if (ny === gammel) continue;
  if (sjekk) {
    uenige++;
    console.error(`${fil}: delen «${merke}» stemmer ikke med koden. Kjør npm run docs.`);
  } else {
    writeFileSync(sti, ny);
  }
}
process.exit(uenige ? 1 : 0);
