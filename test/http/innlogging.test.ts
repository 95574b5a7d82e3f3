import type { Server } from 'node:http';
import { expect } from 'chai';
import express from 'express';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import pg from 'pg';
import pino from 'pino';
import type { loggUtSvar } from '../../src/contract/api.ts';
import type { Innlogget } from '../../src/contract/tilgang.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { lagHttpApp } from '../../src/http/app.ts';
import { ledigPort } from '../hjelp/appprosess.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { Klient, type Svar } from '../hjelp/klient.ts';
import type { z } from 'zod';

const BRUKERE: Record<string, Innlogget> = {
  'sub-ola': { id: 'ola-hansen', navn: 'Ola Hansen', roller: [] },
  'sub-ingrid': { id: 'ingrid-bakke', navn: 'Ingrid Bakke', roller: [] },
};

type Utlogging = z.infer<typeof loggUtSvar>;

/** En nettleser: én kapselkrukke per nettsted, så to faner deler dem. `app` og `idp` er de to nettstedene. */
interface Nettleser {
  app: Klient;
  idp: Klient;
}

describe('Innlogging med OpenID Connect', function () {
  this.timeout(30_000);
  let db: Testdatabase;
  let pool: pg.Pool;
  const aapne: Server[] = [];
  let utsteder = '';
  let nettadresse = '';
  let utlogget: string[] = [];
  let tjeneste: Server | null = null;

  before(async () => {
    db = await lagTestdatabase();
    const ds = await lagDatakilde(db.url).initialize();
    await ds.runMigrations();
    await ds.destroy();
    pool = new pg.Pool({ connectionString: db.url, max: 3 });
    pool.on('error', () => undefined);
  });
  after(async () => {
    await pool.end();
    await db.slett();
  });
  afterEach(() => {
    for (const t of aapne.splice(0)) {
      t.closeAllConnections();
      t.close();
    }
  });

  async function startTjeneste(ekstra: Configuration = {}): Promise<void> {
    const klient: ClientMetadata = {
      client_id: 'ip',
      client_secret: 'klienthemmelighet',
      redirect_uris: [`${nettadresse}/auth/tilbake`],
      post_logout_redirect_uris: [`${nettadresse}/logg-inn`],
    };
    const provider = new Provider(utsteder, {
      clients: [klient],
      findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
      cookies: { keys: ['a'] },
      ...ekstra,
    });
    provider.on('server_error', () => undefined);
    tjeneste = await new Promise<Server>((ok) => {
      const t = provider.listen(Number(new URL(utsteder).port), '127.0.0.1', () => ok(t));
    });
    aapne.push(tjeneste);
  }

  /** Appen og identitetstjenesten, hver på sin port. */
  async function start(tjenestevalg: Configuration | null = {}): Promise<void> {
    const appPort = await ledigPort();
    nettadresse = `http://127.0.0.1:${appPort}`;
    utsteder = `http://127.0.0.1:${await ledigPort()}`;
    utlogget = [];
    if (tjenestevalg) await startTjeneste(tjenestevalg);
    const app = lagHttpApp({
      logg: pino({ level: 'silent' }),
      oektpool: pool,
      oekthemmelighet: 'en hemmelighet for testen',
      https: false,
      naa: () => new Date(),
      innlogging: {
        oidc: {
          utsteder,
          klientId: 'ip',
          klienthemmelighet: 'klienthemmelighet',
          nettadresse,
          hemmelighet: 'en hemmelighet for testen',
        },
        kommunenavn: async () => 'Sandvik kommune',
        meny: () => ['oppgaver'],
        hentBruker: async (id) => Object.values(BRUKERE).find((b) => b.id === id) ?? null,
        hentBrukerForSubjekt: async (subjekt) => BRUKERE[subjekt] ?? null,
        demobrukere: async () => [],
        vedOektSlutt: (id) => utlogget.push(id),
      },
      ruter: [express.Router()],
      uiMappe: '/finnes-ikke',
      klar: async () => ({ klar: true, database: true, motor: true }),
    });
    await new Promise<void>((ok) => aapne.push(app.listen(appPort, '127.0.0.1', () => ok())));
  }

  const nyNettleser = (): Nettleser => ({ app: new Klient(nettadresse), idp: new Klient(utsteder) });
  const sted = (svar: Svar): string => svar.hoder.get('location') ?? '';

  /** Trykker Logg inn i en fane; gir adressen hos tjenesten. */
  async function tilTjenesten({ app }: Nettleser, tilbake = '/saker', ekstra = ''): Promise<string> {
    const svar = await app.hent(`/auth/logg-inn?tilbake=${encodeURIComponent(tilbake)}${ekstra}`);
    expect(svar.status).to.equal(302);
    return sted(svar);
  }

  /** Går gjennom sidene hos tjenesten som `hvem`, til den sender nettleseren tilbake. `spurt` er om hun måtte si hvem hun er. */
  async function hosTjenesten(
    { idp }: Nettleser,
    adresse: string,
    hvem: string,
    avbryt = false,
  ): Promise<{ tilbake: string; spurt: boolean }> {
    let neste = adresse;
    let spurt = false;
    for (let i = 0; i < 12 && neste.startsWith(utsteder); i++) {
      const svar = await idp.hent<string>(neste);
      if (svar.status >= 300) {
        neste = new URL(sted(svar), utsteder).href;
        continue;
      }
      const skjema = /action="([^"]+)"/.exec(svar.kropp)?.[1] ?? '';
      const prompt = /name="prompt" value="([^"]+)"/.exec(svar.kropp)?.[1] ?? '';
      spurt ||= prompt === 'login';
      if (avbryt) {
        neste = new URL(/href="([^"]+\/abort)"/.exec(svar.kropp)?.[1] ?? '', utsteder).href;
        continue;
      }
      // Også sidene som sender seg selv: tjenesten avslutter økten til den forrige når en annen logger inn.
      const felter = [...svar.kropp.matchAll(/<input [^>]*name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]);
      const post = await idp.raa('POST', skjema, {
        kropp: new URLSearchParams({ ...Object.fromEntries(felter), login: hvem, password: 'x' }),
      });
      neste = new URL(sted(post), utsteder).href;
    }
    expect(neste).to.match(new RegExp(`^${nettadresse}/auth/tilbake\\?`));
    return { tilbake: neste, spurt };
  }

  async function loggInn(n: Nettleser, hvem: string): Promise<boolean> {
    const { tilbake, spurt } = await hosTjenesten(n, await tilTjenesten(n), hvem);
    const svar = await n.app.hent(tilbake);
    expect([svar.status, sted(svar)]).to.deep.equal([302, '/saker']);
    return spurt;
  }

  /** Siden er skrevet for et menneske: HTML på bokmål, uten JSON, med en vei videre. */
  function erSide(svar: Svar<string>, status: number, tittel: string, lenke: RegExp): void {
    expect(svar.status).to.equal(status);
    expect(svar.hoder.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(svar.hoder.get('cache-control')).to.equal('no-store');
    expect(svar.kropp).to.include(`<h1>${tittel}</h1>`).and.include('lang="nb"').and.match(lenke);
    expect(svar.kropp).not.to.match(/<script|"status"|about:blank/);
  }

  it('bruker PKCE, gir ny økt-id, og demo-innlogging er borte', async () => {
    await start();
    const n = nyNettleser();
    const meg = await n.app.hentMeg();
    expect([meg.demo, meg.loggInnAdresse]).to.deep.equal([false, '/auth/logg-inn']);
    expect((await n.app.send('POST', '/api/demo/logg-inn', { brukerId: 'ola-hansen' })).status).to.equal(401);
    const foer = n.app.kapsler();
    expect(await tilTjenesten(n)).to.include('code_challenge_method=S256');
    await loggInn(n, 'sub-ola');
    expect(n.app.kapsler()).not.to.include(/ip\.sid=[^;]+/.exec(foer)?.[0] ?? 'mangler');
    expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
  });

  it('i to faner samtidig: begge kommer inn, hver dit den skulle, uten å kaste ut hverandre', async () => {
    await start();
    const n = nyNettleser();
    // Begge trykker før noen er ferdig, også før nettleseren har fått en økt.
    const [enAdresse, toAdresse] = await Promise.all([
      tilTjenesten(n, '/saker'),
      tilTjenesten(n, '/oppgaver?fane=mine'),
    ]);
    const en = await hosTjenesten(n, enAdresse, 'sub-ola');
    const to = await hosTjenesten(n, toAdresse, 'sub-ola');
    const inn = await n.app.hent(en.tilbake);
    expect([inn.status, sted(inn)]).to.deep.equal([302, '/saker']);
    await n.app.hentMeg();
    const oekt = n.app.kapsler();
    const andre = await n.app.hent(to.tilbake);
    expect([andre.status, sted(andre)]).to.deep.equal([302, '/oppgaver?fane=mine']);
    expect(/ip\.sid=[^;]+/.exec(n.app.kapsler())?.[0], 'den første fanen er fortsatt innlogget').to.equal(
      /ip\.sid=[^;]+/.exec(oekt)?.[0],
    );
    expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
  });

  it('i to faner som hver sin person: den siste gjelder, i en ny økt', async () => {
    await start();
    const n = nyNettleser();
    const [olas, ingrids] = [await tilTjenesten(n), await tilTjenesten(n)];
    const ola = await hosTjenesten(n, olas, 'sub-ola');
    const ingrid = await hosTjenesten({ ...n, idp: new Klient(utsteder) }, ingrids, 'sub-ingrid');
    await n.app.hent(ola.tilbake);
    const foer = utlogget.length;
    await n.app.hent(ingrid.tilbake);
    expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ingrid Bakke');
    expect(utlogget.length, 'strømmene i den gamle økten lukkes').to.equal(foer + 1);
  });

  it('åpnet i flere faner enn noen har, husker de siste og sender ikke en kø av kapsler', async () => {
    await start();
    const n = nyNettleser();
    for (let i = 0; i < 12; i++) await tilTjenesten(n);
    const levende = n.app
      .kapsler()
      .split('; ')
      .filter((k) => /^ip\.inn\.[^=]+=./.test(k));
    expect(levende.length).to.be.within(2, 6);
    await loggInn(n, 'sub-ola');
  });

  it('tilbake-knappen etter innlogging fører bare videre; uten innlogging sier siden hva som er galt', async () => {
    await start();
    const n = nyNettleser();
    const { tilbake } = await hosTjenesten(n, await tilTjenesten(n), 'sub-ola');
    await n.app.hent(tilbake);
    const igjen = await n.app.hent(tilbake);
    expect([igjen.status, sted(igjen)]).to.deep.equal([302, '/']);
    const annen = nyNettleser();
    erSide(
      await annen.app.hent(tilbake),
      400,
      'Innloggingen gjelder ikke lenger',
      /href="\/auth\/logg-inn\?tilbake=%2F"/,
    );
    expect((await annen.app.hentMeg()).bruker).to.equal(null);
    erSide(await annen.app.hent('/auth/tilbake'), 400, 'Innloggingen gjelder ikke lenger', /Logg inn på nytt/);
    for (const state of ['a%20b', '%00', 'a;b', 'a%0d%0ab', '%C3%A5', 'a'.repeat(5000), 'a&state=b']) {
      erSide(await annen.app.hent(`/auth/tilbake?state=${state}`), 400, 'Innloggingen gjelder ikke lenger', /på nytt/);
    }
  });

  it('et svar som er brukt, eller en kapsel noen har tuklet med, logger ingen inn', async () => {
    await start();
    const n = nyNettleser();
    const { tilbake } = await hosTjenesten(n, await tilTjenesten(n), 'sub-ola');
    const kapsel = /ip\.inn\.[^=]+=[^;]+/.exec(n.app.kapsler())?.[0] ?? '';
    const tuklet = `${kapsel.slice(0, -4)}AAAA`;
    const uten = await fetch(tilbake, { headers: { cookie: tuklet }, redirect: 'manual' });
    expect(uten.status).to.equal(400);
    expect((await fetch(tilbake, { headers: { cookie: kapsel }, redirect: 'manual' })).status).to.equal(302);
    // Den samme koden en gang til, med kapselen i behold: tjenesten sier nei.
    const brukt = await fetch(tilbake, { headers: { cookie: kapsel }, redirect: 'manual' });
    expect(brukt.status).to.equal(400);
    expect(await brukt.text()).to.include('Innloggingen gjelder ikke lenger');
    expect(brukt.headers.get('set-cookie') ?? '').not.to.include('ip.sid=');
  });

  it('avbrutt hos tjenesten gir en side i ord, og veien tilbake dit en skulle', async () => {
    await start();
    const n = nyNettleser();
    const { tilbake } = await hosTjenesten(n, await tilTjenesten(n, '/saker?status=alle'), '', true);
    erSide(
      await n.app.hent(tilbake),
      403,
      'Innloggingen ble avbrutt',
      /href="\/auth\/logg-inn\?tilbake=%2Fsaker%3Fstatus%3Dalle"/,
    );
  });

  it('en som ikke er registrert her, får vite det i ord, og kan logge inn som en annen', async () => {
    await start();
    const n = nyNettleser();
    const { tilbake } = await hosTjenesten(n, await tilTjenesten(n), 'sub-fremmed');
    erSide(await n.app.hent(tilbake), 403, 'Du er ikke registrert som bruker her', /href="[^"]*bytt=ja"/);
    expect((await n.app.hentMeg()).bruker).to.equal(null);
    // Tjenesten husker den fremmede; «Logg inn som en annen» spør likevel.
    const { spurt, tilbake: inn } = await hosTjenesten(n, await tilTjenesten(n, '/saker', '&bytt=ja'), 'sub-ola');
    expect(spurt).to.equal(true);
    await n.app.hent(inn);
    expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ola Hansen');
  });

  it('mens tjenesten er borte, sier siden det; når den er tilbake, går det', async () => {
    await start(null);
    const n = nyNettleser();
    const svar = await n.app.hent<string>('/auth/logg-inn?tilbake=/saker');
    erSide(svar, 503, 'Innloggingstjenesten svarer ikke', /href="\/auth\/logg-inn\?tilbake=%2Fsaker"/);
    expect(svar.hoder.get('retry-after')).to.equal('5');
    await startTjeneste();
    const { tilbake } = await hosTjenesten(n, await tilTjenesten(n), 'sub-ola');
    tjeneste?.closeAllConnections();
    await new Promise((ok) => tjeneste?.close(ok));
    erSide(await n.app.hent(tilbake), 503, 'Innloggingstjenesten svarer ikke', /Prøv igjen/);
  });

  it('for mange forsøk på kort tid gir også en side i ord', async () => {
    await start(null);
    const n = nyNettleser();
    const hoder = { accept: 'text/html' };
    let sist: Svar = await n.app.raa('GET', '/auth/tilbake', { hoder });
    for (let i = 0; i < 125 && sist.status !== 429; i++) sist = await n.app.raa('GET', '/auth/tilbake', { hoder });
    erSide(sist as Svar<string>, 429, 'For mange forsøk', /Gå til Individuell plan/); // sendt som HTML
  });

  it('sender ingen ut av appen etterpå, hva som enn står i adressen', async () => {
    await start();
    for (const ond of [
      '//ond.example',
      '/%09/ond.example',
      '/\t/ond.example',
      '/\\ond.example',
      'https://ond.example',
    ]) {
      const n = nyNettleser();
      const { tilbake } = await hosTjenesten(n, await tilTjenesten(n, ond), 'sub-ola');
      expect(sted(await n.app.hent(tilbake)), ond).to.equal('/');
    }
  });

  describe('utlogging', () => {
    it('avslutter også økten hos tjenesten, med beviset på hvem det gjelder; neste innlogging spør', async () => {
      await start();
      const n = nyNettleser();
      await loggInn(n, 'sub-ola');
      await n.app.hentMeg();
      const foer = utlogget.length;
      const { status, kropp } = await n.app.send<Utlogging>('POST', '/api/logg-ut');
      expect(status).to.equal(200);
      const videre = new URL(kropp.videre ?? '');
      expect(videre.origin).to.equal(utsteder);
      expect(videre.searchParams.get('post_logout_redirect_uri')).to.equal(`${nettadresse}/logg-inn`);
      const [, bevis] = (videre.searchParams.get('id_token_hint') ?? '').split('.');
      expect(JSON.parse(Buffer.from(bevis ?? '', 'base64url').toString())).to.include({ sub: 'sub-ola', aud: 'ip' });
      expect(utlogget.length).to.equal(foer + 1);
      expect((await n.app.hentMeg()).bruker).to.equal(null);
      // Tjenesten kjenner igjen hvem det gjelder, og sender nettleseren tilbake til innloggingssiden.
      const side = await n.idp.hent<string>(videre.href);
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(side.kropp)?.[1] ?? '';
      const ut = await n.idp.raa('POST', '/session/end/confirm', {
        kropp: new URLSearchParams({ xsrf, logout: 'yes' }),
      });
      expect(sted(ut)).to.equal(`${nettadresse}/logg-inn`);
      expect(await loggInn(n, 'sub-ingrid'), 'tjenesten spør hvem det er').to.equal(true);
      expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ingrid Bakke');
    });

    it('spør ved neste innlogging også når tjenesten ikke kan avslutte økten sin', async () => {
      await start({ features: { rpInitiatedLogout: { enabled: false } } });
      const n = nyNettleser();
      expect(await loggInn(n, 'sub-ola')).to.equal(true);
      // Uten utlogging husker tjenesten Ola, og spør ikke.
      expect(await loggInn(n, 'sub-ola')).to.equal(false);
      await n.app.hentMeg();
      expect((await n.app.send<Utlogging>('POST', '/api/logg-ut')).kropp).to.deep.equal({ videre: null });
      expect(await loggInn(n, 'sub-ingrid'), 'tjenesten spør hvem det er').to.equal(true);
      expect((await n.app.hentMeg()).bruker?.navn).to.equal('Ingrid Bakke');
    });

    it('virker her også når tjenesten er borte', async () => {
      await start();
      const n = nyNettleser();
      await loggInn(n, 'sub-ola');
      await n.app.hentMeg();
      tjeneste?.closeAllConnections();
      await new Promise((ok) => tjeneste?.close(ok));
      expect((await n.app.send<Utlogging>('POST', '/api/logg-ut')).status).to.equal(200);
      expect((await n.app.hentMeg()).bruker).to.equal(null);
    });
  });
});
