import type { EntityManager } from 'typeorm';

/** Hvorfor en oppgave ble flyttet av andre enn den som hadde den. */
export type Fordelingsaarsak = 'leder' | 'sperret' | 'rolle-slutt';

export interface NyFordeling {
  oppgaveId: string;
  /** besvart: lederen svarte for den som ikke kunne. */
  slag: 'gitt' | 'frigjort' | 'besvart';
  aarsak: Fordelingsaarsak;
  fra: string | null;
  til: string | null;
  /** null når systemet gjorde det (en rolle tok slutt). */
  av: string | null;
  grunn: string | null;
  naa: Date;
}

/** Den siste gangen oppgaven ble flyttet, med navn. */
export interface Fordeling {
  slag: NyFordeling['slag'];
  aarsak: Fordelingsaarsak;
  fraId: string | null;
  fra: string | null;
  tilId: string | null;
  til: string | null;
  av: string | null;
  grunn: string | null;
  tid: Date;
}

/**
 * Skriver flyttingen i loggen for ledere, i transaksjonen den skjer i. Grunnen står bare her: den handler gjerne om en ansatt
 * (fravær, slutt), og saken leses av mange, også av planeier.
 */
export async function skrivFordeling(tx: EntityManager, f: NyFordeling): Promise<void> {
  await tx.query(
    `insert into oppgave_fordeling (oppgave_id, slag, aarsak, fra_bruker, til_bruker, av, grunn, tid)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [f.oppgaveId, f.slag, f.aarsak, f.fra, f.til, f.av, f.grunn, f.naa],
  );
}

/** Den siste flyttingen av oppgaven; null når ingen andre enn eieren har flyttet den. */
export async function sisteFordeling(m: EntityManager, oppgaveId: string): Promise<Fordeling | null> {
  const rader: Fordeling[] = await m.query(
    `select f.slag, f.aarsak, f.fra_bruker as "fraId", fra.navn as fra, f.til_bruker as "tilId", til.navn as til, av.navn as av,
            f.grunn, f.tid
       from oppgave_fordeling f
       left join bruker fra on fra.id = f.fra_bruker
       left join bruker til on til.id = f.til_bruker
       left join bruker av on av.id = f.av
      where f.oppgave_id = $1 order by f.loepenr desc limit 1`,
    [oppgaveId],
  );
  return rader[0] ?? null;
}
