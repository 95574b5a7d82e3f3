import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CamundaClient } from '../engine/client.ts';
import { SONE, dagIOslo, nesteVirkedag, tidspunktIOslo } from '../contract/tid.ts';
import { skrivHendelse, varsle } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';
import { hentEllerHentFraMotoren, hentSkjemaEllerFraMotoren } from '../rutine/index.ts';
import { delGruppe, enhetTil, hentAnsatte, hentBruker, hentEnhet } from '../tilgang/index.ts';
import { ENHET_HAR_SAKEN, KOLONNER, MED_NAVN, type Oppgaverad } from './lager.ts';
import type { Saksoppslag } from './saksoppslag.ts';
import type { Stegregister } from './steg.ts';

export interface ProjeksjonAvh {
  klient: CamundaClient;
  saksoppslag: Saksoppslag;
  steg: Stegregister;
}

/** Det motoren vet om en oppgave, enten det kommer fra lytteren eller fra avstemmingen. */
export interface Motoroppgave {
  userTaskKey: string;
  elementId: string;
  elementinstansnoekkel: string;
  prosessinstansnoekkel: string;
  prosessdefinisjonsnoekkel: string;
  prosessId: string;
  prosessversjon: number;
  kandidatgrupper: string[];
  kandidatbrukere: string[];
  assignee: string | null;
  frist: Date | null;
  formKey: string | null;
  prioritet: number;
  sakId: string | null;
}

