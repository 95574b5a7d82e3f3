import { foreslaaBrevtekst, type Brevdata } from '../brev/index.ts';
import { hjemmelKort } from '../contract/hjemmel.ts';
import { UTFALL_VERDIER, type Utfall } from '../contract/prosess.ts';
import type { SakForBrev } from '../sak/index.ts';
import type { Kommunekonfig } from '../tilgang/index.ts';

/** Valgene brevteksten følger. */
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

/** Det malen for vedtaksbrev trenger. */
export function vedtaksbrevdata(sak: SakForBrev, konfig: Kommunekonfig, valg: Vedtaksvalg): Brevdata['vedtak'] {
  return {
    planeier: sak.person.navn,
    tilPlaneier: sak.tilPlaneier,
    utfall: valg.utfall,
    oenske: sak.anmodning.oenske,
    regime: sak.regime,
    mottatt: sak.mottatt,
    enhet: sak.vedtaksinstans.navn,
    hjemmel: hjemmelTekst(valg.hjemmelIder),
    begrunnelse: valg.begrunnelse,
    tilDato: valg.tilDato,
    klagefristUker: konfig.klagefristUker,
  };
}

/** Forslaget til brevtekst for valgene. */
export function foreslaaVedtaksbrev(sak: SakForBrev, konfig: Kommunekonfig, valg: Vedtaksvalg): string {
  return foreslaaBrevtekst('vedtak', vedtaksbrevdata(sak, konfig, valg));
}

/** Avsnittet under «Vedtak»: det brevet sier at avgjørelsen er. */
function avgjoerelsen(tekst: string): string {
  const avsnitt = /^## Vedtak\n(.+?)(?:\n\n|$)/ms.exec(tekst)?.[1] ?? '';
  return (avsnitt.split(/(?<=\.) /)[0] ?? '').trim();
}

/**
 * Utfallet brevteksten uttrykker når det er et annet enn det som er valgt; null når den ikke motsier valget. Fanger den
 * som endrer utfallet etter at brevet er redigert.
 */
export function motsigendeUtfall(
  sak: SakForBrev,
  konfig: Kommunekonfig,
  valg: Vedtaksvalg,
  brevtekst: string,
): Utfall | null {
  const setning = (utfall: Utfall): string => avgjoerelsen(foreslaaVedtaksbrev(sak, konfig, { ...valg, utfall }));
  if (brevtekst.includes(setning(valg.utfall))) return null;
  return UTFALL_VERDIER.find((u) => u !== valg.utfall && brevtekst.includes(setning(u))) ?? null;
}
