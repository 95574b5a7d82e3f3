import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pakkUtWoff } from './woff.ts';

/** Delene av Inter i den rekkefølgen et tegn slås opp: de fleste brev trenger bare den første. */
const DELER = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese'] as const;
export type Vekt = 'normal' | 'fet';
const VEKT_FIL: Record<Vekt, string> = { normal: '400', fet: '700' };

/** Skriftfilene for én vekt, i oppslagsrekkefølge. */
export type Skrifter = Record<Vekt, Uint8Array[]>;

let lest: Skrifter | null = null;

/** Leser skriftene (Inter, SIL Open Font License) fra pakken én gang. */
export function skrifter(): Skrifter {
  if (lest) return lest;
  const finn = createRequire(import.meta.url);
  const les = (vekt: Vekt): Uint8Array[] =>
    DELER.map((del) =>
      pakkUtWoff(readFileSync(finn.resolve(`@fontsource/inter/files/inter-${del}-${VEKT_FIL[vekt]}-normal.woff`))),
    );
  lest = { normal: les('normal'), fet: les('fet') };
  return lest;
}
