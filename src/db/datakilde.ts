import { DataSource, type Logger } from 'typeorm';
import { MIGRERINGER } from './migrations/index.ts';

/** TypeORM skriver av seg selv, med databasens egne ord, når en migrering feiler. Feilen kastes videre og skrives av oss. */
const STILLE: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

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
    logger: STILLE,
    installExtensions: false,
    applicationName: 'individuell-plan',
    poolSize: poolstoerrelse,
    extra: { connectionTimeoutMillis: 5_000, idle_in_transaction_session_timeout: 60_000 },
  });
}
