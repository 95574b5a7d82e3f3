import { DataSource, type EntitySchema } from 'typeorm';
import { MIGRERINGER } from './migrations/index.ts';

/**
 * Datakilden til fagdelen av systemet. Feature-ene leverer sine egne entiteter; db kjenner ingen av dem.
 * Skjemaet endres bare av migreringer (`synchronize` er alltid av).
 * @param url tilkoblingsadresse til PostgreSQL
 */
export function lagDatakilde(url: string, entiteter: EntitySchema<object>[], poolstoerrelse = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: entiteter,
    migrations: MIGRERINGER,
    migrationsTableName: 'migrering',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    installExtensions: false,
    applicationName: 'individuell-plan',
    poolSize: poolstoerrelse,
    extra: { connectionTimeoutMillis: 5_000, idle_in_transaction_session_timeout: 60_000 },
  });
}
