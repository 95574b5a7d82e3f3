import { bestillBrev, foreslaaBrevtekst, forhaandsvisBrev, lagBrev, type Brevdata } from '../../brev/index.ts';
import type { Data } from '../../contract/steg/dokumenter-avslaatt-tilbud.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import {
  brevhode,
  brevmottakerTekst,
  grunnlag,
  laasAapenSak,
  OENSKETEKST,
  sammeTekst,
  stengForTrekk,
  stor,
  tekstfelt,
  type SakForBrev,
} from '../../sak/index.ts';
import { hentKommune } from '../../tilgang/index.ts';

function brevdata(sak: SakForBrev, grunn: string): Brevdata['avslaatt-tilbud'] {
  return {
    planeier: sak.person.navn,
    tilPlaneier: sak.tilPlaneier,
    oenske: sak.anmodning.oenske,
    mottatt: sak.mottatt,
    grunn,
  };
}

/** Er forslaget ikke redigert, følger brevet grunnen som er skrevet; ellers gjelder det som står. */
function endeligTekst(sak: SakForBrev, grunn: string, brevtekst: string): string {
  return sammeTekst(brevtekst, foreslaaBrevtekst('avslaatt-tilbud', brevdata(sak, '')))
    ? foreslaaBrevtekst('avslaatt-tilbud', brevdata(sak, grunn))
    : brevtekst;
}

/** Planeier ønsker verken plan eller koordinator: det dokumenteres (Inderøy), med bekreftelse til planeier. */
export const dokumenterAvslaattTilbud: Steg<Data> = {
  id: 'dokumenter-avslaatt-tilbud',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    return {
      oenskeTekst: stor(OENSKETEKST[sak.oenske]),
      brevtekst: foreslaaBrevtekst('avslaatt-tilbud', brevdata(sak, '')),
    };
  },
  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    await stengForTrekk(k.tx, k.sakId);
    await bestillBrev(k.tx, {
      sakId: k.sakId,
      mal: 'avslaatt-tilbud',
      tekst: endeligTekst(sak, data.begrunnelse, data.brevtekst),
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
  async forslag(k, data) {
    const { sak } = await grunnlag(k);
    return { brevtekst: foreslaaBrevtekst('avslaatt-tilbud', brevdata(sak, tekstfelt(data, 'begrunnelse'))) };
  },
  async forhaandsvis(k, data) {
    const { sak, dag } = await grunnlag(k);
    const kommune = await hentKommune(k.tx);
    const grunn = tekstfelt(data, 'begrunnelse');
    const hode = brevhode(sak, kommune.navn, dag, [{ navn: k.bruker.navn, tittel: 'saksbehandler' }]);
    return forhaandsvisBrev(
      lagBrev('avslaatt-tilbud', hode, brevdata(sak, grunn), endeligTekst(sak, grunn, tekstfelt(data, 'brevtekst'))),
    );
  },
};
