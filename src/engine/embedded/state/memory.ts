/**
 * The writer's memory: what must be found without asking the database. Instances themselves are loaded when a command needs them
 * (`NeedRows`) and forgotten again when there are many; the small indexes are complete. Every change of an index says how it is undone.
 */
import type { Key, Variables } from '../commands/types.ts';
import type { Definition, FormDefinition, Instance, JobPhase } from './model.ts';
import { DueHeap } from './due.ts';

/** Thrown inside a command that needs rows which are not in memory: it is undone, the rows are loaded, and it runs again. */
export class NeedRows extends Error {
  override readonly name = 'NeedRows';
  readonly instances: readonly Key[];
  readonly elements: readonly Key[];
  readonly definitions: readonly Key[];
  constructor(what: { instances?: readonly Key[]; elements?: readonly Key[]; definitions?: readonly Key[] }) {
    super('rows are needed that are not in memory');
    this.instances = what.instances ?? [];
    this.elements = what.elements ?? [];
    this.definitions = what.definitions ?? [];
  }
}

/** What puts things back as they were, newest change first. */
export type Undo = (() => void)[];

export interface JobInfo {
  readonly key: Key;
  readonly instance: Key;
  readonly element: Key;
  readonly type: string;
  phase: JobPhase;
  deadline: number | null;
  recur: number | null;
}

/** An open message subscription of an instance. */
export interface SubscriptionInfo {
  readonly key: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly instance: Key;
  readonly element: Key;
  readonly processId: string;
  readonly interrupting: boolean;
}

export interface BufferedMessage {
  readonly key: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly messageId: string;
  readonly deadline: number;
  readonly variables: Variables;
  /** Process ids it has been correlated to. */
  reached: readonly string[];
}

export interface SignalInfo {
  readonly key: Key;
  readonly name: string;
  readonly instance: Key;
  readonly element: Key;
}

export interface StartTimer {
  readonly key: Key;
  readonly definition: Key;
  readonly elementId: string;
  readonly due: number;
  readonly repetitions: number;
  readonly spec: string;
}

/** The jobs of a type that can be handed out, oldest first. Keys that are no longer ready are skipped when they come up. */
class ReadyQueue {
  #keys: Key[] = [];
  #head = 0;

  add(key: Key): void {
    const keys = this.#keys;
    const last = keys[keys.length - 1];
    if (last === undefined || this.#head >= keys.length || key > last) {
      keys.push(key);
      return;
    }
    let low = this.#head;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    if (keys[low] !== key) keys.splice(low, 0, key);
  }

