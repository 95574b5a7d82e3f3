import { brevtekst, egetIVedtak, forhaandsvisBrev, hentRammer, tegnmelding, vedtaksbrev } from '../../brev/index.ts';
import type { Feltfeil } from '../../contract/api.ts';
import type { Data } from '../../contract/steg/godkjenn-vedtak.ts';
import { UTFALL } from '../../contract/steg/fatt-vedtak.ts';
import { dagIOslo } from '../../contract/tid.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import { Problemfeil } from '../../http/problem.ts';
import type { Steg, StegKontekst } from '../../oppgave/steg.ts';
import { reserverPlan } from '../../plan/index.ts';
import { grunnlag, laasAapenSak, regimeTekst, stengForTrekk, type SakForBrev } from '../../sak/index.ts';
import { hentAnsatte } from '../../tilgang/index.ts';
import { hentKartlegging } from '../begrunnelse.ts';
import { hentTilGodkjenning, type VedtakTilGodkjenning } from '../lager.ts';
import { motsigelser } from '../motsigelse.ts';
import { UTFALLSTEKST } from '../utfall.ts';
import { meldPlankonflikt, tidsbegrensningTekst, vedtakVirker } from './fatt-vedtak.steg.ts';

const EGET_VEDTAK = 'Du fattet vedtaket selv. En annen beslutter må godkjenne det (fire øyne).';

async function kreverVedtak(k: StegKontekst): Promise<VedtakTilGodkjenning> {
  const vedtak = await hentTilGodkjenning(k.tx, k.sakId);
  if (!vedtak) {
    throw new Problemfeil(
      409,
      'Ingenting å godkjenne',
      'Vedtaket venter ikke lenger på godkjenning. Ingenting er lagret.',
    );
  }
  return vedtak;
}

/** Om den som fattet vedtaket, fortsatt er beslutter og får det tilbake; ellers går det til enheten. */
async function kanRette(k: StegKontekst, vedtak: VedtakTilGodkjenning, sak: SakForBrev): Promise<boolean> {
  const besluttere = await hentAnsatte(k.tx, sak.vedtaksinstans.id, dagIOslo(k.klokke.naa()), ['beslutter']);
  return besluttere.some((b) => b.id === vedtak.foreslaattAv);
}

/**
 * Det som hindrer at vedtaket blir et brev: ordene sier noe annet enn utfallet, eller de kan ikke skrives. Det prøves når
 * vedtaket fattes; et forslag fra før den regelen kom, prøves først her, og må tilbake til den som skrev det.
 */
async function kanIkkeSendes(k: StegKontekst, v: VedtakTilGodkjenning): Promise<Feltfeil[]> {
  const { sak, dag } = await grunnlag(k);
  const rammer = await hentRammer(k.tx, dag);
  const eget = egetIVedtak(sak, rammer, v);
  const kartlegging = await hentKartlegging(k.tx, k.sakId);
  const grunner = [
    ...motsigelser({ sak, rammer, kartlegging }, { ...v, brevtekst: eget }).map((m) => m.melding),
    tegnmelding([...new Set([v.begrunnelse, eget].flatMap((tekst) => brevtekst(tekst).mangler))]),
  ].filter((g) => g !== null);
  return grunner.slice(0, 1).map((grunn) => ({ felt: 'godkjent', melding: `${grunn} Send vedtaket tilbake.` }));
}

/**
 * Fire øyne: en annen beslutter enn den som fattet vedtaket, godkjenner det eller sender det tilbake med kommentar.
 * Først ved godkjenningen er vedtaket fattet, og planen reserveres i samme transaksjon.
 */
