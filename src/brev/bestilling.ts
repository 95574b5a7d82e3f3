import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Brevmal } from './typer.ts';

/** Et brev et steg har skrevet ferdig, og som arbeiderne lager PDF av og sender. */
export interface Brevbestilling {
  id: string;
  sakId: string;
  mal: Brevmal;
  /** raden brevet handler om; sakens id når det gjelder saken selv */
  gjelderId: string;
  tekst: string;
  av: string;
  avNavn: string;
}

/**
 * Bestiller et brev i transaksjonen til steget som skrev teksten (svar om eksisterende plan, avslått tilbud). PDF-en
 * lages og sendes av neste arbeider i saken, senest `avslutt-sak`. Ett brev per mal og rad: gjentatt bestilling endrer
 * teksten fram til brevet er laget, og gjør ingenting etterpå.
 */
export async function bestillBrev(
  tx: EntityManager,
  b: { sakId: string; mal: Brevmal; gjelderId?: string; tekst: string; av: { id: string }; naa: Date },
): Promise<void> {
  await tx.query(
    `insert into brevbestilling (id, sak_id, mal, gjelder_id, tekst, av, bestilt) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (sak_id, mal, gjelder_id) do update set tekst = excluded.tekst, av = excluded.av, bestilt = excluded.bestilt
       where not exists (select 1 from dokument d where d.sak_id = excluded.sak_id and d.mal = excluded.mal
                            and d.gjelder_id = excluded.gjelder_id)`,
    [randomUUID(), b.sakId, b.mal, b.gjelderId ?? b.sakId, b.tekst, b.av.id, b.naa],
  );
}

/** Bestilte brev i saken som det ikke er laget dokument av ennå. */
export function ulagdeBestillinger(tx: EntityManager, sakId: string): Promise<Brevbestilling[]> {
  return tx.query(
    `select b.id, b.sak_id as "sakId", b.mal, b.gjelder_id as "gjelderId", b.tekst, b.av, u.navn as "avNavn"
       from brevbestilling b join bruker u on u.id = b.av
      where b.sak_id = $1 and not exists (select 1 from dokument d
              where d.sak_id = b.sak_id and d.mal = b.mal and d.gjelder_id = b.gjelder_id)
      order by b.bestilt, b.id`,
    [sakId],
  );
}
