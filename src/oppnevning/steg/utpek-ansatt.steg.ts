import type { Data } from '../../contract/steg/utpek-ansatt.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../../sak/index.ts';
import { brukernavn } from '../../tilgang/index.ts';
import { hentKandidater, kandidatvalg } from '../kandidater.ts';
import { avslaaOppdrag, rolletekst, sisteTilbake, tidligereSvar } from '../oppdrag.ts';
import { kreverOppdrag, oppdragTekst } from '../steggrunnlag.ts';

/** Virksomhetslederen følger henvendelsen opp med en ansatt i egen enhet, eller sier fra at det ikke går. */
export const utpekAnsatt: Steg<Data> = {
  id: 'utpek-ansatt',
  retur: (m, sakId) => sisteTilbake(m, sakId, ['oppdrag-avslaatt', 'oppdrag-uten-svar', 'mer-tid']),
  async kontekst(k) {
    const { sak, dag } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      henvendelse: oppdragTekst(sak, o),
      avsenderEnhet: sak.vedtaksinstans.navn,
      tidligereSvar: await tidligereSvar(k.tx, k.sakId),
      ansatte: kandidatvalg(await hentKandidater(k.tx, o.enhetId, o.rolle, dag)),
    };
  },
  async kontroller(k, data) {
    if (data.kanUtpeke === 'nei') return [];
    const { dag } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    const kandidater = await hentKandidater(k.tx, o.enhetId, o.rolle, dag);
    return kandidater.some((a) => a.id === data.ansattId)
      ? []
      : [{ felt: 'ansattId', melding: `Velg en ansatt ved ${o.enhetNavn} fra lista.` }];
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const o = await kreverOppdrag(k);
    if (data.kanUtpeke === 'nei') {
      await avslaaOppdrag(k.tx, o.id, data.begrunnelse ?? '');
      await skrivHendelse(k.tx, {
        naa,
        sakId: k.sakId,
        av: k.bruker,
        type: 'kan-ikke-utpeke',
        tekst: `{av} svarte at ${o.enhetNavn} ikke kan utpeke noen: ${data.begrunnelse ?? ''}`,
        data: { oppdragId: o.id },
      });
      return {
        variabler: { kanUtpeke: false, ansattId: null },
        melding: 'Svaret er sendt. Den som spurte, må finne en annen løsning.',
      };
    }
    const ansattId = data.ansattId ?? '';
    await k.tx.query(`update koordinatoroppdrag set bruker_id = $2 where id = $1`, [o.id, ansattId]);
    const navn = await brukernavn(k.tx, ansattId);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'ansatt-utpekt',
      tekst: `{av} utpekte ${navn} ved ${o.enhetNavn} som ${rolletekst(o.rolle)}.`,
      data: { oppdragId: o.id },
    });
    return {
      variabler: { kanUtpeke: true, ansattId },
      melding: `${navn} er utpekt og blir bedt om å bekrefte oppdraget.`,
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const o = await kreverOppdrag(k);
    return {
      '': 'Svar på om enheten kan utpeke noen for å se hva som skjer videre.',
      ja: `Den du utpeker, blir bedt om å bekrefte oppdraget som ${rolletekst(o.rolle)} for ${sak.person.navn}.`,
      nei: `${sak.vedtaksinstans.navn} får svaret med grunnen du skriver, og gjør valget på nytt.`,
    };
  },
};
