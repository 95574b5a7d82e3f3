import { randomUUID } from 'node:crypto';
import { egetIVedtak, forhaandsvisBrev, hentRammer, vedtaksbrev, type Rammer } from '../../brev/index.ts';
import { dato } from '../../contract/steg/felt.ts';
import type { Feltfeil } from '../../contract/api.ts';
import { HJEMLER, hjemlerForVedtak, hjemmelValg } from '../../contract/hjemmel.ts';
import { UTFALL_VERDIER, type Utfall } from '../../contract/prosess.ts';
import type { Data } from '../../contract/steg/fatt-vedtak.ts';
import { ANBEFALING, MEDVIRKNING, VARIGHET } from '../../contract/steg/kartlegg-og-vurder.ts';
import { datoITekst } from '../../contract/tid.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg, StegKontekst } from '../../oppgave/steg.ts';
import { reserverPlan } from '../../plan/index.ts';
import {
  brevmottakerTekst,
  grunnlag,
  laasAapenSak,
  OENSKETEKST,
  regimeTekst,
  stengForTrekk,
  stor,
  type SakForBrev,
} from '../../sak/index.ts';
import { hentAnsatte, hentKommune, type Kommunekonfig } from '../../tilgang/index.ts';
import { foreslaaBegrunnelse, hentKartlegging, type Kartlegging } from '../begrunnelse.ts';
import { sisteUnderkjente } from '../lager.ts';
import { motsigelser } from '../motsigelse.ts';
import { UTFALLSTEKST } from '../utfall.ts';
import { hjemmelTekst, type Vedtaksvalg } from '../valg.ts';

const MYNDIG = 18;

interface Vedtaksgrunnlag {
  sak: SakForBrev;
  dag: string;
  konfig: Kommunekonfig;
  rammer: Rammer;
  kartlegging: Kartlegging | null;
  /** valgene skjemaet åpnes med: det som ble sendt tilbake, ellers anbefalingen */
  start: Vedtaksvalg;
  /** det som var skrevet til mottakeren da vedtaket ble sendt tilbake */
  startbrev: string;
}

/** De sju punktene (Stavanger, Informere, kartlegge og vurdere behov for IP), som overskrift og tekst. */
function punktene(k: Kartlegging): [string, string][] {
  return [
    ['Kriteriene', k.kriterier],
    ['Behovet for koordinering', k.koordineringsbehov],
    ['Kritiske overganger', k.kritiskeOverganger],
    ['Tjenester og tiltak i dag', k.aktiveTjenester],
    ['Samarbeidsparter', k.samarbeidsparter],
    ['Planeiers ønsker og vurderinger', k.brukersOensker],
    ['Ønske om koordinator', k.oenskeOmPlankoordinator],
  ];
}

function vurderingTekst(k: Kartlegging | null): string {
  if (!k) return 'Kartleggingen kan ikke vises.';
  const linjer = punktene(k).map(([tittel, tekst]) => `${tittel}: ${tekst}`);
  linjer.push(
    `Varighet: ${VARIGHET[k.varighet].toLowerCase()}. Tjenester som må ses i sammenheng: ${k.antallTjenester}.`,
    `Medvirkning: ${MEDVIRKNING[k.medvirkning].toLowerCase()}.${k.medvirkningBegrunnelse ? ` ${k.medvirkningBegrunnelse}` : ''}`,
  );
  if (k.unntakUnderEttAar) linjer.push(`Unntak ved behov under ett år: ${k.unntakUnderEttAar}`);
  linjer.push(`Kriteriene er ${k.kriterierOppfylt === 'ja' ? 'oppfylt' : 'ikke oppfylt'}.`);
  return linjer.join('\n\n');
}

function hjemlerFor(sak: SakForBrev, dag: string, utfall: Utfall): string[] {
  const bruk = utfall === 'avslag' ? (sak.oenske === 'ingen' ? sak.anmodning.oenske : sak.oenske) : utfall;
  return hjemlerForVedtak(sak.regime, dag)
    .filter((h) => h.brukes.includes(bruk))
    .map((h) => h.id);
}

async function hentGrunnlag(k: StegKontekst): Promise<Vedtaksgrunnlag> {
  const { sak, dag } = await grunnlag(k);
  const { konfig } = await hentKommune(k.tx);
  const rammer = await hentRammer(k.tx, dag);
  const kartlegging = await hentKartlegging(k.tx, k.sakId);
  const underkjent = await sisteUnderkjente(k.tx, k.sakId);
  const utfall = kartlegging?.anbefaling ?? 'ip';
  const start: Vedtaksvalg = underkjent ?? {
    utfall,
    hjemmelIder: hjemlerFor(sak, dag, utfall),
    begrunnelse: foreslaaBegrunnelse(kartlegging),
    tilDato: null,
  };
  return {
    sak,
    dag,
    konfig,
    rammer,
    kartlegging,
    start,
    startbrev: underkjent ? egenTekst({ sak, rammer }, start, underkjent.brevtekst ?? '') : '',
  };
}

