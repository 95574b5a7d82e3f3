import type { EntityManager } from 'typeorm';
import type { Fristgruppe, OppgaveRad } from '../contract/api.ts';
import { dagIOslo, leggTilDager, tidspunktIOslo } from '../contract/tid.ts';
import { TILGANGSTABELL, kan, type Handling, type Innlogget } from '../tilgang/index.ts';
import type { Oppgave } from './oppgave.ts';

/** Raden med alt modulen trenger; `Oppgave` er det stegene ser av den. */
export interface Oppgaverad extends Oppgave {
  loepenr: string;
  gruppe: string | null;
  enhetNavn: string;
  eierNavn: string | null;
  rutineNavn: string;
  definisjonsnoekkel: string | null;
  skjemanoekkel: string | null;
  tatt: Date | null;
  avsluttet: Date | null;
  avsluttetAv: string | null;
  innsendingId: string | null;
  svar: unknown;
  utelukketId: string | null;
  utelukketGrunn: string | null;
  utelukketMykt: boolean;
  /** Hvorfor oppgaven kom tilbake (Steg.retur), slik den er lagret. */
  retur: { merke: string; tekst: string; av: string; tid: string } | null;
  /** Den som har eller er spurt i oppgaven, er sperret. */
  eierBorte: boolean;
  teknisk: Tekniskfeil | null;
}

/** Det en teknisk oppgave handler om, og det som trengs for å prøve igjen. */
export interface Tekniskfeil {
  hva: string;
  feil: string;
  kilde: 'jobb' | 'incident' | 'utboks' | 'avvik';
  jobbnoekkel: string | null;
  incidentKey: string | null;
  utboksId: string | null;
}

export const KOLONNER = `
  o.id, o.loepenr, o.type, o.steg_id as "stegId", o.tittel, o.sak_id as "sakId", o.saksnummer,
  o.person_id as "personId", o.person_navn as "personNavn", o.user_task_key as "userTaskKey",
  o.prosessinstans as "prosessinstansnoekkel", o.prosess_id as "prosessId", o.prosessversjon, o.fase,
  o.gruppe, split_part(o.gruppe, ':', 1) as rolle, o.enhet_id as "enhetId", o.kandidatbruker, o.eier_id as "eierId", o.status,
  o.frist, o.opprettet, o.rutine_navn as "rutineNavn", o.definisjonsnoekkel, o.skjemanoekkel, o.tatt, o.avsluttet,
  o.innsending_id as "innsendingId", o.svar, o.utelukket_id as "utelukketId", o.utelukket_grunn as "utelukketGrunn",
  o.utelukket_mykt as "utelukketMykt", o.retur, o.teknisk`;

/** Navnene slås opp etter at radene er valgt ut, så sorteringen aldri drar dem med seg. */
export const MED_NAVN = `
  (select e.navn from enhet e where e.id = o.enhet_id) as "enhetNavn",
  (select b.navn from bruker b where b.id = o.eier_id) as "eierNavn",
  (select b.navn from bruker b where b.id = o.avsluttet_av) as "avsluttetAv",
  exists (select 1 from bruker b where b.id = coalesce(o.eier_id, o.kandidatbruker) and not b.aktiv) as "eierBorte"`;

/** Om oppgavens enhet har noe med saken å gjøre i dag: den avgjør saken, eller noen der har et pågående oppdrag i den. */
export const ENHET_HAR_SAKEN = `(coalesce((select s.vedtaksinstans = o.enhet_id from sak s where s.id = o.sak_id), true)
   or exists (select 1 from koordinatoroppdrag ko where ko.sak_id = o.sak_id
                 and (ko.enhet_id = o.enhet_id or ko.bruker_id = o.kandidatbruker)
                 and ko.status in ('foreslaatt','bekreftet','aktiv')))`;

/** Oppgaven med enhetens forhold til saken i dag. */
export type EnOppgave = Oppgaverad & { enhetHarSaken: boolean };

/** Oppgaven, med radlås når `laas` er satt; null når den ikke finnes. */
export async function hentOppgave(m: EntityManager, id: string, laas = false): Promise<EnOppgave | null> {
  const rader: EnOppgave[] = await m.query(
    `select ${KOLONNER}, ${MED_NAVN}, ${ENHET_HAR_SAKEN} as "enhetHarSaken" from oppgave o where o.id = $1 ${laas ? 'for update of o' : ''}`,
    [id],
  );
  return rader[0] ?? null;
}

/** Kandidatgruppene brukeren har handlingen gjennom, etter tilgangstabellen. */
export function oppgavegrupper(bruker: Innlogget, handling: Handling): string[] {
  return bruker.roller
    .filter(({ rolle }) => TILGANGSTABELL[rolle][handling]?.includes('oppgave'))
    .map((r) => `${r.rolle}:${r.enhetId}`);
}

/** Om oppgaven er brukerens egen, eller en han er kandidat til. */
function erKandidat(bruker: Innlogget, o: Pick<Oppgaverad, 'gruppe' | 'kandidatbruker' | 'eierId'>): boolean {
  if (o.eierId === bruker.id || o.kandidatbruker === bruker.id) return true;
  return o.gruppe !== null && bruker.roller.some((r) => `${r.rolle}:${r.enhetId}` === o.gruppe);
}

