/**
 * The single writer: one loop on one database connection that holds an advisory lock (docs/adr/0001). It drains the commands that
 * queued during the previous commit, applies each in memory with its own undo, writes all changed rows with one statement, and only
 * then answers. Losing the connection loses the lock, so a process that is cut off cannot write; it becomes a stand-by and tries to
 * get the lock again.
 *
 * Who gets a turn. A batch is a slice: first the engine's own work (what is due and what commands left over, in turn), then callers in
 * the order in which they came. While callers wait, the engine's own work ends after half of the slice, and at least one caller
 * follows; a command that must be alone gets a batch of its own as soon as it is the first that waits, and the engine's own work gets
 * at least a slice between two of those. So nobody waits for more than those who came before, with one slice of own work for each batch.
 */
import pg from 'pg';
import { randomUUID } from 'node:crypto';
import type { Key, Rejection } from '../commands/types.ts';
import { isRejection } from '../commands/types.ts';
import type { FeelEnvironment } from '../feel/types.ts';
import { loadMemory, loadNeeded, migrate } from './load.ts';
import { NeedRows, type Memory } from './memory.ts';
import { serialize } from './model.ts';
import { RowBuffer } from './rows.ts';
import { breathe, pause } from './slices.ts';
import { failureOf, type StoreFailure } from './failures.ts';
import { CommandRefused, Work, type LateAnswer, type Outcome } from './work.ts';

/**
 * Where the engine reports. An error is handed on as it is, under `err`: the database quotes rows and the statement carries its
 * parameters, so what may be written of it is for the receiver's allow-list to say.
 */
export type Log = (level: 'info' | 'warn' | 'error', message: string, data?: object) => void;

/** A command in the queue. */
export interface Entry {
  /** Applies it to memory. Runs again after `NeedRows` and after a failed commit, so it keeps nothing outside `work`. */
  run(work: Work): Outcome;
  /**
   * Called after COMMIT, or with a refusal; only the first call counts. Not called when the outcome is 'later', and not for the engine's
   * own commands that were dropped.
   */
  answer(outcome: object): void;
  /** The caller's: aborted before it is applied means that it is not applied. */
  signal?: AbortSignal | undefined;
  /** Number of the request, by which others can answer it later; 0: a command of the engine's own. */
  request: number;
  /** Shares no commit with others: a statement does not see rows that it inserts itself, and deployments change such rows. */
  alone?: boolean;
  /** What it holds while it waits, in characters and bytes. */
  size?: number;
}

/** At most so many of the engine's own commands share a commit with others. */
const OWN_PER_BATCH = 200;
/** How long commands are applied before what they changed is written, in milliseconds; half of it for the engine's own work. */
const SLICE_MS = 100;
/** A batch ends when its rows hold so many characters: the documents of the instances come on top, about as much again. */
const BATCH_SIZE = 8 * 1024 * 1024;
/** Instances stay loaded while their documents together hold at most so many characters. */
const LOADED_SIZE = 128 * 1024 * 1024;

export interface WriterOptions {
  connectionString: string;
  environment: FeelEnvironment;
  zone: string;
  /** At most so many commands share a commit. */
  maxBatch: number;
  /** At most so many commands wait; more are refused with EXHAUSTED. */
  maxQueue: number;
  /** Commands that wait hold at most so many characters together; more are refused with EXHAUSTED. */
  maxQueueSize: number;
  /** At most so many instances stay loaded. */
  maxLoaded: number;
  log: Log;
}

/** What the engine tells the writer. */
export interface WriterHooks {
  now(memory: Memory): number;
  /** Whether one of the engine's own commands is due. */
  isDue(memory: Memory): boolean;
  /** The next of the engine's own commands that is due. */
  takeDue(memory: Memory): Entry | undefined;
  /** When there will be something due, in engine time; undefined: nothing in sight, or time stands still. */
  nextDue(memory: Memory): number | undefined;
  /** After a commit: answers for requests that wait, and the job types that became ready. */
  committed(answers: readonly LateAnswer[], ready: ReadonlySet<string>): void;
  /** The lock was won and memory is loaded, or it was lost. */
  becameWriter(memory: Memory): void;
  lost(): void;
}

