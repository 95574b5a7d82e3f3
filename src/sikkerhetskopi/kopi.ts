import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { extract, pack, type Pack } from 'tar-stream';
import { z } from 'zod';
import { Startfeil } from '../db/startfeil.ts';
import { feilkode } from '../logg/index.ts';
import { Kopifeil, lagBeholder, lesBeholder } from './beholder.ts';
import {
  dumpTabell,
  finnMotorskjema,
  finnSekvenser,
  finnTabeller,
  fyll,
  sekvensskjema,
  tabellskjema,
  type Tabellsum,
} from './database.ts';
import { finnFiler, leggFil } from './filer.ts';

/*
 * En sikkerhetskopi er én fil: et tar-arkiv, pakket (gzip) og lagt i en beholder som kan være kryptert. Rekkefølgen er
 * manifest.json · database/<tabellnummer>/<bit> · filer/<sti> · slutt.json. Det siste har radtall og sjekksummer for alt foran.
 */

const manifestskjema = z.object({
  format: z.literal(1),
  /** utgaven av systemet som tok kopien */
  utgave: z.string(),
  laget: z.string(),
  migreringer: z.array(z.string()),
  motorskjema: z.number(),
  tabeller: z.array(tabellskjema),
  sekvenser: z.array(sekvensskjema),
});
export type Manifest = z.infer<typeof manifestskjema>;

const sluttskjema = z.object({
  tabeller: z.record(z.string(), z.object({ rader: z.number(), sha256: z.string() })),
  filer: z.record(z.string(), z.string()),
});
type Slutt = z.infer<typeof sluttskjema>;

export interface Kopikilde {
  /** en forbindelse som bare brukes til dette */
  klient: pg.Client;
  dataDir: string;
  utgave: string;
  /** når kopien tas */
  naa: Date;
}

export interface Kopirapport {
  laget: string;
  rader: number;
  filer: number;
  /** mapper med forsendelser eller arkivmeldinger som radene nevner, men som ikke ligger der */
  manglet: string[];
}

function leggTil(tar: Pack, navn: string, innhold: Buffer): Promise<void> {
  return new Promise((ok, feil) => {
    const post = tar.entry({ name: navn, mode: 0o600, size: innhold.length }, innhold, (e) => (e ? feil(e) : ok()));
    // Blir arkivet ødelagt imens (full disk), meldes det her også; en strøm uten lytter ville felt prosessen.
    post.on('error', feil);
  });
}

const somJson = (verdi: object): Buffer => Buffer.from(JSON.stringify(verdi));
const sha256 = (innhold: Buffer): string => createHash('sha256').update(innhold).digest('hex');

async function pakk(tar: Pack, { klient, dataDir, utgave, naa }: Kopikilde): Promise<Kopirapport> {
  // Ett øyeblikksbilde for alle tabellene; appen arbeider videre imens.
  await klient.query('begin isolation level repeatable read read only');
  const { rows: migreringer } = await klient.query<{ name: string }>('select name from migrering order by id');
  const tabeller = await finnTabeller(klient);
  const manifest: Manifest = {
    format: 1,
    utgave,
    laget: naa.toISOString(),
    migreringer: migreringer.map((m) => m.name),
    motorskjema: await finnMotorskjema(klient),
    tabeller,
    sekvenser: await finnSekvenser(klient),
  };
  await leggTil(tar, 'manifest.json', somJson(manifest));
  const slutt: Slutt = { tabeller: {}, filer: {} };
  for (const [nr, tabell] of tabeller.entries()) {
    let bit = 0;
    slutt.tabeller[tabell.navn] = await dumpTabell(klient, tabell, (innhold) =>
      leggTil(tar, `database/${nr}/${bit++}`, innhold),
    );
  }
  const manglet: string[] = [];
  for await (const fil of finnFiler(klient, dataDir, (sti) => manglet.push(sti))) {
    await leggTil(tar, `filer/${fil.sti}`, fil.innhold);
    slutt.filer[fil.sti] = sha256(fil.innhold);
  }
  await klient.query('commit');
  await leggTil(tar, 'slutt.json', somJson(slutt));
  tar.finalize();
  return {
    laget: manifest.laget,
    rader: Object.values(slutt.tabeller).reduce((sum, t) => sum + t.rader, 0),
    filer: Object.keys(slutt.filer).length,
    manglet,
  };
}

/**
 * Tar en sikkerhetskopi av database og filer mens systemet går. Fila får navnet sitt først når den er hel og på disk, og kan bare leses
 * av den som lagde den.
 * @param noekkel krypterer fila når den er gitt
 * @throws Startfeil når fila finnes fra før, disken er full eller databasen ble borte; ingen fil er da laget
 */
