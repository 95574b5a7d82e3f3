/**
 * Reads for the API on connections of its own, so that a search never waits for the writer nor holds it up. With a delay (a switch for
 * tests) it reads from snapshots of that age, as a search on a cluster sees only what the exporter has brought over.
 */
import pg from 'pg';
import { BOUNDS } from './bounds.ts';
import { Problem } from './problem.ts';
import { callerGone } from './request.ts';

export interface Row {
  readonly [column: string]: unknown;
}

export interface Reader {
  /**
   * @param signal the caller's: a statement that runs is cancelled when it is aborted
   * @throws Problem 429 when too many reads wait or the statement took too long, 499 when the caller has gone
   */
  query(text: string, values: readonly unknown[], signal: AbortSignal): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * @param connectionString the database of the engine
 * @param delayMs how old what is read shall be; 0 reads the present
 */
export function openReader(connectionString: string, delayMs: number): Reader {
  return delayMs > 0 ? new DelayedReader(connectionString, delayMs) : new PoolReader(connectionString);
}

/**
 * One search takes one core for a bounded time; compiling a statement (JIT) would take more than most searches do. Said on the connection
 * and not in its `options`: the driver lets those of the address win, and the embedded database's address has some.
 */
const SETTINGS = `set statement_timeout = ${BOUNDS.readMs.limit}; set jit = off; set max_parallel_workers_per_gather = 0`;
/** PostgreSQL's code of a statement that was cancelled, here by its time limit. */
const CANCELLED = '57014';

function tooSlow(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== CANCELLED) return error;
  return Problem.exhausted(
    `The read took longer than ${BOUNDS.readMs.limit} ms and was stopped; narrow its filter, or ask again later`,
  );
}

/** So many at a time, the others in the order in which they came. */
class Turns {
  private free: number = BOUNDS.readsAtOnce.limit;
  private readonly queue = new Set<() => void>();

  /** Waits for a turn; `leave` ends it. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    if (this.queue.size >= BOUNDS.readsWaiting.limit)
      throw Problem.exhausted(`${BOUNDS.readsWaiting.limit} reads wait already; try again shortly`);
    let mine = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      mine = resolve;
    });
    this.queue.add(mine);
    const gone = callerGone(signal);
    try {
      await Promise.race([turn, gone.left]);
    } catch (error) {
      // the turn may have come in the same moment
      if (!this.queue.delete(mine)) this.leave();
      throw error;
    } finally {
      gone.forget();
    }
  }

  leave(): void {
    const [next] = this.queue;
    if (next === undefined) this.free += 1;
    else {
      this.queue.delete(next);
      next();
    }
  }
}

class PoolReader implements Reader {
  private readonly pool: pg.Pool;
  /** Cancels statements of the other pool: the database takes that only on another connection. */
  private readonly cancelling: pg.Pool;
  private readonly turns = new Turns();
  private readonly settled = new WeakSet<pg.PoolClient>();

  constructor(connectionString: string) {
    this.pool = new pg.Pool({
      connectionString,
      max: BOUNDS.readsAtOnce.limit,
      application_name: 'engine search',
    });
    this.cancelling = new pg.Pool({ connectionString, max: 1, application_name: 'engine search cancel' });
    // an idle connection that breaks is replaced at the next query, which reports what is wrong
    for (const pool of [this.pool, this.cancelling]) pool.on('error', () => undefined);
  }

  async query(text: string, values: readonly unknown[], signal: AbortSignal): Promise<readonly Row[]> {
    if (signal.aborted) throw Problem.gone();
    await this.turns.take(signal);
    try {
      return await this.read(await this.pool.connect(), text, values, signal);
    } finally {
      this.turns.leave();
    }
  }

  private async read(
    client: pg.PoolClient,
    text: string,
    values: readonly unknown[],
    signal: AbortSignal,
  ): Promise<readonly Row[]> {
    let cancelled: Promise<unknown> | undefined;
    const cancel = (): void => {
      cancelled = this.cancelling
        .query('select pg_cancel_backend($1)', ['processID' in client ? client.processID : null])
        .catch(() => undefined);
    };
    let failure: unknown;
    signal.addEventListener('abort', cancel);
    try {
      if (!this.settled.has(client)) {
        await client.query(SETTINGS);
        this.settled.add(client);
      }
      if (signal.aborted) throw Problem.gone();
      const result = await client.query<Row>(text, [...values]);
      return result.rows;
    } catch (error) {
      failure = error;
      throw signal.aborted ? Problem.gone() : tooSlow(error);
    } finally {
      signal.removeEventListener('abort', cancel);
      await cancelled;
      // a cancellation that came too late must not hit the next statement; a connection that broke is not used again
      const broken = failure instanceof Error && !(failure instanceof pg.DatabaseError);
      client.release(cancelled !== undefined || broken);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.cancelling.end()]);
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
    await client.query(SETTINGS);
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

  async query(text: string, values: readonly unknown[], signal: AbortSignal): Promise<readonly Row[]> {
    if (signal.aborted) throw Problem.gone();
    await this.first;
    const snapshot = this.snapshots.findLast((s) => this.isOld(s)) ?? this.snapshots[0];
    if (snapshot === undefined) throw new Error('no snapshot to read from');
    snapshot.readers += 1;
    try {
      const result = await snapshot.client.query<Row>(text, [...values]);
      return result.rows;
    } catch (error) {
      throw tooSlow(error);
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
