import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as vent } from 'node:timers/promises';
import { z } from 'zod';
import { feilkode } from '../logg/index.ts';
import { dennemaskinen, sammeRom, slaaOppProsess, type Maskin } from './prosess.ts';
import { Startfeil } from './startfeil.ts';

/*
 * Én prosess om gangen på en datamappe. Eieren står i eier.json med alt som skal til for å kjenne den igjen: prosessnummer og
 * starttid, maskin og container, og hvilken mappe det gjaldt (en kopi av mappa har ingen eier). Så lenge eieren lever, rører den
 * fila hvert sekund; en eier som ikke kan slås opp her (en annen maskin eller container på samme disk), kjennes på det.
 */

const eierskjema = z.object({
  id: z.string(),
  pid: z.number(),
  startet: z.string(),
  maskin: z.object({ navn: z.string(), oppstart: z.string(), rom: z.string() }),
  mappe: z.string(),
  stopper: z.boolean(),
});
type Eier = z.infer<typeof eierskjema>;
/** Slik fila var før den sa hvilken maskin og mappe den gjaldt: en eldre utgave kan kjøre mens denne startes. */
const eldreskjema = z.object({ pid: z.number(), startet: z.string() });

/** Datamappa er i bruk av en annen, levende prosess. */
export class DatamappeIBruk extends Startfeil {}

/** Datamappa, tatt for denne prosessen. */
export interface Eierskap {
  /** Sier at prosessen er i ferd med å stoppe, så den som starter nå, venter i stedet for å gi opp. */
  varsleStopp(): Promise<void>;
  slipp(): Promise<void>;
}

interface Eiervalg {
  si?: ((linje: string) => void) | undefined;
  /** Kalles når en annen har tatt mappa (etter at denne prosessen sto stille lenge på en delt disk). */
  vedTapt?: (() => void) | undefined;
  avbrutt?: AbortSignal | undefined;
}

const PULS_MS = 1_000;
/** Så lenge ser vi på fila til en eier vi ikke kan slå opp. */
const SE_PAA_MS = 6_000;
/** En eier som ser frisk ut, kan være drept for et øyeblikk siden. */
const FRISK_MS = 1_500;
/** En eier som er på vei ut, skal få skrive ferdig. */
const PAA_VEI_UT_MS = 30_000;
/** En fil som ikke kan leses og er yngre enn dette, kan være under skriving. */
const HALVSKREVET_MS = 2_000;

async function mappeId(mappe: string): Promise<string> {
  const { dev, ino } = await stat(mappe, { bigint: true });
  return `${dev}:${ino}`;
}

interface Lest {
  tekst: string;
  eier: Eier | null;
  endretMs: number;
}

async function les(fil: string, her: Maskin): Promise<Lest | null> {
  // Åpnes hver gang: en delt disk viser da det nyeste, ikke det den husker.
  const haandtak = await open(fil, 'r').catch((feil: unknown) => {
    if (feilkode(feil) === 'ENOENT') return null;
    throw feil;
  });
  if (!haandtak) return null;
  try {
    const { mtimeMs } = await haandtak.stat();
    const tekst = await haandtak.readFile('utf8');
    return { tekst, eier: tolk(tekst, her), endretMs: mtimeMs };
  } finally {
    await haandtak.close();
  }
}

function tolk(tekst: string, her: Maskin): Eier | null {
  try {
    const verdi: unknown = JSON.parse(tekst);
    const eldre = eldreskjema.safeParse(verdi).data;
    return (
      eierskjema.safeParse(verdi).data ?? (eldre ? { ...eldre, id: '', maskin: her, mappe: '', stopper: false } : null)
    );
  } catch {
    return null; // halvskrevet etter et avbrudd, eller noe annet enn vårt
  }
}

/** Legger fila hel på plass når ingen har den. Falsk når noen har den. */
async function leggInn(fil: string, eier: Eier): Promise<boolean> {
  const ny = `${fil}.${process.pid}`;
  await writeFile(ny, JSON.stringify(eier), { mode: 0o600 });
  try {
    await link(ny, fil);
    return true;
  } catch (feil) {
    if (feilkode(feil) === 'EEXIST') return false;
    // Noen filsystemer har ikke lenker. Da kan fila ses halvskrevet et øyeblikk; den som leser, tar høyde for det.
    try {
      await writeFile(fil, JSON.stringify(eier), { mode: 0o600, flag: 'wx' });
      return true;
    } catch (andre) {
      if (feilkode(andre) === 'EEXIST') return false;
      throw andre;
    }
  } finally {
    await rm(ny, { force: true });
  }
}

/** Tar bort fila til en eier som er død, men bare den: en annen som starter nå, kan alt ha lagt inn sin. */
async function fjernDoed(fil: string, tekst: string): Promise<void> {
  const vekk = `${fil}.doed-${process.pid}`;
  try {
    await rename(fil, vekk);
  } catch (feil) {
    if (feilkode(feil) === 'ENOENT') return;
    throw feil;
  }
  const tatt = await readFile(vekk, 'utf8');
  if (tatt !== tekst) await link(vekk, fil).catch(() => undefined);
  await rm(vekk, { force: true });
}

