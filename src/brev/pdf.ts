import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Systemfeil } from '../logg/index.ts';
import { dekning, skrifter } from './skrift.ts';
import type { Brev } from './typer.ts';

/** Et brev tar under et sekund; på en overlastet maskin noen få. Bruker det mer enn dette, stoppes tråden. */
const TIDSGRENSE_MS = 60_000;
/** Lengste brevtekst (tegn). Et vedtak er sjelden over 10 000. */
const LENGSTE_BREV = 100_000;

interface Oppdrag {
  brev: Brev;
  ferdig: (pdf: Buffer) => void;
  feilet: (feil: Error) => void;
}
type Svar = { pdf: Uint8Array } | { feil: string };

const koe: Oppdrag[] = [];
let traad: Worker | null = null;
let paagaaende: { oppdrag: Oppdrag; tidsur: NodeJS.Timeout } | null = null;

function avslutt(svar: (o: Oppdrag) => void): void {
  if (!paagaaende) return;
  const { oppdrag, tidsur } = paagaaende;
  clearTimeout(tidsur);
  paagaaende = null;
  svar(oppdrag);
}

function kastTraad(grunn: Error): void {
  const gammel = traad;
  traad = null;
  gammel?.removeAllListeners();
  void gammel?.terminate();
  avslutt((o) => o.feilet(grunn));
  neste();
}

/** I utvikling og test kjøres TypeScript rett fra kilden, og en tråd arver ikke tsx sin laster: den må be om den selv. */
function tsOppstart(): string {
  const tsx = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const laster = pathToFileURL(path.join(tsx, 'dist', 'esm', 'api', 'index.mjs')).href;
  const traadfil = new URL('./pdf-traad.ts', import.meta.url).href;
  return `import(${JSON.stringify(laster)}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(traadfil)});
  })`;
}

function startTraad(): Worker {
  const valg = {
    workerData: { skrifter: skrifter(), dekt: dekning() },
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  };
  const ny = import.meta.url.endsWith('.ts')
    ? new Worker(tsOppstart(), { ...valg, eval: true })
    : new Worker(new URL('./pdf-traad.js', import.meta.url), valg);
  ny.on('message', (svar: Svar) => {
    avslutt((o) =>
      'pdf' in svar ? o.ferdig(Buffer.from(svar.pdf)) : o.feilet(new Systemfeil(`PDF ble ikke laget: ${svar.feil}`)),
    );
    neste();
  });
  ny.on('error', (feil) => kastTraad(new Systemfeil('PDF-tråden stoppet.', { cause: feil })));
  ny.on('exit', (kode) => kastTraad(new Systemfeil(`PDF-tråden avsluttet med kode ${kode}.`)));
  // Tråden skal aldri holde prosessen i live når alt annet er ferdig.
  ny.unref();
  return ny;
}

function neste(): void {
  if (paagaaende) return;
  const oppdrag = koe.shift();
  if (!oppdrag) return;
  traad ??= startTraad();
  const tidsur = setTimeout(() => kastTraad(new Systemfeil('PDF-en tok for lang tid å lage.')), TIDSGRENSE_MS);
  paagaaende = { oppdrag, tidsur };
  traad.postMessage(oppdrag.brev);
}

/**
 * Lager PDF av brevet: merket (tagged) etter PDF/UA-1, norsk språk, innebygd skrift. Tegnes i en egen tråd med grenser for
 * minne og tid, så et brev aldri stopper resten av tjeneren. Ett brev om gangen, i rekkefølge.
 * @throws Error når teksten er for lang, eller når tråden svikter eller bruker for lang tid
 */
export function lagPdf(brev: Brev): Promise<Buffer> {
  const lengde = brev.deler.reduce((sum, del) => sum + del.tekst.length, 0);
  if (lengde > LENGSTE_BREV) {
    return Promise.reject(new Systemfeil(`Brevet er for langt (${lengde} tegn; høyst ${LENGSTE_BREV}).`));
  }
  return new Promise((ferdig, feilet) => {
    koe.push({ brev, ferdig, feilet });
    neste();
  });
}

/** Stopper PDF-tråden, når tjeneren stopper eller en test er ferdig. Brev som ikke er ferdige, mislykkes. */
export async function lukkPdf(): Promise<void> {
  const gammel = traad;
  traad = null;
  gammel?.removeAllListeners();
  const grunn = new Systemfeil('PDF-en ble ikke laget fordi tjeneren stopper.');
  avslutt((o) => o.feilet(grunn));
  for (const o of koe.splice(0)) o.feilet(grunn);
  await gammel?.terminate();
}
