import type { Data } from '../../contract/steg/avklar-opplaering.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import { manglendeKurs } from '../../kompetanse/index.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../../sak/index.ts';
import { taBortAnsatt } from '../oppdrag.ts';
import { kreverOppdrag } from '../steggrunnlag.ts';

/** Opplæringen oppnevningen venter på, lar vente på seg: lederen venter videre eller lar valget gjøres på nytt. */
export const avklarOpplaering: Steg<Data> = {
  id: 'avklar-opplaering',
  async kontekst(k) {
    const o = await kreverOppdrag(k);
    const mangler = o.brukerId ? await manglendeKurs(k.tx, o.brukerId, o.rolle) : [];
    return {
      ansattNavn: o.brukerNavn ?? 'Ingen',
      opplaeringTekst:
        mangler.length > 0
          ? `Mangler: ${mangler.map((kurs) => kurs.navn).join(', ')}`
          : 'Opplæringen er registrert som fullført.',
    };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const o = await kreverOppdrag(k);
    const navn = o.brukerNavn ?? 'den utpekte';
    const merTid = data.merTid === 'ja';
    if (!merTid) await taBortAnsatt(k.tx, o, data.begrunnelse);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: merTid ? 'mer-tid' : 'oppdrag-uten-svar',
      tekst: merTid
        ? `{av} lot oppnevningen vente på opplæringen til ${navn}: ${data.begrunnelse}`
        : `{av} ventet ikke lenger på opplæringen til ${navn}: ${data.begrunnelse}`,
      data: { oppdragId: o.id },
    });
    return {
      variabler: { merTid },
      melding: merTid ? 'Oppnevningen venter på opplæringen.' : 'Valget gjøres på nytt.',
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      '': 'Velg om oppnevningen skal vente lenger.',
      ja: `Oppnevningen venter til opplæringen er registrert for ${o.brukerNavn ?? 'den utpekte'}.`,
      nei: o.utenforEnheten
        ? `Virksomhetslederen ved ${o.enhetNavn} blir bedt om å utpeke en annen.`
        : `${sak.vedtaksinstans.navn} gjør valget av koordinator på nytt.`,
    };
  },
};
