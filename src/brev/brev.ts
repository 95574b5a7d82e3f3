import { MALER } from './maler.ts';
import type { Brev, Brevdata, Brevhode, Brevmal } from './typer.ts';

/**
 * Forslaget til brevtekst for en mal: den delen et menneske kan redigere. Blank linje skiller avsnitt, «- » er punkt,
 * «## » er mellomtittel.
 */
export function foreslaaBrevtekst<M extends Brevmal>(mal: M, data: Brevdata[M]): string {
  return MALER[mal].tekst(data);
}

/**
 * Setter sammen hele brevet: hode, tekst og de faste avsnittene (klageadgang og innsyn der det skal være med).
 * @param redigert teksten slik den ble redigert; uten den brukes forslaget
 */
export function lagBrev<M extends Brevmal>(mal: M, hode: Brevhode, data: Brevdata[M], redigert?: string): Brev {
  const m = MALER[mal];
  return { mal, tittel: m.tittel(data), hode, tekst: redigert ?? m.tekst(data), fast: m.fast(data) };
}