  /** @returns the keys from the oldest on, dropping those for which `ready` is false. */
  take(max: number, ready: (key: Key) => boolean): Key[] {
    const taken: Key[] = [];
    while (taken.length < max && this.#head < this.#keys.length) {
      const key = this.#keys[this.#head++];
      if (key !== undefined && ready(key)) taken.push(key);
    }
    if (this.#head > 1024 && this.#head * 2 > this.#keys.length) {
      this.#keys = this.#keys.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}

const pair = (name: string, key: string): string => `${name.length}:${name}${key}`;

/** A map of lists that removes lists which become empty. */
class MultiMap<V extends { readonly key: Key }> {
  readonly #lists = new Map<string, V[]>();
  get(id: string): readonly V[] {
    return this.#lists.get(id) ?? [];
  }
  /** Keeps the list in the order of keys. */
  add(id: string, value: V): void {
    const list = this.#lists.get(id);
    if (!list) {
      this.#lists.set(id, [value]);
      return;
    }
    let at = list.length;
    while (at > 0 && (list[at - 1]?.key ?? 0) > value.key) at--;
    list.splice(at, 0, value);
  }
  remove(id: string, key: Key): void {
    const list = this.#lists.get(id);
    const at = list?.findIndex((v) => v.key === key) ?? -1;
    if (!list || at < 0) return;
    list.splice(at, 1);
    if (list.length === 0) this.#lists.delete(id);
  }
}

export class Memory {
  nextKey: Key = 0;
  /** Keys below this are reserved in the database. */
  reservedKey: Key = 0;
  clockOffset = 0;
  clockPin: number | null = null;

  readonly definitions = new Map<Key, Definition>();
  /** Versions of a process id, oldest first, deleted ones included. */
  readonly versions = new Map<string, Definition[]>();
  readonly forms = new Map<Key, FormDefinition>();
  readonly formVersions = new Map<string, FormDefinition[]>();

  /** Live instances that are loaded; in the order of their last use. */
  readonly instances = new Map<Key, Instance>();
  /** Every live instance and its definition's key. */
  readonly live = new Map<Key, Key>();
  /** Live element instances asked for by key that are in instances not loaded: found once, then known; null: there is none. */
  readonly owners = new Map<Key, Key | null>();
  readonly tasks = new Map<Key, { readonly instance: Key; readonly element: Key }>();
  readonly incidents = new Map<Key, Key>();
  readonly jobs = new Map<Key, JobInfo>();
  readonly #ready = new Map<string, ReadyQueue>();
  readonly subscriptions = new MultiMap<SubscriptionInfo>();
  readonly messages = new MultiMap<BufferedMessage>();
  readonly messagesByKey = new Map<Key, BufferedMessage>();
  readonly signals = new MultiMap<SignalInfo>();
  readonly startTimers = new Map<Key, StartTimer>();
  /** `processId`, correlation key → the active instance that a message started. */
  readonly startLocks = new Map<string, Key>();
  readonly lockOf = new Map<Key, { readonly processId: string; readonly correlationKey: string }>();
  readonly due = new DueHeap();
  /** Requests that wait for the end of an instance; the engine keeps them over a loss of memory. */
  awaiting = new Map<Key, { readonly request: number; readonly fetchVariables: readonly string[] }>();
  readonly continuations = new Map<Key, string>();

  // ---- definitions ------------------------------------------------------------------------

  addDefinition(definition: Definition, undo: Undo): void {
    this.definitions.set(definition.key, definition);
    const versions = this.versions.get(definition.processId) ?? [];
    versions.push(definition);
    this.versions.set(definition.processId, versions);
    undo.push(() => {
      this.definitions.delete(definition.key);
      versions.pop();
    });
  }

  addForm(form: FormDefinition, undo: Undo): void {
    this.forms.set(form.key, form);
    const versions = this.formVersions.get(form.formId) ?? [];
    versions.push(form);
    this.formVersions.set(form.formId, versions);
    undo.push(() => {
      this.forms.delete(form.key);
      versions.pop();
    });
  }

  latest(processId: string): Definition | undefined {
    return this.versions.get(processId)?.findLast((d) => d.latest);
  }

  // ---- instances --------------------------------------------------------------------------

  /** @returns the live instance; undefined when there is none. @throws NeedRows when it is not loaded. */
  instance(key: Key): Instance | undefined {
    const found = this.instances.get(key);
    if (found) return found;
    if (this.live.has(key)) throw new NeedRows({ instances: [key] });
    return undefined;
  }

  /** Asks for all of these at once, so that a command over many instances is repeated once and not once for each. */
  require(keys: Iterable<Key>): void {
    const missing = [...keys].filter((key) => !this.instances.has(key) && this.live.has(key));
    if (missing.length > 0) throw new NeedRows({ instances: missing });
  }

  addInstance(instance: Instance, undo: Undo): void {
    this.instances.set(instance.key, instance);
    this.live.set(instance.key, instance.definition.key);
    instance.definition.active++;
    undo.push(() => {
      this.instances.delete(instance.key);
      this.live.delete(instance.key);
      instance.definition.active--;
    });
  }

  removeInstance(instance: Instance, undo: Undo): void {
    this.instances.delete(instance.key);
    this.live.delete(instance.key);
    instance.definition.active--;
    undo.push(() => {
      // the instance itself comes back from its text
      this.live.set(instance.key, instance.definition.key);
      instance.definition.active++;
    });
  }

  // ---- jobs -------------------------------------------------------------------------------

  #queue(type: string): ReadyQueue {
    let queue = this.#ready.get(type);
    if (!queue) this.#ready.set(type, (queue = new ReadyQueue()));
    return queue;
  }

  /** Puts a job's state into the index. */
  setJob(info: JobInfo, undo: Undo): void {
    const before = this.jobs.get(info.key);
    if (info.phase === 'DONE') this.jobs.delete(info.key);
    else this.jobs.set(info.key, info);
    if (info.phase === 'READY') this.#queue(info.type).add(info.key);
    if (info.phase === 'TAKEN' && info.deadline !== null)
      this.due.push({ at: info.deadline, kind: 'job', key: info.key, instance: info.instance });
    if (info.phase === 'BACKOFF' && info.recur !== null)
      this.due.push({ at: info.recur, kind: 'backoff', key: info.key, instance: info.instance });
    undo.push(() => {
      if (before) this.jobs.set(info.key, before);
      else this.jobs.delete(info.key);
      if (before?.phase === 'READY') this.#queue(info.type).add(info.key);
    });
  }

  /** @returns up to `max` jobs of a type that can be handed out, oldest first; they leave the queue. */
  takeReady(type: string, max: number, undo: Undo): Key[] {
    const queue = this.#ready.get(type);
    if (!queue) return [];
    const taken = queue.take(max, (key) => this.jobs.get(key)?.phase === 'READY');
    if (taken.length > 0) undo.push(() => taken.forEach((key) => queue.add(key)));
    return taken;
  }

  /** Puts jobs back that `takeReady` gave and nobody took. */
  giveBack(type: string, keys: readonly Key[]): void {
    for (const key of keys) this.#queue(type).add(key);
  }

  // ---- messages and signals ---------------------------------------------------------------

  openSubscriptions(name: string, correlationKey: string): readonly SubscriptionInfo[] {
    return this.subscriptions.get(pair(name, correlationKey));
  }
  addSubscription(info: SubscriptionInfo, undo: Undo): void {
    const id = pair(info.name, info.correlationKey);
    this.subscriptions.add(id, info);
    undo.push(() => this.subscriptions.remove(id, info.key));
  }
  removeSubscription(info: SubscriptionInfo, undo: Undo): void {
    const id = pair(info.name, info.correlationKey);
    this.subscriptions.remove(id, info.key);
    undo.push(() => this.subscriptions.add(id, info));
  }

  buffered(name: string, correlationKey: string): readonly BufferedMessage[] {
    return this.messages.get(pair(name, correlationKey));
  }
  addMessage(message: BufferedMessage, undo: Undo): void {
    const id = pair(message.name, message.correlationKey);
    this.messages.add(id, message);
    this.messagesByKey.set(message.key, message);
    this.due.push({ at: message.deadline, kind: 'message', key: message.key, instance: 0 });
    undo.push(() => {
      this.messages.remove(id, message.key);
      this.messagesByKey.delete(message.key);
    });
  }
  removeMessage(message: BufferedMessage, undo: Undo): void {
    const id = pair(message.name, message.correlationKey);
    this.messages.remove(id, message.key);
    this.messagesByKey.delete(message.key);
    undo.push(() => {
      this.messages.add(id, message);
      this.messagesByKey.set(message.key, message);
    });
  }

  addSignal(info: SignalInfo, undo: Undo): void {
    this.signals.add(info.name, info);
    undo.push(() => this.signals.remove(info.name, info.key));
  }
  removeSignal(info: SignalInfo, undo: Undo): void {
    this.signals.remove(info.name, info.key);
    undo.push(() => this.signals.add(info.name, info));
  }

  startLock(processId: string, correlationKey: string): Key | undefined {
    return this.startLocks.get(pair(processId, correlationKey));
  }
  lockStart(processId: string, correlationKey: string, instance: Key, undo: Undo): void {
    const id = pair(processId, correlationKey);
    this.startLocks.set(id, instance);
    this.lockOf.set(instance, { processId, correlationKey });
    undo.push(() => {
      this.startLocks.delete(id);
      this.lockOf.delete(instance);
    });
  }
  unlockStart(instance: Key, undo: Undo): { readonly processId: string; readonly correlationKey: string } | undefined {
    const lock = this.lockOf.get(instance);
    if (!lock) return undefined;
    const id = pair(lock.processId, lock.correlationKey);
    this.startLocks.delete(id);
    this.lockOf.delete(instance);
    undo.push(() => {
      this.startLocks.set(id, instance);
      this.lockOf.set(instance, lock);
    });
    return lock;
  }

  // ---- generic ----------------------------------------------------------------------------

  /** Sets or (undefined) deletes an entry of one of the plain maps. */
  set<K, V>(map: Map<K, V>, key: K, value: V | undefined, undo: Undo): void {
    const had = map.has(key);
    const before = map.get(key);
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    undo.push(() => {
      if (had && before !== undefined) map.set(key, before);
      else map.delete(key);
    });
  }
}
