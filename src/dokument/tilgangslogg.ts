import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** Hva som ble lest. Domenets ord for handlingene; de står i loggen slik de er her. */
export type Innsynshandling =
  | 'sak:les'
  | 'sak:soek'
  | 'dokument:les'
  | 'oppgave:les'
  | 'oppgave:soek'
  | 'brev:forhaandsvis'
  | 'person:les'
  | 'person:soek'
  | 'soek';

export interface Innsyn {
  naa: Date;
  brukerId: string;
  handling: Innsynshandling;
  sakId?: string | null;
  dokumentId?: string;
  oppgaveId?: string;
  personId?: string;
}

/** Så lenge regnes gjentatt lesing av det samme som det samme innsynet: siden henter seg selv når noe skjer. */
const INNSYN_VARER = '1 hour';

/**
 * Skriver hvem som leste hva, i transaksjonen som leser: uten loggrad, ingen lesing (helse- og personopplysninger;
 * GDPR art. 15 og domenets regel 3). Loggen kan ikke endres.
 */
export async function loggInnsyn(tx: EntityManager, innsyn: Innsyn): Promise<void> {
  await tx.query(
    `insert into tilgangslogg (id, tid, bruker_id, handling, sak_id, dokument_id, oppgave_id, person_id)
     values ($1, $2, $3, $4, (select id from sak where id = $5), $6, $7, (select id from person where id = $8))`,
    [
      randomUUID(),
      innsyn.naa,
      innsyn.brukerId,
      innsyn.handling,
      innsyn.sakId ?? null,
      innsyn.dokumentId ?? null,
      innsyn.oppgaveId ?? null,
      innsyn.personId ?? null,
    ],
  );
}

/** Som `loggInnsyn`, men én rad i timen for samme bruker, handling og gjenstand: en åpen side henter seg selv igjen og igjen. */
export async function loggInnsynEnGang(tx: EntityManager, innsyn: Innsyn): Promise<void> {
  const nylig: unknown[] = await tx.query(
    `select 1 from tilgangslogg
      where bruker_id = $1 and handling = $2 and tid > $3::timestamptz - interval '${INNSYN_VARER}' and tid <= $3::timestamptz
        and sak_id is not distinct from $4 and oppgave_id is not distinct from $5 and person_id is not distinct from $6
      limit 1`,
    [
      innsyn.brukerId,
      innsyn.handling,
      innsyn.naa,
      innsyn.sakId ?? null,
      innsyn.oppgaveId ?? null,
      innsyn.personId ?? null,
    ],
  );
  if (nylig.length === 0) await loggInnsyn(tx, innsyn);
}

export interface Soekelogg {
  naa: Date;
  brukerId: string;
  handling: Innsynshandling;
  /** id-ene til treffene som ble vist */
  personer?: readonly string[];
  saker?: readonly string[];
  oppgaver?: readonly string[];
}

/**
 * Skriver hvem et søk viste fram, i transaksjonen som søkte: personene og sakene bak treffene, aldri ordene det ble søkt på.
 * Et søk uten treff viste ingen og gir ingen rad.
 */
export async function loggSoek(tx: EntityManager, soek: Soekelogg): Promise<void> {
  const { personer = [], saker = [], oppgaver = [] } = soek;
  if (personer.length + saker.length + oppgaver.length === 0) return;
  await tx.query(
    `insert into tilgangslogg (id, tid, bruker_id, handling, personer, saker)
     select $1, $2, $3, $4,
            array(select unnest($5::uuid[])
                  union select person_id from sak where id = any($6::uuid[])
                  union select person_id from oppgave where id = any($7::uuid[]) and person_id is not null),
            array(select unnest($6::uuid[])
                  union select sak_id from oppgave where id = any($7::uuid[]) and sak_id is not null)`,
    [randomUUID(), soek.naa, soek.brukerId, soek.handling, personer, saker, oppgaver],
  );
}
