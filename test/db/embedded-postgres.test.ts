import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { Startfeil } from '../../src/db/startfeil.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';

const MODUL = path.resolve(import.meta.dirname, '../../src/db/embedded-postgres.ts');

async function spoer<T extends object>(url: string, sql: string): Promise<T[]> {
  const klient = new pg.Client({ connectionString: url });
  await klient.connect();
  try {
    return (await klient.query<T>(sql)).rows;
  } finally {
    await klient.end();
  }
}

/** Starter databasen i en egen Node-prosess og dreper prosessen med SIGKILL etter så mange millisekunder (null: når den er oppe). */
function startOgDrep(mappe: string, etterMs: number | null): Promise<void> {
  const kode = `const { startEmbeddedPostgres } = await import(${JSON.stringify(MODUL)});
    await startEmbeddedPostgres({ mappe: ${JSON.stringify(mappe)} }); console.log('oppe'); setInterval(() => {}, 1000);`;
  return new Promise((ok, feil) => {
    const barn = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', kode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (etterMs !== null) setTimeout(() => barn.kill('SIGKILL'), etterMs);
    else barn.stdout.once('data', () => barn.kill('SIGKILL'));
    barn.once('error', feil);
    barn.once('exit', () => ok());
  });
}

/** Prosessnummeret til tjeneren på mappa. */
function tjenerens(mappe: string): number {
  return Number(readFileSync(path.join(mappe, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** PostgreSQL-tjenere som kjører på mappa. */
function tjenerePaa(mappe: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((l) => l.includes(path.join(mappe, 'postgres')));
}

/** Venter til databasen svarer igjen. */
async function ventSvar(url: string): Promise<void> {
  for (const slutt = Date.now() + 30_000; ;) {
    const svar = await spoer(url, 'select 1').catch((feil: unknown) => feil);
    if (Array.isArray(svar)) return;
    if (Date.now() > slutt) throw new Error('databasen kom ikke tilbake', { cause: svar });
    await new Promise((ok) => setTimeout(ok, 50));
  }
}

describe('innebygd PostgreSQL', function () {
  this.timeout(120_000);
  let mappe: string;
  beforeEach(() => {
    mappe = path.join(lagTestmappe('pg '), 'en mappe med mellomrom og et nokså langt navn '.repeat(2).trim());
  });
  afterEach(() => rmSync(path.dirname(mappe), { recursive: true, force: true }));

  it('sorterer norsk, lagrer tid i UTC og skriver alt til disk', async () => {
    const db = await startEmbeddedPostgres({ mappe });
    const [svar] = await spoer<{ navn: string; tidssone: string; fsync: string; sync: string }>(
      db.url,
      `select (select string_agg(n, ' ' order by n) from (values ('Åse'), ('Arne'), ('Zoe'), ('Ærlig'), ('Øyvind')) v(n)) as navn,
              current_setting('timezone') as tidssone, current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync`,
    );
    expect(svar).to.deep.equal({ navn: 'Arne Zoe Ærlig Øyvind Åse', tidssone: 'UTC', fsync: 'on', sync: 'on' });
    await db.stop();
  });

  it('fortsetter med dataene etter stopp, og tar over tjeneren som levde videre etter kill -9', async () => {
    const foerste = await startEmbeddedPostgres({ mappe });
    await spoer(foerste.url, 'create table husk as select 42 as tall');
    await foerste.stop();
    await startOgDrep(mappe, null);
    const andre = await startEmbeddedPostgres({ mappe });
    expect(await spoer(andre.url, 'select tall from husk')).to.deep.equal([{ tall: 42 }]);
    await andre.stop();
  });

  it('et avbrudd midt i den aller første starten etterlater ikke noe som hindrer den neste', async () => {
    for (const ms of [350, 600, 900, 1300]) await startOgDrep(mappe, ms);
    const db = await startEmbeddedPostgres({ mappe });
    expect(await spoer(db.url, 'select 1 as svar')).to.deep.equal([{ svar: 1 }]);
    await db.stop();
    expect(readdirSync(mappe).filter((n) => n.startsWith('postgres.ny'))).to.deep.equal([]);
  });

  it('kommer opp også når nye mapper ellers er lukket for andre (umask 077)', async () => {
    const reserve = path.join(lagTestmappe('reserve '), 'dypere', 'ned');
    const foer = process.umask(0o077);
    try {
      const db = await startEmbeddedPostgres({ mappe, reservemappe: reserve });
      expect(await spoer(db.url, 'select 1 as svar')).to.deep.equal([{ svar: 1 }]);
      await db.stop();
      rmSync(mappe, { recursive: true, force: true });
      mkdirSync(mappe);
      const iReserven = await startEmbeddedPostgres({ mappe, reservemappe: reserve });
      expect(await spoer(iReserven.url, 'select 1 as svar')).to.deep.equal([{ svar: 1 }]);
      await iReserven.stop();
    } finally {
      process.umask(foer);
    }
  });

  it('som root med en lukket datamappe legges databasen et sted dens egen bruker når, og det sies fra', async () => {
    const lukket = path.dirname(mappe);
    chmodSync(lukket, 0o700);
    const reserve = lagTestmappe('reserve ');
    const sagt: string[] = [];
    const db = await startEmbeddedPostgres({ mappe, reservemappe: reserve, si: (linje) => sagt.push(linje) });
    expect(await spoer(db.url, 'select 1 as svar')).to.deep.equal([{ svar: 1 }]);
    await db.stop();
    const root = userInfo().uid === 0;
    expect(readdirSync(reserve)).to.have.length(root ? 1 : 0);
    expect(sagt.some((l) => l.includes('Datamappa er lukket'))).to.equal(root);
    rmSync(reserve, { recursive: true, force: true });
  });

  it('PG*-navn, språk og bibliotekstier i miljøet når verken tjeneren eller forbindelsene', async () => {
    const fremmede = {
      PGSSLMODE: 'prefer',
      PGOPTIONS: '-c search_path=tull -c default_transaction_read_only=on',
      PGHOST: 'et.annet.sted.invalid',
      PGPORT: '1',
      PGUSER: 'noen',
      PGDATABASE: 'noe',
      PGPASSWORD: 'feil',
      PGPASSFILE: '/finnes/ikke',
      PGSERVICE: 'ukjent',
      PGAPPNAME: 'fremmed',
      PGTZ: 'Asia/Tokyo',
      PGDATESTYLE: 'German',
      PGCLIENTENCODING: 'LATIN1',
      PGDATA: '/finnes/ikke',
      LC_ALL: 'xx_YY.ISO-8859-1',
      TZ: 'Asia/Tokyo',
      LD_LIBRARY_PATH: '/finnes/ikke',
      LD_PRELOAD: '',
    };
    const foer = { ...process.env };
    Object.assign(process.env, fremmede);
    try {
      const db = await startEmbeddedPostgres({ mappe });
      const [svar] = await spoer<Record<string, string>>(
        db.url,
        `select current_setting('search_path') as sti, current_setting('default_transaction_read_only') as bare_les,
                current_setting('timezone') as tidssone, current_setting('datestyle') as dato,
                current_setting('client_encoding') as tegn, current_setting('server_encoding') as lagret, 'Åse → ✓' as tekst`,
      );
      await db.stop();
      expect(svar).to.deep.equal({
        sti: '"$user", public',
        bare_les: 'off',
        tidssone: 'UTC',
        dato: 'ISO, MDY',
        tegn: 'UTF8',
        lagret: 'UTF8',
        tekst: 'Åse → ✓',
      });
    } finally {
      for (const navn of Object.keys(fremmede)) delete process.env[navn];
      Object.assign(process.env, foer);
    }
  });

  it('en kopi av datamappa får sin egen tjener, også mens originalen går, og ingen skriver til den andre', async () => {
    const original = await startEmbeddedPostgres({ mappe });
    await spoer(original.url, `create table hvem as select 'begge' as navn`);
    await spoer(original.url, 'checkpoint');
    const kopi = path.join(path.dirname(mappe), 'kopi');
    cpSync(mappe, kopi, { recursive: true, preserveTimestamps: true });
    if (userInfo().uid === 0) spawnSync('cp', ['-a', '-T', mappe, kopi]); // eierne må være med
    expect(tjenerens(kopi), 'kopien peker på originalens tjener').to.equal(tjenerens(mappe));
    const db = await startEmbeddedPostgres({ mappe: kopi });
    expect(new URL(db.url).port).not.to.equal(new URL(original.url).port);
    await spoer(db.url, `insert into hvem values ('kopien')`);
    await spoer(original.url, `insert into hvem values ('originalen')`);
    expect(await spoer(db.url, 'select navn from hvem order by 1')).to.deep.equal([
      { navn: 'begge' },
      { navn: 'kopien' },
    ]);
    await db.stop();
    expect(await spoer(original.url, 'select navn from hvem order by 1')).to.deep.equal([
      { navn: 'begge' },
      { navn: 'originalen' },
    ]);
    await original.stop();
  });

  it('en tjener som dør alene, startes igjen på samme adresse, også en som ble tatt over; det sies fra', async () => {
    await startOgDrep(mappe, null);
    const sagt: string[] = [];
    const db = await startEmbeddedPostgres({ mappe, vedHendelse: (_, melding) => sagt.push(melding) });
    await spoer(db.url, 'create table husk as select 1 as tall');
    for (let gang = 1; gang <= 2; gang++) {
      const foer = tjenerens(mappe);
      process.kill(foer, 'SIGKILL');
      await ventSvar(db.url);
      expect(tjenerens(mappe)).not.to.equal(foer);
      expect(await spoer(db.url, 'select tall from husk')).to.deep.equal([{ tall: 1 }]);
    }
    const [barn] = await spoer<{ pid: number }>(
      db.url,
      `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
    );
    process.kill(barn?.pid ?? 0, 'SIGKILL');
    await ventSvar(db.url);
    await db.stop();
    expect(sagt.filter((l) => l === 'Databasen er startet igjen.')).to.have.length.greaterThan(1);
    expect(tjenerePaa(mappe), 'stoppet betyr stoppet').to.deep.equal([]);
  });

  it('passord eller versjon som ikke passer, sies i ord, og ingenting kjører etterpå', async () => {
    const db = await startEmbeddedPostgres({ mappe });
    await db.stop();
    const start = (): Promise<string> =>
      startEmbeddedPostgres({ mappe }).then(
        () => 'startet',
        (feil: unknown) => (feil instanceof Startfeil ? feil.message : String(feil)),
      );
    const passordfil = path.join(mappe, 'postgres-passord');
    const passord = readFileSync(passordfil, 'utf8');
    writeFileSync(passordfil, 'et annet');
    expect(await start()).to.match(/Passordet i .* passer ikke til databasen/);
    expect(tjenerePaa(mappe)).to.deep.equal([]);
    writeFileSync(passordfil, passord);
    const versjon = path.join(mappe, 'postgres', 'PG_VERSION');
    writeFileSync(versjon, '12\n');
    expect(await start()).to.match(/laget av PostgreSQL 12.*bruker PostgreSQL \d+.*npm run backup/);
    expect(tjenerePaa(mappe)).to.deep.equal([]);
  });

  it('to lukkede mapper med samme slutt på navnet deler ikke database', async function () {
    if (userInfo().uid !== 0) this.skip();
    const reserve = lagTestmappe('reserve ');
    const rot = lagTestmappe('lukket ');
    chmodSync(rot, 0o700);
    const slutt = path.join('en-lang-felles-slutt-paa-navnet-til-mappa', 'data');
    const urler: string[] = [];
    for (const kunde of ['a', 'b']) {
      const db = await startEmbeddedPostgres({ mappe: path.join(rot, kunde, slutt), reservemappe: reserve });
      urler.push(db.mappe);
      await db.stop();
    }
    expect(new Set(urler).size).to.equal(2);
    for (const m of [reserve, rot]) rmSync(m, { recursive: true, force: true });
  });
});