/**
 * Om brukeren har med oppgaven å gjøre i dag. En åpen oppgave er gitt til gruppa eller personen nå. En som er avsluttet, ble gitt
 * den gang; da teller det bare så lenge enheten fortsatt har saken.
 */
export function harMedOppgaven(
  bruker: Innlogget,
  o: Pick<EnOppgave, 'gruppe' | 'kandidatbruker' | 'eierId' | 'status' | 'enhetHarSaken'>,
): boolean {
  return erKandidat(bruker, o) && (o.status === 'aapen' || o.enhetHarSaken);
}

/** Om oppgaven er ledig for en med brukerens roller. */
function erLedigFor(bruker: Innlogget, o: Oppgaverad): boolean {
  return o.status === 'aapen' && o.eierId === null && kan(bruker, 'oppgave:ta', { oppgave: erKandidat(bruker, o) });
}

/** Hvorfor brukeren ikke kan ta en ledig oppgave som rollen passer til (fire øyne); null når han kan, eller den ikke er ledig. */
export function hindring(bruker: Innlogget, o: Oppgaverad): string | null {
  return o.utelukketId === bruker.id && erLedigFor(bruker, o) ? o.utelukketGrunn : null;
}

/** Om brukeren kan ta oppgaven nå: den er åpen, ingen har den, han er kandidat, og ikke utelukket. */
function kanTa(bruker: Innlogget, o: Oppgaverad): boolean {
  return erLedigFor(bruker, o) && o.utelukketId !== bruker.id;
}

/** Om brukeren kan legge oppgaven tilbake: den er hans, og det finnes andre som kan ta den. */
export function kanLeggeTilbake(bruker: Innlogget, o: Oppgaverad): boolean {
  return o.status === 'aapen' && o.eierId === bruker.id && o.gruppe !== null;
}

/** Om brukeren leder enheten oppgaven ligger hos, og kan gi den til en annen. Tekniske oppgaver prøves på nytt uten å ha noen eier. */
export function kanFordele(bruker: Innlogget, o: Pick<Oppgaverad, 'type' | 'status' | 'enhetId'>): boolean {
  return o.type !== 'teknisk' && o.status === 'aapen' && kan(bruker, 'oppgave:fordel', { enhetId: o.enhetId });
}

/** Begynnelsen på dagen i dag, i morgen og neste uke, i Oslo; gruppene i oppgavelista skilles der. */
export function fristgrenser(naa: Date): { iDag: Date; iMorgen: Date; nesteUke: Date } {
  const dag = dagIOslo(naa);
  const ukedag = (new Date(`${dag}T12:00:00Z`).getUTCDay() + 6) % 7;
  return {
    iDag: tidspunktIOslo(dag),
    iMorgen: tidspunktIOslo(leggTilDager(dag, 1)),
    nesteUke: tidspunktIOslo(leggTilDager(dag, 7 - ukedag)),
  };
}

function fristgruppe(frist: Date | null, g: ReturnType<typeof fristgrenser>): Fristgruppe {
  if (!frist) return 'uten-frist';
  if (frist < g.iDag) return 'forfalt';
  if (frist < g.iMorgen) return 'i-dag';
  return frist < g.nesteUke ? 'denne-uka' : 'senere';
}

/** Raden slik skjermen får den. */
export function tilApiRad(o: Oppgaverad, bruker: Innlogget, naa: Date): OppgaveRad {
  return {
    id: o.id,
    type: o.type,
    stegId: o.stegId,
    tittel: o.tittel,
    sakId: o.sakId,
    saksnummer: o.saksnummer,
    personNavn: o.personNavn,
    rutineNavn: o.rutineNavn,
    fase: o.fase,
    enhetId: o.enhetId,
    enhetNavn: o.enhetNavn,
    frist: o.frist?.toISOString() ?? null,
    gruppe: o.retur ? 'tilbake' : fristgruppe(o.frist, fristgrenser(naa)),
    opprettet: o.opprettet.toISOString(),
    eier: o.eierId ? { id: o.eierId, navn: o.eierNavn ?? o.eierId } : null,
    tatt: o.tatt?.toISOString() ?? null,
    eierBorte: o.eierBorte,
    retur: o.retur?.merke ?? null,
    status: o.status,
    kanTa: kanTa(bruker, o),
    hindring: hindring(bruker, o),
    kanLeggeTilbake: kanLeggeTilbake(bruker, o),
    kanFordele: kanFordele(bruker, o),
  };
}

/** Åpne oppgaver i saken, for saksbildet. Tilgangen til saken må være avgjort av den som spør. */
export async function hentOppgaverISak(
  m: EntityManager,
  sakId: string,
  bruker: Innlogget,
  naa: Date,
): Promise<OppgaveRad[]> {
  const rader: Oppgaverad[] = await m.query(
    `select ${KOLONNER}, ${MED_NAVN} from oppgave o where o.sak_id = $1 and o.status in ('aapen','fullfoerer')
      order by o.frist nulls last, o.loepenr`,
    [sakId],
  );
  return rader.map((o) => tilApiRad(o, bruker, naa));
}