function valgene(data: Data): Vedtaksvalg {
  return {
    utfall: data.utfall,
    hjemmelIder: data.hjemmel,
    begrunnelse: data.begrunnelse,
    tilDato: data.utfall !== 'avslag' && data.tidsbegrenset === 'ja' ? (data.tidsbegrensetTil ?? null) : null,
  };
}

/** Det som er skrevet til mottakeren, uten det brevet sier av seg selv. */
function egenTekst(g: Pick<Vedtaksgrunnlag, 'sak' | 'rammer'>, valg: Vedtaksvalg, skrevet: string): string {
  const vedtak = { ...valg, hjemmel: hjemmelTekst(valg.hjemmelIder), brevtekst: skrevet };
  return egetIVedtak(g.sak, g.rammer, vedtak).trim();
}

/** De som kan godkjenne: beslutterne i enheten, utenom den som fatter vedtaket. */
async function andreBesluttere(k: StegKontekst, enhetId: string, dag: string): Promise<string[]> {
  const ansatte = await hentAnsatte(k.tx, enhetId, dag, ['beslutter']);
  return ansatte.filter((a) => a.id !== k.bruker.id).map((a) => a.navn);
}

function er<T extends string>(verdier: readonly T[], verdi: unknown): verdi is T {
  return verdier.some((v) => v === verdi);
}

/** Valgene i data som ennå ikke er sendt inn: det som mangler eller er feil, tas fra startverdiene. */
function valgAvUtkast(g: Vedtaksgrunnlag, data: unknown): { valg: Vedtaksvalg; brevtekst: string } {
  const d: Record<string, unknown> = typeof data === 'object' && data !== null ? { ...data } : {};
  const hjemler = Array.isArray(d['hjemmel']) ? d['hjemmel'].filter((h) => typeof h === 'string') : [];
  const utfall = er(UTFALL_VERDIER, d['utfall']) ? d['utfall'] : g.start.utfall;
  const til = dato('').safeParse(d['tidsbegrensetTil']);
  return {
    valg: {
      utfall,
      hjemmelIder: hjemler.filter((id) => HJEMLER.some((h) => h.id === id)),
      begrunnelse: typeof d['begrunnelse'] === 'string' ? d['begrunnelse'] : '',
      tilDato: utfall !== 'avslag' && d['tidsbegrenset'] === 'ja' && til.success ? til.data : null,
    },
    brevtekst: typeof d['brevtekst'] === 'string' ? d['brevtekst'] : '',
  };
}

/**
 * Vedtaket. Regel 6: ingen avgjørelse uten hjemmel og begrunnelse; ja og nei begrunnes likt. Med fire øyne blir det et
 * forslag som en annen beslutter godkjenner; uten er det fattet her, og planen reserveres i samme transaksjon.
 */
