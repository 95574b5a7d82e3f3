import type { Data } from '../../contract/steg/kartlegg-og-vurder.ts';
import { ANBEFALING } from '../../contract/steg/kartlegg-og-vurder.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../steggrunnlag.ts';
import { anmodningTekst, OENSKETEKST, stor } from '../tekster.ts';

const MYNDIG = 18;

/** De sju punktene i kartleggingen, som blir grunnlaget for vedtaksteksten. */
export const kartleggOgVurder: Steg<Data> = {
  id: 'kartlegg-og-vurder',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    return { anmodningTekst: anmodningTekst(sak), oenskeTekst: stor(OENSKETEKST[sak.oenske]) };
  },
  async kontroller(k, data) {
    const { sak } = await grunnlag(k);
    if (data.anbefaling === 'ip' && sak.oenske !== 'ip') {
      // Planen er samtykkebasert (seed 001): den gis ikke til en som bare ønsker koordinator.
      return [
        {
          felt: 'anbefaling',
          melding: `${sak.person.navn} ønsker ${OENSKETEKST[sak.oenske]}. Individuell plan gis ikke uten at den er ønsket.`,
        },
      ];
    }
    if (data.anbefaling === 'barnekoordinator' && sak.person.alder >= MYNDIG && sak.oenske !== 'barnekoordinator') {
      return [{ felt: 'anbefaling', melding: 'Barnekoordinator gis bare for barn under 18 år eller et ventet barn.' }];
    }
    return [];
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'kartlagt',
      tekst: `{av} kartla og vurderte behovet. Anbefaling: ${ANBEFALING[data.anbefaling].toLowerCase()}.`,
      data: { anbefaling: data.anbefaling },
    });
    return { variabler: {}, melding: 'Kartleggingen er lagret og sendt til beslutter.' };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    return {
      '': `Beslutter ved ${sak.vedtaksinstans.navn} får saken og fatter vedtak. Ingenting sendes til ${sak.person.navn} nå.`,
    };
  },
};
