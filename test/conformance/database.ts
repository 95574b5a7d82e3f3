import { lagTestdatabase } from '../hjelp/database.ts';

/** A PostgreSQL database for one run of the tests. */
export interface TestDatabase {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** A fresh, empty database on the server that all tests share (TEST_DATABASE_URL, else an embedded one); `stop` drops it. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const { url, slett } = await lagTestdatabase();
  return { connectionString: url, stop: slett };
}