/** What a batch has to tell once it is committed. */
interface Pending {
  answers: [Entry, object][];
  /** Entries that somebody answers later. */
  parked: Entry[];
  late: LateAnswer[];
  ready: Set<string>;
}

const LOCK = [8821, 2025] as const;
const RETRY_MS = 250;

class LostConnection extends Error {
  override readonly name = 'LostConnection';
}

export interface WriterMetrics {
  commits: number;
  commands: number;
  rejected: number;
  undone: number;
  failedCommits: number;
  takeOvers: number;
  queue: number;
  loaded: number;
  live: number;
  largestBatch: number;
  /** Characters that the commands hold which wait. */
  queueSize: number;
  /** Milliseconds spent in statements and in applying, added up. */
  commitMs: number;
  applyMs: number;
}

const refuse = (rejected: Rejection['rejected'], message: string): Rejection => ({ rejected, message });
const cannotStore = (failure: StoreFailure): Rejection =>
  failure.kind === 'server'
    ? refuse(
        'UNAVAILABLE',
        `The database cannot store anything at the moment (SQLSTATE ${failure.code}); try again shortly`,
      )
    : refuse('INTERNAL', `The command could not be stored (SQLSTATE ${failure.code})`);
/** Gives the next entry of a batch, told how many characters its rows hold so far; undefined: that was all. */
type Source = (size: number) => Entry | undefined;
const unavailable = (): Rejection =>
  refuse('UNAVAILABLE', 'This process is not the one that writes at the moment; try again shortly');

export class Writer {
  readonly #options: WriterOptions;
  readonly #hooks: WriterHooks;
  /** What callers wait for, in the order in which they came. */
  #queue: Entry[] = [];
  #queueSize = 0;
  /** The engine's own commands that are not a matter of time: what commands left over. */
  #own: Entry[] = [];
  /** The last batch was a command that had to be alone. */
  #wasAlone = false;
  #wake: (() => void) | undefined;
  #client: pg.Client | undefined;
  #memory: Memory | undefined;
  #epoch = 0;
  #batch = 0;
  #stopping = false;
  #busy = false;
  #ended: Promise<void> = Promise.resolve();
  /** Commands of a statement whose outcome is unknown: the epoch and batch they were in, and their answers. */
  #unsettled: (Pending & { epoch: number; batch: number }) | undefined;
  #clockDirty = false;
  readonly #statements = new Set<string>();
  readonly metricsCount: WriterMetrics = {
    commits: 0,
    commands: 0,
    rejected: 0,
    undone: 0,
    failedCommits: 0,
    takeOvers: 0,
    queue: 0,
    loaded: 0,
    live: 0,
    largestBatch: 0,
    queueSize: 0,
    commitMs: 0,
    applyMs: 0,
  };

  constructor(options: WriterOptions, hooks: WriterHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  get memory(): Memory | undefined {
    return this.#memory;
  }
  get idle(): boolean {
    return this.#queue.length === 0 && this.#own.length === 0 && !this.#busy;
  }

  metrics(): WriterMetrics {
    return {
      ...this.metricsCount,
      queue: this.#queue.length + this.#own.length,
      queueSize: this.#queueSize,
      loaded: this.#memory?.instances.size ?? 0,
      live: this.#memory?.live.size ?? 0,
    };
  }

  /**
   * Starts the loop. Resolves when this process is the writer or has found that another one is.
   * @throws when the database cannot be reached or its rows cannot be read
   */
  async start(): Promise<void> {
    let won = await this.#tryToWin();
    // a process that was killed a moment ago may still be letting go of the lock
    for (let i = 0; i < 4 && !won; i++) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      won = await this.#tryToWin();
    }
    this.#ended = this.#run(won);
  }

