import type { DataSource, EntityManager } from 'typeorm';
import type { Brevvisning, Forslag, OppgaveDetalj, OppgaveRad, Utkast } from '../contract/api.ts';
import { regnSynlighet } from '../contract/synlighet.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { loggInnsynEnGang } from '../dokument/index.ts';
import { Problemfeil, ikkeFunnet } from '../http/problem.ts';
import { hentGjeldendeSkjema, hentRutineversjon } from '../rutine/index.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import { hentUtkast, type LagretUtkast } from '../utkast/index.ts';
import { kanBesvareFor } from './fordeling.ts';
import { sisteFordeling } from './fordelingslogg.ts';
import { finnSteg, stegkontekst, type FullfoerAvh } from './fullfoer.ts';
import { harMedOppgaven, hentOppgave, kanFordele, tilApiRad, type Oppgaverad } from './lager.ts';
import type { Saksoppslag } from './saksoppslag.ts';
import type { Steg, StegKontekst } from './steg.ts';

export interface DetaljAvh extends Pick<FullfoerAvh, 'steg' | 'kontrakter'> {
  ds: DataSource;
  klokke: Klokke;
  saksoppslag: Saksoppslag;
}

type Innsendt = Record<string, unknown>;

/** Oppgavens innhold er sakens: hvem som leste det, skrives i transaksjonen som leser. En teknisk oppgave handler ikke om noen. */
async function loggLesing(
  tx: EntityManager,
  avh: DetaljAvh,
  bruker: Innlogget,
  o: Oppgaverad,
  handling: 'oppgave:les' | 'brev:forhaandsvis',
): Promise<void> {
  if (o.type === 'teknisk') return;
  await loggInnsynEnGang(tx, {
    naa: avh.klokke.naa(),
    brukerId: bruker.id,
    handling,
    sakId: o.sakId,
    oppgaveId: o.id,
    ...(o.personId ? { personId: o.personId } : {}),
  });
}

/** Oppgaven når brukeren har lov til å se den; ellers 404 med samme ord som når den ikke finnes. */
async function kreverLesing(m: EntityManager, avh: DetaljAvh, bruker: Innlogget, id: string): Promise<Oppgaverad> {
  const o = await hentOppgave(m, id);
  if (!o) throw ikkeFunnet();
  if (o.type === 'teknisk') {
    if (!kan(bruker, 'drift:les')) throw ikkeFunnet();
    return o;
  }
  // Dagens forhold avgjør: en avsluttet oppgave i en sak enheten har gitt fra seg, er ikke lenger enhetens.
  if (kan(bruker, 'oppgave:les', { oppgave: harMedOppgaven(bruker, o) })) return o;
  if ((o.status === 'aapen' || o.enhetHarSaken) && kan(bruker, 'enhet:oppgaver', { enhetId: o.enhetId })) return o;
  const sak = o.sakId ? await avh.saksoppslag.forOppgave(m, o.sakId) : null;
  if (!sak || !kan(bruker, 'oppgave:les', { enhetId: sak.vedtaksinstans })) throw ikkeFunnet();
  return o;
}

async function mittUtkast(m: EntityManager, bruker: Innlogget, o: Oppgaverad): Promise<LagretUtkast | null> {
  return o.eierId === bruker.id ? hentUtkast(m, { slag: 'oppgave', gjelder: o.id }) : null;
}

const TOMT_STEG = { skjema: null, data: {}, hvaSkjer: {}, kanForhaandsviseBrev: false, forslag: null } as const;

/** Knappen på oppgaver som ikke er steg i en rutine. */
const ANDRE_KNAPPER: Record<Exclude<Oppgaverad['type'], 'steg'>, string> = {
  teknisk: 'Prøv igjen',
  'gikk-videre': 'Jeg har sett det',
};

