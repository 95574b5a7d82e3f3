import type { EntityManager } from 'typeorm';
import type { Utkastlagring, UtkastSvar } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { SONE } from '../contract/tid.ts';
import { varsle } from '../hendelse/skriv.ts';
import { Problemfeil, ikkeFunnet } from '../http/problem.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import { lagreUtkast } from '../utkast/index.ts';
import { sisteFordeling } from './fordelingslogg.ts';
import { harMedOppgaven, hentOppgave, hindring, kanLeggeTilbake, type Oppgaverad } from './lager.ts';

const klokkeslett = new Intl.DateTimeFormat('nb-NO', {
  timeZone: SONE,
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});

/** "for 2 minutter siden", og dato og klokkeslett når det er lenge siden. */
function siden(tid: Date | null, naa: Date): string {
  if (!tid) return '';
  const minutter = Math.floor((naa.getTime() - tid.getTime()) / 60_000);
  if (minutter < 1) return ' nå nettopp';
  if (minutter < 60) return ` for ${minutter} ${minutter === 1 ? 'minutt' : 'minutter'} siden`;
  return ` ${klokkeslett.format(tid)}`;
}

/** Oppgaven er ikke lenger åpen: sier hvem som gjorde den ferdig og når, eller at saken gikk en annen vei. */
export function ikkeAapen(o: Oppgaverad, naa: Date): Problemfeil {
  const av = o.avsluttetAv ?? 'en annen';
  const detalj =
    o.status === 'avbrutt'
      ? `Oppgaven falt bort${siden(o.avsluttet, naa)} fordi saken gikk videre på en annen måte.`
      : `Oppgaven ble fullført av ${av}${siden(o.avsluttet, naa)}.`;
  return new Problemfeil(409, 'Oppgaven er ikke lenger åpen', detalj);
}

/** En annen har oppgaven: hvem, siden når, og hvem som ga den når han ikke tok den selv. */
async function andreHar(tx: EntityManager, o: Oppgaverad, naa: Date): Promise<Problemfeil> {
  const f = await sisteFordeling(tx, o.id);
  if (f?.slag === 'gitt' && f.tilId === o.eierId && f.av) {
    const detalj = `${f.av} ga oppgaven til ${o.eierNavn ?? 'en annen'}${siden(f.tid, naa)}.`;
    return new Problemfeil(409, 'Oppgaven er gitt til en annen', detalj);
  }
  return new Problemfeil(409, 'Oppgaven er tatt', `${o.eierNavn ?? 'En annen'} tok oppgaven${siden(o.tatt, naa)}.`);
}

/** Ingen har oppgaven; hadde brukeren den nettopp, sies det hvem som gjorde den ledig. */
async function ingenHar(tx: EntityManager, o: Oppgaverad, bruker: Innlogget, naa: Date): Promise<Problemfeil> {
  const f = await sisteFordeling(tx, o.id);
  if (f?.slag === 'frigjort' && f.fraId === bruker.id && f.av) {
    const detalj = `${f.av} gjorde oppgaven ledig${siden(f.tid, naa)}. Ta den igjen hvis du skal fortsette.`;
    return new Problemfeil(409, 'Oppgaven er ledig igjen', detalj);
  }
  return new Problemfeil(409, 'Ta oppgaven først', 'Oppgaven er ledig. Ta den før du arbeider med den.');
}

/** Sier til motoren og til skjermene hvem som har oppgaven nå. */
export async function speil(tx: EntityManager, o: Oppgaverad, eierId: string | null, naa: Date): Promise<void> {
  if (o.userTaskKey) {
    const innhold = { oppgaveId: o.id, userTaskKey: o.userTaskKey, eierId };
    await skrivUtboks(tx, { slag: 'tildel-user-task', innhold, sakId: o.sakId, naa });
  }
  await varsle(tx, { type: 'oppgave', id: o.id, sakId: o.sakId });
}

/**
 * Tar oppgaven. Av flere samtidige får nøyaktig én den; de andre får 409 med navnet på den som fikk den.
 * Å ta sin egen oppgave er ingenting.
 * @throws Problemfeil 404 (ikke kandidat), 409 (tatt, ikke åpen, eller brukeren er utelukket: se Steg.utelukket)
 */
export async function taOppgave(tx: EntityManager, klokke: Klokke, bruker: Innlogget, id: string): Promise<void> {
  const naa = klokke.naa();
  const sett = await hentOppgave(tx, id);
  if (!sett || !kan(bruker, 'oppgave:ta', { oppgave: harMedOppgaven(bruker, sett) })) throw ikkeFunnet();
  const grunn = hindring(bruker, sett);
  if (grunn) throw new Problemfeil(409, 'Du kan ikke ta oppgaven', grunn);
  const [tatt]: [unknown[], number] = await tx.query(
    `update oppgave set eier_id = $2, tatt = $3 where id = $1 and eier_id is null and status = 'aapen' returning id`,
    [id, bruker.id, naa],
  );
  const o = (await hentOppgave(tx, id)) ?? sett;
  if (tatt.length > 0) return speil(tx, o, bruker.id, naa);
  if (o.status !== 'aapen') throw ikkeAapen(o, naa);
  if (o.eierId !== bruker.id) throw await andreHar(tx, o, naa);
}

/** Legger oppgaven tilbake, så andre kan ta den. Utkastet blir liggende til den som tar den. */
export async function leggTilbake(tx: EntityManager, klokke: Klokke, bruker: Innlogget, id: string): Promise<void> {
  const naa = klokke.naa();
  const o = await hentOppgave(tx, id, true);
  if (!o || !kan(bruker, 'oppgave:ta', { oppgave: harMedOppgaven(bruker, o) })) throw ikkeFunnet();
  if (o.status !== 'aapen') throw ikkeAapen(o, naa);
  if (o.eierId === null) return;
  if (o.eierId !== bruker.id) throw await andreHar(tx, o, naa);
  if (!kanLeggeTilbake(bruker, o)) {
    throw new Problemfeil(409, 'Oppgaven er din', 'Oppgaven er gitt til deg personlig og kan ikke legges tilbake.');
  }
  await tx.query(`update oppgave set eier_id = null, tatt = null where id = $1`, [id]);
  await speil(tx, o, null, naa);
}

/** Krever at oppgaven er åpen og brukerens egen; gir den med radlås. */
export async function krevMin(tx: EntityManager, klokke: Klokke, bruker: Innlogget, id: string): Promise<Oppgaverad> {
  const naa = klokke.naa();
  const o = await hentOppgave(tx, id, true);
  if (!o || !kan(bruker, 'oppgave:fullfoer', { oppgave: harMedOppgaven(bruker, o) })) throw ikkeFunnet();
  if (o.status !== 'aapen') throw ikkeAapen(o, naa);
  if (o.eierId === null) throw await ingenHar(tx, o, bruker, naa);
  if (o.eierId !== bruker.id) throw await andreHar(tx, o, naa);
  return o;
}

/**
 * Lagrer det som er skrevet så langt i oppgaven.
 * @throws Problemfeil 404, 409 (ikke min, ikke åpen, eller lagret fra et annet vindu imens: se utkast/lager.ts)
 */
export async function lagreOppgaveutkast(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  id: string,
  innsendt: Utkastlagring,
): Promise<UtkastSvar> {
  await krevMin(tx, klokke, bruker, id);
  return lagreUtkast(tx, { slag: 'oppgave', gjelder: id }, bruker.id, innsendt, klokke.naa());
}
