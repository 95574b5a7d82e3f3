import { z } from 'zod';
import { lesDato } from '../dato.ts';
import { erBlank } from '../tekst.ts';

/*
 * Byggeklossene i skjemaene til stegene. Et tomt felt i form-js er '', null eller [] alt etter felttype; her er
 * tomt det samme uansett, så et felt som ikke er fylt ut gir én melding, og et valgfritt felt blir `undefined`.
 */

const MAKS_TEKST = 10_000;

/** Tekst som må skrives; bare usynlige tegn er ingen tekst. `melding` sier hva som mangler, på bokmål. */
export function tekst(melding: string, maks = MAKS_TEKST) {
  return z
    .string({ error: melding })
    .trim()
    .refine((verdi) => !erBlank(verdi), melding)
    .max(maks, `Teksten kan ha høyst ${maks.toLocaleString('nb-NO')} tegn.`);
}

/** Tekst som kan stå tom; blir da `undefined`. */
export function valgfriTekst(maks = MAKS_TEKST) {
  return z
    .string({ error: 'Skriv tekst her.' })
    .trim()
    .max(maks, `Teksten kan ha høyst ${maks.toLocaleString('nb-NO')} tegn.`)
    .nullish()
    .transform((verdi) => (verdi && !erBlank(verdi) ? verdi : undefined));
}

/** Ett av flere faste valg. `valg` er verdi → tekst, så skjema, skjerm og server har samme liste. */
export function ettValg<K extends string>(valg: Readonly<Record<K, string>>, melding: string) {
  return z.enum(noekler(valg), { error: melding });
}

/** Ett av flere faste valg, eller ingenting; blir da `undefined`. */
export function valgfrittValg<K extends string>(valg: Readonly<Record<K, string>>, melding: string) {
  return z.preprocess(
    (verdi) => (verdi === '' || verdi === null ? undefined : verdi),
    z.enum(noekler(valg), { error: melding }).optional(),
  );
}

/** Flere faste valg, minst ett. */
export function flereValg<K extends string>(valg: Readonly<Record<K, string>>, melding: string) {
  return z.array(z.enum(noekler(valg), { error: melding }), { error: melding }).min(1, melding);
}

/** Id på en rad skjemaet fikk som valgliste (enhet, ansatt, hjemmel). Om den finnes, sjekker steget selv. */
export function idValg(melding: string) {
  return z
    .string({ error: melding })
    .trim()
    .refine((verdi) => !erBlank(verdi), melding)
    .max(200, melding);
}

/** Som `idValg`, men kan stå tom; blir da `undefined`. */
export function valgfriId(melding: string) {
  return z
    .string({ error: melding })
    .trim()
    .max(200, melding)
    .nullish()
    .transform((verdi) => (verdi ? verdi : undefined));
}

/** `melding` når ingen dato er skrevet; ellers hva som er galt med den som er det. */
function datofeil(melding: string) {
  return ({ input }: { input?: unknown }): string => {
    // Året i dag spiller bare inn på år med to sifre, som aldri er en feil i seg selv.
    const lest = typeof input === 'string' && !erBlank(input) ? lesDato(input, '2000-01-01') : { dato: '' };
    if ('feil' in lest) return lest.feil;
    return lest.dato === '' ? melding : 'Skriv datoen som dd.mm.åååå, for eksempel 27.11.2026.';
  };
}

/** Dato som åååå-mm-dd, slik datofeltet i skjemaet leverer den. En dato som ikke finnes, er en feil. */
export function dato(melding: string) {
  return z.iso.date({ error: datofeil(melding) });
}

/** Som `dato`, men kan stå tom; blir da `undefined`. */
export function valgfriDato(melding: string) {
  return z.preprocess(
    (verdi) => (verdi === '' || verdi === null ? undefined : verdi),
    z.iso.date({ error: datofeil(melding) }).optional(),
  );
}

/** Avkryssing som må være satt. */
export function maaKrysses(melding: string) {
  return z.literal(true, { error: melding });
}

/** Avkryssing; tom er `false`. */
export function avkryssing() {
  return z
    .boolean({ error: 'Kryss av eller la stå tom.' })
    .nullish()
    .transform((verdi) => verdi === true);
}

/** Et krav som avhenger av andre felter. */
export interface Krav<D> {
  /** Feltet meldingen hører til. */
  readonly felt: keyof D & string;
  /** Når kravet gjelder. Får også ufullstendige data, så alle feil kan vises samtidig. */
  readonly naar: (data: Partial<D>) => boolean;
  /** Hva som oppfyller det; uten: at feltet er fylt ut. */
  readonly oppfylt?: (data: Partial<D>) => boolean;
  readonly melding: string;
}

/** Legger betingede krav til et skjema. Feilene får feltets sti, og vises sammen med de enkle feilene. */
export function medKrav<S extends z.ZodObject>(skjema: S, krav: readonly Krav<z.output<S>>[]): S {
  return krav.reduce<S>(
    (bygget, ett) =>
      bygget.refine(
        (data) => {
          if (!erObjekt(data)) return true;
          // Et felt som er galt i seg selv (feil slags verdi), er for kravene som om det ikke var der.
          const delvis = Object.fromEntries(
            Object.entries(data).filter(([felt, verdi]) => z.safeParse(skjema.shape[felt] ?? z.never(), verdi).success),
          ) as Partial<z.output<S>>; // det som er igjen, er prøvd mot skjemaet felt for felt
          if (!ett.naar(delvis)) return true;
          return ett.oppfylt ? ett.oppfylt(delvis) : erFyltUt(delvis[ett.felt]);
        },
        { path: [ett.felt], error: ett.melding, when: () => true },
      ),
    skjema,
  );
}

/** Om et felt har en verdi: ikke tom eller usynlig tekst, tom liste, uavkrysset eller borte. */
export function erFyltUt(verdi: unknown): boolean {
  if (typeof verdi === 'string') return !erBlank(verdi);
  if (Array.isArray(verdi)) return verdi.length > 0;
  return verdi !== undefined && verdi !== null && verdi !== false;
}

function erObjekt(verdi: unknown): verdi is object {
  return typeof verdi === 'object' && verdi !== null;
}

/** Nøklene i en valgliste; en liste uten valg er en programmeringsfeil. */
function noekler<K extends string>(valg: Readonly<Record<K, string>>): [K, ...K[]] {
  // Object.keys mister nøkkeltypen; listene er konstanter i koden, så nøklene er nettopp K.
  const [foerste, ...resten] = Object.keys(valg) as K[];
  if (foerste === undefined) throw new Error('En valgliste kan ikke være tom.');
  return [foerste, ...resten];
}

export const JA_NEI = { ja: 'Ja', nei: 'Nei' } as const;
