import type { Brevpart, SakForBrev } from './brevgrunnlag.ts';
import { Systemfeil } from '../logg/index.ts';

/** Det som står rundt teksten i en forhåndsvisning. */
export interface Forhaandsvisningshode {
  kommune: string;
  enhet: string;
  saksnummer: string;
  dato: string;
  mottaker: Brevpart;
  gjelder: string;
  undertegnere: { navn: string; tittel: string }[];
  kopi: string[];
}

/** Hodet i forhåndsvisningen: stilet til planeier, eller til den som er i planeiers sted når han er under seksten. */
export function brevhode(
  sak: SakForBrev,
  kommune: string,
  dag: string,
  undertegnere: { navn: string; tittel: string }[],
): Forhaandsvisningshode {
  const mottaker = (sak.tilPlaneier ? sak.mottakere : sak.mottakere.slice(1))[0] ?? sak.mottakere[0];
  if (!mottaker) throw new Systemfeil(`Saken ${sak.sakId} har ingen mottaker.`);
  return {
    kommune,
    enhet: sak.vedtaksinstans.navn,
    saksnummer: sak.saksnummer,
    dato: dag,
    mottaker,
    gjelder: sak.person.navn,
    undertegnere,
    kopi: [],
  };
}

/** Hvem brevet går til, midt i en setning: «Kari Nordmann» eller «foreldrene til Ida …». */
export function brevmottakerTekst(sak: SakForBrev): string {
  return sak.tilPlaneier ? sak.person.navn : `foreldrene til ${sak.person.navn} eller den som er i deres sted`;
}
