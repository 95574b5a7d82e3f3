import type { EntityManager } from 'typeorm';
import type { HendelseRad } from '../contract/api.ts';

/** Hendelsene i en sak, nyeste først. Tilgangen til saken må være avgjort av den som spør. */
export async function hentHendelser(m: EntityManager, sakId: string, antall = 500): Promise<HendelseRad[]> {
  const rader: { id: string; tid: Date; av: string; type: string; tekst: string }[] = await m.query(
    `select id, tid, av, type, tekst from hendelse where sak_id = $1 order by loepenr desc limit $2`,
    [sakId, antall],
  );
  return rader.map((r) => ({ ...r, tid: r.tid.toISOString() }));
}
