import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** Det brevet skal si fast, slik det ble avgjort da det ble bestilt. */
const innhold = z.discriminatedUnion('mal', [
  z.object({
    mal: z.literal('svar-eksisterende-plan'),
    grunnlag: z.object({
      plankoordinator: z.string().nullable(),
      loesning: z.enum(['samles', 'avsluttes']).nullable(),
    }),
  }),
  z.object({ mal: z.literal('avslaatt-tilbud'), grunnlag: z.object({ grunn: z.string() }) }),
]);
export type Brevinnhold = z.infer<typeof innhold>;

/** Et brev et steg har bestilt, og som arbeiderne lager PDF av og sender. */
export interface Brevbestilling {
  id: string;
  sakId: string;
  /** raden brevet handler om; sakens id når det gjelder saken selv */
  gjelderId: string;
  innhold: Brevinnhold;
  /** det som er skrevet til mottakeren; tom når det ikke er noe */
  tekst: string;
  av: string;
  avNavn: string;
}

/**
 * Bestiller et brev i transaksjonen til steget som avgjorde (svar om eksisterende plan, avslått tilbud). PDF-en
 * lages og sendes av neste arbeider i saken, senest `avslutt-sak`. Ett brev per mal og rad: gjentatt bestilling endrer
 * det fram til brevet er laget, og gjør ingenting etterpå.
 */
export async function bestillBrev(
  tx: EntityManager,
  b: { sakId: string; innhold: Brevinnhold; gjelderId?: string; tekst: string; av: { id: string }; naa: Date },
): Promise<void> {
  await tx.query(
    `insert into brevbestilling (id, sak_id, mal, gjelder_id, grunnlag, tekst, av, bestilt)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (sak_id, mal, gjelder_id) do update
       set grunnlag = excluded.grunnlag, tekst = excluded.tekst, av = excluded.av, bestilt = excluded.bestilt
       where not exists (select 1 from dokument d where d.sak_id = excluded.sak_id and d.mal = excluded.mal
                            and d.gjelder_id = excluded.gjelder_id)`,
    [
      randomUUID(),
      b.sakId,
      b.innhold.mal,
      b.gjelderId ?? b.sakId,
      JSON.stringify(b.innhold.grunnlag),
      b.tekst,
      b.av.id,
      b.naa,
    ],
  );
}

/** Bestilte brev i saken som det ikke er laget dokument av ennå. */
export async function ulagdeBestillinger(tx: EntityManager, sakId: string): Promise<Brevbestilling[]> {
  const rader: (Omit<Brevbestilling, 'innhold'> & { mal: string; grunnlag: unknown })[] = await tx.query(
    `select b.id, b.sak_id as "sakId", b.mal, b.gjelder_id as "gjelderId", b.grunnlag, b.tekst, b.av, u.navn as "avNavn"
       from brevbestilling b join bruker u on u.id = b.av
      where b.sak_id = $1 and not exists (select 1 from dokument d
              where d.sak_id = b.sak_id and d.mal = b.mal and d.gjelder_id = b.gjelder_id)
      order by b.bestilt, b.id`,
    [sakId],
  );
  return rader.map(({ mal, grunnlag, ...rad }) => ({ ...rad, innhold: innhold.parse({ mal, grunnlag }) }));
}
