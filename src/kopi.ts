import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { lesKonfig, type Konfig } from './config.ts';
import { kjennerMigrering, lagDatakilde } from './db/datakilde.ts';
import { taDatamappa } from './db/eier.ts';
import { finnKjoerendePostgres, lagDatamappe, startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { Startfeil } from './db/startfeil.ts';
import { ENGINE_SCHEMA_VERSION, migrateEngineSchema } from './engine/embedded/index.ts';
import { vedFall } from './logg/index.ts';
import {
  erTom,
  gjenopprettFra,
  krevHelDatamappe,
  lesNoekkel,
  startGjenoppretting,
  taSikkerhetskopi,
  type Gjenoppretting,
  type Kopirapport,
} from './sikkerhetskopi/index.ts';
import { forklarStartfeil } from './startfeil.ts';

/* `npm run backup -- FIL` og `npm run restore -- FIL`. */

type Rydding = (() => Promise<void> | void)[];

interface Bestilling {
  fil: string;
  noekkel: string | null;
  konfig: Konfig;
}

async function lesBestilling(kommando: string, rot: string, argumenter: string[]): Promise<Bestilling> {
  const bruk = `Bruk: npm run ${kommando} -- FIL [--key-file NØKKELFIL]`;
  let lest: { values: { 'key-file'?: string | undefined }; positionals: string[] };
  try {
    lest = parseArgs({ args: argumenter, options: { 'key-file': { type: 'string' } }, allowPositionals: true });
  } catch (cause) {
    throw new Startfeil(bruk, { cause });
  }
  const [fil] = lest.positionals;
  if (!fil || lest.positionals.length > 1) throw new Startfeil(bruk);
  const konfig = lesKonfig(rot);
  // npm kjører skriptet i prosjektets rot; en relativ fil er der den som skrev, står.
  const her = process.env['INIT_CWD'] ?? process.cwd();
  const noekkelfil = lest.values['key-file'];
  const noekkel = await lesNoekkel(konfig.BACKUP_KEY, noekkelfil === undefined ? null : path.resolve(her, noekkelfil));
  return { fil: path.resolve(her, fil), noekkel, konfig };
}

async function koble(url: string, rydding: Rydding): Promise<pg.Client> {
  const klient = new pg.Client({
    connectionString: url,
    application_name: 'individuell-plan-kopi',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  klient.on('error', () => undefined); // meldes også av spørringen som er i gang
  await klient.connect();
  rydding.push(() => klient.end());
  // En server kan ha grenser på rollen; en stor kopi varer lenger enn noe annet vi gjør.
  await klient.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0');
  return klient;
}

/** Databasen kopien tas av: den systemet bruker nå, ellers startes den innebygde så lenge det varer. */
async function finnDatabase(konfig: Konfig, rydding: Rydding): Promise<string> {
  if (konfig.DATABASE_URL) return konfig.DATABASE_URL;
  await krevHelDatamappe(konfig.dataDir);
  const kjoerende = await finnKjoerendePostgres(konfig.dataDir);
  if (kjoerende) return kjoerende;
  const eierskap = await taDatamappa(konfig.dataDir);
  rydding.push(() => eierskap.slipp());
  const innebygd = await startEmbeddedPostgres({ mappe: konfig.dataDir });
  rydding.push(() => innebygd.stop());
  return innebygd.url;
}

function utgave(rot: string): string {
  const pakke: unknown = JSON.parse(readFileSync(path.join(rot, 'package.json'), 'utf8'));
  return typeof pakke === 'object' && pakke && 'version' in pakke ? String(pakke.version) : '';
}

function linjer(r: Kopirapport): string {
  return `${r.rader} rader og ${r.filer} filer, slik de var ${new Date(r.laget).toLocaleString('nb-NO', { timeZone: 'Europe/Oslo' })}.`;
}

async function sikkerhetskopi(rot: string, argumenter: string[], rydding: Rydding): Promise<void> {
  const { fil, noekkel, konfig } = await lesBestilling('backup', rot, argumenter);
  const klient = await koble(await finnDatabase(konfig, rydding), rydding);
  const rapport = await taSikkerhetskopi(fil, noekkel, {
    klient,
    dataDir: konfig.dataDir,
    utgave: utgave(rot),
    naa: new Date(),
  });
  console.log(`Sikkerhetskopien ligger i ${fil}: ${linjer(rapport)}`);
  if (rapport.manglet.length > 0) {
    console.log(
      `${rapport.manglet.length} mapper i utsending/ og arkiv/ er flyttet bort fra datamappa og er derfor ikke med.`,
    );
  }
  if (noekkel === null) {
    console.log('Den er IKKE kryptert og har personopplysninger i seg. Sett BACKUP_KEY, eller bruk --key-file.');
  }
}

/** Lager skjemaet slik utgaven som tok kopien hadde det. Resten av migreringene kjøres ved neste start. */
async function lagSkjema(url: string, klient: pg.Client, migreringer: string[], motorskjema: number): Promise<void> {
  const ds = await lagDatakilde(url, 2, { bare: migreringer }).initialize();
  try {
    await ds.runMigrations();
  } finally {
    await ds.destroy();
  }
  if (motorskjema > 0) await migrateEngineSchema(klient, motorskjema);
}

async function gjenoppretting(rot: string, argumenter: string[], rydding: Rydding): Promise<void> {
  const { fil, noekkel, konfig } = await lesBestilling('restore', rot, argumenter);
  let sted: Gjenoppretting | null = null;
  /** reservemappa til klyngen, når vi laget den */
  let klyngemappe: string | null = null;
  let tjenerUrl: string | null = null;
  try {
    const rapport = await gjenopprettFra(fil, noekkel, {
      dataDir: konfig.dataDir,
      kjenner({ migreringer, motorskjema }) {
        const ukjent = migreringer.find((m) => !kjennerMigrering(m));
        if (ukjent === undefined && motorskjema <= ENGINE_SCHEMA_VERSION) return;
        throw new Startfeil(
          'Sikkerhetskopien er tatt av en nyere utgave av systemet enn denne. Ingenting er endret. Bruk den nyere utgaven.',
        );
      },
      async aapne({ migreringer, motorskjema }) {
        await lagDatamappe(konfig.dataDir);
        sted = await startGjenoppretting(konfig.dataDir);
        let url = konfig.DATABASE_URL;
        if (!url) {
          const eierskap = await taDatamappa(konfig.dataDir);
          rydding.push(() => eierskap.slipp());
          const innebygd = await startEmbeddedPostgres({ mappe: konfig.dataDir });
          rydding.push(() => innebygd.stop());
          url = innebygd.url;
          if (path.resolve(innebygd.mappe) !== path.resolve(konfig.dataDir)) klyngemappe = innebygd.mappe;
        }
        const klient = await koble(url, rydding);
        if (!(await erTom(klient))) {
          klyngemappe = null; // den var der fra før
          throw new Startfeil('Databasen er ikke tom. Ingenting er endret i den. Gjenopprett til en tom database.');
        }
        if (konfig.DATABASE_URL) tjenerUrl = url;
        await lagSkjema(url, klient, migreringer, motorskjema);
        return klient;
      },
    });
    await toem(rydding);
    await fullfoer(sted);
    console.log(
      `Gjenopprettet til ${konfig.DATABASE_URL ? 'databasen i DATABASE_URL og ' : ''}${konfig.dataDir}: ${linjer(rapport)}`,
    );
    console.log('Alle må logge inn på nytt. Start systemet med npm start.');
  } catch (feil) {
    if (tjenerUrl) await toemDatabase(tjenerUrl).catch(() => undefined);
    await toem(rydding);
    await angre(sted);
    if (klyngemappe) await rm(klyngemappe, { recursive: true, force: true });
    throw feil;
  }
}

// Egne funksjoner: TypeScript ser ikke at variabelen er satt i funksjonen over.
const fullfoer = (sted: Gjenoppretting | null): Promise<void> => sted?.fullfoer() ?? Promise.resolve();
const angre = (sted: Gjenoppretting | null): Promise<void> => sted?.angre() ?? Promise.resolve();

/** Databasen var tom; det som er laget i den, er vårt. */
async function toemDatabase(url: string): Promise<void> {
  const rydding: Rydding = [];
  const klient = await koble(url, rydding);
  try {
    await klient.query('drop schema if exists engine cascade');
    const { rows } = await klient.query<{ navn: string }>(
      `select c.oid::regclass::text as navn from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and c.relkind in ('r', 'p')`,
    );
    if (rows.length > 0) await klient.query(`drop table ${rows.map((r) => r.navn).join(', ')} cascade`);
    const { rows: funksjoner } = await klient.query<{ navn: string }>(
      `select p.oid::regprocedure::text as navn from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = current_schema() and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
    );
    for (const { navn } of funksjoner) await klient.query(`drop function ${navn} cascade`);
  } finally {
    await toem(rydding);
  }
}

async function toem(rydding: Rydding): Promise<void> {
  for (let neste = rydding.pop(); neste; neste = rydding.pop()) await Promise.resolve(neste()).catch(() => undefined);
}

async function kjoer(hva: string, arbeid: (rydding: Rydding) => Promise<void>): Promise<void> {
  for (const stroem of [process.stdout, process.stderr]) stroem.on('error', () => undefined);
  const rydding: Rydding = [];
  vedFall(() => toem(rydding));
  // Ut gjennom process.exit: da får databasen beskjed om å stoppe, og den halve fila tas bort.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      console.error(`Avbrutt. ${hva}.`);
      process.exit(1);
    });
  }
  try {
    await arbeid(rydding);
    await toem(rydding);
  } catch (feil) {
    await toem(rydding);
    console.error(forklarStartfeil(feil, hva));
    process.exitCode = 1;
  }
}

/** Tar en sikkerhetskopi av det systemet i DATA_DIR (og DATABASE_URL) har nå, også mens det går. */
export function sikkerhetskopier(rot: string, argumenter: string[]): Promise<void> {
  return kjoer('Sikkerhetskopien ble ikke tatt', (rydding) => sikkerhetskopi(rot, argumenter, rydding));
}

/** Leser en sikkerhetskopi inn i en tom DATA_DIR (og en tom database i DATABASE_URL). */
export function gjenopprett(rot: string, argumenter: string[]): Promise<void> {
  return kjoer('Ingenting er gjenopprettet', (rydding) => gjenoppretting(rot, argumenter, rydding));
}
