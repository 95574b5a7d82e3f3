import { DataSource } from 'typeorm';
import { MIGRERINGER } from './migrations/index.ts';

/**
 * Datakilden til fagdelen av systemet: tilkoblinger, transaksjoner og migreringer. Skjemaet endres bare av migreringer, og
 * lagrene skriver SQL selv (docs/adr/0003-typeorm-without-entities.md).
 * @param url tilkoblingsadresse til PostgreSQL
 */
export function lagDatakilde(url: string, poolstoerrelse = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
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
