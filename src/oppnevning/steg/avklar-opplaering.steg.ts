import type { Data } from '../../contract/steg/avklar-opplaering.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg, StegKontekst } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../../sak/index.ts';
import { taBortAnsatt, type Oppdrag } from '../oppdrag.ts';
import { kreverOppdrag } from '../steggrunnlag.ts';

async function manglendeKurs(k: StegKontekst, o: Oppdrag): Promise<string[]> {
  const rader: { navn: string }[] = await k.tx.query(
    `select ku.navn from kurs ku
      where $2 = any(ku.kreves_for)
        and not exists (select 1 from oppmoete op where op.bruker_id = $1 and op.kurs_id = ku.id)
      order by ku.navn collate "nb-NO-x-icu"`,
    [o.brukerId, o.rolle],
  );
  return rader.map((r) => r.navn);
}

/** Opplæringen oppnevningen venter på, lar vente på seg: lederen venter videre eller lar valget gjøres på nytt. */
export const avklarOpplaering: Steg<Data> = {
  id: 'avklar-opplaering',
  async kontekst(k) {
    const o = await kreverOppdrag(k);
    const mangler = await manglendeKurs(k, o);
    return {
      ansattNavn: o.brukerNavn ?? 'Ingen',
      opplaeringTekst:
        mangler.length > 0 ? `Mangler: ${mangler.join(', ')}` : 'Opplæringen er registrert som fullført.',
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
