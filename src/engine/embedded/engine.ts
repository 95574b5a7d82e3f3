/**
 * The engine around the writer: requests and their late answers, long polls, what is due, and the clock. It implements what the HTTP
 * handlers are given (`EngineDoor`).
 */
import type {
  ActivateJobsCommand,
  ActivatedJob,
  CommandKind,
  CommandMap,
  EngineDoor,
  Key,
  Rejection,
} from './commands/types.ts';
import { isRejection } from './commands/types.ts';
import { deleteResource, deploy } from './commands/deploy.ts';
import { resolveIncident, setVariables } from './commands/incidents.ts';
import { cancelInstance, createInstance } from './commands/instances.ts';
import {
  activateJobs,
  completeJob,
  failJob,
  recurJob,
  releaseJobs,
  throwJobError,
  timeOutJob,
  updateJob,
} from './commands/jobs.ts';
import { broadcastSignal, correlateMessage, expireMessage, publishMessage } from './commands/messages.ts';
import { migrateInstance } from './commands/migrate.ts';
import { modifyInstance } from './commands/modify.ts';
import { reject, resume } from './commands/run.ts';
import { fireTimer } from './commands/timers.ts';
import { assignUserTask, completeUserTask, updateUserTask } from './commands/userTasks.ts';
import type { Due } from './state/due.ts';
import type { Memory } from './state/memory.ts';
import type { LateAnswer, Outcome, Work } from './state/work.ts';
import { Writer, type Entry, type Log, type WriterMetrics } from './state/writer.ts';

type Handlers = { [K in CommandKind]: (work: Work, command: CommandMap[K]['in']) => Outcome };

/** How long a request waits for listeners or for the end of an instance when it does not say so itself. */
const LATE_ANSWER_MS = 30_000;
/** How long the engine's own work waits when carrying it out failed; twice as long each time it fails again, up to the second. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

export interface EngineOptions {
  connectionString: string;
  clock: 'system' | 'controlled';
  zone: string;
  searchDelayMs: number;
  allowReset: boolean;
  maxBatch: number;
  maxQueue: number;
  maxQueueSize: number;
  maxLoaded: number;
  log: Log;
}

/**
 * About how many characters and bytes a command holds while it waits.
 * @param command JSON, but for the files of a deployment
 */
function sizeOf(kind: CommandKind, command: object): number {
  if (kind === 'deploy')
    return (command as CommandMap['deploy']['in']).resources.reduce((sum, r) => sum + r.file.content.byteLength, 0);
  let size = 0;
  const stack: unknown[] = [command];
  while (stack.length > 0) {
    const value = stack.pop();
    size += 8;
    if (typeof value === 'string') size += value.length;
    else if (Array.isArray(value)) for (const one of value) stack.push(one);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        size += name.length;
        stack.push(one);
      }
  }
  return size;
}

interface Poll {
  readonly command: ActivateJobsCommand;
  readonly signal: AbortSignal | undefined;
  readonly answer: (answer: object) => void;
}

export class Engine implements EngineDoor {
  readonly clock: 'system' | 'controlled';
  readonly zone: string;
  readonly searchDelayMs: number;
  readonly connectionString: string;
  readonly reset?: () => Promise<void>;
  readonly #options: EngineOptions;
  #writer: Writer;
  #request = 0;
  /** Requests whose answer comes from a later command. */
  readonly #waiting = new Map<number, (answer: object) => void>();
  readonly #awaiting: Memory['awaiting'] = new Map();
  /** Long polls by request number; a map keeps them in the order in which they came. */
  readonly #polls = new Map<number, Poll>();
  /** With a pinned clock only what was due when the clock was moved fires (truth 27b). */
  #sweeps: Due[] | undefined;
  /** The engine's own work that failed, by kind and key, and when it is tried again (in the time of the process). */
  readonly #aside = new Map<string, { readonly tries: number; readonly until: number }>();
  #lastClock = { offset: 0, pin: null as number | null };

  constructor(options: EngineOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.zone = options.zone;
    this.searchDelayMs = options.searchDelayMs;
    this.connectionString = options.connectionString;
    this.#writer = this.#newWriter();
    if (options.allowReset) this.reset = () => this.#reset();
  }