  /** Queues a command of a caller; its answer comes through `entry.answer`. */
  submit(entry: Entry): void {
    if (!this.#memory || this.#stopping) return entry.answer(unavailable());
    const size = this.#queueSize + (entry.size ?? 0);
    const full = this.#queue.length > 0 && size > this.#options.maxQueueSize;
    if (full || this.#queue.length >= this.#options.maxQueue)
      return entry.answer(refuse('EXHAUSTED', 'Too many commands are waiting; try again shortly'));
    this.#queue.push(entry);
    this.#queueSize = size;
    this.poke();
  }

  /** Queues a command of the engine's own. When this process ceases to write it is dropped: it follows from the rows again. */
  submitOwn(entry: Entry): void {
    if (!this.#memory || this.#stopping) return;
    this.#own.push(entry);
    this.poke();
  }

  /** Looks again whether something is due. */
  poke(): void {
    this.#wake?.();
  }

  /** The clock's offset or pin changed: the next batch writes it. */
  clockChanged(): void {
    this.#clockDirty = true;
  }

  /** Finishes the batch that is running, refuses what waits, and lets the lock go. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.poke();
    await this.#ended;
    await this.#disconnect();
    this.#refuseQueue();
  }

  /** Test switch: drops the connection as a network would. */
  breakConnection(): void {
    // the socket under the driver: ending the client politely would not be a fault
    const stream = (this.#client as unknown as { connection?: { stream?: { destroy(): void } } } | undefined)
      ?.connection?.stream;
    stream?.destroy();
  }

  #refuseQueue(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#queueSize = 0;
    this.#own = [];
    for (const entry of queue) entry.answer(unavailable());
  }

  // ---- lock and memory ----------------------------------------------------------------------

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#memory = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Connects if needed and asks for the lock. @returns whether this process is the writer now, with its memory loaded. */
  async #tryToWin(): Promise<boolean> {
    let client = this.#client;
    if (!client) {
      client = new pg.Client({
        connectionString: this.#options.connectionString,
        keepAlive: true,
        application_name: 'engine-writer',
      });
      const mine = client;
      // errors also reject the query that runs; without a listener an idle client's error would end the process
      client.on('error', (error) => {
        this.#options.log('warn', 'the writer lost its connection', { err: error });
        if (this.#client === mine) this.poke();
      });
      client.on('end', () => {
        if (this.#client === mine) {
          this.#client = undefined;
          this.poke();
        }
      });
      await client.connect();
      this.#client = client;
      this.#statements.clear();
    }
    const locked = await client.query<{ won: boolean }>('select pg_try_advisory_lock($1, $2) as won', [...LOCK]);
    if (locked.rows[0]?.won !== true) return false;
    await migrate(client);
    await this.#load(client);
    return true;
  }

  /** Takes over: a new epoch, and memory from rows. */
  async #load(client: pg.Client): Promise<void> {
    const memory = await loadMemory(client, this.#options.environment);
    const owner = randomUUID();
    const inserted = await client.query<{ epoch: string }>(
      'insert into engine.epoch (owner, since) values ($1, $2) returning epoch',
      [owner, Date.now()],
    );
    this.#epoch = Number(inserted.rows[0]?.epoch);
    this.#batch = 0;
    await this.#settle(client);
    this.metricsCount.takeOvers++;
    this.#begin(memory);
  }

  /** Throws memory away after a statement that certainly was not carried out. Writes nothing: the disk may be full. */
  async #reload(client: pg.Client): Promise<void> {
    this.#begin(await loadMemory(client, this.#options.environment));
  }

  #begin(memory: Memory): void {
    this.#memory = memory;
    this.#own = [];
    this.#hooks.becameWriter(memory);
  }

  /** Finds out what became of a statement that was under way when the connection went, and answers its commands. */
  async #settle(client: pg.Client): Promise<void> {
    const open = this.#unsettled;
    if (!open) return;
    this.#unsettled = undefined;
    const found = await client.query<{ last_batch: string }>('select last_batch from engine.epoch where epoch = $1', [
      open.epoch,
    ]);
    const committed = Number(found.rows[0]?.last_batch ?? 0) >= open.batch;
    this.#options.log('info', 'settled a commit of unknown outcome', { committed });
    for (const [entry, answer] of open.answers)
      if (committed) entry.answer(answer);
      else if (entry.request > 0) entry.answer(unavailable());
    if (committed) this.#hooks.committed(open.late, open.ready);
    else for (const entry of open.parked) entry.answer(unavailable());
  }

