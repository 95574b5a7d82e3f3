import path from 'node:path';
import { Systemfeil } from './logg/index.ts';

/*
 * Hver innstilling står her, én gang: navnet i miljøet, standardverdien og hva den betyr. README-tabellen lages herfra
 * (`npm run docs`), og `npm run check` feiler når de er uenige.
 */

interface Innstilling<T> {
  standard: T;
  forklaring: string;
  tolk: (verdi: string) => T;
}

/** En innstilling som ikke lar seg bruke. Meldingen navngir den og sier hva som kan stå der. */
export class Innstillingsfeil extends Systemfeil {
  override name = 'Innstillingsfeil';
}

function heltall(navn: string, minst: number, mest: number): (verdi: string) => number {
  return (verdi) => {
    const tall = Number(verdi);
    if (!Number.isInteger(tall) || tall < minst || tall > mest) {
      throw new Innstillingsfeil(`${navn} må være et heltall fra ${minst} til ${mest}, ikke «${verdi}».`);
    }
    return tall;
  };
}
const tekst = (verdi: string): string => verdi;
function enAv<const V extends readonly string[]>(navn: string, verdier: V): (verdi: string) => V[number] {
  return (verdi) => {
    const funnet = verdier.find((v) => v === verdi);
    if (funnet === undefined)
      throw new Innstillingsfeil(`${navn} må være ${verdier.join(' eller ')}, ikke «${verdi}».`);
    return funnet;
  };
}
function innstilling<T>(standard: T, forklaring: string, tolk: (verdi: string) => T): Innstilling<T> {
  return { standard, forklaring, tolk };
}

/** Alle innstillinger. Tom verdi i miljøet betyr standardverdien. */
export const INNSTILLINGER = {
  PORT: innstilling(3000, 'Port of the web app. 0 picks a free one.', heltall('PORT', 0, 65_535)),
  HOST: innstilling('127.0.0.1', 'Address the server listens on. `0.0.0.0` opens it to other machines.', tekst),
  DATA_DIR: innstilling(
    'data',
    'Folder of the embedded database, dispatched letters and the archive. Relative to the project root.',
    tekst,
  ),
  DATABASE_URL: innstilling(
    '',
    'A PostgreSQL server (15 or newer, with ICU) instead of the embedded one, e.g. `postgres://user:password@host:5432/ip`.',
    tekst,
  ),
  CAMUNDA_REST_ADDRESS: innstilling(
    '',
    'A Camunda 8.8 cluster instead of the embedded engine. The other `CAMUNDA_*` names (authentication and so on) are read by the SDK itself.',
    tekst,
  ),
  ENGINE_API_PORT: innstilling(
    0,
    'Loopback port on which the embedded engine serves its REST API `/v2`. 0: off. Needs `ENGINE_API_TOKEN`.',
    heltall('ENGINE_API_PORT', 0, 65_535),
  ),
  ENGINE_API_TOKEN: innstilling(
    '',
    'The secret that opens `/v2`: as Bearer, or as the Basic password. At least 16 characters.',
    tekst,
  ),
  ENGINE_CLOCK: innstilling(
    'system',
    '`controlled` lets `PUT /v2/clock` move the time of engine and domain (for tests only).',
    enAv('ENGINE_CLOCK', ['system', 'controlled']),
  ),
  ENGINE_SEARCH_DELAY_MS: innstilling(
    0,
    'Test switch: searches in the embedded engine see only what is older than this many milliseconds, as in a cluster.',
    heltall('ENGINE_SEARCH_DELAY_MS', 0, 60_000),
  ),
  SESSION_SECRET: innstilling(
    '',
    'Signs the session cookies. Empty: made and kept in `DATA_DIR`. Processes that share a database need the same.',
    tekst,
  ),
  BACKUP_KEY: innstilling(
    '',
    'The passphrase that `npm run backup` encrypts with and `npm run restore` opens with. At least 12 characters; `--key-file` wins over it.',
    tekst,
  ),
  PUBLIC_URL: innstilling(
    '',
    'The address users see, e.g. `https://ip.kommune.no`. With https the session cookie is sent encrypted only.',
    tekst,
  ),
  OIDC_ISSUER: innstilling(
    '',
    'OpenID Connect provider that staff log in with. Empty: demo login, and the page says so.',
    tekst,
  ),
  OIDC_CLIENT_ID: innstilling('', 'Client id at the provider.', tekst),
  OIDC_CLIENT_SECRET: innstilling('', 'Client secret at the provider.', tekst),
  DEMO_DATA: innstilling(
    'ja',
    'With demo login: puts demo people and a dozen cases in at the first start (`ja` or `nei`).',
    enAv('DEMO_DATA', ['ja', 'nei']),
  ),
  LOG_LEVEL: innstilling(
    'warn',
    'How much is logged: `debug`, `info`, `warn`, `error` or `silent`. Logs never hold personal data.',
    enAv('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent']),
  ),
};

