import type { Data } from '../../contract/steg/avklar-svar.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../../sak/index.ts';
import { taBortAnsatt } from '../oppdrag.ts';
import { kreverOppdrag, oppdragTekst } from '../steggrunnlag.ts';

/** Den spurte svarte ikke i tide: lederen for vedtaksinstansen gir mer tid eller regner det som et nei. */
export const avklarSvar: Steg<Data> = {
  id: 'avklar-svar',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return { oppdragTekst: oppdragTekst(sak, o), ansattNavn: o.brukerNavn ?? 'Ingen', enhetNavn: o.enhetNavn };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const o = await kreverOppdrag(k);
    const navn = o.brukerNavn ?? 'den spurte';
    const merTid = data.merTid === 'ja';
    if (!merTid) await taBortAnsatt(k.tx, o, data.begrunnelse);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: merTid ? 'mer-tid' : 'oppdrag-uten-svar',
      tekst: merTid
        ? `{av} ga ${navn} mer tid til å svare på oppdraget: ${data.begrunnelse}`
        : `{av} regnet manglende svar fra ${navn} som et nei: ${data.begrunnelse}`,
      data: { oppdragId: o.id },
    });
    return {
      variabler: { merTid },
      melding: merTid ? `${navn} har fått mer tid til å svare.` : `${navn} er ikke lenger spurt om oppdraget.`,
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      '': 'Velg om den spurte skal få mer tid.',
      ja: `${o.brukerNavn ?? 'Den spurte'} får oppgaven på nytt, med ny frist.`,
      nei: o.utenforEnheten
        ? `Virksomhetslederen ved ${o.enhetNavn} blir bedt om å utpeke en annen.`
        : `${sak.vedtaksinstans.navn} gjør valget av koordinator på nytt.`,
    };
  },
};
