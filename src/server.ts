import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as vent } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Innstillingsfeil, type Konfig } from './config.ts';
import type { Klokke } from './contract/klokke.ts';
import { STEG } from './contract/steg/index.ts';
import { ROLLENAVN } from './contract/tilgang.ts';
import { dagIOslo } from './contract/tid.ts';
import { lukkPdf } from './brev/index.ts';
import { lagBrukerRuter } from './bruker/index.ts';
import { lagFilarkiv } from './arkiv/index.ts';
import { lagDatakilde, ukjenteMigreringer } from './db/datakilde.ts';
import { taDatamappa } from './db/eier.ts';
import { lagDatamappe, startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { Startfeil } from './db/startfeil.ts';
import { iTransaksjon } from './db/transaksjon.ts';
import { foerDemosaker, registrerDemosaker } from './demo/index.ts';
import { lagDokumentRuter } from './dokument/index.ts';
import { lagDriftRuter, lagHelse } from './drift/index.ts';
import { lagClusterklient, lagMotorklient, lesMotorfeil, type CamundaClient } from './engine/client.ts';
import { serveEngineApi } from './engine/embedded/api/http-server.ts';
import { ENGINE_SCHEMA_VERSION, startEmbeddedCluster, type EmbeddedCluster } from './engine/embedded/index.ts';
import { startArbeidere } from './engine/workers.ts';
import { lagHendelseRuter, lagHub, SANNTIDSKANAL, startLytter } from './hendelse/index.ts';
import { lagHttpApp } from './http/app.ts';
import { lagOektoppslag } from './http/oekt.ts';
import { lagKompetanseRuter } from './kompetanse/index.ts';
import { feilslag, lagLogg } from './logg/index.ts';
import {
  lagOppgaveRuter,
  lagPublikumsoppslag,
  lagTilbakemelding,
  lagVedStopp,
  startAvstemming,
} from './oppgave/index.ts';
import { startUtsender, UTBOKSKANAL, type Utsender } from './outbox/index.ts';
import { lagPersonRuter } from './person/index.ts';
import { hentProsess, huskProsess, lagRutineRuter, rullUtRutiner } from './rutine/index.ts';
import { lagSakRuter, lagSaksoppslag } from './sak/index.ts';
import { krevHelDatamappe } from './sikkerhetskopi/index.ts';
import { lagSokRuter } from './sok/index.ts';
import { lagSteg } from './steg/index.ts';
import {
  hentBruker,
  hentBrukere,
  hentBrukerForSubjekt,
  hentDemobrukere,
  hentKommune,
  leggInnDemokommune,
  menyFor,
} from './tilgang/index.ts';
import { lagUtkastRuter } from './utkast/index.ts';
import { lagFilkanal } from './utsending/index.ts';
import { lagArbeidere } from '../workers/index.ts';

/** Appen i gang. */
export interface App {
  adresse: string;
  /** linjene som hilser den som startet den */
  velkomst: string[];
  klient: CamundaClient;
  /** den innebygde motoren; null på Camunda */
  klynge: EmbeddedCluster | null;
  ds: DataSource;
  /** Stopper alt som ble startet, i motsatt rekkefølge. */
  stopp(): Promise<void>;
}

export interface Startvalg {
  si?: (linje: string) => void;
  /** Avbrutt: starten gir opp ved første anledning, og det som rakk å starte, stoppes. */
  avbrutt?: AbortSignal;
  /** Kalles når en annen prosess har tatt datamappa; denne må da stoppe. */
  vedTapt?: () => void;
  /** Erstatter systemklokka når appen kjører på et cluster, i tester som flytter tiden. */
  klokke?: Klokke;
  /** Millisekunder mellom hver gang oppgavelista avstemmes og roller som er slutt, ryddes; ett minutt når den mangler. */
  avstemMs?: number;
}

/** Ting som må stoppes, stoppet i motsatt rekkefølge av hvordan de ble startet; en som feiler, hindrer ikke de andre. */
class Rydding {
  readonly #oppgaver: (() => Promise<void> | void)[] = [];
  readonly #logg: Logger;

  constructor(logg: Logger) {
    this.#logg = logg;
  }

  leggTil(oppgave: () => Promise<void> | void): void {
    this.#oppgaver.push(oppgave);
  }

  async kjoer(): Promise<void> {
    for (let neste = this.#oppgaver.pop(); neste; neste = this.#oppgaver.pop()) {
      try {
        await neste();
      } catch (feil) {
        this.#logg.error({ err: feil }, 'Noe lot seg ikke stoppe.');
      }
    }
  }
}

/** En verdi som lages én gang og så er den samme for datamappa. */
async function fastVerdi(konfig: Konfig, navn: string): Promise<string> {
  const fil = path.join(konfig.dataDir, navn);
  const kjent = await readFile(fil, 'utf8').catch(() => '');
  if (kjent) return kjent;
  const ny = randomBytes(32).toString('base64url');
  await writeFile(`${fil}.ny`, ny, { mode: 0o600 });
  await rename(`${fil}.ny`, fil);
  return ny;
}

/** Søk uten forskjell på store og små bokstaver virker bare i en database som kjenner de norske. */
async function krevNorskeBokstaver(url: string): Promise<void> {
  const klient = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await klient.connect();
  try {
    const { rows } = await klient.query<{ kjenner: boolean }>(`select lower('ÆØÅ') = 'æøå' as kjenner`);
    if (rows[0]?.kjenner === true) return;
  } finally {
    await klient.end();
  }
  throw new Innstillingsfeil(
    'DATABASE_URL: databasen kjenner ikke norske bokstaver. Lag den med UTF8 og ICU, f.eks. ' +
      `create database ip template template0 encoding 'UTF8' locale_provider icu icu_locale 'nb-NO'.`,
  );
}

interface Database {
  url: string;
  /** Sier fra til den som venter på datamappa, at denne prosessen er på vei ut. */
  varsleStopp(): Promise<void>;
}

/** Databasen: tjeneren i DATABASE_URL, ellers den innebygde i datamappa. */
async function startDatabase(konfig: Konfig, valg: Startvalg, logg: Logger, rydding: Rydding): Promise<Database> {
  await lagDatamappe(konfig.dataDir);
  await krevHelDatamappe(konfig.dataDir);
  if (konfig.DATABASE_URL) {
    await krevNorskeBokstaver(konfig.DATABASE_URL);
    return { url: konfig.DATABASE_URL, varsleStopp: async () => undefined };
  }
  const { si, avbrutt, vedTapt } = valg;
  const eierskap = await taDatamappa(konfig.dataDir, { si, avbrutt, vedTapt });
  rydding.leggTil(() => eierskap.slipp());
  const innebygd = await startEmbeddedPostgres({
    mappe: konfig.dataDir,
    si,
    avbrutt,
    vedHendelse: (nivaa, melding) => logg[nivaa](melding),
  });
  rydding.leggTil(() => innebygd.stop());
  return { url: innebygd.url, varsleStopp: () => eierskap.varsleStopp() };
}

/** En eldre utgave forstår ikke det en nyere har skrevet. @throws Startfeil når databasen er nyere enn koden */
async function krevKjentSkjema(ds: DataSource): Promise<void> {
  const ukjente = await ukjenteMigreringer(ds);
  const [motor]: { finnes: boolean }[] = await ds.query(`select to_regclass('engine.migration') is not null as finnes`);
  const [versjon]: { nyeste: number }[] = motor?.finnes
    ? await ds.query('select coalesce(max(version), 0) as nyeste from engine.migration')
    : [];
  if (ukjente.length === 0 && (versjon?.nyeste ?? 0) <= ENGINE_SCHEMA_VERSION) return;
  throw new Startfeil(
    'Databasen er brukt av en nyere utgave av systemet enn denne. Ingenting er endret. Start den nyere utgaven, ' +
      `eller les inn en sikkerhetskopi fra før oppgraderingen.${ukjente.length > 0 ? ` (Ukjent her: ${ukjente.join(', ')}.)` : ''}`,
  );
}

interface Motor {
  klient: CamundaClient;
  klynge: EmbeddedCluster | null;
  klokke: Klokke;
}

/** Motoren: clusteret i CAMUNDA_REST_ADDRESS, ellers den innebygde i samme database. */
async function startMotor(
  konfig: Konfig,
  databaseUrl: string,
  valg: Startvalg,
  logg: Logger,
  rydding: Rydding,
): Promise<Motor> {
  if (konfig.CAMUNDA_REST_ADDRESS) {
    const klient = await lagClusterklient(konfig.CAMUNDA_REST_ADDRESS);
    return { klient, klynge: null, klokke: valg.klokke ?? { naa: () => new Date() } };
  }
  const klynge = await startEmbeddedCluster({
    connectionString: databaseUrl,
    clock: konfig.ENGINE_CLOCK,
    searchDelayMs: konfig.ENGINE_SEARCH_DELAY_MS,
    log: (nivaa, melding, data) => logg[nivaa](data ?? {}, melding),
  });
  rydding.leggTil(() => klynge.stop());
  if (konfig.ENGINE_API_PORT) {
    const api = await serveEngineApi({
      fetch: klynge.fetch,
      port: konfig.ENGINE_API_PORT,
      token: konfig.ENGINE_API_TOKEN,
    });
    rydding.leggTil(() => api.close());
  }
  const klient = lagMotorklient({ cluster: klynge, validering: process.env['CAMUNDA_SDK_VALIDATION'] });
  return { klient, klynge, klokke: { naa: () => klynge.now() } };
}

/** Ruller ut rutinene; er motoren borte, prøves det igjen til den svarer. */
async function rullUt(ds: DataSource, motor: Motor, konfig: Konfig, logg: Logger, avbrutt: AbortSignal): Promise<void> {
  for (let pause = 250; !avbrutt.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      await rullUtRutiner(ds, motor.klient, { mappe: path.join(konfig.rot, 'bpmn') }, motor.klokke.naa());
      return;
    } catch (feil) {
      const { kanProevesIgjen, melding } = lesMotorfeil(feil);
      if (!kanProevesIgjen) throw feil;
      logg.warn({ feil: melding }, 'Motoren svarer ikke. Rutinene rulles ut når den er tilbake.');
      await vent(pause, undefined, { signal: avbrutt }).catch(() => undefined);
    }
  }
}

