import type { EntityManager } from 'typeorm';
import { UTBOKSKANAL } from './skriv.ts';

export interface Utboksstatus {
  venter: number;
  feilet: number;
  eldste: string | null;
}

/** Hvor mye som venter på motoren, og hva som har feilet for godt. */
export async function utboksstatus(m: EntityManager): Promise<Utboksstatus> {
  const rader: { venter: number; feilet: number; eldste: Date | null }[] = await m.query(
    `select count(*) filter (where tilstand = 'venter')::int as venter,
            count(*) filter (where tilstand = 'feilet')::int as feilet,
            min(opprettet) as eldste
       from utboks where tilstand in ('venter','feilet')`,
  );
  const rad = rader[0];
  return { venter: rad?.venter ?? 0, feilet: rad?.feilet ?? 0, eldste: rad?.eldste?.toISOString() ?? null };
}

/** Setter én eller alle feilede meldinger i kø igjen. Gir hvor mange det var. */
export async function proevUtboksIgjen(tx: EntityManager, id: string | null): Promise<number> {
  const [rader]: [unknown[], number] = await tx.query(
    `update utboks set tilstand = 'venter', forsoek = 0, neste_forsoek = clock_timestamp(), avsluttet = null
      where tilstand = 'feilet' and ($1::uuid is null or id = $1) returning id`,
    [id],
  );
  await tx.query(`select pg_notify($1, '')`, [UTBOKSKANAL]);
  return rader.length;
}