  #newWriter(): Writer {
    const { connectionString, zone, maxBatch, maxQueue, maxQueueSize, maxLoaded, log } = this.#options;
    return new Writer(
      {
        connectionString,
        environment: { now: () => this.now().getTime(), zone },
        zone,
        maxBatch,
        maxQueue,
        maxQueueSize,
        maxLoaded,
        log,
      },
      {
        now: (memory) => this.#time(memory),
        isDue: (memory) => this.#isDue(memory),
        takeDue: (memory) => this.#takeDue(memory),
        nextDue: (memory) => (this.#timeStands(memory) ? undefined : memory.due.peek()?.at),
        committed: (answers, ready) => this.#committed(answers, ready),
        becameWriter: (memory) => {
          memory.awaiting = this.#awaiting;
          for (const key of memory.continuations.keys()) this.#continue(key);
        },
        lost: () => this.#lost(),
      },
    );
  }

  start(): Promise<void> {
    return this.#writer.start();
  }

  async stop(): Promise<void> {
    const writer = this.#writer;
    await writer.stop();
    this.#lost();
    for (const answer of this.#waiting.values()) answer(reject('UNAVAILABLE', 'The engine is stopping'));
    this.#waiting.clear();
  }

  isWriter(): boolean {
    return this.#writer.memory !== undefined;
  }

  metrics(): WriterMetrics & { polls: number; waiting: number } {
    return { ...this.#writer.metrics(), polls: this.#polls.size, waiting: this.#waiting.size };
  }

  /** Test switch: drops the writer's connection as a network would. */
  breakConnection(): void {
    this.#writer.breakConnection();
  }

  // ---- the clock ------------------------------------------------------------------------------

  #time(memory: Memory): number {
    if (this.clock === 'system') return Date.now();
    return memory.clockPin ?? Date.now() + memory.clockOffset;
  }

  #timeStands(memory: Memory): boolean {
    return this.clock === 'controlled' && memory.clockPin !== null;
  }

