import path from 'node:path';

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
export class Innstillingsfeil extends Error {}

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
  PORT: innstilling(3000, 'Porten nettsiden svarer på. 0 velger en ledig.', heltall('PORT', 0, 65_535)),
  HOST: innstilling('127.0.0.1', 'Adressen tjeneren lytter på. `0.0.0.0` åpner den for andre maskiner.', tekst),
  DATA_DIR: innstilling(
    'data',
    'Mappa for innebygd database, utsendte brev og arkiv. Relativ til prosjektets rot.',
    tekst,
  ),
  DATABASE_URL: innstilling(
    '',
    'En PostgreSQL-tjener (15 eller nyere, med ICU) i stedet for den innebygde, f.eks. `postgres://bruker:passord@vert:5432/ip`.',
    tekst,
  ),
  CAMUNDA_REST_ADDRESS: innstilling(
    '',
    'Adressen til et Camunda 8.8-cluster i stedet for den innebygde motoren. SDK-ens øvrige `CAMUNDA_*`-navn (innlogging med mer) leses av SDK-en selv.',
    tekst,
  ),
  ENGINE_API_PORT: innstilling(
    0,
    'Port på loopback der den innebygde motorens REST-API `/v2` svarer. 0: av. Krever `ENGINE_API_TOKEN`.',
    heltall('ENGINE_API_PORT', 0, 65_535),
  ),
  ENGINE_API_TOKEN: innstilling(
    '',
    'Hemmeligheten som åpner `/v2`: som Bearer, eller som passord i Basic. Minst 16 tegn.',
    tekst,
  ),
  ENGINE_CLOCK: innstilling(
    'system',
    '`controlled` lar `PUT /v2/clock` flytte tiden for motor og fagdel (bare til test).',
    enAv('ENGINE_CLOCK', ['system', 'controlled']),
  ),
  ENGINE_SEARCH_DELAY_MS: innstilling(
    0,
    'Testbryter: søk i den innebygde motoren ser bare det som er eldre enn så mange millisekunder, slik søk i et cluster gjør.',
    heltall('ENGINE_SEARCH_DELAY_MS', 0, 60_000),
  ),
  SESSION_SECRET: innstilling(
    '',
    'Hemmeligheten som signerer øktkapsler. Tom: lages og legges i `DATA_DIR`. Må settes likt når flere prosesser deler database.',
    tekst,
  ),
  PUBLIC_URL: innstilling(
    '',
    'Adressen brukerne ser, f.eks. `https://ip.kommune.no`. Med https sendes øktkapselen bare kryptert.',
    tekst,
  ),
  OIDC_ISSUER: innstilling(
    '',
    'Identitetstjenesten (OpenID Connect) ansatte logger inn med. Tom: demo-innlogging, og siden sier det.',
    tekst,
  ),
  OIDC_CLIENT_ID: innstilling('', 'Klient-id hos identitetstjenesten.', tekst),
  OIDC_CLIENT_SECRET: innstilling('', 'Klienthemmelighet hos identitetstjenesten.', tekst),
  DEMO_DATA: innstilling(
    'ja',
    'Legger demopersoner og et dusin saker inn ved første start når demo-innlogging er på.',
    enAv('DEMO_DATA', ['ja', 'nei']),
  ),
  LOG_LEVEL: innstilling(
    'warn',
    'Hvor mye som logges: `debug`, `info`, `warn` eller `error`. Logger inneholder aldri personopplysninger.',
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
