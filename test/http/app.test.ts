import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Router } from 'express';
import pg from 'pg';
import pino from 'pino';
import { z } from 'zod';
import type { Problem } from '../../src/contract/api.ts';
import type { Innlogget } from '../../src/contract/tilgang.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { lagHttpApp } from '../../src/http/app.ts';
import { idParam, innlogget } from '../../src/http/innlogget.ts';
import { tolk } from '../../src/http/tolk.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { ANNEN_BRUKER, BRUKER_MANGLER, BRUKERHODE } from '../../src/contract/innlogging.ts';
import { Klient, type Svar } from '../hjelp/klient.ts';

const OLA: Innlogget = { id: 'ola-hansen', navn: 'Ola Hansen', roller: [] };
const KODE = 'export const a = 1;\n'.repeat(500);
const INGRID: Innlogget = { id: 'ingrid-bakke', navn: 'Ingrid Bakke', roller: [] };
const kort = { id: OLA.id, navn: OLA.navn, roller: [], proevFoerst: 'Se deg om.' };

function lytt(app: {
  listen(port: number, vert: string, klar: () => void): Server;
}): Promise<{ tjener: Server; adresse: string }> {
  return new Promise((ok) => {
    const tjener = app.listen(0, '127.0.0.1', () =>
      ok({ tjener, adresse: `http://127.0.0.1:${(tjener.address() as AddressInfo).port}` }),
    );
  });
}