const tidIOslo = new Intl.DateTimeFormat('en-GB', {
  timeZone: SONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Fristen, flyttet til neste virkedag når den faller på en lørdag, søndag eller helligdag; klokkeslettet beholdes. */
export function fristPaaVirkedag(frist: Date): Date {
  const dag = dagIOslo(frist);
  const virkedag = nesteVirkedag(dag);
  return virkedag === dag ? frist : tidspunktIOslo(virkedag, tidIOslo.format(frist));
}

/** Det diagrammet regnet ut, når det ser ut som en id; noe annet kan være hva som helst og skrives ikke. */
function somId(verdi: string): string {
  return /^[a-z][a-z-]{0,59}(:[a-z][a-z0-9-]{0,59})?$/.test(verdi) ? verdi : 'noe som ikke er en id';
}

/** Hvem oppgaven ligger hos. Systemet viser én gruppe eller én person; et diagram som sier noe annet, stopper synlig. */
async function plasser(m: EntityManager, o: Motoroppgave, naa: Date) {
  const person = o.assignee ?? o.kandidatbrukere[0] ?? null;
  const gruppe = o.kandidatgrupper[0] ?? null;
  const hva = `Oppgaven «${o.elementId}»`;
  if (o.kandidatgrupper.length > 1 || new Set([...o.kandidatbrukere, ...(o.assignee ? [o.assignee] : [])]).size > 1) {
    throw new Systemfeil(`${hva} er gitt til flere grupper eller personer. Bare én er støttet.`);
  }
  if (gruppe !== null) {
    const delt = delGruppe(gruppe);
    if (!delt) throw new Systemfeil(`${hva} er gitt til gruppa «${somId(gruppe)}», som ikke er på formen rolle:enhet.`);
    if (!(await hentEnhet(m, delt.enhetId))) {
      throw new Systemfeil(`${hva} er gitt til gruppa «${somId(gruppe)}», og den enheten finnes ikke her.`);
    }
    return { gruppe, kandidatbruker: person, enhetId: delt.enhetId };
  }
  if (person === null) throw new Systemfeil(`${hva} er ikke gitt til noen.`);
  // En som er sperret eller har sluttet, får oppgaven likevel: lederen der han var, ser den og kan svare for ham.
  const enhetId = await enhetTil(m, person, dagIOslo(naa));
  if (!enhetId) throw new Systemfeil(`${hva} er gitt til «${somId(person)}», som ikke har noen rolle her.`);
  return { gruppe: null, kandidatbruker: person, enhetId };
}

/** Den som hadde steget sist i saken, når han fortsatt er kandidat i gruppa og ikke er utelukket. */
async function forrigeEier(
  m: EntityManager,
  o: Motoroppgave,
  gruppe: string,
  utelukketId: string | undefined,
  naa: Date,
): Promise<string | null> {
  const rader: { eier_id: string }[] = await m.query(
    `select eier_id from oppgave
      where sak_id = $1 and steg_id = $2 and type = 'steg' and eier_id is not null order by loepenr desc limit 1`,
    [o.sakId, o.elementId],
  );
  const id = rader[0]?.eier_id;
  if (!id || id === utelukketId) return null;
  const bruker = await hentBruker(m, id, dagIOslo(naa));
  return bruker?.roller.some((r) => `${r.rolle}:${r.enhetId}` === gruppe) ? id : null;
}

/** Om noen andre enn brukeren er i gruppa i dag. */
async function finnesAndre(m: EntityManager, gruppe: string | null, brukerId: string, naa: Date): Promise<boolean> {
  const delt = gruppe === null ? null : delGruppe(gruppe);
  const ansatte = delt ? await hentAnsatte(m, delt.enhetId, dagIOslo(naa), [delt.rolle]) : [];
  return ansatte.some((a) => a.id !== brukerId);
}

/** Den gruppeoppgaven ble lagt til da den oppsto (den kom tilbake til ham); null når den er ledig. */
export async function eierFraStart(tx: EntityManager, userTaskKey: string, instans: string): Promise<string | null> {
  const rader: { eier_id: string | null }[] = await tx.query(
    `select eier_id from oppgave where user_task_key = $1 and prosessinstans = $2 and gruppe is not null`,
    [userTaskKey, instans],
  );
  return rader[0]?.eier_id ?? null;
}

/** To lyttere for samme oppgave går etter hverandre, også når raden ikke finnes ennå. */
async function laasUserTask(tx: EntityManager, userTaskKey: string, prosessinstans: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${userTaskKey}:${prosessinstans}`]);
}

/**
 * Skriver oppgaven i vår egen tabell. Kalles for den samme oppgaven så mange ganger det skal være: bare den første gjør noe.
 * @param frist fristen slik den skal gjelde, alt flyttet til en virkedag
 * @returns id-en når raden er ny; null når den finnes, eller motoren alt har forlatt steget
 * @throws Error når diagrammet gir oppgaven til noen systemet ikke kjenner
 */
export async function projiser(
  tx: EntityManager,
  avh: ProjeksjonAvh,
  o: Motoroppgave,
  frist: Date | null,
  naa: Date,
): Promise<string | null> {
  const { gruppe, kandidatbruker, enhetId } = await plasser(tx, o, naa);
  await laasUserTask(tx, o.userTaskKey, o.prosessinstansnoekkel);
  const forlatt: unknown[] = await tx.query(
    `select 1 from oppgave_avbrutt where user_task_key = $1 and prosessinstans = $2`,
    [o.userTaskKey, o.prosessinstansnoekkel],
  );
  if (forlatt.length > 0) return null;
  const versjon = {
    definisjonsnoekkel: o.prosessdefinisjonsnoekkel,
    prosessId: o.prosessId,
    versjon: o.prosessversjon,
  };
  const rutine = await hentEllerHentFraMotoren(tx, avh.klient, versjon, naa);
  await hentSkjemaEllerFraMotoren(tx, avh.klient, o.formKey, o.userTaskKey);
  const steg = rutine?.steg.find((s) => s.elementId === o.elementId);
  const sak = o.sakId ? await avh.saksoppslag.forOppgave(tx, o.sakId) : null;
  const stegets = o.sakId ? ((await avh.steg[o.elementId]?.utelukket?.(tx, o.sakId)) ?? null) : null;
  const utelukket = stegets?.mykt && !(await finnesAndre(tx, gruppe, stegets.brukerId, naa)) ? null : stegets;
  const retur = o.sakId ? ((await avh.steg[o.elementId]?.retur?.(tx, o.sakId)) ?? null) : null;
  const id = randomUUID();
  const tilbakeTil = retur && gruppe ? await forrigeEier(tx, o, gruppe, utelukket?.brukerId, naa) : null;
  const eier = gruppe === null ? kandidatbruker : tilbakeTil;
  const rader: { id: string }[] = await tx.query(
    `insert into oppgave (id, type, steg_id, tittel, sak_id, saksnummer, person_id, person_navn, user_task_key, elementinstans,
                          prosessinstans, definisjonsnoekkel, prosess_id, prosessversjon, rutine_navn, fase, skjemanoekkel,
                          gruppe, kandidatbruker, enhet_id, eier_id, tatt, status, frist, prioritet, opprettet,
                          utelukket_id, utelukket_grunn, utelukket_mykt, retur)
     values ($1, 'steg', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 'aapen',
             $22, $23, $24, $25, $26, $27, $28)
     on conflict (user_task_key, prosessinstans) where user_task_key is not null do nothing
     returning id`,
    [
      id,
      o.elementId,
      steg?.navn || o.elementId,
      o.sakId,
      sak?.saksnummer ?? null,
      sak?.personId ?? null,
      sak?.personNavn ?? null,
      o.userTaskKey,
      o.elementinstansnoekkel,
      o.prosessinstansnoekkel,
      o.prosessdefinisjonsnoekkel,
      o.prosessId,
      o.prosessversjon,
      rutine?.navn ?? o.prosessId,
      steg?.fase ?? '',
      o.formKey,
      gruppe,
      kandidatbruker,
      enhetId,
      eier,
      eier ? naa : null,
      frist,
      o.prioritet,
      naa,
      utelukket?.brukerId ?? null,
      utelukket?.grunn ?? null,
      utelukket?.mykt ?? false,
      retur && JSON.stringify(retur),
    ],
  );
  if (rader.length === 0) return null;
  if (o.sakId && steg?.fase) await avh.saksoppslag.settFase(tx, o.sakId, steg.fase);
  await varsle(tx, { type: 'oppgave', id, sakId: o.sakId });
  if (o.sakId) await varsle(tx, { type: 'sak', id: o.sakId, sakId: o.sakId });
  return id;
}

/**
 * Motoren forlater steget (avbrutt, trukket, fristen gikk ut). En åpen oppgave faller bort. Er arbeidet alt lagret og på vei,
 * er det for sent for motoren, men ikke for mennesket: det blir en oppgave om at saken gikk videre. Den som rekker låsen på
 * raden først – brukstilfellet eller denne – vinner.
 */
export async function avbryt(tx: EntityManager, userTaskKey: string, prosessinstans: string, naa: Date): Promise<void> {
  await laasUserTask(tx, userTaskKey, prosessinstans);
  const rader: Oppgaverad[] = await tx.query(
    `select ${KOLONNER}, ${MED_NAVN} from oppgave o where o.user_task_key = $1 and o.prosessinstans = $2 for update of o`,
    [userTaskKey, prosessinstans],
  );
  const o = rader[0];
  if (!o) {
    await tx.query(
      `insert into oppgave_avbrutt (user_task_key, prosessinstans) values ($1, $2) on conflict do nothing`,
      [userTaskKey, prosessinstans],
    );
  } else if (o.status === 'aapen') {
    await tx.query(`update oppgave set status = 'avbrutt', avsluttet = $2 where id = $1`, [o.id, naa]);
    await varsle(tx, { type: 'oppgave', id: o.id, sakId: o.sakId });
  } else if (o.status === 'fullfoerer') {
    await gikkVidere(tx, o, naa);
  }
}

/**
 * Arbeidet er lagret, men motoren hadde forlatt steget. Den opprinnelige oppgaven merkes, og den som gjorde arbeidet får en
 * ny oppgave som sier det, så ingen tror at det fikk virkning i saksgangen. Har enheten gitt saken fra seg, står navnet ikke der.
 */
export async function gikkVidere(tx: EntityManager, o: Oppgaverad, naa: Date): Promise<void> {
  await tx.query(`update oppgave set status = 'gikk-videre', avsluttet = coalesce(avsluttet, $2) where id = $1`, [
    o.id,
    naa,
  ]);
  const id = randomUUID();
  await tx.query(
    `insert into oppgave (id, type, steg_id, tittel, sak_id, saksnummer, person_id, person_navn, prosessinstans,
                          definisjonsnoekkel, prosess_id, prosessversjon, rutine_navn, fase, gruppe, kandidatbruker, enhet_id,
                          eier_id, tatt, status, opprettet)
     select $2, 'gikk-videre', steg_id, 'Saken gikk videre: ' || tittel, sak_id, saksnummer,
            case when ${ENHET_HAR_SAKEN} then person_id end, case when ${ENHET_HAR_SAKEN} then person_navn end,
            prosessinstans, definisjonsnoekkel, prosess_id, prosessversjon, rutine_navn, fase, gruppe, kandidatbruker, enhet_id,
            avsluttet_av, $3, 'aapen', $3
       from oppgave o where id = $1`,
    [o.id, id, naa],
  );
  if (o.sakId) {
    await skrivHendelse(tx, {
      naa,
      sakId: o.sakId,
      av: null,
      type: 'gikk-videre',
      tekst: `Arbeidet i «${o.tittel}» er lagret, men saken hadde gått videre og det fikk ikke virkning i saksgangen.`,
    });
  }
  for (const oppgaveId of [o.id, id]) await varsle(tx, { type: 'oppgave', id: oppgaveId, sakId: o.sakId });
}

/** Motoren har fullført oppgaven. */
export async function bekreftFullfoert(tx: EntityManager, oppgaveId: string, naa: Date): Promise<void> {
  const [rader]: [{ sak_id: string | null }[], number] = await tx.query(
    `update oppgave set status = 'fullfoert', avsluttet = coalesce(avsluttet, $2)
      where id = $1 and status = 'fullfoerer' returning sak_id`,
    [oppgaveId, naa],
  );
  if (rader[0]) await varsle(tx, { type: 'oppgave', id: oppgaveId, sakId: rader[0].sak_id });
}