function lytt(app: ReturnType<typeof lagHttpApp>, konfig: Konfig): Promise<Server> {
  return new Promise((ok, feilet) => {
    const tjener = app.listen(konfig.PORT, konfig.HOST, (feil?: Error) => (feil ? feilet(feil) : ok(tjener)));
    tjener.once('error', feilet);
    // Et langsomt opplastet vedlegg får ett minutt; halve forespørsler holder ikke plassen lenger.
    tjener.requestTimeout = 60_000;
    tjener.headersTimeout = 15_000;
  });
}

async function lukkTjener(tjener: Server): Promise<void> {
  const lukket = new Promise<void>((ok) => tjener.close(() => ok()));
  tjener.closeIdleConnections();
  await Promise.race([lukket, vent(2_000, undefined, { ref: false })]);
  tjener.closeAllConnections();
}

const STARTFORSOEK = 6;

/**
 * Komposisjonsroten: starter database, motor, arbeidere og nettsted, og kobler dem sammen. Dør den innebygde databasen midt i
 * starten, begynner den forfra.
 * @throws det som hindret starten; det som rakk å starte, er da stoppet
 */
export async function startApp(konfig: Konfig, valg: Startvalg = {}): Promise<App> {
  const logg = lagLogg(konfig.LOG_LEVEL);
  for (let forsoek = 1; ; forsoek++) {
    const rydding = new Rydding(logg);
    try {
      return await settSammen(konfig, valg, logg, rydding);
    } catch (feil) {
      await rydding.kjoer();
      const proevIgjen = !konfig.DATABASE_URL && feilslag(feil) === 'borte' && forsoek < STARTFORSOEK;
      if (!proevIgjen || valg.avbrutt?.aborted) throw feil;
      valg.si?.('Databasen ble borte under starten. Prøver igjen.');
      await vent(250 * forsoek, undefined, { signal: valg.avbrutt }).catch(() => undefined);
    }
  }
}

