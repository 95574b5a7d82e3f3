import { DataSource, type DataSourceOptions, type Logger, type Migration } from 'typeorm';
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

/** Så lenge kan én spørring vare. Ingen side trenger så mye, og den som har gått fra siden sin skal ikke oppta databasen. */
const SPOERRING_MS = 30_000;

/** En datakilde der hver spørring har en tidsgrense, men ikke migreringene: de kan bygge om hele tabeller. */
class Datakilde extends DataSource {
  private readonly utenGrense: DataSourceOptions;

  constructor(medGrense: DataSourceOptions, utenGrense: DataSourceOptions) {
    super(medGrense);
    this.utenGrense = utenGrense;
  }

  override async runMigrations(...valg: Parameters<DataSource['runMigrations']>): Promise<Migration[]> {
    const ds = await new DataSource(this.utenGrense).initialize();
    try {
      return await ds.runMigrations(...valg);
    } finally {
      await ds.destroy();
    }
  }
}

/**
 * Datakilden til fagdelen av systemet: tilkoblinger, transaksjoner og migreringer. Skjemaet endres bare av migreringer, og
 * lagrene skriver SQL selv (docs/adr/0003-typeorm-without-entities.md).
 * @param url tilkoblingsadresse til PostgreSQL
 * @param spoerringMs en spørring som varer lenger, stoppes av databasen (57014)
 * @param bare navnene på migreringene som skal gjelde, når det ikke er alle (en sikkerhetskopi fra en eldre utgave)
 */
export function lagDatakilde(
  url: string,
  poolstoerrelse = 10,
  { spoerringMs = SPOERRING_MS, bare }: { spoerringMs?: number; bare?: readonly string[] } = {},
): DataSource {
  const valg = (poolSize: number, tidsgrense: { statement_timeout?: number }): DataSourceOptions => ({
    type: 'postgres',
    url,
    migrations: bare ? MIGRERINGER.filter((M) => bare.includes(migreringsnavn(M))) : MIGRERINGER,
    migrationsTableName: 'migrering',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    logger: STILLE,
    installExtensions: false,
    applicationName: 'individuell-plan',
    poolSize,
    extra: { connectionTimeoutMillis: 5_000, idle_in_transaction_session_timeout: 60_000, ...tidsgrense },
  });
  return new Datakilde(valg(poolstoerrelse, { statement_timeout: spoerringMs }), valg(1, {}));
}

/** Migreringer som er kjørt på databasen, men som denne utgaven ikke kjenner: en nyere har brukt den. */
export async function ukjenteMigreringer(ds: DataSource): Promise<string[]> {
  const [tabell]: { finnes: boolean }[] = await ds.query(`select to_regclass('migrering') is not null as finnes`);
  if (!tabell?.finnes) return [];
  const kjoerte: { name: string }[] = await ds.query('select name from migrering order by id');
  return kjoerte.map((m) => m.name).filter((navn) => !kjennerMigrering(navn));
}

/** Om denne utgaven har migreringen. */
export function kjennerMigrering(navn: string): boolean {
  return MIGRERINGER.some((M) => migreringsnavn(M) === navn);
}

function migreringsnavn(Migrering: (typeof MIGRERINGER)[number]): string {
  const { name } = new Migrering();
  return name ?? Migrering.name;
}