export async function taSikkerhetskopi(fil: string, noekkel: string | null, kilde: Kopikilde): Promise<Kopirapport> {
  await krevLedig(fil);
  const ny = `${fil}.${process.pid}-${randomBytes(4).toString('hex')}.halv`;
  const taBort = (): void => rmSync(ny, { force: true });
  process.once('exit', taBort);
  const tar = pack();
  tar.on('error', () => undefined); // meldes av skrivingen
  try {
    const beholder = await lagBeholder(noekkel);
    // Fila åpnes først når noen tar imot feilen hvis den ikke lar seg åpne.
    const ut = createWriteStream(ny, { flags: 'wx', mode: 0o600, flush: true });
    const skrevet = pipeline(tar, createGzip({ level: 4 }), beholder, ut);
    skrevet.catch((feil: unknown) => tar.destroy(new Error('Fila kunne ikke skrives.', { cause: feil })));
    const rapport = await Promise.race([
      pakk(tar, kilde),
      skrevet.then(() => {
        throw new Error('Fila ble lukket før kopien var ferdig.');
      }),
    ]);
    await skrevet;
    await giNavn(ny, fil);
    return rapport;
  } catch (feil) {
    tar.destroy();
    await rm(ny, { force: true }).catch(() => undefined);
    throw feil;
  } finally {
    process.removeListener('exit', taBort);
  }
}

async function krevLedig(fil: string): Promise<void> {
  const finnes = await stat(fil).then(
    () => true,
    (feil: unknown) => {
      if (feilkode(feil) === 'ENOENT') return false;
      throw feil;
    },
  );
  if (finnes) throw new Startfeil(`${fil} finnes fra før og blir ikke skrevet over. Velg et annet navn.`);
  const mappe = path.dirname(path.resolve(fil));
  await stat(mappe).catch((cause: unknown) => {
    if (feilkode(cause) !== 'ENOENT') throw cause;
    throw new Startfeil(`Mappa ${mappe} finnes ikke. Lag den først, eller velg et annet sted.`, { cause });
  });
}

async function giNavn(ny: string, fil: string): Promise<void> {
  try {
    await link(ny, fil); // i motsetning til rename skriver den aldri over
    await rm(ny);
  } catch (feil) {
    if (feilkode(feil) === 'EEXIST') await krevLedig(fil);
    await rename(ny, fil); // et filsystem uten lenker
  }
  const mappe = await open(path.dirname(path.resolve(fil)), 'r').catch(() => null);
  await mappe?.sync().catch(() => undefined);
  await mappe?.close();
}

interface Innhold {
  manifest(m: Manifest): Promise<void>;
  tabell(t: Manifest['tabeller'][number], bit: Buffer): Promise<void>;
  fil(sti: string, innhold: Buffer): Promise<void>;
  slutt(s: Slutt): Promise<void>;
}

const UGYLDIG = 'Sikkerhetskopien har ikke det innholdet den skal ha. Ingenting er endret. Bruk en annen kopi.';

function tolkJson<T>(skjema: z.ZodType<T>, innhold: Buffer): T {
  try {
    return skjema.parse(JSON.parse(innhold.toString('utf8')));
  } catch (cause) {
    throw new Kopifeil(UGYLDIG, { cause });
  }
}

/** Går gjennom kopien fra ende til annen. @throws Kopifeil når den ikke er hel */
async function gaaGjennom(haandtak: FileHandle, noekkel: string | null, gjoer: Innhold): Promise<void> {
  const arkiv = extract();
  const lest = pipeline(Readable.from(lesBeholder(haandtak, noekkel)), createGunzip(), arkiv);
  lest.catch((feil: unknown) => arkiv.destroy(new Error('Fila kunne ikke leses.', { cause: feil })));
  let manifest: Manifest | null = null;
  let ferdig = false;
  try {
    for await (const post of arkiv) {
      const biter: Buffer[] = [];
      for await (const bit of post as AsyncIterable<Buffer>) biter.push(bit); // typene sier ikke hva strømmen gir
      const innhold = Buffer.concat(biter);
      const { name } = post.header;
      const tabellnr = /^database\/(\d+)\/\d+$/.exec(name)?.[1];
      if (name === 'manifest.json') {
        manifest = tolkJson(manifestskjema, innhold);
        await gjoer.manifest(manifest);
      } else if (manifest && tabellnr !== undefined) {
        const tabell = manifest.tabeller[Number(tabellnr)];
        if (!tabell) throw new Kopifeil(UGYLDIG);
        await gjoer.tabell(tabell, innhold);
      } else if (manifest && name.startsWith('filer/')) await gjoer.fil(name.slice('filer/'.length), innhold);
      else if (manifest && name === 'slutt.json') {
        await gjoer.slutt(tolkJson(sluttskjema, innhold));
        ferdig = true;
      } else throw new Kopifeil(UGYLDIG);
    }
    await lest;
  } catch (feil) {
    arkiv.destroy();
    // Feilen i beholderen (gal nøkkel, avkortet) sier mer enn det pakkingen merker av den.
    const foerst = await lest.then(
      () => null,
      (e: unknown) => e,
    );
    if (foerst instanceof Kopifeil) throw foerst;
    if (feilkode(feil).startsWith('Z_')) throw new Kopifeil(UGYLDIG, { cause: feil });
    throw feil;
  }
  if (!ferdig) throw new Kopifeil(UGYLDIG);
}