async function settSammen(konfig: Konfig, valg: Startvalg, logg: Logger, rydding: Rydding): Promise<App> {
  const database = await startDatabase(konfig, valg, logg, rydding);
  const databaseUrl = database.url;
  const ds = await lagDatakilde(databaseUrl, 20).initialize();
  rydding.leggTil(() => ds.destroy());
  await krevKjentSkjema(ds);
  valg.avbrutt?.throwIfAborted();
  await ds.runMigrations();
  const demo = konfig.OIDC_ISSUER === '';
  if (demo) await iTransaksjon(ds, leggInnDemokommune);

  valg.avbrutt?.throwIfAborted();
  const motor = await startMotor(konfig, databaseUrl, valg, logg, rydding);
  const { klient, klokke } = motor;
  const avbryt = new AbortController();

  const saksoppslag = lagSaksoppslag(klokke);
  const steg = lagSteg();
  const oektpool = new pg.Pool({ connectionString: databaseUrl, max: 4, connectionTimeoutMillis: 5_000 });
  oektpool.on('error', (feil) => logg.warn({ err: feil }, 'En tilkobling for økter ble brutt.'));
  rydding.leggTil(() => oektpool.end());
  const dag = (): string => dagIOslo(klokke.naa());
  const hub = lagHub(
    lagPublikumsoppslag(ds),
    lagOektoppslag(oektpool, (ider) => hentBrukere(ds.manager, ider, dag())),
    (feil) => logg.error({ err: feil }, 'Varsler lot seg ikke fordele.'),
  );
  rydding.leggTil(() => hub.stopp());
  // Først når rutinene er rullet ut, har motoren noen som hører på meldingene i utboksen.
  let utsender: Utsender | null = null;
  const utrullet = rullUt(ds, motor, konfig, logg, avbryt.signal).then(() => {
    if (avbryt.signal.aborted) return;
    utsender = startUtsender({
      ds,
      klient,
      logg,
      naa: () => klokke.naa(),
      tilbakemelding: lagTilbakemelding({ klokke, saksoppslag }),
    });
  });
  rydding.leggTil(async () => {
    avbryt.abort();
    await utrullet.catch(() => undefined);
    await utsender?.stopp();
  });
  if (motor.klynge) await utrullet;
  else
    utrullet.catch((feil: unknown) =>
      logg.error({ err: feil }, 'Motoren tok ikke imot rutinene. Saker går ikke videre før det er rettet.'),
    );
  const lytter = startLytter(
    databaseUrl,
    { [UTBOKSKANAL]: () => utsender?.vekk(), [SANNTIDSKANAL]: (innhold) => hub.motta(innhold) },
    {
      logg,
      vedTilkobling: () => {
        utsender?.vekk();
        hub.noeKanVaereTapt();
      },
    },
  );
  rydding.leggTil(() => lytter.stopp());

  const arbeiderdrift = startArbeidere({
    klient,
    ds,
    klokke,
    logg,
    arbeidere: lagArbeidere({
      klient,
      saksoppslag,
      steg,
      utsending: lagFilkanal(konfig.dataDir),
      arkiv: lagFilarkiv(konfig.dataDir),
    }),
    navn: `ip-${(await fastVerdi(konfig, 'installasjon')).slice(0, 16)}`,
    vedJobb: huskProsess,
    vedStopp: lagVedStopp({ klokke, saksoppslag }),
  });
  rydding.leggTil(() => arbeiderdrift.stopp());
  rydding.leggTil(() => lukkPdf());
  const avstemming = startAvstemming({ ds, klient, klokke, logg, saksoppslag, steg }, valg.avstemMs);
  rydding.leggTil(() => avstemming.stopp());

  if (demo && konfig.DEMO_DATA === 'ja') {
    const stoppDemo = new AbortController();
    const vedFeil = (noekkel: string, feil: unknown): void =>
      logg.warn({ err: feil, noekkel }, 'En demosak kom ikke dit den skal. Den fortsetter ved neste start.');
    const demoAvh = { ds, klokke, hub, vedFeil, avbrutt: stoppDemo.signal };
    await registrerDemosaker(demoAvh);
    // Sakene føres videre mens siden er åpen; skjermene ser det skje.
    const foert = utrullet.then(() => foerDemosaker(demoAvh)).catch((feil: unknown) => vedFeil('alle', feil));
    rydding.leggTil(async () => {
      stoppDemo.abort();
      await foert;
    });
  }

  const oekthemmelighet = konfig.SESSION_SECRET || (await fastVerdi(konfig, 'okthemmelighet'));
  const http = lagHttpApp({
    logg,
    oektpool,
    oekthemmelighet,
    https: konfig.PUBLIC_URL.startsWith('https://'),
    naa: () => klokke.naa(),
    innlogging: {
      oidc: demo
        ? null
        : {
            utsteder: konfig.OIDC_ISSUER,
            klientId: konfig.OIDC_CLIENT_ID,
            klienthemmelighet: konfig.OIDC_CLIENT_SECRET,
            nettadresse: konfig.PUBLIC_URL.replace(/\/$/, ''),
            hemmelighet: oekthemmelighet,
          },
      kommunenavn: async () => (await hentKommune(ds.manager)).navn,
      meny: menyFor,
      hentBruker: (id) => hentBruker(ds.manager, id, dag()),
      hentBrukerForSubjekt: (subjekt) => hentBrukerForSubjekt(ds.manager, subjekt, dag()),
      demobrukere: () => hentDemobrukere(ds.manager, dag()),
      vedOektSlutt: (oektId) => hub.avsluttOekt(oektId),
    },
    ruter: [
      lagOppgaveRuter({ ds, klokke, hub, steg, kontrakter: STEG, saksoppslag }),
      lagSakRuter({ ds, klokke, hentProsess: (_m, sakId) => hentProsess({ ds, klient, klokke }, sakId) }),
      lagPersonRuter({ ds, klokke }),
      lagSokRuter({ ds, klokke }),
      lagUtkastRuter({ ds, klokke }),
      lagDokumentRuter({ ds, klokke }),
      lagKompetanseRuter({ ds, klokke }),
      lagBrukerRuter({ ds, klokke }),
      lagRutineRuter({ ds }),
      lagDriftRuter({
        ds,
        klient,
        klokke,
        motornavn: motor.klynge ? 'Innebygd motor' : 'Camunda',
        arbeidere: arbeiderdrift.status,
      }),
      lagHendelseRuter({ hub }),
    ],
    uiMappe: path.join(konfig.rot, 'dist', 'ui'),
    klar: lagHelse({
      ds,
      klient,
      adresse: () => adresse,
      utsenderSist: () => utsender?.sistRunde() ?? null,
      arbeidereSist: () => arbeiderdrift.sistRunde(),
    }),
  });
  valg.avbrutt?.throwIfAborted();
  let adresse = '';
  const tjener = await lytt(http, konfig);
  rydding.leggTil(() => lukkTjener(tjener));
  const { port } = tjener.address() as AddressInfo; // en TCP-tjener som lytter, har alltid en slik adresse
  const vert = konfig.HOST === '0.0.0.0' || konfig.HOST === '::' ? '127.0.0.1' : konfig.HOST;
  adresse = `http://${vert.includes(':') ? `[${vert}]` : vert}:${port}`;
  return {
    adresse,
    velkomst: await velkomst(konfig, ds, adresse, demo, dag()),
    klient,
    klynge: motor.klynge,
    ds,
    stopp: async () => {
      await database.varsleStopp();
      await rydding.kjoer();
    },
  };
}

