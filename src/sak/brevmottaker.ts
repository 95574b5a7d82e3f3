import type { SakForBrev } from './brevgrunnlag.ts';

/** Hvem brevet går til, midt i en setning: «Kari Nordmann» eller «foreldrene til Ida …». */
export function brevmottakerTekst(sak: SakForBrev): string {
  return sak.tilPlaneier ? sak.person.navn : `foreldrene til ${sak.person.navn} eller den som er i deres sted`;
}
