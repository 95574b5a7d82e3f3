import { hjemmelKort } from '../contract/hjemmel.ts';
import type { Utfall } from '../contract/prosess.ts';

/** Valgene i et vedtak som ennå ikke er fattet. */
export interface Vedtaksvalg {
  utfall: Utfall;
  hjemmelIder: readonly string[];
  begrunnelse: string;
  tilDato: string | null;
}

/** Hjemlene slik de skrives i vedtak, brev og historikk. */
export function hjemmelTekst(ider: readonly string[]): string {
  return ider.map(hjemmelKort).join('; ');
}
