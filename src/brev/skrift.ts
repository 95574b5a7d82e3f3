import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { pakkUtWoff } from './woff.ts';

/**
 * Skriftfilene i den rekkefølgen et tegn slås opp, per vekt: de fleste brev trenger bare den første. DejaVu Sans har
 * tegnene folk limer inn og som Inter ikke har: piler, haker, avkryssingsbokser, matematiske tegn og linjer.
 */
const FILER = [
  ...['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'].map(
    (del) => (vekt: string) => `@fontsource/inter/files/inter-${del}-${vekt}-normal.woff`,
  ),
  (vekt: string) => `@fontsource/dejavu-sans/files/dejavu-sans-latin-${vekt}-normal.woff`,
];
export type Vekt = 'normal' | 'fet';
const VEKT_FIL: Record<Vekt, string> = { normal: '400', fet: '700' };

/** Skriftfilene for én vekt, i oppslagsrekkefølge. */
export type Skrifter = Record<Vekt, Uint8Array[]>;
/** Tegnene (kodepunktene) hver skriftfil har i begge vekter, i oppslagsrekkefølge. */
export type Dekning = readonly ReadonlySet<number>[];

/**
 * Tabellen med former som bytter ut andre (GSUB: «->» som pil, bokstaver delt i grunnform og merke). Uten den er hver form
 * ett tegn, og teksten som kan kopieres og leses opp av PDF-en, er nøyaktig den som er skrevet.
 */
const UTEN = ['GSUB'];

let lest: Skrifter | null = null;
let dekt: Dekning | null = null;

/** Leser skriftene fra pakkene én gang (Inter: SIL Open Font License; DejaVu Sans: Bitstream Vera-lisensen). */
export function skrifter(): Skrifter {
  if (lest) return lest;
  const finn = createRequire(import.meta.url);
  const les = (vekt: Vekt): Uint8Array[] =>
    FILER.map((fil) => pakkUtWoff(readFileSync(finn.resolve(fil(VEKT_FIL[vekt]))), UTEN));
  lest = { normal: les('normal'), fet: les('fet') };
  return lest;
}

/**
 * Bokstaver, tall, tegn og mellomrom. Utenfor er det som ikke er tegn (styrekoder, koder bare ett program kjenner, merket
 * for ødelagt tekst), apostrofen som har samme form som «’» og alltid byttes med den, og skrift fra høyre mot venstre, som PDF-biblioteket ville satt i gal rekkefølge.
 */
const SKRIVBART = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const IKKE_I_BREV =
  /^[\u02bc\ufffc\ufffd\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]$/u;

function tegnene(data: Uint8Array): Set<number> {
  const skrift = create(Buffer.from(data)) as Font; // en samling med flere skrifter kommer bare av .ttc
  return new Set(
    skrift.characterSet.filter((kode) => {
      const tegn = String.fromCodePoint(kode);
      return SKRIVBART.test(tegn) && !IKKE_I_BREV.test(tegn);
    }),
  );
}

/** Hvilke tegn brev kan ha, lest ut av skriftene én gang. */
export function dekning(): Dekning {
  if (dekt) return dekt;
  const { normal, fet } = skrifter();
  dekt = normal.map((data, i) => {
    const fete = tegnene(fet[i] ?? data);
    return new Set([...tegnene(data)].filter((kode) => fete.has(kode)));
  });
  return dekt;
}

/** En grunnbokstav med merkene som hører til den (kombinerende tegn): de må tegnes med samme skrift. */
export function klynger(tekst: string): string[] {
  return tekst.match(/\P{M}\p{M}*|\p{M}+/gsu) ?? [];
}

/** Nummeret på den første skriftfila som har alle tegnene i klyngen; -1 når ingen har dem. */
export function skriftFor(dekt: Dekning, klynge: string): number {
  const koder = Array.from(klynge, (tegn) => tegn.codePointAt(0) ?? 0);
  return dekt.findIndex((del) => koder.every((kode) => del.has(kode)));
}
