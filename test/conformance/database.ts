/** A PostgreSQL database for one run of the tests: on TEST_DATABASE_URL's server when set, else on a throw-away server. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';

export interface TestDatabase {
  readonly connectionString: string;
  stop(): Promise<void>;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A fresh, empty database; `stop` removes it and whatever was started for it. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given === undefined) return startServer();
  const name = `conformance_${randomBytes(5).toString('hex')}`;
  await query(given, `create database ${name}`);
  const own = new URL(given);
  own.pathname = `/${name}`;
  return { connectionString: own.href, stop: () => query(given, `drop database if exists ${name} with (force)`) };
}

async function startServer(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-pg-'));
  const server = await startEmbeddedPostgres({ mappe: join(folder, 'db') });
  return {
    connectionString: server.url,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