type Dom = 'ledig' | 'frisk' | 'paa vei ut' | 'ukjent';

async function doem(lest: Lest, her: Maskin, mappe: string): Promise<Dom> {
  const { eier } = lest;
  if (!eier) return Math.abs(Date.now() - lest.endretMs) < HALVSKREVET_MS ? 'ukjent' : 'ledig';
  if (!sammeRom(eier.maskin, her)) return 'ukjent';
  if (eier.mappe && eier.mappe !== mappe) return 'ledig'; // fila fulgte med en kopi av mappa
  const prosess = await slaaOppProsess(eier.pid);
  if (!prosess || (prosess.startet !== '' && eier.startet !== '' && prosess.startet !== eier.startet)) return 'ledig';
  if (prosess.startet === '') return 'ukjent';
  return prosess.doeende || eier.stopper ? 'paa vei ut' : 'frisk';
}

/** Venter til mappa er ledig og tar bort den døde eieren. @throws DatamappeIBruk når eieren lever */
async function ventPaaLedig(fil: string, mappe: string, her: Maskin, valg: Eiervalg): Promise<void> {
  const id = await mappeId(mappe);
  const start = Date.now();
  let sagt = false;
  let foerste: Lest | null = null;
  for (;;) {
    valg.avbrutt?.throwIfAborted();
    const lest = await les(fil, her);
    if (!lest) return;
    foerste ??= lest;
    const dom = await doem(lest, her, id);
    const ventet = Date.now() - start;
    const hvem = lest.eier
      ? `prosess ${lest.eier.pid}${lest.eier.maskin.navn === her.navn ? '' : ` på ${lest.eier.maskin.navn}`}`
      : 'en annen prosess';
    const iBruk = new DatamappeIBruk(
      `Systemet kjører allerede på denne datamappa (${mappe}), som ${hvem}. Stopp det først, eller velg en annen DATA_DIR.`,
    );
    if (dom === 'ledig') return fjernDoed(fil, lest.tekst);
    if (dom === 'frisk' && ventet > FRISK_MS) throw iBruk;
    if (dom === 'paa vei ut' && ventet > PAA_VEI_UT_MS) throw iBruk;
    if (dom === 'ukjent') {
      // Pulsen avgjør: en fil som røres, har en levende eier.
      if (lest.endretMs !== foerste.endretMs && lest.tekst === foerste.tekst) throw iBruk;
      if (lest.tekst !== foerste.tekst) foerste = lest;
      if (ventet > SE_PAA_MS) return fjernDoed(fil, lest.tekst);
    }
    if (!sagt && ventet > 500 && dom !== 'frisk') {
      sagt = true;
      valg.si?.(dom === 'ukjent' ? `Ser etter om ${hvem} fortsatt bruker datamappa …` : `Venter til ${hvem} er ute …`);
    }
    await vent(50);
  }
}

/**
 * Tar datamappa for denne prosessen. To prosesser på samme innebygde database ville stoppe den for hverandre.
 * En eier som er død (kill -9) tas over, også når ingen har hentet den; en som er på vei ut, ventes på.
 * @throws DatamappeIBruk når en levende prosess har den
 */
export async function taDatamappa(mappe: string, valg: Eiervalg = {}): Promise<Eierskap> {
  const fil = path.join(mappe, 'eier.json');
  const her = await dennemaskinen();
  const egen: Eier = {
    id: randomUUID(),
    pid: process.pid,
    startet: (await slaaOppProsess(process.pid))?.startet ?? '',
    maskin: her,
    mappe: await mappeId(mappe),
    stopper: false,
  };
  for (let forsoek = 0; ; forsoek++) {
    await ventPaaLedig(fil, mappe, her, valg);
    if (await leggInn(fil, egen)) break;
    if (forsoek === 5) throw new DatamappeIBruk(`Flere prosesser prøver å starte på ${mappe} samtidig.`);
  }

  let tapt = false;
  const puls = setInterval(() => {
    void (async () => {
      const lest = await les(fil, her).catch(() => null);
      if (lest?.eier && lest.eier.id !== egen.id) {
        clearInterval(puls);
        tapt = true;
        valg.vedTapt?.();
      } else if (lest) {
        const naa = new Date();
        await utimes(fil, naa, naa);
      }
    })().catch(() => undefined); // en disk som er borte et øyeblikk, røres neste gang
  }, PULS_MS);
  puls.unref();

  // En prosess som har stått stille, kan ha mistet mappa uten å vite det; den nye eierens fil er ikke vår.
  const erVaar = async (): Promise<boolean> => !tapt && (await les(fil, her).catch(() => null))?.eier?.id === egen.id;
  return {
    async varsleStopp() {
      if (!(await erVaar())) return;
      const ny = `${fil}.${process.pid}`;
      // Kan den ikke skrives (full disk), venter den neste bare kortere.
      await writeFile(ny, JSON.stringify({ ...egen, stopper: true }), { mode: 0o600 })
        .then(() => rename(ny, fil))
        .catch(() => rm(ny, { force: true }));
    },
    async slipp() {
      clearInterval(puls);
      if (await erVaar()) await rm(fil, { force: true });
    },
  };
}
