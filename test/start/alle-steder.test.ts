import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sov } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import type { Problem } from '../../src/contract/api.ts';
import { Appprosess, ledigPort, type Prosessvalg } from '../hjelp/appprosess.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';

const ROT = path.resolve(import.meta.dirname, '..', '..');
const ER_ROOT = userInfo().uid === 0;
const NOBODY = { uid: 65534, gid: 65534 };

/** Installasjonen slik den ligger på en annen plass: bygd, med de samme pakkene. */
function installer(mappe: string): string {
  mkdirSync(mappe, { recursive: true });
  for (const navn of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'dist']) {
    cpSync(path.join(ROT, navn), path.join(mappe, navn), { recursive: true });
  }
  for (const navn of ['node_modules', 'src', 'workers', 'ui', 'bpmn']) {
    symlinkSync(path.join(ROT, navn), path.join(mappe, navn));
  }
  return mappe;
}

/** PostgreSQL-tjenere som kjører på en klynge under mappa. */
function tjenere(mappe: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((l) => l.includes(mappe) && l.includes('postgres'));
}

const postmaster = (dataDir: string): { pid: number; port: number } => {
  const linjer = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return { pid: Number(linjer[0]), port: Number(linjer[3]) };
};

const RAA_STABEL = /\n\s+at .*\(?(file:|\/|node:)/;

describe('starter alle steder', function () {
  this.timeout(240_000);
  let rot: string;
  let dataDir: string;
  let apper: Appprosess[] = [];
  const lagApp = async (
    miljoe: NodeJS.ProcessEnv = {},
    valg: Prosessvalg = {},
    mappe = dataDir,
  ): Promise<Appprosess> => {
    const app = new Appprosess(mappe, await ledigPort(), miljoe, valg);
    apper.push(app);
    return app;
  };
  beforeEach(() => {
    rot = lagTestmappe('steder-');
    dataDir = path.join(rot, 'data');
  });
  afterEach(async () => {
    for (const app of apper) await app.stopp('SIGTERM');
    apper = [];
    spawnSync('chmod', ['-R', 'u+rwX', rot]);
    rmSync(rot, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  /** Kjører en start som ikke skal lykkes, og gir det den skrev. Ingenting kjører etterpå, og ingen stabel vises. */
  async function mislykket(app: Appprosess): Promise<string> {
    app.start();
    expect(await app.ventSlutt(), app.utskrift).to.equal(1);
    expect(app.utskrift).not.to.match(RAA_STABEL);
    expect(tjenere(rot), 'ingen tjener kjører videre').to.deep.equal([]);
    return app.utskrift;
  }

  it('under en mappe med punktum først og rare tegn i navnet: sidene kommer, og helsen stemmer med det brukeren ser', async () => {
    const sted = installer(path.join(rot, '.skjult', `en 'rar' "mappe" med 100% æøå; $HOME & mer`, 'ip'));
    dataDir = path.join(sted, '.data');
    const app = await lagApp({}, { rot: sted });
    app.start();
    await app.ventKlar();
    const side = await fetch(`${app.adresse}/oppgaver`);
    expect(side.status).to.equal(200);
    const html = await side.text();
    expect(html).to.include('<div id="app">');
    const skript = /src="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? '';
    expect((await fetch(app.adresse + skript)).status).to.equal(200);

    rmSync(path.join(sted, 'dist', 'ui', 'index.html'));
    expect((await fetch(`${app.adresse}/`)).status).not.to.equal(200);
    // Et svar gjelder et kvart sekund for alle som spør.
    const helse = await ventTil('rød helse', async () => {
      const svar = await fetch(`${app.adresse}/health/ready`);
      return svar.status === 503 ? svar : null;
    });
    expect(await helse.json()).to.deep.equal({
      status: 'not ready',
      database: true,
      motor: true,
      side: false,
      utsender: true,
      arbeidere: true,
    });
  });

  it('start rett etter kill -9, under en prosess som aldri henter de døde (container uten init)', async function () {
    if (process.platform !== 'linux') this.skip();
    const port = await ledigPort();
    const miljoe = { ...process.env, NODE_ENV: 'production', DATA_DIR: dataDir, PORT: String(port), DEMO_DATA: 'nei' };
    // Skallet blir til sleep, som er forelder til appen og aldri henter den.
    const foerste = spawn('sh', ['-c', `"${process.execPath}" scripts/start.mjs & echo pid $!; exec sleep 600`], {
      cwd: ROT,
      env: miljoe,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      let tekst = '';
      foerste.stdout.on('data', (d: Buffer) => (tekst += String(d)));
      await ventTil('klar', async () =>
        (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null))?.status === 200 ? true : null,
      );
      const pid = Number(/pid (\d+)/.exec(tekst)?.[1]);
      process.kill(pid, 'SIGKILL');
      const andre = await lagApp();
      andre.start();
      await andre.ventKlar();
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8'), 'den drepte er fortsatt en zombie').to.match(/\) Z /);
      await andre.stopp('SIGTERM');
      expect(tjenere(rot)).to.deep.equal([]);
    } finally {
      foerste.kill('SIGKILL');
    }
  });

  it('start mens den forrige holder på å stoppe, venter på den', async () => {
    const foerste = await lagApp();
    foerste.start();
    await foerste.ventKlar();
    foerste.signal('SIGTERM');
    const andre = await lagApp();
    andre.start();
    await andre.ventKlar();
    expect(await foerste.ventSlutt()).to.equal(0);
  });

  it('PG*-navn og språk i miljøet hindrer ikke starten, og saken går', async () => {
    const app = await lagApp({
      PGSSLMODE: 'prefer',
      PGOPTIONS: '-c search_path=tull -c default_transaction_read_only=on',
      PGHOST: 'et.annet.sted.invalid',
      PGPORT: '1',
      PGUSER: 'noen',
      PGDATABASE: 'noe',
      PGPASSWORD: 'feil',
      PGSERVICE: 'ukjent',
      PGCLIENTENCODING: 'LATIN1',
      PGDATA: '/finnes/ikke',
      LC_ALL: 'xx_YY.ISO-8859-1',
      TZ: 'Asia/Tokyo',
      LD_LIBRARY_PATH: '/finnes/ikke',
    });
    app.start();
    await app.ventKlar();
    const k = new Sakskjoering(app.adresse);
    const sakId = await k.anmod((await k.nyPerson('Åse Ærlig')).id);
    await k.gjoer(sakId, 'avklar-instans');
    await k.finnOppgave(sakId, 'informer-og-avklar');
    expect((await k.sak(sakId)).person.navn).to.equal('Åse Ærlig');
  });

  it('databasen drept mens appen arbeider: imens sier svaret det, helsen er rød, og alt går videre av seg selv', async () => {
    const app = await lagApp();
    app.start();
    await app.ventKlar();
    const k = new Sakskjoering(app.adresse, 60_000);
    const sakId = await k.anmod((await k.nyPerson('Drept Database')).id);
    const ola = await new Sakskjoering(app.adresse).som('ola-hansen');
    const foer = postmaster(dataDir);
    let roed = false;
    const ord = new Set<string>();
    process.kill(foer.pid, 'SIGKILL');
    const [drept, skrevet] = [Date.now(), app.alt.length];
    const mange = await Promise.all(Array.from({ length: 200 }, () => ola.hent('/api/oppgaver')));
    expect(mange.filter((s) => s.status === 503).length, 'de fleste kom mens databasen var borte').to.be.above(100);
    const arbeid = k.gjoer(sakId, 'avklar-instans');
    await ventTil('oppe igjen', async () => {
      const helse = await fetch(`${app.adresse}/health/ready`);
      const svar = await ola.hent<Problem>('/api/oppgaver');
      expect(svar.status, JSON.stringify(svar.kropp)).to.be.oneOf([200, 401, 503]);
      if (svar.status === 503) ord.add(svar.kropp.detail ?? '');
      roed ||= helse.status === 503;
      return roed && helse.status === 200 ? true : null;
    });
    expect([...ord].every((o) => o.startsWith('Databasen svarer ikke.'))).to.equal(true);
    const linjer = app.alt.slice(skrevet).split('\n');
    const avviste = linjer.filter((l) => l.includes('"msg":"Systemet er borte et øyeblikk"'));
    const ganger = 1 + Math.floor((Date.now() - drept) / 30_000);
    expect(avviste.length, 'loggen sier det en gang, ikke en gang per kall').to.be.within(1, ganger);
    await arbeid;
    await k.finnOppgave(sakId, 'informer-og-avklar');
    const etter = postmaster(dataDir);
    expect(etter.pid).not.to.equal(foer.pid);
    expect(etter.port, 'samme port, så forbindelsene finner tilbake').to.equal(foer.port);
    expect(app.alt).to.include('Databasen stoppet av seg selv').and.to.include('Databasen er startet igjen');

    // Én av databasens prosesser drept: PostgreSQL tar alle forbindelsene og kommer tilbake selv.
    const passord = readFileSync(path.join(dataDir, 'postgres-passord'), 'utf8');
    const klient = new pg.Client(`postgres://individuell_plan:${passord}@127.0.0.1:${etter.port}/individuell_plan`);
    klient.on('error', () => undefined);
    await klient.connect();
    const { rows } = await klient.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'engine-writer'`,
    );
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    await klient.end().catch(() => undefined);
    await k.gjoer(sakId, 'informer-og-avklar');
    await k.finnOppgave(sakId, 'kartlegg-og-vurder');
    await app.ventKlar();
  });

  it('en kopi av datamappa til en app som går, får sin egen database, og ingen skriver til den andre', async () => {
    const app = await lagApp();
    app.start();
    await app.ventKlar();
    const k = new Sakskjoering(app.adresse);
    await k.nyPerson('I Begge');
    const kopi = path.join(rot, 'kopi');
    expect(spawnSync('cp', ['-a', dataDir, kopi]).status).to.equal(0);
    const andre = await lagApp({}, {}, kopi);
    andre.start();
    await andre.ventKlar();
    const l = new Sakskjoering(andre.adresse);
    await l.nyPerson('Bare Kopien');
    await k.nyPerson('Bare Originalen');
    const finn = async (s: Sakskjoering, navn: string): Promise<number> =>
      (await (await s.som('ola-hansen')).hent<unknown[]>(`/api/personer?sok=${encodeURIComponent(navn)}`)).kropp.length;
    expect([await finn(k, 'Bare Kopien'), await finn(l, 'Bare Originalen')]).to.deep.equal([0, 0]);
    expect([await finn(k, 'I Begge'), await finn(l, 'I Begge')]).to.deep.equal([1, 1]);
    expect(postmaster(kopi).pid).not.to.equal(postmaster(dataDir).pid);
    await andre.stopp('SIGTERM');
    expect((await fetch(`${app.adresse}/health/ready`)).status, 'originalen går').to.equal(200);
  });

  it('stoppet midt i starten: ingenting kjører etterpå, heller ikke med to trykk', async () => {
    for (const ms of [700, 1_500, 2_500]) {
      const app = await lagApp();
      app.start();
      await sov(ms);
      app.signal('SIGINT');
      if (ms === 1_500) app.signal('SIGINT');
      await app.ventSlutt();
      await ventTil('tjeneren er borte', async () => (tjenere(rot).length === 0 ? true : null), 20_000);
    }
    const app = await lagApp();
    app.start();
    await app.ventKlar();
    app.signal('SIGINT');
    await sov(20);
    app.signal('SIGINT');
    await app.ventSlutt();
    await ventTil('tjeneren er borte', async () => (tjenere(rot).length === 0 ? true : null), 20_000);
  });

  it('det som hindrer starten, sies i ord', async () => {
    const fil = path.join(rot, 'en-fil');
    writeFileSync(fil, '');
    expect(await mislykket(await lagApp({}, {}, fil))).to.match(/en-fil er en fil, ikke en mappe. Rett DATA_DIR/);
    expect(await mislykket(await lagApp({}, {}, path.join(fil, 'under')))).to.match(/Rett DATA_DIR/);
    expect(await mislykket(await lagApp({}, {}, path.join(rot, 'x'.repeat(300))))).to.match(/for lang/);
    expect(await mislykket(await lagApp({}, {}, path.join(rot, 'to\nlinjer')))).to.match(/linjeskift/);
    expect(await mislykket(await lagApp({ HOST: '192.0.2.1' }))).to.match(/ikke adressen 192.0.2.1. Rett HOST/);
    expect(await mislykket(await lagApp({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }))).to.match(
      /DATABASE_URL svarer ikke/,
    );
    const opptatt = createServer().listen(0, '127.0.0.1');
    await new Promise((ok) => opptatt.once('listening', ok));
    const { port } = opptatt.address() as AddressInfo; // en TCP-tjener har alltid en slik adresse
    expect(await mislykket(await lagApp({ PORT: String(port) }))).to.match(/Porten er opptatt/);
    opptatt.close();
    writeFileSync(path.join(dataDir, 'gjenoppretting-paagaar'), '');
    expect(await mislykket(await lagApp())).to.match(/gjenoppretting .* ble avbrutt/);
  });

  it('en database fra en nyere utgave røres ikke', async () => {
    const app = await lagApp();
    app.start();
    await app.ventKlar();
    const passord = readFileSync(path.join(dataDir, 'postgres-passord'), 'utf8');
    const klient = new pg.Client(
      `postgres://individuell_plan:${passord}@127.0.0.1:${postmaster(dataDir).port}/individuell_plan`,
    );
    await klient.connect();
    await klient.query(`insert into migrering (timestamp, name) values (9999999999999, 'Framtid9999999999999')`);
    await klient.end();
    await app.stopp('SIGTERM');
    expect(await mislykket(await lagApp())).to.match(/nyere utgave.*Framtid9999999999999/);
  });

  it('en installasjon root eier, kjøres av en vanlig bruker med egen datamappe; ellers sier den hva som mangler', async function () {
    if (!ER_ROOT) this.skip();
    const sted = installer(path.join(rot, 'opt', 'ip'));
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY.uid, NOBODY.gid);
    const som: Prosessvalg = { rot: sted, bruker: NOBODY };
    expect(await mislykket(await lagApp({ DATA_DIR: '', HOME: '/root' }, som))).to.match(
      /Brukeren nobody har ikke tilgang til .*opt\/ip\/data. Sett DATA_DIR/,
    );
    const lukket = path.join(rot, 'lukket');
    mkdirSync(lukket);
    chmodSync(lukket, 0o700);
    expect(await mislykket(await lagApp({}, som, path.join(lukket, 'data')))).to.match(/har ikke tilgang til .*lukket/);

    const app = await lagApp({ HOME: '/finnes/ikke' }, som);
    app.start();
    await app.ventKlar();
    await app.stopp('SIGTERM');

    rmSync(path.join(sted, 'dist'), { recursive: true });
    expect(await mislykket(await lagApp({}, som))).to.match(
      /er ikke bygd, og brukeren nobody kan ikke skrive i .*dist/,
    );
    rmSync(path.join(sted, 'node_modules'));
    mkdirSync(path.join(sted, 'node_modules'));
    expect(await mislykket(await lagApp({}, som))).to.match(/Pakkene er ikke installert, og brukeren nobody/);
  });

  it('en utskrift som ingen lenger leser, tar ikke med seg appen', async () => {
    const port = await ledigPort();
    const barn = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: ROT,
      env: { ...process.env, NODE_ENV: 'production', DATA_DIR: dataDir, PORT: String(port), DEMO_DATA: 'nei' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    barn.stdout.destroy();
    barn.stderr.destroy();
    try {
      await ventTil('klar', async () =>
        (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null))?.status === 200 ? true : null,
      );
    } finally {
      const slutt = new Promise<number | null>((ok) => barn.once('exit', ok));
      barn.kill('SIGTERM');
      expect(await slutt).to.equal(0);
    }
  });
});