/** Leser hele kopien og kontrollerer alle sjekksummer, uten å røre noe. */
async function kontroller(haandtak: FileHandle, noekkel: string | null): Promise<Manifest> {
  let manifest: Manifest | null = null;
  const summer = new Map<string, ReturnType<typeof createHash>>();
  const filer = new Map<string, string>();
  await gaaGjennom(haandtak, noekkel, {
    async manifest(m) {
      manifest = m;
    },
    async tabell(t, bit) {
      const sum = summer.get(t.navn) ?? createHash('sha256');
      summer.set(t.navn, sum.update(bit));
    },
    async fil(sti, innhold) {
      filer.set(sti, sha256(innhold));
    },
    async slutt(s) {
      const tom = sha256(Buffer.alloc(0));
      const tabellFeil = Object.entries(s.tabeller).some(
        ([navn, { sha256: rett }]) => (summer.get(navn)?.digest('hex') ?? tom) !== rett,
      );
      const filFeil =
        filer.size !== Object.keys(s.filer).length ||
        Object.entries(s.filer).some(([sti, rett]) => filer.get(sti) !== rett);
      if (tabellFeil || filFeil) throw new Kopifeil(UGYLDIG);
    },
  });
  if (!manifest) throw new Kopifeil(UGYLDIG);
  return manifest;
}

/** Det som må finnes før en kopi kan leses inn. */
export interface Gjenopprettingssted {
  dataDir: string;
  /** Kontrollerer at denne utgaven kjenner skjemaet i kopien. @throws Startfeil ellers */
  kjenner(manifest: Manifest): void;
  /** Gir en forbindelse til en tom database der skjemaet er laget slik kopien har det. Kalles først når hele fila er kontrollert. */
  aapne(manifest: Manifest): Promise<pg.Client>;
}

/**
 * Leser en sikkerhetskopi inn. Hele fila er lest og kontrollert før noe røres; radene leses inn i én transaksjon.
 * @throws Startfeil når fila ikke kan brukes, eller noe feiler underveis
 */
export async function gjenopprettFra(
  fil: string,
  noekkel: string | null,
  sted: Gjenopprettingssted,
): Promise<Kopirapport> {
  const haandtak = await open(fil, 'r').catch((cause: unknown) => {
    throw new Startfeil(`Fila ${fil} kan ikke leses (${feilkode(cause)}).`, { cause });
  });
  try {
    if (!(await haandtak.stat()).isFile()) throw new Startfeil(`${fil} er ikke en fil. Ingenting er endret.`);
    const manifest = await kontroller(haandtak, noekkel);
    sted.kjenner(manifest);
    const klient = await sted.aapne(manifest);
    let filer = 0;
    let rader = 0;
    await fyll(klient, manifest.tabeller, manifest.sekvenser, async (inn) => {
      await gaaGjennom(haandtak, noekkel, {
        manifest: async () => undefined,
        tabell: (t, bit) => inn.tabell(t, bit),
        async fil(sti, innhold) {
          filer++;
          await leggFil(sted.dataDir, { sti, innhold });
        },
        async slutt(s) {
          rader = kontrollerRader(s, await inn.ferdig());
        },
      });
    });
    return { laget: manifest.laget, rader, filer, manglet: [] };
  } finally {
    await haandtak.close();
  }
}

/** @returns antall rader i alt @throws Kopifeil når databasen tok imot et annet antall enn kopien har */
function kontrollerRader(slutt: Slutt, lest: Map<string, Tabellsum>): number {
  let rader = 0;
  for (const [navn, { rader: rett }] of Object.entries(slutt.tabeller)) {
    if ((lest.get(navn)?.rader ?? 0) !== rett)
      throw new Kopifeil(`Tabellen ${navn} fikk ikke alle radene. Ingenting er lest inn.`);
    rader += rett;
  }
  return rader;
}
