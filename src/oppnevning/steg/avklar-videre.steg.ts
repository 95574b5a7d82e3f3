import type { Data } from '../../contract/steg/avklar-videre.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../../sak/index.ts';
import { avslaaOppdrag } from '../oppdrag.ts';
import { kreverOppdrag, oppdragTekst, sendtTekst } from '../steggrunnlag.ts';

/** Enheten svarte ikke i tide: lederen for vedtaksinstansen gir mer tid eller lar valget gjøres på nytt. */
export const avklarVidere: Steg<Data> = {
  id: 'avklar-videre',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return { henvendelse: oppdragTekst(sak, o), enhetNavn: o.enhetNavn, sendtDato: sendtTekst(o) };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const o = await kreverOppdrag(k);
    const merTid = data.merTid === 'ja';
    if (!merTid) await avslaaOppdrag(k.tx, o.id, data.begrunnelse);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: merTid ? 'mer-tid' : 'oppdrag-uten-svar',
      tekst: merTid
        ? `{av} ga ${o.enhetNavn} mer tid til å utpeke en ansatt: ${data.begrunnelse}`
        : `{av} lot valget gjøres på nytt, fordi ${o.enhetNavn} ikke svarte: ${data.begrunnelse}`,
      data: { oppdragId: o.id },
    });
    return {
      variabler: { merTid },
      melding: merTid ? `${o.enhetNavn} har fått mer tid.` : 'Valget av koordinator gjøres på nytt.',
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      '': 'Velg om enheten skal få mer tid.',
      ja: `Virksomhetslederen ved ${o.enhetNavn} får oppgaven med å utpeke en ansatt på nytt, med ny frist.`,
      nei: `${sak.vedtaksinstans.navn} gjør valget av koordinator på nytt.`,
    };
  },
};
