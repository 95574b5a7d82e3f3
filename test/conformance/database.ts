/** A PostgreSQL database for one run of the tests: on TEST_DATABASE_URL's server when set, else on a throw-away server. */
import { randomBytes } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

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

/** A fresh, empty database; `stop` drops it and stops what was started for it. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  const { url, stop } = server === undefined ? await startServer() : { url: server, stop: () => Promise.resolve() };
  const name = `conformance_${randomBytes(5).toString('hex')}`;
  await query(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    connectionString: own.href,
    stop: async () => {
      await query(url, `drop database if exists ${name} with (force)`);
      await stop();
    },
  };
}

const BIN = '/usr/lib/postgresql/15/bin';

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-pg-'));
  const root = userInfo().uid === 0;
  const as = root ? { uid: Number(execFileSync('id', ['-u', 'postgres'])), gid: Number(execFileSync('id', ['-g', 'postgres'])) } : {};
  chmodSync(directory, 0o700);
  if (root) execFileSync('chown', ['postgres', directory]);
  const data = join(directory, 'data');
  execFileSync(join(BIN, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], { ...as, stdio: 'ignore', cwd: '/' });
  const port = 55503;
  const child = spawn(
    join(BIN, 'postgres'),
    ['-D', data, '-p', String(port), '-k', directory, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    { ...as, stdio: 'ignore', cwd: '/' },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let attempt = 0; ; attempt++) {
    try {
      await query(url, 'select 1');
      break;
    } catch (error) {
      if (attempt > 100) throw error;
      await sleep(100);
    }
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
