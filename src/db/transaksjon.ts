import type { DataSource, EntityManager } from 'typeorm';

/**
 * Kjører `arbeid` i én databasetransaksjon. Alt inne i den bruker `tx`, aldri datakilden direkte.
 * Kaster `arbeid`, er ingenting lagret.
 */
export function iTransaksjon<T>(ds: DataSource, arbeid: (tx: EntityManager) => Promise<T>): Promise<T> {
  return ds.transaction('READ COMMITTED', arbeid);
}