  now(): Date {
    const { memory } = this.#writer;
    if (memory) {
      this.#lastClock = { offset: memory.clockOffset, pin: memory.clockPin };
      return new Date(this.#time(memory));
    }
    if (this.clock === 'system') return new Date();
    return new Date(this.#lastClock.pin ?? Date.now() + this.#lastClock.offset);
  }

  /** Moves the clock; with a pin, what is due then fires, and nothing that only comes up by that. */
  #setClock(memory: Memory, offset: number, pin: number | null): void {
    memory.clockOffset = offset;
    memory.clockPin = pin;
    this.#writer.clockChanged();
    this.#sweeps = undefined;
    if (pin !== null) {
      this.#sweeps = [];
      for (let due = memory.due.peek(); due && due.at <= pin; due = memory.due.peek()) {
        memory.due.pop();
        this.#sweeps.push(due);
      }
    }
    this.#writer.poke();
  }

  async advance(milliseconds: number, leap: boolean): Promise<void> {
    await this.settle();
    let left = milliseconds;
    const move = async (by: number): Promise<void> => {
      const { memory } = this.#writer;
      if (!memory) return;
      if (memory.clockPin !== null) this.#setClock(memory, memory.clockOffset, memory.clockPin + by);
      else this.#setClock(memory, memory.clockOffset + by, null);
      await this.settle();
    };
    if (leap) return move(left);
    const end = this.now().getTime() + left;
    for (;;) {
      const { memory } = this.#writer;
      const now = this.now().getTime();
      const next = memory && this.#nextDue(memory, now);
      if (next === undefined || next > end) break;
      await move(next - now);
    }
    left = end - this.now().getTime();
    if (left > 0) await move(left);
  }

  /** @returns the next time after now at which something is due that is not void */
  #nextDue(memory: Memory, now: number): number | undefined {
    for (let due = memory.due.peek(); due; due = memory.due.peek()) {
      if (due.at > now && !this.#isVoid(memory, due)) return due.at;
      if (due.at <= now && this.#timeStands(memory)) {
        // it waits for the clock to be moved, which is about to happen
        return now + 1;
      }
      if (due.at <= now) return undefined;
      memory.due.pop();
    }
    return undefined;
  }

  /** Returns when no command waits and nothing is due that can fire. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      const { memory } = this.#writer;
      const due = memory && !this.#timeStands(memory) ? (memory.due.peek()?.at ?? Infinity) : Infinity;
      const busy = !this.#writer.idle || (this.#sweeps?.length ?? 0) > 0 || due <= this.now().getTime();
      quiet = busy && memory ? 0 : quiet + 1;
      if (busy) this.#writer.poke();
      await new Promise((resolve) => setTimeout(resolve, busy ? 1 : 0));
    }
  }

  // ---- what is due ------------------------------------------------------------------------------

  #isVoid(memory: Memory, due: Due): boolean {
    switch (due.kind) {
      case 'job':
        return memory.jobs.get(due.key)?.phase !== 'TAKEN' || memory.jobs.get(due.key)?.deadline !== due.at;
      case 'backoff':
        return memory.jobs.get(due.key)?.phase !== 'BACKOFF' || memory.jobs.get(due.key)?.recur !== due.at;
      case 'message':
        return !memory.messagesByKey.has(due.key);
      case 'timer':
        return due.instance === 0 ? !memory.startTimers.has(due.key) : !memory.live.has(due.instance);
    }
  }

  #isDue(memory: Memory): boolean {
    if (this.#timeStands(memory)) return (this.#sweeps?.length ?? 0) > 0;
    return (memory.due.peek()?.at ?? Infinity) <= this.#time(memory);
  }

  /** Takes the next that is due; what is void or was set aside is passed over. */
  #takeDue(memory: Memory): Entry | undefined {
    for (;;) {
      const due = this.#timeStands(memory) ? this.#sweeps?.shift() : this.#isDue(memory) ? memory.due.pop() : undefined;
      if (!due) return undefined;
      const id = `${due.kind} ${due.key}`;
      if (this.#isVoid(memory, due) || this.#isAside(id)) continue;
      return {
        ...this.#own((work) => this.#fire(work, due)),
        answer: (value) =>
          this.#after(id, value, () => {
            this.#writer.memory?.due.push(due);
            this.#writer.poke();
          }),
      };
    }
  }

  #isAside(id: string): boolean {
    return (this.#aside.get(id)?.until ?? 0) > performance.now();
  }

  /** What failed must neither be lost nor keep the loop busy: it waits, and is tried again. */
  #after(id: string, outcome: object, again: () => void): void {
    if (!isRejection(outcome)) {
      this.#aside.delete(id);
      return;
    }
    const tries = (this.#aside.get(id)?.tries ?? 0) + 1;
    const wait = Math.min(RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS);
    this.#aside.set(id, { tries, until: performance.now() + wait });
    this.#options.log('error', 'work of the engine failed and is tried again later', {
      work: id,
      tries,
      refused: outcome.rejected,
    });
    setTimeout(again, wait + 1).unref();
  }

  #fire(work: Work, due: Due): object {
    switch (due.kind) {
      case 'job':
        return timeOutJob(work, due.key);
      case 'backoff':
        return recurJob(work, due.key);
      case 'message':
        return expireMessage(work, due.key);
      case 'timer':
        return fireTimer(work, due.key, due.instance);
    }
  }

  /** A command of the engine's own: nobody waits for its answer. */
  #own(run: (work: Work) => object): Entry {
    return { request: 0, answer: () => undefined, run: (work) => this.#noticing(work, run(work)) };
  }

  /** Has what a command left over done by a command of its own. */
  #noticing(work: Work, outcome: Outcome): Outcome {
    for (const key of work.leftover) this.#continue(key);
    return outcome;
  }

  #continue(key: Key): void {
    const id = `continuation ${key}`;
    if (this.#isAside(id)) return;
    queueMicrotask(() =>
      this.#writer.submitOwn({
        ...this.#own((work) => resume(work, key)),
        answer: (outcome) =>
          this.#after(id, outcome, () => {
            if (this.#writer.memory?.continuations.has(key) === true) this.#continue(key);
          }),
      }),
    );
  }

  // ---- requests -----------------------------------------------------------------------------------

  readonly #handlers: Handlers = {
    deploy,
    deleteResource,
    createInstance,
    cancelInstance,
    modifyInstance,
    migrateInstance,
    activateJobs,
    completeJob,
    failJob,
    throwError: throwJobError,
    updateJob,
    completeUserTask,
    assignUserTask,
    updateUserTask,
    publishMessage,
    correlateMessage,
    broadcastSignal,
    resolveIncident,
    setVariables,
    pinClock: (work, command) => this.#clockCommand(work, command.timestamp),
    resetClock: (work) => this.#clockCommand(work, null),
  };

  #clockCommand(work: Work, pin: number | null): Outcome {
    if (this.clock === 'system') return reject('INVALID_STATE', 'The clock of this cluster is not controlled');
    this.#setClock(work.memory, pin === null ? 0 : work.memory.clockOffset, pin);
    return {};
  }

  submit<K extends CommandKind>(
    kind: K,
    command: CommandMap[K]['in'],
    signal?: AbortSignal,
  ): Promise<CommandMap[K]['out'] | Rejection> {
    const request = ++this.#request;
    const run: (work: Work, command: CommandMap[K]['in']) => Outcome = this.#handlers[kind];
    return new Promise<object>((resolve) => {
      if (kind === 'activateJobs') {
        this.#activate(request, command as ActivateJobsCommand, signal, resolve); // K is 'activateJobs'
        return;
      }
      const patience = this.#patience(kind, command);
      const timer = setTimeout(() => {
        this.#waiting.delete(request);
        resolve(reject('TIMEOUT', 'The engine has not finished this in time; it may still do so'));
      }, patience);
      const answer = (value: object): void => {
        clearTimeout(timer);
        this.#waiting.delete(request);
        resolve(value);
      };
      this.#waiting.set(request, answer);
      const entry: Entry = {
        request,
        run: (work) => this.#noticing(work, run(work, command)),
        answer,
        signal,
        size: sizeOf(kind, command),
        alone: kind === 'deploy' || kind === 'deleteResource',
      };
      this.#writer.submit(entry);
    }) as Promise<CommandMap[K]['out'] | Rejection>; // the handlers' table pairs each kind with its answer
  }

  #patience(kind: CommandKind, command: object): number {
    if (kind === 'createInstance' && 'await' in command) {
      const { await: wait } = command as CommandMap['createInstance']['in'];
      if (wait) return wait.timeoutMs;
    }
    return LATE_ANSWER_MS;
  }

  #committed(answers: readonly LateAnswer[], ready: ReadonlySet<string>): void {
    for (const { request, answer } of answers) {
      this.#waiting.get(request)?.(answer);
      for (const [instance, waiting] of this.#awaiting)
        if (waiting.request === request) this.#awaiting.delete(instance);
    }
    if (ready.size === 0) return;
    for (const [request, poll] of this.#polls) if (ready.has(poll.command.type)) this.#tryPoll(request, poll);
  }

  #lost(): void {
    const polls = [...this.#polls.values()];
    this.#polls.clear();
    this.#sweeps = undefined;
    for (const poll of polls)
      poll.answer(reject('UNAVAILABLE', 'This process is not the one that writes at the moment; try again shortly'));
  }

  // ---- long polls -----------------------------------------------------------------------------------

  #activate(
    request: number,
    command: ActivateJobsCommand,
    signal: AbortSignal | undefined,
    resolve: (answer: object) => void,
  ): void {
    let timer: NodeJS.Timeout | undefined;
    const answer = (value: object): void => {
      clearTimeout(timer);
      this.#polls.delete(request);
      signal?.removeEventListener('abort', gone);
      resolve(value);
    };
    const gone = (): void => answer({ jobs: [] });
    signal?.addEventListener('abort', gone);
    if (command.requestTimeoutMs > 0) timer = setTimeout(() => answer({ jobs: [] }), command.requestTimeoutMs);
    const poll: Poll = { command, signal, answer };
    this.#polls.set(request, poll);
    this.#tryPoll(request, poll);
  }

  /** Looks for jobs on behalf of a poll. What it took is given back when the caller has gone in the meantime. */
  #tryPoll(request: number, poll: Poll): void {
    this.#writer.submit({
      request,
      signal: poll.signal,
      run: (work) => {
        if (!this.#polls.has(request)) return { jobs: [] };
        const taken = activateJobs(work, poll.command);
        return taken.jobs.length === 0 && poll.command.requestTimeoutMs >= 0 ? 'later' : taken;
      },
      answer: (value) => {
        const jobs: ActivatedJob[] =
          isRejection(value) || !('jobs' in value) || !Array.isArray(value.jobs) ? [] : value.jobs;
        if (!this.#polls.has(request) && jobs.length > 0) {
          const keys = jobs.map((job) => ({ key: job.jobKey, deadline: job.deadline }));
          this.#writer.submitOwn(this.#own((work) => releaseJobs(work, keys)));
          return;
        }
        poll.answer(value);
      },
    });
  }

  // ---- tests ----------------------------------------------------------------------------------------

  async #reset(): Promise<void> {
    await this.stop();
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: this.#options.connectionString });
    await client.connect();
    await client.query('drop schema if exists engine cascade');
    await client.end();
    this.#awaiting.clear();
    this.#writer = this.#newWriter();
    await this.#writer.start();
  }
}