type Verdier = { [N in keyof typeof INNSTILLINGER]: ReturnType<(typeof INNSTILLINGER)[N]['tolk']> };
export interface Konfig extends Verdier {
  /** prosjektets rot: der bpmn/ og dist/ ligger */
  rot: string;
  /** DATA_DIR som hel sti */
  dataDir: string;
}

function les<N extends keyof typeof INNSTILLINGER>(navn: N, miljoe: NodeJS.ProcessEnv): Verdier[N] {
  const { standard, tolk } = INNSTILLINGER[navn];
  const verdi = miljoe[navn]?.trim();
  // Hver innstillings standardverdi og tolker har samme type; TypeScript ser det ikke gjennom det indekserte oppslaget.
  return (verdi ? tolk(verdi) : standard) as Verdier[N];
}

/**
 * Leser innstillingene.
 * @throws Innstillingsfeil som navngir innstillingen, når en verdi ikke kan brukes
 */
export function lesKonfig(rot: string, miljoe: NodeJS.ProcessEnv = process.env): Konfig {
  const verdier: Verdier = {
    PORT: les('PORT', miljoe),
    HOST: les('HOST', miljoe),
    DATA_DIR: les('DATA_DIR', miljoe),
    DATABASE_URL: les('DATABASE_URL', miljoe),
    CAMUNDA_REST_ADDRESS: les('CAMUNDA_REST_ADDRESS', miljoe),
    ENGINE_API_PORT: les('ENGINE_API_PORT', miljoe),
    ENGINE_API_TOKEN: les('ENGINE_API_TOKEN', miljoe),
    ENGINE_CLOCK: les('ENGINE_CLOCK', miljoe),
    ENGINE_SEARCH_DELAY_MS: les('ENGINE_SEARCH_DELAY_MS', miljoe),
    SESSION_SECRET: les('SESSION_SECRET', miljoe),
    BACKUP_KEY: les('BACKUP_KEY', miljoe),
    PUBLIC_URL: les('PUBLIC_URL', miljoe),
    OIDC_ISSUER: les('OIDC_ISSUER', miljoe),
    OIDC_CLIENT_ID: les('OIDC_CLIENT_ID', miljoe),
    OIDC_CLIENT_SECRET: les('OIDC_CLIENT_SECRET', miljoe),
    DEMO_DATA: les('DEMO_DATA', miljoe),
    LOG_LEVEL: les('LOG_LEVEL', miljoe),
  };
  if (verdier.ENGINE_API_PORT && verdier.ENGINE_API_TOKEN.length < 16) {
    throw new Innstillingsfeil('ENGINE_API_PORT krever at ENGINE_API_TOKEN er satt og har minst 16 tegn.');
  }
  if (verdier.OIDC_ISSUER && !verdier.OIDC_CLIENT_ID) {
    throw new Innstillingsfeil('OIDC_ISSUER krever at OIDC_CLIENT_ID er satt.');
  }
  if (verdier.OIDC_ISSUER && !verdier.PUBLIC_URL) {
    throw new Innstillingsfeil('OIDC_ISSUER krever at PUBLIC_URL er satt, så innloggingen finner tilbake.');
  }
  return { ...verdier, rot, dataDir: path.resolve(rot, verdier.DATA_DIR) };
}
