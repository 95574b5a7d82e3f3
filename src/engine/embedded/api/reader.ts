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
  /** Searches that are reading from it. */
  readers: number;
}

class DelayedReader implements Reader {
  private readonly connectionString: string;
  private readonly delayMs: number;
  private readonly timer: NodeJS.Timeout;
  private readonly first: Promise<void>;
  /** Oldest first. */
  private snapshots: Snapshot[] = [];
  /** Connections whose snapshot has been given up. */
  private readonly idle: pg.Client[] = [];
  private taking = false;
  private closed = false;

  constructor(connectionString: string, delayMs: number) {
    this.connectionString = connectionString;
    this.delayMs = delayMs;
    this.first = this.take();
    this.timer = setInterval(() => void this.take().catch(() => undefined), Math.max(20, delayMs / 4));
    this.timer.unref();
  }

  private async take(): Promise<void> {
    if (this.taking || this.closed) return;
    this.taking = true;
    try {
      const client = this.idle.pop() ?? (await this.connect());
      await client.query('begin isolation level repeatable read read only');
      // the snapshot is that of the first statement
      await client.query('select 1');
      this.snapshots.push({ client, taken: Date.now(), readers: 0 });
      await this.giveUpOld();
    } finally {
      this.taking = false;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: 'engine delayed search',
    });
    // the next query reports what is wrong
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** The newest snapshot that is old enough serves; those before it go when nobody reads from them. */
  private async giveUpOld(): Promise<void> {
    const serving = this.snapshots.findLastIndex((s) => this.isOld(s));
    const gone = this.snapshots.filter((s, i) => i < serving && s.readers === 0);
    this.snapshots = this.snapshots.filter((s) => !gone.includes(s));
    for (const { client } of gone) {
      await client.query('rollback');
      this.idle.push(client);
    }
  }

  private isOld(snapshot: Snapshot): boolean {
    return snapshot.taken <= Date.now() - this.delayMs;
  }

  async query(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    await this.first;
    const snapshot = this.snapshots.findLast((s) => this.isOld(s)) ?? this.snapshots[0];
    if (snapshot === undefined) throw new Error('no snapshot to read from');
    snapshot.readers += 1;
    try {
      const result = await snapshot.client.query<Row>(text, [...values]);
      return result.rows;
    } finally {
      snapshot.readers -= 1;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.first.catch(() => undefined);
    await Promise.all(
      [...this.snapshots.map((s) => s.client), ...this.idle].map((client) => client.end().catch(() => undefined)),
    );
    this.snapshots = [];
  }
}
