import type { EntityManager } from 'typeorm';

/** Planen personen har fra en annen sak: det som trengs for å svare på en ny anmodning, ikke innholdet. */
export interface EksisterendePlan {
  id: string;
  sakId: string;
  opprettet: Date;
  status: 'utkast' | 'aktiv';
  enhetNavn: string;
  plankoordinator: string | null;
}

/** Planen (utkast eller aktiv) personen i saken har fra en annen sak; null når det ikke er noen. */
export async function hentEksisterendePlan(tx: EntityManager, sakId: string): Promise<EksisterendePlan | null> {
  const rader: EksisterendePlan[] = await tx.query(
    `select p.id, p.sak_id as "sakId", p.opprettet, p.status, e.navn as "enhetNavn", b.navn as plankoordinator
       from sak s
       join plan p on p.person_id = s.person_id and p.sak_id <> s.id and p.status in ('utkast','aktiv')
       join sak ps on ps.id = p.sak_id
       join enhet e on e.id = ps.vedtaksinstans
       left join koordinatoroppdrag o on o.sak_id = ps.id and o.status = 'aktiv'
       left join bruker b on b.id = o.bruker_id
      where s.id = $1`,
    [sakId],
  );
  return rader[0] ?? null;
}
