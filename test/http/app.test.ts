import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Router } from 'express';
import { Provider } from 'oidc-provider';
import pg from 'pg';
import pino from 'pino';
import { z } from 'zod';
import type { Problem } from '../../src/contract/api.ts';
import type { Innlogget } from '../../src/contract/tilgang.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { lagHttpApp } from '../../src/http/app.ts';
import { idParam, innlogget } from '../../src/http/innlogget.ts';
import type { OidcOppsett } from '../../src/http/innlogging.ts';
import { tolk } from '../../src/http/tolk.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { Klient } from '../hjelp/klient.ts';

const OLA: Innlogget = { id: 'ola-hansen', navn: 'Ola Hansen', roller: [] };
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

function ledigPort(): Promise<number> {
  return new Promise((ok) => {
    const tjener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = tjener.address() as AddressInfo;
      tjener.close(() => ok(port));
    });
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
  });
  after(async () => {
    for (const t of aapne) t.close();
    await pool.end();
    await db.slett();
    rmSync(mappe, { recursive: true, force: true });
  });

  async function start(oidc: OidcOppsett | null = null, egenPool = pool): Promise<string> {
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
        oidc,
        kommunenavn: async () => 'Sandvik kommune',
        meny: () => ['oppgaver'],
        hentBruker: async (id) => (id === OLA.id && !sperret ? OLA : null),
        hentBrukerForSubjekt: async (subjekt) => (subjekt === 'sub-ola' ? OLA : null),
        demobrukere: async () => [kort],
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
    expect((await k.send('POST', '/api/logg-ut')).status).to.equal(204);
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
    const k = new Klient(await start(null, egen));
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

  it('med identitetstjeneste er demo-innlogging borte, og OpenID Connect logger inn', async function () {
    this.timeout(20_000);
    const port = await ledigPort();
    const appPort = await ledigPort();
    const nettadresse = `http://127.0.0.1:${appPort}`;
    const utsteder = `http://127.0.0.1:${port}`;
    const provider = new Provider(utsteder, {
      clients: [
        { client_id: 'ip', client_secret: 'klienthemmelighet', redirect_uris: [`${nettadresse}/auth/tilbake`] },
      ],
      findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
      cookies: { keys: ['a'] },
    });
    await new Promise<void>((ok) => aapne.push(provider.listen(Number(port), '127.0.0.1', () => ok())));
    const adresse = await start({ utsteder, klientId: 'ip', klienthemmelighet: 'klienthemmelighet', nettadresse });
    const k = new Klient(adresse);
    const meg = await k.hentMeg();
    expect([meg.demo, meg.loggInnAdresse]).to.deep.equal([false, '/auth/logg-inn']);
    expect((await k.send('POST', '/api/demo/logg-inn', { brukerId: 'ola-hansen' })).status).to.equal(401);

    const idp = new Klient(utsteder);
    let neste = (await k.hent('/auth/logg-inn?tilbake=/saker')).hoder.get('location') ?? '';
    expect(neste).to.include('code_challenge_method=S256');
    for (let i = 0; i < 10 && neste.startsWith(utsteder); i++) {
      const svar = await idp.hent<string>(neste);
      if (svar.status >= 300) {
        neste = new URL(svar.hoder.get('location') ?? '', utsteder).href;
        continue;
      }
      const skjema = /action="([^"]+)"/.exec(svar.kropp)?.[1] ?? '';
      const prompt = /name="prompt" value="([^"]+)"/.exec(svar.kropp)?.[1] ?? '';
      const post = await idp.raa('POST', skjema, {
        kropp: new URLSearchParams({ prompt, login: 'sub-ola', password: 'x' }),
      });
      neste = new URL(post.hoder.get('location') ?? '', utsteder).href;
    }
    expect(neste.startsWith(`${nettadresse}/auth/tilbake`)).to.equal(true);
    const tilbake = await k.hent(neste.replace(nettadresse, adresse));
    expect([tilbake.status, tilbake.hoder.get('location')]).to.deep.equal([302, '/saker']);
    expect((await k.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
  });
});
