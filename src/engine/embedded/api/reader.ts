/**
 * Reads for the API on connections of its own, so that a search never waits for the writer nor holds it up. With a delay (a switch for
 * tests) it reads from snapshots of that age, as a search on a cluster sees only what the exporter has brought over.
 */
import pg from 'pg';

export interface Row {
  readonly [column: string]: unknown;
}

export interface Reader {
  query(text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Connections for searches; a search takes milliseconds, so few do. */
const CONNECTIONS = 4;

/**
 * @param connectionString the database of the engine
 * @param delayMs how old what is read shall be; 0 reads the present
 */
export function openReader(connectionString: string, delayMs: number): Reader {
  return delayMs > 0 ? new DelayedReader(connectionString, delayMs) : new PoolReader(connectionString);
}

class PoolReader implements Reader {
  private readonly pool: pg.Pool;

  constructor(connectionString: string) {
    this.pool = new pg.Pool({ connectionString, max: CONNECTIONS, application_name: 'engine search' });
    // an idle connection that breaks is replaced at the next query, which reports what is wrong
    this.pool.on('error', () => undefined);
  }

  async query(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const result = await this.pool.query<Row>(text, [...values]);
    return result.rows;
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

interface Snapshot {
  readonly client: pg.Client;
  readonly taken: number;
}

class DelayedReader implements Reader {
  private readonly connectionString: string;
  private readonly delayMs: number;
  private readonly timer: NodeJS.Timeout;
  private readonly first: Promise<void>;
  private snapshots: Snapshot[] = [];
  private taking = false;
  private closed = false;

  constructor(connectionString: string, delayMs: number) {
    this.connectionString = connectionString;
    this.delayMs = delayMs;
    this.first = this.take();
    this.timer = setInterval(() => void this.take(), Math.max(20, delayMs / 4));
    this.timer.unref();
  }

  private async take(): Promise<void> {
    if (this.taking || this.closed) return;
    this.taking = true;
    try {
      const client = new pg.Client({ connectionString: this.connectionString, application_name: 'engine delayed search' });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('begin isolation level repeatable read read only');
      await client.query('select 1');
      this.snapshots.push({ client, taken: Date.now() });
      // the newest that is old enough serves, all before it can go
      const old = this.snapshots.findLastIndex((s) => s.taken <= Date.now() - this.delayMs);
      for (const gone of this.snapshots.splice(0, Math.max(0, old))) void gone.client.end().catch(() => undefined);
    } finally {
      this.taking = false;
    }
  }

  async query(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    await this.first;
    const snapshot = this.snapshots.findLast((s) => s.taken <= Date.now() - this.delayMs) ?? this.snapshots[0];
    if (snapshot === undefined) throw new Error('no snapshot to read from');
    const result = await snapshot.client.query<Row>(text, [...values]);
    return result.rows;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.first.catch(() => undefined);
    await Promise.all(this.snapshots.map((s) => s.client.end().catch(() => undefined)));
    this.snapshots = [];
  }
}
