import pino, { type DestinationStream, type Logger } from 'pino';
import { feilfakta } from './feil.ts';

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

/**
 * Den ene loggen. Alt som logges går gjennom den, på alle nivåer: en feil blir til slag, kode, sted og våre egne ord
 * (`feilfakta`), og andre verdier er korte og enkle. Meldingen er en fast tekst i koden.
 * @param nivaa `LOG_LEVEL`
 * @param til hvor loggen skrives; standard ut når den mangler
 */
export function lagLogg(nivaa: string, til?: DestinationStream): Logger {
  const valg: pino.LoggerOptions = {
    level: nivaa,
    base: null,
    hooks: {
      logMethod(args, metode) {
        const [foerste, melding] = args as unknown[]; // pinos to former: (data, melding) og (melding)
        if (typeof foerste === 'string') metode.apply(this, [foerste]);
        else metode.apply(this, [data(Object(foerste)), typeof melding === 'string' ? melding : 'Uten melding']);
      },
    },
  };
  return til ? pino(valg, til) : pino(valg);
}