describe('HTTP-laget', () => {
  let db: Testdatabase;
  let pool: pg.Pool;
  let mappe: string;
  const aapne: Server[] = [];
  let sperret = false;

  before(async () => {
    db = await lagTestdatabase();
    const ds = await lagDatakilde(db.url).initialize();
    await ds.runMigrations();
    await ds.destroy();
    pool = new pg.Pool({ connectionString: db.url, max: 3 });
    pool.on('error', () => undefined);
    mappe = mkdtempSync(path.join(tmpdir(), 'ip-ui-'));
    mkdirSync(path.join(mappe, 'assets'));
    writeFileSync(path.join(mappe, 'index.html'), '<!doctype html><title>skjermen</title>');
    writeFileSync(path.join(mappe, 'assets', 'kode-a1.js'), KODE);
    writeFileSync(path.join(mappe, 'assets', 'kode-a1.js.br'), brotliCompressSync(KODE));
    writeFileSync(path.join(mappe, 'assets', 'kode-a1.js.gz'), gzipSync(KODE));
  });
  after(async () => {
    for (const t of aapne) t.close();
    await pool.end();
    await db.slett();
    rmSync(mappe, { recursive: true, force: true });
  });

  async function start(egenPool = pool): Promise<string> {
    const ruter = Router();
    ruter.post('/ekko', (req, res) => {
      res.json({
        hvem: innlogget(req).navn,
        kropp: tolk(z.strictObject({ navn: z.string().min(1), antall: z.number().max(5) }), req.body),
      });
    });
    ruter.get('/ting/:id', (req, res) => {
      res.json({ id: idParam(req) });
    });
    ruter.get('/mye', (_req, res) => {
      res.json({ tekst: 'det samme om igjen '.repeat(500) });
    });
    ruter.get('/stroem', (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      res.write('data: med en gang\n\n');
    });
    ruter.get('/krasj', () => {
      throw new Error('intern hemmelighet');
    });
    const app = lagHttpApp({
      logg: pino({ level: 'silent' }),
      oektpool: egenPool,
      oekthemmelighet: 'en hemmelighet for testen',
      https: false,
      naa: () => new Date(),
      innlogging: {
        oidc: null,
        kommunenavn: async () => 'Sandvik kommune',
        meny: () => ['oppgaver'],
        hentBruker: async (id) => (sperret ? null : ([OLA, INGRID].find((b) => b.id === id) ?? null)),
        hentBrukerForSubjekt: async () => null,
        demobrukere: async () => [kort, { ...kort, id: INGRID.id, navn: INGRID.navn }],
        vedOektSlutt: () => undefined,
      },
      ruter: [ruter],
      uiMappe: mappe,
      klar: async () => ({ klar: true, database: true, motor: true }),
    });
    const { tjener, adresse } = await lytt(app);
    aapne.push(tjener);
    return adresse;
  }

  it('den som ikke er logget inn får 401, også på adresser som ikke finnes', async () => {
    const k = new Klient(await start());
    await k.hentMeg();
    for (const sti of ['/api/ting/1', '/api/finnes-ikke']) {
      const svar = await k.hent<Problem>(sti);
      expect(svar.status).to.equal(401);
      expect(svar.hoder.get('content-type')).to.match(/^application\/problem\+json/);
    }
  });

  it('demo-innlogging gir ny økt-id, og bare demobrukere slipper inn', async () => {
    const k = new Klient(await start());
    await k.hentMeg();
    expect((await k.send('POST', '/api/demo/logg-inn', { brukerId: 'noen-andre' })).status).to.equal(422);
    await k.loggInn('ola-hansen');
    expect((await k.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
    const ut = await k.send('POST', '/api/logg-ut');
    expect([ut.status, ut.kropp]).to.deep.equal([200, { videre: null }]);
    expect((await k.hentMeg()).bruker).to.equal(null);
  });

  it('en bruker som sperres, mister tilgangen ved neste forespørsel', async () => {
    const k = await new Klient(await start()).loggInn('ola-hansen');
    sperret = true;
    try {
      expect((await k.hent('/api/krasj')).status).to.equal(401);
    } finally {
      sperret = false;
    }
  });

  it('en endring uten CSRF-token avvises og sier at siden må lastes på nytt', async () => {
    const k = await new Klient(await start()).loggInn('ola-hansen');
    const svar = await k.raa('POST', '/api/ekko', {
      kropp: '{}',
      hoder: { 'content-type': 'application/json', 'x-csrf-token': 'feil' },
    });
    expect(svar.status).to.equal(403);
    expect((svar.kropp as Problem).detail).to.match(/Last siden på nytt/);
  });

  describe('en side og den som er logget inn', () => {
    const json = { 'content-type': 'application/json' };
    const kropp = JSON.stringify({ navn: 'Det Ola skrev', antall: 1 });
    /** Ola i to faner av samme nettleser; i den andre har Ingrid logget inn etterpå. */
    async function ettersatt(): Promise<Klient> {
      const k = await new Klient(await start()).loggInn(OLA.id);
      await k.send('POST', '/api/logg-ut');
      return k.loggInn(INGRID.id);
    }

    it('som ikke lenger er samme person: ingenting gjøres, og svaret sier hvem som er logget inn', async () => {
      const k = await ettersatt();
      // Fanen som fortsatt viser Ola, kan ha hentet et nytt CSRF-token; det gjør henne ikke til Ingrid.
      for (const hoder of [
        { ...json, [BRUKERHODE]: OLA.id },
        { ...json, [BRUKERHODE]: OLA.id, 'x-csrf-token': 'det gamle' },
      ]) {
        const svar = (await k.raa('POST', '/api/ekko', { kropp, hoder })) as Svar<Problem>; // problem details
        expect(svar.status).to.equal(409);
        expect(svar.kropp.type).to.equal(ANNEN_BRUKER);
        expect(svar.kropp.bruker).to.deep.equal({ id: INGRID.id, navn: INGRID.navn });
        expect(svar.kropp.detail).to.equal(
          'Du er nå logget inn som Ingrid Bakke i en annen fane. Det du har skrevet her, er ikke sendt, og ingenting er lagret.',
        );
      }
      const egen = await k.raa('POST', '/api/ekko', { kropp, hoder: json });
      expect([egen.status, (egen.kropp as { hvem: string }).hvem]).to.deep.equal([200, 'Ingrid Bakke']);
    });

    it('får heller ikke lese: en side viser aldri den enes navn med den andres opplysninger', async () => {
      const k = await ettersatt();
      const lest = await k.raa('GET', '/api/mye', { hoder: { [BRUKERHODE]: OLA.id } });
      expect([lest.status, (lest.kropp as Problem).type]).to.deep.equal([409, ANNEN_BRUKER]);
    });

    it('kan ikke logge ut den andre, men kan alltid spørre hvem som er logget inn', async () => {
      const k = await ettersatt();
      const ut = await k.raa('POST', '/api/logg-ut', { kropp: '{}', hoder: { ...json, [BRUKERHODE]: OLA.id } });
      expect(ut.status).to.equal(409);
      const meg = await k.raa('GET', '/api/meg', { hoder: { [BRUKERHODE]: OLA.id } });
      expect((meg.kropp as { bruker: Innlogget }).bruker.navn).to.equal('Ingrid Bakke');
    });

    it('som ikke sier hvem den viser, kan lese (en lenke), men ikke endre noe', async () => {
      const adresse = await start();
      const k = await new Klient(adresse).loggInn(OLA.id);
      const { csrf } = await k.hentMeg();
      const hoder = { cookie: k.kapsler(), ...json, 'x-csrf-token': csrf };
      expect((await fetch(`${adresse}/api/mye`, { headers: hoder })).status).to.equal(200);
      for (const sti of ['/api/ekko', '/api/logg-ut']) {
        const svar = await fetch(adresse + sti, { method: 'POST', body: kropp, headers: hoder });
        const problem = (await svar.json()) as Problem; // problem details
        expect([sti, svar.status, problem.type]).to.deep.equal([sti, 428, BRUKER_MANGLER]);
        expect(problem.detail).to.include('Kopier det du har skrevet');
      }
      expect((await k.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
    });

    it('får 401, ikke «økten er fornyet», når ingen er logget inn lenger', async () => {
      const k = await new Klient(await start()).loggInn(OLA.id);
      await k.send('POST', '/api/logg-ut');
      expect((await k.raa('POST', '/api/ekko', { kropp, hoder: json })).status).to.equal(401);
    });
  });

  it('en lenke som åpnes i nettleseren og ikke kan vises, gir en side i ord og ikke rå JSON', async () => {
    const k = new Klient(await start());
    const hoder = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const ute = await k.raa('GET', '/api/ting/1', { hoder });
    expect([ute.status, ute.hoder.get('content-type')]).to.deep.equal([401, 'text/html; charset=utf-8']);
    expect(ute.kropp).to.include('<h1>Ikke logget inn</h1>').and.include('href="/logg-inn"');
    await k.loggInn(OLA.id);
    const borte = await k.raa('GET', '/api/ting/1', { hoder });
    expect([borte.status, borte.hoder.get('cache-control')]).to.deep.equal([404, 'no-store']);
    expect(borte.kropp).to.include('Siden finnes ikke, eller du har ikke tilgang til den.');
  });

  describe('komprimering', () => {
    function hentRaatt(
      adresse: string,
      hoder: Record<string, string>,
    ): Promise<{ svar: IncomingMessage; biter: Buffer[] }> {
      return new Promise((ok, feil) => {
        get(adresse, { headers: hoder, agent: false }, (svar) => {
          const biter: Buffer[] = [];
          svar.on('data', (d: Buffer) => {
            biter.push(d);
            if (svar.headers['content-type']?.startsWith('text/event-stream')) ok({ svar, biter });
          });
          svar.on('end', () => ok({ svar, biter }));
        }).on('error', feil);
      });
    }

    it('filene skjermen består av, sendes slik bygget komprimerte dem, og huskes for alltid', async () => {
      const adresse = `${await start()}/assets/kode-a1.js`;
      for (const [godtar, koding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
      ] as const) {
        const { svar, biter } = await hentRaatt(adresse, { 'accept-encoding': godtar });
        expect(svar.statusCode).to.equal(200);
        expect(svar.headers['content-encoding'], godtar).to.equal(koding);
        expect(svar.headers['content-type']).to.match(/^text\/javascript/);
        expect(svar.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
        expect(svar.headers.vary).to.match(/Accept-Encoding/i);
        const alt = Buffer.concat(biter);
        if (koding === 'br') expect(brotliDecompressSync(alt).toString()).to.equal(KODE);
        if (!koding) expect(alt.toString()).to.equal(KODE);
        else expect(alt.length).to.be.below(200);
      }
    });

    it('svarene komprimeres, men ikke for et fremmed nettsted, og en strøm kommer fram med en gang', async () => {
      const adresse = await start();
      const k = await new Klient(adresse).loggInn(OLA.id);
      const hoder = { cookie: k.kapsler(), 'accept-encoding': 'br, gzip' };
      const egen = await hentRaatt(`${adresse}/api/mye`, { ...hoder, 'sec-fetch-site': 'same-origin' });
      expect(egen.svar.headers['content-encoding']).to.equal('br');
      expect(JSON.parse(brotliDecompressSync(Buffer.concat(egen.biter)).toString())).to.have.property('tekst');
      const fremmed = await hentRaatt(`${adresse}/api/mye`, { ...hoder, 'sec-fetch-site': 'cross-site' });
      expect(fremmed.svar.headers['content-encoding']).to.equal(undefined);
      const stroem = await hentRaatt(`${adresse}/api/stroem`, hoder);
      stroem.svar.destroy();
      expect(stroem.svar.headers['content-encoding']).to.equal(undefined);
      expect(Buffer.concat(stroem.biter).toString()).to.equal('data: med en gang\n\n');
    });
  });

  it('gale felter navngis på bokmål', async () => {
    const k = await new Klient(await start()).loggInn('ola-hansen');
    const svar = await k.send<Problem>('POST', '/api/ekko', { navn: '', antall: 9, ekstra: 1 });
    expect(svar.status).to.equal(422);
    expect(svar.kropp.feil).to.deep.equal([
      { felt: 'navn', melding: 'Feltet må fylles ut.' },
      { felt: 'antall', melding: 'Verdien er for stor eller lang (høyst 5).' },
      { felt: 'skjemaet', melding: 'Ukjent felt: ekstra.' },
    ]);
    const tomt = await k.send<Problem>('POST', '/api/ekko', {});
    expect(tomt.kropp.feil?.[0]).to.deep.equal({ felt: 'navn', melding: 'Feltet må fylles ut.' });
  });

  it('kropper som er for store eller ikke kan leses får en klar setning', async () => {
    const k = await new Klient(await start()).loggInn('ola-hansen');
    const json = { 'content-type': 'application/json' };
    const stor = await k.raa('POST', '/api/ekko', {
      kropp: JSON.stringify({ navn: 'x'.repeat(1_100_000) }),
      hoder: json,
    });
    expect([stor.status, (stor.kropp as Problem).detail]).to.deep.equal([
      413,
      'Det du sendte er for stort. Ingenting er lagret. Del det opp eller kort det ned.',
    ]);
    const roet = await k.raa('POST', '/api/ekko', { kropp: '{"navn":', hoder: json });
    expect([roet.status, (roet.kropp as Problem).detail]).to.deep.equal([
      400,
      'Innholdet er ikke gyldig JSON. Ingenting er lagret.',
    ]);
    expect((await k.raa('GET', '/api/ting/%E0%A4%A')).status).to.equal(400);
  });

  it('en id som ikke er en id, finnes ikke; en feil hos oss røper ikke innmat', async () => {
    const k = await new Klient(await start()).loggInn('ola-hansen');
    const ting = await k.hent<Problem>('/api/ting/1%27%20or%201=1');
    expect([ting.status, ting.kropp.detail]).to.deep.equal([
      404,
      'Siden finnes ikke, eller du har ikke tilgang til den.',
    ]);
    const krasj = await k.hent<Problem>('/api/krasj');
    expect(krasj.status).to.equal(500);
    expect(JSON.stringify(krasj.kropp)).not.to.include('hemmelighet');
  });

  it('databasen borte gir 503 med «prøv igjen», og alt virker når den er tilbake', async () => {
    const egen = new pg.Pool({ connectionString: db.url.replace(/@127\.0\.0\.1:\d+/, '@127.0.0.1:1'), max: 1 });
    const k = new Klient(await start(egen));
    const svar = await k.raa('GET', '/api/meg', { hoder: { cookie: 'ip.sid=s%3Aabc.def' } });
    expect([503, 200]).to.include(svar.status);
    expect(
      (await k.raa('POST', '/api/demo/logg-inn', { kropp: '{}', hoder: { 'content-type': 'application/json' } }))
        .status,
    ).to.be.oneOf([403, 503]);
    expect((await fetch(`${k.adresse}/health/live`)).status).to.equal(200);
  });

  it('skjermen svarer på alle sine adresser, med sikkerhetshoder', async () => {
    const k = new Klient(await start());
    for (const sti of ['/', '/oppgaver?fane=mine', '/saker/3f2b']) {
      const svar = await k.hent<string>(sti);
      expect(svar.kropp).to.include('skjermen');
      expect(svar.hoder.get('content-security-policy')).to.include("script-src 'self'");
      expect(svar.hoder.get('x-content-type-options')).to.equal('nosniff');
    }
    expect((await k.hent('/assets/borte.js')).status).to.equal(404);
  });
});