  // ---- the loop -----------------------------------------------------------------------------

  async #run(won: boolean): Promise<void> {
    while (!this.#stopping) {
      try {
        if (!won) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          if (this.#stopping) return;
          won = await this.#tryToWin();
          continue;
        }
        await this.#write();
      } catch (error) {
        if (!(error instanceof LostConnection)) this.#options.log('error', 'the writer starts over', { err: error });
      }
      if (this.#stopping) return;
      won = false;
      await this.#disconnect();
      this.#hooks.lost();
      this.#refuseQueue();
      this.#busy = false;
    }
  }

  async #sleep(memory: Memory): Promise<void> {
    const next = this.#hooks.nextDue(memory);
    // the platform's timers end at 2^31 ms; waking up early is harmless
    const wait = next === undefined ? undefined : Math.min(Math.max(next - this.#hooks.now(memory), 0), 60_000);
    if (wait === 0) return;
    await new Promise<void>((resolve) => {
      const timer = wait === undefined ? undefined : setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async #write(): Promise<void> {
    for (;;) {
      const client = this.#client;
      const memory = this.#memory;
      if (!client || !memory) throw new LostConnection();
      const internal = this.#own.length > 0 || this.#hooks.isDue(memory);
      if (!internal && this.#queue.length === 0) {
        if (this.#stopping) return;
        await this.#sleep(memory);
        if (this.#queue.length === 0) continue; // woken by time, a stop or a lost connection
        // one turn of the event loop lets requests that came together join the same commit
        await pause();
        continue;
      }
      this.#busy = true;
      const alone = this.#queue[0]?.alone === true && !(internal && this.#wasAlone);
      this.#wasAlone = alone;
      const batch: Entry[] = [];
      try {
        await this.#commitBatch(client, memory, alone ? this.#single() : this.#slice(memory), batch);
      } catch (error) {
        const open = new Set([
          ...(this.#unsettled?.answers.map(([entry]) => entry) ?? []),
          ...(this.#unsettled?.parked ?? []),
        ]);
        for (const entry of batch) if (entry.request > 0 && !open.has(entry)) entry.answer(unavailable());
        throw error;
      }
      this.#busy = false;
      if (this.#stopping) return;
    }
  }

  /** The first that waits. */
  #shift(): Entry | undefined {
    const entry = this.#queue.shift();
    this.#queueSize -= entry?.size ?? 0;
    return entry;
  }

  #single(): Source {
    let taken = false;
    return () => {
      if (taken) return undefined;
      taken = true;
      return this.#shift();
    };
  }

  /** What a batch consists of, asked for one by one while it is applied: see the head of this file. */
  #slice(memory: Memory): Source {
    const started = performance.now();
    let own = 0;
    let callers = 0;
    let ownEnded = false;
    return (size) => {
      if (own + callers >= this.#options.maxBatch || size >= BATCH_SIZE) return undefined;
      const spent = performance.now() - started;
      if (!ownEnded) {
        const limit = this.#queue.length > 0 ? SLICE_MS / 2 : SLICE_MS;
        if (own < OWN_PER_BATCH && (own === 0 || spent < limit)) {
          const due = own % 2 === 0 ? this.#hooks.takeDue(memory) : undefined;
          const entry = due ?? this.#own.shift() ?? (own % 2 === 0 ? undefined : this.#hooks.takeDue(memory));
          own++;
          if (entry) return entry;
        }
        ownEnded = true;
      }
      const [first] = this.#queue;
      if (!first || first.alone === true || (callers > 0 && spent >= SLICE_MS)) return undefined;
      callers++;
      return this.#shift();
    };
  }

  /**
   * Applies entries and commits them together. When the statement fails because of what is in it, each is done alone on freshly loaded
   * memory; when it fails because of the server (a full disk, a cancelled statement), nobody's command is carried out.
   * @param batch becomes the entries that were taken from the source
   */
  async #commitBatch(client: pg.Client, memory: Memory, source: Source, batch: Entry[]): Promise<void> {
    const failure = await this.#applyAndCommit(client, memory, source, batch);
    if (!failure) return;
    this.metricsCount.failedCommits++;
    this.#options.log('error', 'a commit failed; memory is loaded anew', {
      err: failure.error,
      commands: batch.length,
    });
    await this.#reload(client);
    if (failure.kind === 'server') {
      for (const entry of batch) entry.answer(cannotStore(failure));
      return;
    }
    for (const entry of batch) {
      const fresh = this.#memory;
      if (!fresh) throw new LostConnection();
      let taken = false;
      const only: Source = () => (taken ? undefined : ((taken = true), entry));
      const alone = batch.length === 1 ? failure : await this.#applyAndCommit(client, fresh, only, []);
      if (!alone) continue;
      entry.answer(cannotStore(alone));
      if (batch.length > 1) await this.#reload(client);
    }
  }

  /** @returns why the batch certainly is not stored, or undefined when it is */
  async #applyAndCommit(
    client: pg.Client,
    memory: Memory,
    source: Source,
    batch: Entry[],
  ): Promise<StoreFailure | undefined> {
    const started = performance.now();
    const rows = new RowBuffer();
    const answers: [Entry, object][] = [];
    const late: LateAnswer[] = [];
    const ready = new Set<string>();
    const dirty = new Set<Key>();
    const parked: Entry[] = [];
    for (let entry = source(0); entry; entry = source(rows.size)) {
      batch.push(entry);
      const work = await this.#apply(client, memory, entry);
      // between two commands others may look, though nothing is stored yet: commands wait for this batch in any case
      const others = breathe();
      if (others) await others;
      if (!work) continue;
      const { outcome } = work;
      if (outcome === 'later') parked.push(entry);
      else answers.push([entry, outcome]);
      if (!work.done) continue;
      rows.absorb(work.done.rows);
      late.push(...work.done.answers);
      for (const type of work.done.ready) ready.add(type);
      for (const instance of work.done.touched) dirty.add(instance.key);
    }
    const texts: [Key, string][] = [];
    for (const key of dirty) {
      const instance = memory.instances.get(key);
      if (!instance) {
        rows.remove('instance', key);
        continue;
      }
      const text = serialize(instance);
      texts.push([key, text]);
      rows.put('instance', key, [key, text]);
      const others = breathe();
      if (others) await others;
    }
    memory.owners.clear();
    const applied = performance.now();
    this.metricsCount.applyMs += applied - started;
    if (!rows.empty || this.#clockDirty) {
      const failure = await this.#commit(client, memory, rows, { answers, parked, late, ready });
      if (failure) return failure;
      this.metricsCount.commits++;
      this.metricsCount.commitMs += performance.now() - applied;
    }
    for (const [key, text] of texts) {
      const instance = memory.instances.get(key);
      if (!instance) continue;
      instance.text = text;
      instance.size = text.length;
      instance.dirty = false;
      // moves to the end: the map's order is the order of last use
      memory.instances.delete(key);
      memory.instances.set(key, instance);
    }
    this.#forget(memory);
    this.metricsCount.commands += batch.length;
    this.metricsCount.largestBatch = Math.max(this.metricsCount.largestBatch, batch.length);
    for (const [entry, answer] of answers) entry.answer(answer);
    this.#hooks.committed(late, ready);
    return undefined;
  }

  /** Forgets the instances that were not used for longest, when there are many or their documents are large. */
  #forget(memory: Memory): void {
    let surplus = memory.instances.size - this.#options.maxLoaded;
    let size = 0;
    for (const instance of memory.instances.values()) size += instance.size;
    if (surplus <= 0 && size <= LOADED_SIZE) return;
    for (const instance of memory.instances.values()) {
      if (surplus-- <= 0 && size <= LOADED_SIZE) break;
      size -= instance.size;
      memory.instances.delete(instance.key);
    }
  }

  async #apply(
    client: pg.Client,
    memory: Memory,
    entry: Entry,
  ): Promise<{ outcome: Outcome; done: Work | undefined } | undefined> {
    if (entry.signal?.aborted) {
      entry.answer(refuse('UNAVAILABLE', 'The caller went away'));
      return undefined;
    }
    for (;;) {
      const work = new Work(memory, this.#hooks.now(memory), this.#options.zone, entry.request);
      try {
        const outcome = entry.run(work);
        if (outcome !== 'later' && isRejection(outcome)) {
          work.undo();
          this.metricsCount.rejected++;
          return { outcome, done: undefined };
        }
        work.finish();
        return { outcome, done: work };
      } catch (error) {
        work.undo();
        if (error instanceof NeedRows) {
          try {
            await loadNeeded(client, memory, error, this.#options.environment);
          } catch (failure) {
            if (failureOf(failure) === undefined && !this.#client) throw new LostConnection();
            throw failure;
          }
          continue;
        }
        if (error instanceof CommandRefused) {
          this.metricsCount.rejected++;
          return { outcome: refuse('INVALID_ARGUMENT', error.message), done: undefined };
        }
        this.metricsCount.undone++;
        this.#options.log('error', 'a command failed and was undone', { err: error });
        return { outcome: refuse('INTERNAL', 'The command failed and was undone'), done: undefined };
      }
    }
  }

  /** Writes the batch. @returns why a statement certainly did not commit. @throws LostConnection when nobody knows. */
  async #commit(
    client: pg.Client,
    memory: Memory,
    rows: RowBuffer,
    pending: Pending,
  ): Promise<StoreFailure | undefined> {
    const batch = this.#batch + 1;
    const last = 'update engine.epoch set last_batch = $1 where epoch = $2';
    const writerRow = memory.nextKey > memory.reservedKey || this.#clockDirty;
    const reserved = memory.nextKey > memory.reservedKey ? memory.nextKey + 10_000 : memory.reservedKey;
    const statement = writerRow
      ? await rows.statement(
          {
            with: [
              'writer_row as (update engine.writer set next_key = $3, clock_offset = $4, clock_pin = $5 where id = 1)',
            ],
            last,
          },
          [batch, this.#epoch, reserved, memory.clockOffset, memory.clockPin],
        )
      : await rows.statement({ with: [], last }, [batch, this.#epoch]);
    // a server keeps what it has prepared: rare combinations of tables are not worth that
    const named = this.#statements.has(statement.name) || this.#statements.size < 300;
    if (named) this.#statements.add(statement.name);
    try {
      await client.query(named ? statement : { text: statement.text, values: statement.values });
    } catch (error) {
      const failure = failureOf(error);
      if (failure) return failure;
      this.#unsettled = { epoch: this.#epoch, batch, ...pending };
      throw new LostConnection();
    }
    this.#batch = batch;
    memory.reservedKey = reserved;
    this.#clockDirty = false;
    return undefined;
  }
}
