import type { EntityManager } from 'typeorm';
import { ikkeFunnet } from '../http/problem.ts';
import { sakfilter, type Innlogget, type Sakshandling } from '../tilgang/index.ts';

/**
 * Krever at brukeren har lov til handlingen i saken.
 * @throws Problemfeil 404 når saken ikke finnes eller er en annen enhets, med samme ord
 */
export async function kreverSak(
  m: EntityManager,
  bruker: Innlogget,
  handling: Sakshandling,
  sakId: string,
): Promise<void> {
  if (!(await harSak(m, bruker, handling, sakId))) throw ikkeFunnet();
}

/** Om brukeren har lov til handlingen i saken. */
export async function harSak(
  m: EntityManager,
  bruker: Innlogget,
  handling: Sakshandling,
  sakId: string,
): Promise<boolean> {
  const filter = sakfilter(bruker, handling, 's', 2);
  const rader: unknown[] = await m.query(`select 1 from sak s where s.id = $1 and ${filter.sql}`, [
    sakId,
    ...filter.parametre,
  ]);
  return rader.length > 0;
}