/** Det den som startet appen trenger å vite: adressen, hvordan en logger inn, og hvordan en stopper. */
async function velkomst(
  konfig: Konfig,
  ds: DataSource,
  adresse: string,
  demo: boolean,
  dag: string,
): Promise<string[]> {
  const { navn } = await hentKommune(ds.manager);
  const linjer = ['', `Individuell plan – ${navn}`, `  Åpne ${konfig.PUBLIC_URL || adresse}`];
  if (demo) {
    linjer.push('  Demo-innlogging er på: velg en person på forsiden, uten passord.');
    for (const bruker of (await hentDemobrukere(ds.manager, dag)).slice(0, 6)) {
      const roller = [...new Set(bruker.roller.map((r) => ROLLENAVN[r.rolle].toLowerCase()))].join(' og ');
      linjer.push(`    ${bruker.navn} (${roller}, ${bruker.roller[0]?.enhetNavn ?? ''})`);
    }
  }
  linjer.push(
    `  Motor: ${konfig.CAMUNDA_REST_ADDRESS ? `Camunda på ${konfig.CAMUNDA_REST_ADDRESS}` : 'innebygd'}. Database: ${konfig.DATABASE_URL ? 'tjener' : 'innebygd'}.`,
  );
  linjer.push('  Stopp med Ctrl-C.', '');
  return linjer;
}
