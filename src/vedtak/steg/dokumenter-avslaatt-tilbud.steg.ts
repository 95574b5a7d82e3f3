import {
  bestillBrev,
  bestiltBrev,
  egetIBestilling,
  forhaandsvisBrev,
  hentRammer,
  type Brevinnhold,
} from '../../brev/index.ts';
import type { Data } from '../../contract/steg/dokumenter-avslaatt-tilbud.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg, StegKontekst } from '../../oppgave/steg.ts';
import {
  brevmottakerTekst,
  grunnlag,
  laasAapenSak,
  OENSKETEKST,
  stengForTrekk,
  stor,
  tekstfelt,
} from '../../sak/index.ts';

const innhold = (grunn: string): Brevinnhold => ({ mal: 'avslaatt-tilbud', grunnlag: { grunn } });

/** Det som er skrevet til mottakeren, uten det bekreftelsen sier av seg selv. */
async function egenTekst(k: StegKontekst, grunn: string, skrevet: string): Promise<string> {
  const { sak, dag } = await grunnlag(k);
  return egetIBestilling(sak, await hentRammer(k.tx, dag), innhold(grunn), skrevet).trim();
}

/** Planeier ønsker verken plan eller koordinator: det dokumenteres (Inderøy), med bekreftelse til planeier. */
export const dokumenterAvslaattTilbud: Steg<Data> = {
  id: 'dokumenter-avslaatt-tilbud',
  brevfelter: ['begrunnelse', 'brevtekst'],
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    return { oenskeTekst: stor(OENSKETEKST[sak.oenske]) };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    await stengForTrekk(k.tx, k.sakId);
    await bestillBrev(k.tx, {
      sakId: k.sakId,
      innhold: innhold(data.begrunnelse),
      tekst: await egenTekst(k, data.begrunnelse, data.brevtekst ?? ''),
      av: k.bruker,
      naa,
    });
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'tilbud-avslaatt',
      tekst: `{av} dokumenterte at planeier takker nei til plan og koordinator: ${data.begrunnelse}`,
    });
    return { variabler: {}, melding: 'Det er dokumentert at planeier takker nei. Bekreftelsen sendes.' };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    return { '': `Bekreftelsen sendes til ${brevmottakerTekst(sak)}, og saken avsluttes uten vedtak.` };
  },
  async utkast(k, data) {
    const brevtekst = await egenTekst(k, tekstfelt(data, 'begrunnelse'), tekstfelt(data, 'brevtekst'));
    return { ...data, brevtekst };
  },
  async forhaandsvis(k, data) {
    const { sak, dag } = await grunnlag(k);
    const bestilling = {
      innhold: innhold(tekstfelt(data, 'begrunnelse')),
      tekst: tekstfelt(data, 'brevtekst'),
      avNavn: k.bruker.navn,
    };
    return forhaandsvisBrev(bestiltBrev(sak, await hentRammer(k.tx, dag), bestilling));
  },
};
