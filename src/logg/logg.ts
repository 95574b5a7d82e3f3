import pino, { type DestinationStream, type Logger } from 'pino';
import { feilfakta, feilslag, type Feilslag } from './feil.ts';

const LENGSTE_VERDI = 300;
/** Elleve sifre på rad er et fødselsnummer inntil det motsatte er vist. Motorens nøkler har seksten. */
const NUMMER = /(?<!\d)\d{6}[ -]?\d{5}(?!\d)/g;

function verdi(v: unknown): unknown {
  if (v instanceof Error) return feilfakta(v);
  if (typeof v === 'string') return v.replace(NUMMER, '[elleve sifre]').slice(0, LENGSTE_VERDI);
  if (typeof v === 'number' || typeof v === 'boolean' || v === null || v === undefined) return v;
  return '[utelatt]';
}

/** Feil slippes bare gjennom tillatelseslista, og ellers bare enkle verdier: et helt objekt kan ha hva som helst i seg. */
function data(felter: object): Record<string, unknown> {
  if (felter instanceof Error) return { err: feilfakta(felter) };
  return Object.fromEntries(
    Object.entries(felter).map(([navn, v]) => [navn, navn === 'err' ? feilfakta(v) : verdi(v)]),
  );
}

/** Det som svikter for alle på én gang. Er databasen borte eller disken full, feiler hvert kall på samme måte til noen gjør noe. */
const FOR_ALLE: ReadonlySet<Feilslag> = new Set(['borte', 'full', 'disk', 'overlast']);
/** Så ofte sies det samme om omgivelsene igjen. */
const IGJEN_MS = 30_000;

interface Gjentatt {
  sagt: number;
  utelatt: number;
}

/**
 * Holder loggen kort mens omgivelsene svikter: den første linja skrives straks, og så høyst én i halvminuttet med samme melding og
 * slag, som sier hvor mange som er utelatt. En logg som vokser med hvert kall, ville fylt disken som alt er full.
 */
function lagStruping(): (err: unknown, melding: string) => { utelatt?: number } | null {
  const sagt = new Map<string, Gjentatt>();
  return (err, melding) => {
    const slag = feilslag(err);
    if (!FOR_ALLE.has(slag)) return {};
    const noekkel = `${slag} ${melding}`;
    const naa = performance.now();
    const foer = sagt.get(noekkel);
    if (foer && naa - foer.sagt < IGJEN_MS) {
      foer.utelatt++;
      return null;
    }
    sagt.set(noekkel, { sagt: naa, utelatt: 0 });
    return foer && foer.utelatt > 0 ? { utelatt: foer.utelatt } : {};
  };
}

/**
 * Den ene loggen. Alt som logges går gjennom den, på alle nivåer: en feil blir til slag, kode, sted og våre egne ord
 * (`feilfakta`), og andre verdier er korte og enkle. Meldingen er en fast tekst i koden. Svikter omgivelsene, er linjene få (`lagStruping`).
 * @param nivaa `LOG_LEVEL`
 * @param til hvor loggen skrives; standard ut når den mangler
 */
export function lagLogg(nivaa: string, til?: DestinationStream): Logger {
  const strup = lagStruping();
  const valg: pino.LoggerOptions = {
    level: nivaa,
    base: null,
    hooks: {
      logMethod(args, metode) {
        const [foerste, melding] = args as unknown[]; // pinos to former: (data, melding) og (melding)
        if (typeof foerste === 'string') return metode.apply(this, [foerste]);
        const felter: object = Object(foerste);
        const tekst = typeof melding === 'string' ? melding : 'Uten melding';
        const mer = strup(felter instanceof Error ? felter : Reflect.get(felter, 'err'), tekst);
        if (mer) metode.apply(this, [{ ...data(felter), ...mer }, tekst]);
      },
    },
  };
  return til ? pino(valg, til) : pino(valg);
}
