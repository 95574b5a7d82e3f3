import { randomUUID } from 'node:crypto';
import type { Feltfeil } from '../../contract/api.ts';
import { skjema as kartleggingsskjema } from '../../contract/steg/kartlegg-og-vurder.ts';
import type { Data } from '../../contract/steg/vurder-valg.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak, sisteSvar } from '../../sak/index.ts';
import { hentEnhet } from '../../tilgang/index.ts';
import { harVilkaar, hentKandidater, hentMuligeEnheter, kandidatvalg } from '../kandidater.ts';
import { rolletekst, sisteTilbake, tidligereSvar } from '../oppdrag.ts';
import { rolleFor } from '../steggrunnlag.ts';

/** Valget av koordinator, i egen enhet eller ved skriftlig henvendelse til en annen (Stavanger, Utnevne plankoordinator). */
export const vurderValg: Steg<Data> = {
  id: 'vurder-valg',
  brevfelter: ['bakgrunn', 'begrunnelse', 'planeiersOenske', 'paaroerendesOenske'],

  retur: (m, sakId) => sisteTilbake(m, sakId, ['oppdrag-avslaatt', 'kan-ikke-utpeke', 'oppdrag-uten-svar']),

  async kontekst(k) {
    const { sak, dag } = await grunnlag(k);
    const kartlegging = await sisteSvar(k.tx, k.sakId, 'kartlegg-og-vurder', kartleggingsskjema);
    const kandidater = await hentKandidater(k.tx, sak.vedtaksinstans.id, rolleFor(sak.vedtak?.utfall), dag);
    const enheter = await hentMuligeEnheter(k.tx, sak.vedtaksinstans.id, dag);
    return {
      oenskeTekst: kartlegging?.oenskeOmPlankoordinator ?? 'Det er ikke skrevet noe ønske i kartleggingen.',
      tidligereSvar: await tidligereSvar(k.tx, k.sakId),
      kandidater: kandidater.map(({ navn, enhet, oppdrag, kapasitet, kompetanse }) => ({
        navn,
        enhet,
        oppdrag,
        kapasitet,
        kompetanse,
      })),
      ansatte: kandidatvalg(kandidater),
      enheter: enheter.map((e) => ({ value: e.id, label: e.navn })),
      enheterMedVilkaar: enheter.filter(harVilkaar).map((e) => e.id),
      planeiersOenske: kartlegging?.oenskeOmPlankoordinator ?? '',
    };
  },

  async kontroller(k, data) {
    const { sak, dag } = await grunnlag(k);
    const feil: Feltfeil[] = [];
    if (data.utenforEnheten === 'nei') {
      const kandidater = await hentKandidater(k.tx, sak.vedtaksinstans.id, rolleFor(sak.vedtak?.utfall), dag);
      if (!kandidater.some((a) => a.id === data.ansattId)) {
        feil.push({ felt: 'ansattId', melding: `Velg en ansatt ved ${sak.vedtaksinstans.navn} fra lista.` });
      }
    } else {
      const enhet = (await hentMuligeEnheter(k.tx, sak.vedtaksinstans.id, dag)).find((e) => e.id === data.valgtEnhet);
      if (!enhet) {
        feil.push({
          felt: 'valgtEnhet',
          melding: 'Velg en enhet fra lista. Den må ha en virksomhetsleder som kan svare.',
        });
      } else if (harVilkaar(enhet) && !data.andreKommunaleTjenester) {
        feil.push({
          felt: 'andreKommunaleTjenester',
          melding: `${enhet.navn} kan bare ha rollen når planeier også har andre kommunale tjenester. Kryss av hvis det er slik, eller velg en annen enhet.`,
        });
      }
    }
    return feil;
  },

  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    const utenfor = data.utenforEnheten === 'ja';
    const enhetId = utenfor ? (data.valgtEnhet ?? '') : sak.vedtaksinstans.id;
    const ansattId = utenfor ? null : (data.ansattId ?? null);
    const rolle = rolleFor(sak.vedtak?.utfall);
    const oppdragId = randomUUID();
    await k.tx.query(
      `update koordinatoroppdrag set status = 'erstattet' where sak_id = $1 and status in ('foreslaatt','bekreftet')`,
      [k.sakId],
    );
    await k.tx.query(
      `insert into koordinatoroppdrag (id, sak_id, rolle, status, enhet_id, utenfor_enheten, bruker_id, bakgrunn,
                                       begrunnelse, oenske, foreslaatt_av, foreslaatt)
       values ($1, $2, $3, 'foreslaatt', $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        oppdragId,
        k.sakId,
        rolle,
        enhetId,
        utenfor,
        ansattId,
        data.bakgrunn ?? '',
        data.begrunnelse,
        [data.planeiersOenske, data.paaroerendesOenske ?? ''].filter((t) => t).join('\n'),
        k.bruker.id,
        naa,
      ],
    );
    const spurt = await navnPaaValgt(k.tx, enhetId, ansattId);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'koordinator-valgt',
      tekst: utenfor
        ? `{av} ba ${spurt} om å utpeke en ${rolletekst(rolle)}. Begrunnelse: ${data.begrunnelse}`
        : `{av} valgte å spørre ${spurt} om å bli ${rolletekst(rolle)}. Begrunnelse: ${data.begrunnelse}`,
      data: { oppdragId },
    });
    return {
      variabler: { oppdragId, utenforEnheten: utenfor, valgtEnhet: enhetId, ansattId },
      melding: utenfor ? `Henvendelsen sendes til ${spurt}.` : `${spurt} er spurt om oppdraget.`,
    };
  },

  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const rolle = rolletekst(rolleFor(sak.vedtak?.utfall));
    return {
      '': 'Velg egen eller en annen enhet for å se hva som skjer videre.',
      nei: `Den du velger, blir spurt om å bli ${rolle} for ${sak.person.navn} og må bekrefte selv.`,
      ja: `Enheten får en skriftlig henvendelse med bakgrunnen og begrunnelsen du skriver. Virksomhetslederen der utpeker en ansatt som ${rolle}, eller svarer at det ikke går.`,
    };
  },
};

async function navnPaaValgt(
  tx: Parameters<typeof hentEnhet>[0],
  enhetId: string,
  ansattId: string | null,
): Promise<string> {
  if (ansattId) {
    const rader: { navn: string }[] = await tx.query(`select navn from bruker where id = $1`, [ansattId]);
    return rader[0]?.navn ?? ansattId;
  }
  return (await hentEnhet(tx, enhetId))?.navn ?? enhetId;
}
