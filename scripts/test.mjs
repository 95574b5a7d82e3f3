// npm test: installerer det som mangler og kjører testene, suite for suite, med tiden for hver.
// Uten Java, Chromium eller tjener-PostgreSQL kjøres resten, og det som ikke ble kjørt nevnes. Med TEST_FULL=1 (CI) er en manglende del en feil.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';
import { finnChromium, finnJava } from './lib/verktoey.mjs';

sikreAvhengigheter();
const { bygg } = await import('./lib/bygg.mjs');
bygg();

const full = process.env.TEST_FULL === '1';
const java = finnJava();
const chromium = finnChromium();
const tjener = process.env.TEST_SERVER_DATABASE_URL ?? null;
const finnes = { java, chromium, tjener };
const HVA = {
  java: 'Java 21+ med Maven',
  chromium: 'Chromium',
  tjener: 'TEST_SERVER_DATABASE_URL (en PostgreSQL-tjener)',
};

/** Suitene i den rekkefølgen de kjøres. `trenger`: uten delen kjøres suiten ikke. `medJava`: kjøres uansett, men mer med Java. */
const SUITER = [
  { navn: 'arkitektur', filer: ['test/arkitektur/**/*.test.ts'] },
  {
    navn: 'kontrakt og skjemaer',
    filer: ['test/contract/**/*.test.ts', 'test/bpmn/{skjema,diagram}*.test.ts', 'test/ui/**/*.test.ts'],
  },
  { navn: 'motoren', filer: ['test/engine/**/*.test.ts'], valgfri: 'java' },
  {
    navn: 'samsvar med Zeebe 8.8.21',
    filer: ['test/conformance/**/*.test.ts'],
    valgfri: 'java',
    env: java ? { CONFORMANCE_LAB: '1' } : {},
  },
  { navn: 'diagrammenes stier', filer: ['test/bpmn/stier*.test.ts'], valgfri: 'java' },
  {
    navn: 'fagdelen',
    filer: [
      'test/{db,http,tilgang,person,sak,vedtak,oppnevning,plan,sok,steg,demo,oppgave,outbox,hendelse,rutine,engine-client,brev,dokument,utsending,arkiv,kompetanse,workers,feil,logg,utkast}/**/*.test.ts',
    ],
  },
  {
    navn: 'fagdelen på tjener-PostgreSQL',
    filer: ['test/{oppgave,outbox,sak,vedtak}/**/*.test.ts'],
    trenger: ['tjener'],
    env: { TEST_DATABASE_URL: tjener ?? '' },
  },
  { navn: 'PDF/UA-1 (veraPDF)', filer: ['test/verapdf/**/*.test.ts'], trenger: ['java'] },
  { navn: 'seks skriftlige anmodninger', filer: ['test/anmodninger/**/*.test.ts'], valgfri: 'java' },
  { navn: 'ingenting går tapt (kill -9)', filer: ['test/krasj/**/*.test.ts'] },
  { navn: 'start og stopp', filer: ['test/{start,sikkerhetskopi}/**/*.test.ts'] },
  { navn: 'nettleser', filer: ['test/nettleser/**/*.test.ts'], trenger: ['chromium'] },
];

const valgte = process.argv.slice(2);
const arbeidsmappe = mkdtempSync(path.join(tmpdir(), 'ip-test-'));
chmodSync(arbeidsmappe, 0o755); // databasens egen bruker skal komme gjennom
const miljoe = {
  ...process.env,
  ...(java ? { JAVA_HOME: java } : {}),
  ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
  TEST_TMP: arbeidsmappe,
  TEST_JAVA: java ? '1' : '',
  NODE_ENV: 'test',
};

function kjoerMocha(suite) {
  return new Promise((ok) => {
    const prosess = spawn(process.execPath, [path.join(ROT, 'node_modules/mocha/bin/mocha.js'), ...suite.filer], {
      cwd: ROT,
      env: { ...miljoe, ...suite.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let tekst = '';
    prosess.stdout.on('data', (d) => {
      tekst += d;
      process.stdout.write(d);
    });
    prosess.stderr.on('data', (d) => process.stderr.write(d));
    prosess.on('close', (kode) => {
      const tall = (ord) => Number(new RegExp(`^\\s+(\\d+) ${ord}`, 'm').exec(tekst)?.[1] ?? 0);
      const feilet = tall('failing');
      const fra = feilet > 0 || kode !== 0 ? tekst.search(/^\s+\d+ failing/m) : -1;
      ok({
        kode: kode ?? 1,
        bestaatt: tall('passing'),
        feilet,
        hoppet: tall('pending'),
        // Hva som feilet og hvorfor, til å gjenta sist; en suite som falt uten å nå dit, viser slutten av det den skrev.
        hvorfor: kode === 0 ? '' : (fra >= 0 ? tekst.slice(fra) : tekst.slice(-3000)).trimEnd(),
      });
    });
  });
}

const linjer = [];
const ikkeKjoert = [];
const feilene = [];
let bestaatt = 0;
let feilet = 0;
for (const suite of SUITER) {
  if (valgte.length > 0 && !valgte.some((v) => suite.navn.toLowerCase().includes(v.toLowerCase()))) continue;
  const mangler = (suite.trenger ?? []).filter((t) => !finnes[t]);
  if (mangler.length > 0) {
    ikkeKjoert.push(`${suite.navn}: mangler ${mangler.map((m) => HVA[m]).join(', ')}`);
    if (full) feilet++;
    continue;
  }
  if (suite.valgfri && !finnes[suite.valgfri]) {
    ikkeKjoert.push(`${suite.navn}: delen som trenger ${HVA[suite.valgfri]}`);
    if (full) feilet++;
  }
  console.log(`\n── ${suite.navn} ──`);
  const start = Date.now();
  const svar = await kjoerMocha(suite);
  bestaatt += svar.bestaatt;
  feilet += svar.feilet + (svar.kode !== 0 && svar.feilet === 0 ? 1 : 0);
  if (full && svar.hoppet > 0) feilet += svar.hoppet;
  if (svar.bestaatt + svar.feilet === 0) feilet++;
  if (svar.hvorfor) feilene.push(`── ${suite.navn} ──\n${svar.hvorfor}`);
  linjer.push(
    `${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${suite.navn}: ${svar.bestaatt} bestått, ${svar.feilet} feilet`,
  );
}
rmSync(arbeidsmappe, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

console.log(`\nTid per suite:\n${linjer.join('\n')}`);
if (ikkeKjoert.length > 0)
  console.log(`\nIkke kjørt på denne maskinen:\n${ikkeKjoert.map((l) => `  - ${l}`).join('\n')}`);
// Til slutt, så den som bare ser enden av loggen, ser hva som feilet.
if (feilene.length > 0) console.log(`\nDette feilet:\n\n${feilene.join('\n\n')}`);
console.log(`\n${bestaatt} passed, ${feilet} failed`);
process.exit(feilet > 0 ? 1 : 0);
