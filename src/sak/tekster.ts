import type { HVEM_SPOER } from '../contract/api.ts';
import { REGIMER } from '../contract/hjemmel.ts';
import type { Oenske } from '../contract/prosess.ts';
import { datoITekst } from '../contract/tid.ts';
import type { SakForBrev } from './brevgrunnlag.ts';

/** Det saken gjelder, midt i en setning. */
export const OENSKETEKST: Record<Oenske, string> = {
  ip: 'individuell plan',
  koordinator: 'koordinator uten individuell plan',
  barnekoordinator: 'barnekoordinator',
  ingen: 'verken plan eller koordinator',
};

/** Hvem som spør, midt i en setning. */
export const HVEM_SPOER_TEKST: Record<(typeof HVEM_SPOER)[number], string> = {
  planeier: 'planeier selv',
  paaroerende: 'pårørende',
  tjenesteyter: 'en tjenesteyter',
  verge: 'verge',
  likemann: 'en likemann',
  kommunen: 'kommunen selv',
};

/** Teksten med stor forbokstav. */
export function stor(tekst: string): string {
  return tekst.slice(0, 1).toUpperCase() + tekst.slice(1);
}

/** Anmodningen i en kort tekst til skjemaene: hva, når, fra hvem og det som ble skrevet. */
export function anmodningTekst(sak: SakForBrev): string {
  const { hvemSpoer, hvemSpoerNavn, maate, notat } = sak.anmodning;
  const fra = hvemSpoerNavn ? `${HVEM_SPOER_TEKST[hvemSpoer]} (${hvemSpoerNavn})` : HVEM_SPOER_TEKST[hvemSpoer];
  const hode = `${stor(maate)} anmodning om ${OENSKETEKST[sak.anmodning.oenske]}, mottatt ${datoITekst(sak.mottatt)}. Fra ${fra}.`;
  return notat ? `${hode}\n\n${notat}` : hode;
}

/** Hvem som avgjør, og etter hvilket regelverk. */
export function regimeTekst(sak: SakForBrev): string {
  return `${sak.vedtaksinstans.navn} avgjør saken: ${REGIMER[sak.regime]}.`;
}

/** Et felt i data som ennå ikke er tolket, når det er tekst; ellers tom. */
export function tekstfelt(data: unknown, felt: string): string {
  if (typeof data !== 'object' || data === null) return '';
  const verdi: unknown = Object.entries(data).find(([navn]) => navn === felt)?.[1];
  return typeof verdi === 'string' ? verdi : '';
}