async function stegdel(tx: EntityManager, avh: DetaljAvh, bruker: Innlogget, o: Oppgaverad, utkast: Utkast | null) {
  const { steg, kontrakt } = finnSteg(avh, o);
  const k = stegkontekst(tx, avh.klokke, bruker, o);
  const data = {
    ...(await steg.kontekst(k)),
    ...(utkast && ((await steg.utkast?.(k, utkast.data)) ?? utkast.data)),
  };
  return {
    skjema: (await hentGjeldendeSkjema(tx, o.skjemanoekkel))?.innhold ?? null,
    data,
    forslag: steg.forslag ? (utkast?.forslag ?? (await steg.forslag(k, data))) : null,
    hvaSkjer: await steg.hvaSkjer(k),
    kanForhaandsviseBrev: steg.forhaandsvis !== undefined,
    knapper: { felt: kontrakt.utfallsfelt ?? null, tekster: { ...kontrakt.knapper }, standard: kontrakt.standardKnapp },
  };
}

function avsluttetDel(o: Oppgaverad): OppgaveDetalj['avsluttet'] {
  if (o.status === 'aapen' || !o.avsluttet) return null;
  return {
    av: o.avsluttetAv ?? 'Systemet',
    tid: o.avsluttet.toISOString(),
    maate: o.status === 'avbrutt' ? 'avbrutt' : 'fullfoert',
  };
}

/** Raden slik lista viser den, etter at noe er gjort med oppgaven. Innholdet leses ikke, så det er ikke noe å logge. */
export async function hentOppgaverad(avh: DetaljAvh, bruker: Innlogget, id: string): Promise<OppgaveRad> {
  return tilApiRad(await kreverLesing(avh.ds.manager, avh, bruker, id), bruker, avh.klokke.naa());
}

/** Den siste flyttingen, med grunnen bare for den som leder enheten. */
async function fordelingsdel(m: EntityManager, bruker: Innlogget, o: Oppgaverad): Promise<OppgaveDetalj['fordeling']> {
  const f = await sisteFordeling(m, o.id);
  if (!f) return null;
  const serGrunn = kanFordele(bruker, { ...o, status: 'aapen' });
  return {
    slag: f.slag,
    av: f.av ?? 'Systemet',
    fra: f.fra,
    til: f.til,
    fraMeg: f.fraId === bruker.id,
    tid: f.tid.toISOString(),
    grunn: serGrunn ? f.grunn : null,
  };
}

async function besvarForDel(
  tx: EntityManager,
  avh: DetaljAvh,
  bruker: Innlogget,
  o: Oppgaverad,
): Promise<OppgaveDetalj['besvarFor']> {
  const utvei = avh.steg[o.stegId]?.besvarFor;
  if (!utvei || !(await kanBesvareFor(tx, avh, bruker, o))) return null;
  return {
    navn: o.eierNavn ?? '',
    knapp: utvei.knapp,
    hvaSkjer: await utvei.hvaSkjer(stegkontekst(tx, avh.klokke, bruker, o)),
  };
}

