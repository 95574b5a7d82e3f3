// Bygger tjeneren (TypeScript → JavaScript) og skjermene (Vite) når kildene er endret siden sist.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { krevSkrivbar, ROT } from './avhengigheter.mjs';

function* filer(sti) {
  for (const oppfoering of readdirSync(sti, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const hel = path.join(sti, oppfoering.name);
    if (oppfoering.isDirectory()) yield* filer(hel);
    else yield hel;
  }
}

function avtrykk(...kilder) {
  const sum = createHash('sha256');
  for (const kilde of kilder) {
    const hel = path.join(ROT, kilde);
    for (const fil of existsSync(hel) && !path.extname(kilde) ? filer(hel) : [hel]) {
      sum.update(path.relative(ROT, fil)).update('\0').update(readFileSync(fil)).update('\0');
    }
  }
  return sum.digest('hex');
}

function kjoer(navn, skript, argumenter) {
  const svar = spawnSync(process.execPath, [path.join(ROT, 'node_modules', ...skript), ...argumenter], {
    cwd: ROT,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (svar.status !== 0) {
    console.error(`${navn} lot seg ikke bygge:\n${svar.stdout}${svar.stderr}`);
    process.exit(1);
  }
}

/** Halve bygg etter prosesser som ble drept. */
function ryddEtterDoede() {
  for (const navn of readdirSync(path.join(ROT, 'dist'))) {
    const pid = Number(/\.(?:ny|gammel)-(\d+)$/.exec(navn)?.[1] ?? 0);
    if (!pid || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch {
      rmSync(path.join(ROT, 'dist', navn), { recursive: true, force: true });
    }
  }
}

const KOMPRIMERES = /\.(js|css|svg|html|json)$/;
/** Under dette er hodene større enn det en sparer. */
const MINST = 1_000;

/** Legger en Brotli- og en gzip-utgave ved siden av hver tekstfil, så tjeneren slipper å komprimere dem for hver henting. */
function komprimer(mappe) {
  for (const fil of [...filer(mappe)]) {
    if (!KOMPRIMERES.test(fil)) continue;
    const innhold = readFileSync(fil);
    if (innhold.length < MINST) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: innhold.length };
    writeFileSync(`${fil}.br`, brotliCompressSync(innhold, { params }));
    writeFileSync(`${fil}.gz`, gzipSync(innhold, { level: 9 }));
  }
}

function byggDel({ navn, mappe, kilder, bygg }) {
  const ferdig = path.join(ROT, 'dist', mappe);
  const merke = path.join(ferdig, '.bygd');
  const id = avtrykk(...kilder);
  if (existsSync(merke) && readFileSync(merke, 'utf8') === id) return;
  krevSkrivbar(
    path.join(ROT, 'dist'),
    existsSync(ferdig) ? `${navn} er bygd av en annen utgave av koden` : `${navn} er ikke bygd`,
  );
  console.log(`Bygger ${navn} …`);
  // Egen mappe per prosess: to som bygger samtidig, forstyrrer ikke hverandre, og den siste som blir ferdig gjelder.
  const ny = `${ferdig}.ny-${process.pid}`;
  rmSync(ny, { recursive: true, force: true });
  bygg(ny);
  writeFileSync(path.join(ny, '.bygd'), id);
  const gammel = `${ferdig}.gammel-${process.pid}`;
  try {
    if (existsSync(ferdig)) renameSync(ferdig, gammel);
    renameSync(ny, ferdig);
  } catch (feil) {
    // En annen prosess rakk å sette inn sitt bygg imellom; det er laget av de samme kildene når merket stemmer.
    if (!existsSync(merke) || readFileSync(merke, 'utf8') !== id) throw feil;
    rmSync(ny, { recursive: true, force: true });
  }
  rmSync(gammel, { recursive: true, force: true });
  ryddEtterDoede();
}

/** Bygger det som trengs. Et avbrutt bygg gjøres om igjen: resultatet får sitt navn først når det er helt. */
export function bygg() {
  byggTjeneren();
  byggSkjermene();
}

/** Bare tjeneren, for kommandoer uten skjermer. */
export function byggTjeneren() {
  byggDel({
    navn: 'tjeneren',
    mappe: 'server',
    kilder: ['src', 'workers', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    bygg: (ut) =>
      kjoer('Tjeneren', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', ut]),
  });
}

function byggSkjermene() {
  byggDel({
    navn: 'skjermene',
    mappe: 'ui',
    kilder: ['ui', 'src/contract', 'package-lock.json', 'scripts/lib/bygg.mjs'],
    bygg: (ut) => {
      kjoer(
        'Skjermene',
        ['vite', 'bin', 'vite.js'],
        ['build', '--config', 'ui/vite.config.ts', '--outDir', ut, '--emptyOutDir', '--logLevel', 'warn'],
      );
      komprimer(ut);
    },
  });
}