export const fattVedtak: Steg<Data> = {
  id: 'fatt-vedtak',
  brevfelter: ['begrunnelse', 'brevtekst'],

  // Retter den som sendte vedtaket tilbake det selv, mangler det en til å godkjenne. Er han den eneste igjen, er det bedre at
  // han retter det enn at det blir liggende: et nytt vedtak må uansett godkjennes av en annen.
  async utelukket(m, sakId) {
    const underkjent = await sisteUnderkjente(m, sakId);
    return underkjent && { brukerId: underkjent.underkjentAvId, grunn: DU_SENDTE_TILBAKE, mykt: true };
  },

  async retur(m, sakId) {
    const underkjent = await sisteUnderkjente(m, sakId);
    return (
      underkjent && {
        merke: `Sendt tilbake av ${underkjent.underkjentAv}`,
        tekst: underkjent.grunn,
        av: underkjent.underkjentAv,
        tid: underkjent.underkjentTid,
      }
    );
  },

  async kontekst(k) {
    const g = await hentGrunnlag(k);
    const andre = g.konfig.fireOeyne ? await andreBesluttere(k, g.sak.vedtaksinstans.id, g.dag) : [];
    return {
      regimeTekst: regimeTekst(g.sak),
      oenskeTekst: stor(OENSKETEKST[g.sak.oenske]),
      alder: g.sak.person.alder,
      anbefalingTekst: g.kartlegging ? ANBEFALING[g.kartlegging.anbefaling] : 'Ingen anbefaling er registrert.',
      vurderingTekst: vurderingTekst(g.kartlegging),
      fireOeyneTekst: g.konfig.fireOeyne
        ? `En annen beslutter må godkjenne vedtaket før det gjelder${andre.length > 0 ? ` (${andre.join(', ')})` : ''}.`
        : 'Vedtaket gjelder når du fatter det.',
      hjemler: hjemmelValg(hjemlerForVedtak(g.sak.regime, g.dag)),
      utfall: g.start.utfall,
      hjemmel: [...g.start.hjemmelIder],
      begrunnelse: g.start.begrunnelse,
      tidsbegrenset: g.start.tilDato ? 'ja' : 'nei',
      tidsbegrensetTil: g.start.tilDato,
      brevtekst: g.startbrev,
    };
  },

  async kontroller(k, data) {
    const g = await hentGrunnlag(k);
    const { sak, dag } = g;
    const feil: Feltfeil[] = [];
    const gyldige = hjemlerForVedtak(sak.regime, dag).map((h) => h.id);
    if (data.hjemmel.some((id) => !gyldige.includes(id))) {
      feil.push({
        felt: 'hjemmel',
        melding: `Velg hjemler som gjelder i dag, og som ${sak.vedtaksinstans.navn} kan bruke.`,
      });
    } else if (data.utfall !== 'avslag' && !data.hjemmel.some((id) => hjemlerFor(sak, dag, data.utfall).includes(id))) {
      feil.push({
        felt: 'hjemmel',
        melding: `Ingen av hjemlene du har valgt, gir rett til ${OENSKETEKST[data.utfall]}. Velg minst én som gjør det.`,
      });
    }
    if (data.utfall === 'barnekoordinator' && sak.person.alder >= MYNDIG && !data.ventetBarn) {
      // regel 9; pbrl § 2-5 c: barn under 18 år, eller et ventet barn som forelderen selv er bedt om koordinator for
      feil.push({
        felt: 'ventetBarn',
        melding: `Barnekoordinator gis bare for barn under 18 år eller et ventet barn. ${sak.person.navn} er ${sak.person.alder} år. Kryss av hvis vedtaket gjelder et ventet barn.`,
      });
    }
    if (data.utfall === 'ip' && sak.oenske !== 'ip') {
      feil.push({
        felt: 'utfall',
        melding: `${sak.person.navn} ønsker ${OENSKETEKST[sak.oenske]}. Individuell plan gis ikke uten at den er ønsket.`,
      });
    }
    const valg = valgene(data);
    if (valg.tilDato !== null && valg.tilDato <= dag) {
      feil.push({ felt: 'tidsbegrensetTil', melding: 'Datoen vedtaket gjelder til, må være etter i dag.' });
    }
    feil.push(
      ...motsigelser(g, {
        ...valg,
        begrunnelse: data.begrunnelse,
        brevtekst: egenTekst(g, valg, data.brevtekst ?? ''),
      }),
    );
    if (g.konfig.fireOeyne && (await andreBesluttere(k, sak.vedtaksinstans.id, dag)).length === 0) {
      feil.push({
        felt: 'utfall',
        melding: `${sak.vedtaksinstans.navn} har ingen annen beslutter som kan godkjenne vedtaket. Be lederen om at en til får rollen.`,
      });
    }
    return feil;
  },

  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    const g = await hentGrunnlag(k);
    const fireOeyne = g.konfig.fireOeyne;
    const valg = valgene(data);
    const planKonflikt =
      !fireOeyne && data.utfall === 'ip' && !(await reserverPlan(k.tx, k.klokke, k.sakId, sak.person.id));
    const vedtakId = randomUUID();
    const status = planKonflikt ? 'bortfalt' : fireOeyne ? 'til-godkjenning' : 'fattet';
    await k.tx.query(
      `insert into vedtak (id, sak_id, versjon, status, utfall, regime, hjemmel, hjemmel_ider, begrunnelse, til_dato,
                           brevtekst, foreslaatt_av, foreslaatt, fattet)
       values ($1, $2, (select coalesce(max(versjon), 0) + 1 from vedtak where sak_id = $2), $3, $4, $5, $6, $7, $8, $9,
               $10, $11, $12, $13)`,
      [
        vedtakId,
        k.sakId,
        status,
        data.utfall,
        sak.regime,
        hjemmelTekst(data.hjemmel),
        data.hjemmel,
        data.begrunnelse,
        valg.tilDato,
        egenTekst(g, valg, data.brevtekst ?? '') || null,
        k.bruker.id,
        naa,
        status === 'fattet' ? naa : null,
      ],
    );
    const utfallet = `${UTFALLSTEKST[data.utfall]}. Hjemmel: ${hjemmelTekst(data.hjemmel)}.`;
    const variabler = { vedtakId, utfall: data.utfall, fireOeyne, planKonflikt };
    if (planKonflikt) {
      await meldPlankonflikt(k, naa, vedtakId);
      return { variabler, melding: PLANKONFLIKT };
    }
    if (!fireOeyne) await stengForTrekk(k.tx, k.sakId);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: fireOeyne ? 'vedtak-foreslaatt' : 'vedtak-fattet',
      tekst: fireOeyne
        ? `{av} fattet vedtak, som venter på godkjenning: ${utfallet}`
        : `{av} fattet vedtak: ${utfallet}`,
      data: { vedtakId, utfall: data.utfall },
    });
    return {
      variabler,
      melding: fireOeyne
        ? 'Vedtaket er lagret og venter på at en annen beslutter godkjenner det.'
        : `Vedtaket er fattet: ${UTFALLSTEKST[data.utfall]}.`,
    };
  },

  async hvaSkjer(k) {
    const g = await hentGrunnlag(k);
    if (g.konfig.fireOeyne) {
      const andre = await andreBesluttere(k, g.sak.vedtaksinstans.id, g.dag);
      const hvem = andre.length > 0 ? andre.join(' eller ') : `en annen beslutter ved ${g.sak.vedtaksinstans.navn}`;
      const venter = (utfall: Utfall): string =>
        `Vedtaket (${UTFALLSTEKST[utfall]}) legges til ${hvem} for godkjenning. Brevet sendes først når det er godkjent.`;
      return {
        '': `Vedtaket legges til ${hvem} for godkjenning.`,
        ...Object.fromEntries(UTFALL_VERDIER.map((u) => [u, venter(u)])),
      };
    }
    return { '': 'Velg utfallet for å se hva som skjer videre.', ...vedtakVirker(g.sak) };
  },

  async forslag(k, data) {
    const g = await hentGrunnlag(k);
    const { valg } = valgAvUtkast(g, data);
    return { hjemmel: hjemlerFor(g.sak, g.dag, valg.utfall) };
  },

  async utkast(k, data) {
    const g = await hentGrunnlag(k);
    const { valg, brevtekst } = valgAvUtkast(g, data);
    return { ...data, brevtekst: egenTekst(g, valg, brevtekst) };
  },

  async forhaandsvis(k, data) {
    const g = await hentGrunnlag(k);
    const { valg, brevtekst } = valgAvUtkast(g, data);
    return forhaandsvisBrev(
      vedtaksbrev(g.sak, g.rammer, {
        ...valg,
        hjemmel: hjemmelTekst(valg.hjemmelIder),
        brevtekst,
        fattetAv: k.bruker.navn,
        godkjentAv: null,
      }),
    );
  },
};