/** Alt oppgavesiden viser: rutinens tekst, skjemaet med inndata og utkast, hva som skjer etterpå, og saken i korte trekk. */
export function hentDetalj(avh: DetaljAvh, bruker: Innlogget, id: string): Promise<OppgaveDetalj> {
  return iTransaksjon(avh.ds, async (tx) => {
    const o = await kreverLesing(tx, avh, bruker, id);
    await loggLesing(tx, avh, bruker, o, 'oppgave:les');
    const rutine = o.definisjonsnoekkel ? await hentRutineversjon(tx, o.definisjonsnoekkel) : null;
    const element = rutine?.steg.find((s) => s.elementId === o.stegId);
    const utkast = await mittUtkast(tx, bruker, o);
    const erSteg = o.type === 'steg' && o.status === 'aapen';
    const standard = o.type === 'steg' ? 'Fullfør' : ANDRE_KNAPPER[o.type];
    const del = erSteg
      ? await stegdel(tx, avh, bruker, o, utkast)
      : { ...TOMT_STEG, data: { ...utkast?.data }, knapper: { felt: null, tekster: {}, standard } };
    return {
      ...del,
      oppgave: tilApiRad(o, bruker, avh.klokke.naa()),
      rutine: {
        id: o.prosessId ?? '',
        navn: o.rutineNavn,
        versjon: o.prosessversjon ?? 0,
        tekst: o.type === 'gikk-videre' ? GIKK_VIDERE : (element?.tekst ?? ''),
        dokumenter: element?.dokumenter ?? [],
        hjemler: element?.hjemler ?? [],
      },
      utkast: utkast ? { lagret: utkast.lagret, versjon: utkast.versjon } : null,
      kanFullfoere: o.status === 'aapen' && o.eierId === bruker.id && o.type !== 'teknisk',
      retur: o.retur && { merke: o.retur.merke, tekst: o.retur.tekst, tid: o.retur.tid },
      fordeling: await fordelingsdel(tx, bruker, o),
      utkastAv: utkast && utkast.avId !== bruker.id ? utkast.av : null,
      besvarFor: await besvarForDel(tx, avh, bruker, o),
      fristKilde: o.frist ? element?.fristkilde || `Fristen følger av rutinen «${o.rutineNavn}».` : null,
      avsluttet: avsluttetDel(o),
      sak: o.sakId && o.type !== 'teknisk' ? await avh.saksoppslag.utdrag(tx, o.sakId, bruker) : null,
      teknisk: o.teknisk
        ? {
            hva: o.teknisk.hva,
            feil: o.teknisk.feil,
            kanProevesIgjen: o.status === 'aapen' && kan(bruker, 'drift:proev-igjen'),
          }
        : null,
    };
  });
}

const GIKK_VIDERE =
  'Arbeidet ditt er lagret, men saken hadde alt gått videre da det kom fram – for eksempel fordi anmodningen ble trukket ' +
  'eller en frist gikk ut.\n\nDet som er skrevet, står i saken under Fakta. Se på saken, og avgjør om noe må gjøres.';

/** Lar steget regne på det som er skrevet nå, uten feltene som er skjult. Ingenting lagres. */
function regnPaa<T>(
  avh: DetaljAvh,
  bruker: Innlogget,
  id: string,
  innsendt: Innsendt,
  handling: 'oppgave:les' | 'brev:forhaandsvis',
  regn: (steg: Steg, k: StegKontekst, data: Innsendt) => Promise<T>,
): Promise<T> {
  return iTransaksjon(avh.ds, async (tx) => {
    const o = await kreverLesing(tx, avh, bruker, id);
    await loggLesing(tx, avh, bruker, o, handling);
    const { steg } = finnSteg(avh, o);
    const k = stegkontekst(tx, avh.klokke, bruker, o);
    const skjema = await hentGjeldendeSkjema(tx, o.skjemanoekkel);
    return regn(steg, k, skjema ? regnSynlighet(skjema.innhold, innsendt, await steg.kontekst(k)).svar : innsendt);
  });
}

/** Brevet slik det blir med det som er skrevet nå. */
export function forhaandsvisBrev(
  avh: DetaljAvh,
  bruker: Innlogget,
  id: string,
  innsendt: Innsendt,
): Promise<Brevvisning> {
  return regnPaa(avh, bruker, id, innsendt, 'brev:forhaandsvis', async (steg, k, data) => {
    if (!steg.forhaandsvis) throw new Problemfeil(404, 'Ikke noe brev', 'Dette steget lager ikke noe brev.');
    return steg.forhaandsvis(k, data);
  });
}

/** Feltene steget foreslår ut fra det som er skrevet nå; tom når det ikke foreslår noe. */
export function hentForslag(avh: DetaljAvh, bruker: Innlogget, id: string, innsendt: Innsendt): Promise<Forslag> {
  return regnPaa(
    avh,
    bruker,
    id,
    innsendt,
    'oppgave:les',
    async (steg, k, data) => (await steg.forslag?.(k, data)) ?? {},
  );
}
