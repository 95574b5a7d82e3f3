import type { Data } from '../../contract/steg/bekreft-oppdrag.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak, type SakForBrev } from '../../sak/index.ts';
import { rolletekst, sisteTilbake, taBortAnsatt, type Oppdrag } from '../oppdrag.ts';
import { kreverOppdrag, oppdragTekst } from '../steggrunnlag.ts';

function neiFoererTil(o: Oppdrag, sak: SakForBrev): string {
  return o.utenforEnheten
    ? `Lederen ved ${o.enhetNavn} blir bedt om å utpeke en annen.`
    : `${sak.vedtaksinstans.navn} gjør valget på nytt.`;
}

/** Den spurte tar stilling selv. Fra han har bekreftet, venter bare opplæringen og oppnevningsbrevet. */
export const bekreftOppdrag: Steg<Data> = {
  id: 'bekreft-oppdrag',
  async retur(m, sakId) {
    const tilbake = await sisteTilbake(m, sakId, ['mer-tid']);
    // Hvorfor han fikk mer tid, er skrevet til saken, som den spurte ikke leser.
    return tilbake && { ...tilbake, tekst: '' };
  },
  besvarFor: {
    knapp: 'Svar nei for den som er spurt',
    async hvaSkjer(k) {
      return neiFoererTil(await kreverOppdrag(k), (await grunnlag(k)).sak);
    },
    async utfoer(k) {
      await laasAapenSak(k);
      const o = await kreverOppdrag(k);
      const navn = o.brukerNavn ?? 'Den spurte';
      await taBortAnsatt(k.tx, o, 'Den spurte kan ikke svare.');
      await skrivHendelse(k.tx, {
        naa: k.klokke.naa(),
        sakId: k.sakId,
        av: k.bruker,
        type: 'oppdrag-avslaatt',
        tekst: `{av} svarte nei for ${navn}, som ikke kan svare på oppdraget som ${rolletekst(o.rolle)} nå.`,
        data: { oppdragId: o.id },
      });
      return {
        variabler: { bekreftet: false },
        melding: `${navn} er ikke lenger spurt om oppdraget.`,
        svar: {
          bekreftet: 'nei',
          kjennerRollen: false,
          avklartMedLeder: false,
          begrunnelse: 'Den spurte kan ikke svare.',
        },
      };
    },
  },
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    const spurtAv: { navn: string }[] = await k.tx.query(
      `select b.navn from koordinatoroppdrag o join bruker b on b.id = o.foreslaatt_av where o.id = $1`,
      [o.id],
    );
    return {
      oppdragTekst: oppdragTekst(sak, o),
      spurtAv: `${spurtAv[0]?.navn ?? sak.vedtaksinstans.navn}, ${sak.vedtaksinstans.navn}`,
    };
  },
  async kontroller(k) {
    const o = await kreverOppdrag(k);
    return o.brukerId === k.bruker.id
      ? []
      : [{ felt: 'bekreftet', melding: 'Bare den som er spurt, kan svare på oppdraget.' }];
  },
  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    const o = await kreverOppdrag(k);
    if (data.bekreftet === 'nei') {
      await taBortAnsatt(k.tx, o, data.begrunnelse ?? '');
      await skrivHendelse(k.tx, {
        naa,
        sakId: k.sakId,
        av: k.bruker,
        type: 'oppdrag-avslaatt',
        tekst: `{av} takket nei til å være ${rolletekst(o.rolle)}: ${data.begrunnelse ?? ''}`,
        data: { oppdragId: o.id },
      });
      return { variabler: { bekreftet: false }, melding: 'Svaret er sendt. Du er ikke lenger spurt om oppdraget.' };
    }
    await k.tx.query(`update koordinatoroppdrag set status = 'bekreftet', bekreftet = $2 where id = $1`, [o.id, naa]);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'oppdrag-bekreftet',
      tekst: `{av} bekreftet oppdraget som ${rolletekst(o.rolle)}.`,
      data: { oppdragId: o.id },
    });
    return {
      variabler: { bekreftet: true },
      melding: `Du har bekreftet oppdraget som ${rolletekst(o.rolle)} for ${sak.person.navn}.`,
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      '': 'Svar på oppdraget for å se hva som skjer videre.',
      ja: `Systemet sjekker om du har opplæringen som kreves. Så sendes brev om oppnevningen til ${sak.person.navn} med kopi til deg.`,
      nei: neiFoererTil(o, sak),
    };
  },
};
