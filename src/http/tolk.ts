import type { z } from 'zod';
import type { Feltfeil } from '../contract/api.ts';
import { rensVerdi } from '../contract/tekst.ts';
import { ugyldigeFelter } from './problem.ts';

type Sti = ReadonlyArray<PropertyKey>;

function melding(sak: z.core.$ZodIssue): string {
  const manglerVerdi = sak.code === 'invalid_type' && /received (undefined|null)/.test(sak.message);
  if (manglerVerdi) return 'Feltet må fylles ut.';
  switch (sak.code) {
    case 'invalid_type':
      return `Feltet har feil slags verdi (ventet ${sak.expected}).`;
    case 'too_big':
      return `Verdien er for stor eller lang (høyst ${String(sak.maximum)}).`;
    case 'too_small':
      return sak.minimum === 1
        ? 'Feltet må fylles ut.'
        : `Verdien er for liten eller kort (minst ${String(sak.minimum)}).`;
    case 'unrecognized_keys':
      return `Ukjent felt: ${sak.keys.join(', ')}.`;
    case 'invalid_value':
      return 'Velg en av verdiene i lista.';
    default:
      return 'Verdien er ikke gyldig.';
  }
}

/** zod sine egne engelske setninger begynner slik; alt annet er skrevet av oss på bokmål. */
const ENGELSK = /^(Invalid|Too (big|small)|Unrecognized|Expected|Required)/;

/** Gjør zod-feil om til én linje per felt på bokmål. Et felt uten sti heter «skjemaet». */
export function feltfeilFraZod(feil: z.ZodError, prefiks: Sti = []): Feltfeil[] {
  const linjer = new Map<string, string>();
  for (const sak of feil.issues) {
    const felt = [...prefiks, ...sak.path].map(String).join('.') || 'skjemaet';
    if (!linjer.has(felt)) linjer.set(felt, ENGELSK.test(sak.message) ? melding(sak) : sak.message);
  }
  return [...linjer].map(([felt, tekst]) => ({ felt, melding: tekst }));
}

/**
 * Tolker en kropp, spørring eller parameter ved grensen. Dette er døra all tekst kommer inn gjennom: den settes sammen
 * (NFC) og renses for tegn ingen ser, før den prøves mot skjemaet.
 * @throws Problemfeil 422 med feltene når noe er galt; feltene i et oppgaveskjema (`data`) heter det de heter der
 */
export function tolk<S extends z.ZodType>(skjema: S, verdi: unknown): z.output<S> {
  const renset = rensVerdi(verdi);
  if (renset.feil.length > 0) {
    throw ugyldigeFelter(renset.feil.map((f) => ({ ...f, felt: f.felt.replace(/^data\./, '') || 'skjemaet' })));
  }
  const svar = skjema.safeParse(renset.verdi);
  if (!svar.success) throw ugyldigeFelter(feltfeilFraZod(svar.error));
  return svar.data;
}