const DU_SENDTE_TILBAKE = 'Du sendte vedtaket tilbake. En annen beslutter retter det, så du kan godkjenne det etterpå.';
const PLANKONFLIKT =
  'Personen fikk individuell plan i en annen sak før dette vedtaket. Vedtaket er ikke fattet, og dobbeltbehandlingen må avklares.';

/** Saken tapte kappløpet om planen (regel 1): den kan ikke trekkes lenger, den skal avklares. */
export async function meldPlankonflikt(k: StegKontekst, naa: Date, vedtakId: string): Promise<void> {
  await stengForTrekk(k.tx, k.sakId);
  await skrivHendelse(k.tx, {
    naa,
    sakId: k.sakId,
    av: k.bruker,
    type: 'dobbel-sak',
    tekst: 'Vedtaket ble ikke fattet: personen har fått individuell plan i en annen sak.',
    data: { vedtakId },
  });
}

/** Hva et gjeldende vedtak fører til, per utfall, med navn. */
export function vedtakVirker(sak: SakForBrev): Record<Utfall, string> {
  const brev = `Vedtaksbrevet går til ${brevmottakerTekst(sak)}, med opplysning om retten til å klage.`;
  const videre = (rolle: string): string =>
    `${brev} Oppgaven med å finne ${rolle} legges til ${sak.vedtaksinstans.navn}.`;
  return {
    ip: videre('plankoordinator'),
    koordinator: videre('koordinator'),
    barnekoordinator: videre('barnekoordinator'),
    avslag: `${brev} Så avsluttes saken.`,
  };
}

/** Datoen et tidsbegrenset vedtak gjelder til, i en setning. */
export function tidsbegrensningTekst(tilDato: string | null): string {
  return tilDato ? `Til og med ${datoITekst(tilDato)}` : 'Ikke tidsbegrenset';
}