export const godkjennVedtak: Steg<Data> = {
  id: 'godkjenn-vedtak',

  async utelukket(m, sakId) {
    const vedtak = await hentTilGodkjenning(m, sakId);
    return vedtak ? { brukerId: vedtak.foreslaattAv, grunn: EGET_VEDTAK } : null;
  },

  async kontekst(k) {
    const { sak, dag } = await grunnlag(k);
    const v = await kreverVedtak(k);
    return {
      utfallTekst: UTFALL[v.utfall],
      hjemmelTekst: v.hjemmel,
      begrunnelseTekst: v.begrunnelse,
      tidsbegrensningTekst: tidsbegrensningTekst(v.tilDato),
      brevTekst: egetIVedtak(sak, await hentRammer(k.tx, dag), v).trim(),
      fattetAv: v.foreslaattAvNavn,
      regimeTekst: regimeTekst(sak),
    };
  },

  async kontroller(k, data) {
    const vedtak = await kreverVedtak(k);
    if (vedtak.foreslaattAv === k.bruker.id) return [{ felt: 'godkjent', melding: EGET_VEDTAK }];
    return data.godkjent === 'ja' ? kanIkkeSendes(k, vedtak) : [];
  },

  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    const vedtak = await kreverVedtak(k);
    if (data.godkjent === 'nei') {
      await k.tx.query(
        `update vedtak set status = 'underkjent', underkjent_av = $2, underkjent_grunn = $3 where id = $1`,
        [vedtak.id, k.bruker.id, data.kommentar ?? ''],
      );
      await skrivHendelse(k.tx, {
        naa,
        sakId: k.sakId,
        av: k.bruker,
        type: 'vedtak-underkjent',
        tekst: `{av} sendte vedtaket tilbake: ${data.kommentar ?? ''}`,
        data: { vedtakId: vedtak.id },
      });
      return {
        variabler: { godkjent: false, planKonflikt: false },
        melding: `Vedtaket er sendt tilbake med kommentaren din. ${(await kanRette(k, vedtak, sak)) ? `${vedtak.foreslaattAvNavn} retter det.` : `${sak.vedtaksinstans.navn} retter det.`}`,
      };
    }
    if (vedtak.utfall === 'ip' && !(await reserverPlan(k.tx, k.klokke, k.sakId, sak.person.id))) {
      await k.tx.query(`update vedtak set status = 'bortfalt' where id = $1`, [vedtak.id]);
      await meldPlankonflikt(k, naa, vedtak.id);
      return {
        variabler: { godkjent: true, planKonflikt: true },
        melding: 'Personen fikk individuell plan i en annen sak. Vedtaket er ikke fattet, og det må avklares.',
      };
    }
    await k.tx.query(`update vedtak set status = 'fattet', godkjent_av = $2, fattet = $3 where id = $1`, [
      vedtak.id,
      k.bruker.id,
      naa,
    ]);
    await stengForTrekk(k.tx, k.sakId);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'vedtak-fattet',
      tekst: `{av} godkjente vedtaket til ${vedtak.foreslaattAvNavn}: ${UTFALLSTEKST[vedtak.utfall]}. Hjemmel: ${vedtak.hjemmel}.`,
      data: { vedtakId: vedtak.id, utfall: vedtak.utfall },
    });
    return {
      variabler: { godkjent: true, planKonflikt: false },
      melding: `Vedtaket er godkjent og gjelder: ${UTFALLSTEKST[vedtak.utfall]}. Brevet sendes nå.`,
    };
  },

  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const v = await kreverVedtak(k);
    return {
      '': 'Velg om du godkjenner for å se hva som skjer videre.',
      ja: vedtakVirker(sak)[v.utfall],
      nei: `Vedtaket går tilbake til ${(await kanRette(k, v, sak)) ? `${v.foreslaattAvNavn}, som fattet det` : sak.vedtaksinstans.navn}, med kommentaren din. Ingenting sendes til ${sak.person.navn}.`,
    };
  },

  async forhaandsvis(k) {
    const { sak, dag } = await grunnlag(k);
    const v = await kreverVedtak(k);
    return forhaandsvisBrev(
      vedtaksbrev(sak, await hentRammer(k.tx, dag), {
        ...v,
        fattetAv: v.foreslaattAvNavn,
        godkjentAv: k.bruker.navn,
      }),
    );
  },
};
