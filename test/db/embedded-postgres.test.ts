import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
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
});
