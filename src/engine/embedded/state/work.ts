/**
 * One command's work: what it touches, what it changes, what it still has to do, and how all of it is undone. A command is atomic:
 * either everything here joins the batch, or `undo` leaves memory as it was.
 */
import type { Key, Rejection, Variables } from '../commands/types.ts';
import type { JsonValue } from '../feel/types.ts';
import type { ProcessModel } from '../model/types.ts';
import type { Memory, Undo } from './memory.ts';
import {
  hydrate,
  serialize,
  type Definition,
  type ElementInstance,
  type FormDefinition,
  type Incident,
  type Instance,
  type Job,
  type MessageSubscription,
  type Trigger,
  type UserTask,
  type Variable,
} from './model.ts';
import { RowBuffer, type FlagTable } from './rows.ts';
import { textProblem } from './texts.ts';

/**
 * What is to be done next, in the order in which it came up. Plain data with keys, because what is left over when a command is cut
 * short is stored as a row.
 */
export type Todo =
  | {
      readonly do: 'activate';
      readonly instance: Key;
      readonly scope: Key;
      readonly element: string;
      /** 0: given out when it is activated. */
      readonly key: Key;
      /** Index of the sequence flow it came on. */
      readonly flow?: number;
      readonly trigger?: Trigger;
      /** Item of a multi-instance body: its number from 1 on. */
      readonly item?: number;
    }
  | {
      /** `begin`: the process element of a new instance; `items`: the next item of a multi-instance body. */
      readonly do: 'begin' | 'complete' | 'terminate' | 'items';
      readonly instance: Key;
      readonly element: Key;
    }
  /** Looks into the buffer for a subscription that was opened. */
  | { readonly do: 'subscribed'; readonly instance: Key; readonly element: Key; readonly subscription: Key }
  /** Brings a message to a subscription. */
  | {
      readonly do: 'deliver';
      readonly instance: Key;
      readonly element: Key;
      readonly subscription: Key;
      readonly message: {
        readonly key: Key;
        readonly name: string;
        readonly correlationKey: string;
        readonly variables: Variables;
      };
    }
  /** Brings a signal to the rest of very many who wait for it. */
  | { readonly do: 'signalled'; readonly open: readonly Signalled[]; readonly variables: Variables }
  | { readonly do: 'signal'; readonly name: string; readonly variables: Variables };

/** Who waits for a signal: the subscription and where it is. */
export interface Signalled {
  readonly key: Key;
  readonly instance: Key;
  readonly element: Key;
}

/** An answer to a request that some earlier command left waiting. */
export interface LateAnswer {
  readonly request: number;
  readonly answer: object;
}

const json = JSON.stringify;

/** Writing so many characters takes about as long as a step. */
const CHARACTERS_PER_STEP = 10_000;

/** Sets a name that may be `__proto__`. */
export function assign(target: Variables, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

/**
 * An instance is stored as one document, and is not let grow beyond so many characters. A cluster bounds a request (4 MB, as here) and
 * not the sum; here each step writes the document anew.
 */
export const LARGEST_INSTANCE = 32 * 1024 * 1024;

/** At most so many candidate groups or users of a task. */
export const MOST_CANDIDATES = 1000;

/** @throws CommandRefused when a text cannot be searched by */
function searchable(what: string, text: string): string {
  const problem = textProblem(text);
  if (problem !== undefined) throw new CommandRefused(`The ${what} ${problem}`);
  return text;
}

function candidates(what: string, names: readonly string[]): readonly string[] {
  if (names.length > MOST_CANDIDATES)
    throw new CommandRefused(`There must not be more than ${MOST_CANDIDATES} ${what}`);
  for (const name of names) searchable(`name among the ${what}`, name);
  return names;
}

/** Thrown inside a command that asks for more than the engine keeps: it is undone and refused with these words. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

export class Work {
  readonly memory: Memory;
  /** The engine's time at which this command happens. */
  readonly now: number;
  readonly zone: string;
  readonly rows = new RowBuffer();
  readonly todo: Todo[] = [];
  /** What comes when all of `todo` is done: messages travel between partitions, even when there is only one. */
  readonly later: Todo[] = [];
  /** Place in `todo` of the step that is being done. */
  at = 0;
  /** What was done beside the steps, counted as steps. */
  cost = 0;
  readonly answers: LateAnswer[] = [];
  /** Continuations that this command left to be done. */
  readonly leftover: Key[] = [];
  /** Job types of which jobs became ready. */
  readonly ready = new Set<string>();
  /** Number of the client's request; 0 for the engine's own commands. */
  readonly request: number;
  readonly undoes: Undo = [];
  readonly #touched = new Map<Instance, { text: string | null; definition: Definition; model: ProcessModel }>();
  readonly #elements = new Set<ElementInstance>();
  readonly #jobs = new Map<Job, ElementInstance>();
  readonly #tasks = new Map<UserTask, ElementInstance>();
  readonly #subscriptions = new Map<MessageSubscription, ElementInstance>();
  readonly #incidents = new Map<Incident, Instance>();
  readonly #instances = new Set<Instance>();

  constructor(memory: Memory, now: number, zone: string, request: number) {
    this.memory = memory;
    this.now = now;
    this.zone = zone;
    this.request = request;
  }

  nextKey(): Key {
    return this.memory.nextKey++;
  }

  // ---- instances --------------------------------------------------------------------------

  /** Says that an instance is about to change. To be called before its first change. */
  touch(instance: Instance): void {
    if (this.#touched.has(instance)) return;
    const { definition, model } = instance;
    this.#touched.set(instance, { text: instance.dirty ? serialize(instance) : instance.text, definition, model });
    instance.dirty = true;
  }

  /** @returns the live instance, ready to be changed; undefined when it has ended. */
  change(key: Key): Instance | undefined {
    const instance = this.memory.instance(key);
    if (instance) this.touch(instance);
    return instance;
  }

  /** @returns a live element instance of a live instance, ready to be changed. */
  element(instance: Key, element: Key): ElementInstance | undefined {
    return this.change(instance)?.elements.get(element);
  }

  addInstance(instance: Instance): void {
    this.memory.addInstance(instance, this.undoes);
    this.#touched.set(instance, { text: null, definition: instance.definition, model: instance.model });
    instance.dirty = true;
  }

  /** The request of this command is answered when the instance ends. */
  await(instance: Key, fetchVariables: readonly string[]): void {
    this.memory.set(this.memory.awaiting, instance, { request: this.request, fetchVariables }, this.undoes);
  }

  removeInstance(instance: Instance): void {
    this.memory.removeInstance(instance, this.undoes);
  }

  get touched(): Iterable<Instance> {
    return this.#touched.keys();
  }

  /** Puts everything back as it was before this command. Keys that were given out are not given out again. */
  undo(): void {
    for (let i = this.undoes.length - 1; i >= 0; i--) this.undoes[i]?.();
    for (const [instance, before] of this.#touched) {
      if (before.text === null) continue;
      const restored = hydrate(before.text, before.definition, before.model);
      restored.text = instance.text;
      restored.dirty = before.text !== instance.text;
      this.memory.instances.set(restored.key, restored);
    }
  }

  // ---- what becomes rows --------------------------------------------------------------------

  elementChanged(element: ElementInstance): void {
    this.#elements.add(element);
  }
  instanceChanged(instance: Instance): void {
    this.#instances.add(instance);
  }
  taskChanged(task: UserTask, element: ElementInstance): void {
    this.#tasks.set(task, element);
  }
  incidentChanged(incident: Incident, instance: Instance): void {
    this.#incidents.set(incident, instance);
  }

  /** Writes a job and keeps the index of what can be handed out. */
  jobChanged(job: Job, element: ElementInstance): void {
    this.#jobs.set(job, element);
    this.memory.setJob(
      {
        key: job.key,
        instance: element.instance.key,
        element: element.key,
        type: job.type,
        phase: job.phase,
        deadline: job.deadline,
        recur: job.recur,
      },
      this.undoes,
    );
    if (job.phase === 'READY') this.ready.add(job.type);
  }

  /** @throws CommandRefused when the instance becomes larger than instances may be */
  weigh(instance: Instance, more: number): void {
    instance.size += more;
    if (instance.size > LARGEST_INSTANCE)
      throw new CommandRefused(
        `The process instance '${instance.key}' would hold more than ${LARGEST_INSTANCE} characters of variables and elements`,
      );
  }

  subscriptionChanged(subscription: MessageSubscription, element: ElementInstance): void {
    this.#subscriptions.set(subscription, element);
  }

  /**
   * A variable has a new value.
   * @throws CommandRefused when the instance would become too large, or the name cannot be stored
   */
  variableChanged(scope: ElementInstance, name: string, variable: Variable): void {
    const { key, value } = variable;
    const text = json(value);
    this.weigh(scope.instance, text.length - (variable.size ?? 0));
    variable.size = text.length;
    this.cost += Math.floor(text.length / CHARACTERS_PER_STEP);
    searchable('name of a variable', name);
    const { instance } = scope;
    const d = instance.definition;
    this.rows.put('variable', key, [key, scope.key, instance.key, d.key, d.processId, name, text]);
  }

  flowTaken(instance: Instance, flow: string): void {
    const d = instance.definition;
    this.rows.put('sequence_flow', `${instance.key}_${flow}`, [instance.key, flow, d.key, d.processId]);
  }

  definitionRow(d: Definition, resource: Buffer): void {
    this.rows.put('process_definition', d.key, [
      d.key,
      d.processId,
      d.version,
      d.versionTag,
      d.name,
      d.resourceName,
      resource,
      d.checksum,
      d.deploymentKey,
      d.hasStartForm,
      d.startFormId,
      d.latest,
      d.deleted,
    ]);
  }

  formRow(f: FormDefinition, schema: string): void {
    this.rows.put('form', f.key, [
      f.key,
      f.formId,
      f.version,
      f.versionTag,
      f.resourceName,
      schema,
      f.checksum,
      f.deploymentKey,
      f.latest,
      f.deleted,
    ]);
  }

  /** The flags of a version changed; its other columns (the file) are not in memory. */
  flags(table: FlagTable, version: { readonly key: Key; readonly latest: boolean; readonly deleted: boolean }): void {
    this.rows.flag(table, version.key, version.latest, version.deleted);
  }

  /** Turns what changed into rows; to be called once, when the command went well. */
  finish(): void {
    const put = this.rows.put.bind(this.rows);
    for (const i of this.#instances) {
      const d = i.definition;
      put('process_instance', i.key, [
        i.key,
        d.key,
        d.processId,
        d.version,
        d.versionTag,
        d.name ?? d.processId,
        i.parentKey,
        i.parentElementKey,
        i.rootKey,
        i.state,
        i.startMs,
        i.endMs,
        i.root.incidents > 0,
        json(i.tags),
      ]);
    }
    for (const e of this.#elements) {
      if (!e.scope) continue; // the process itself is the row above
      const d = e.instance.definition;
      put('element_instance', e.key, [
        e.key,
        e.instance.key,
        d.key,
        d.processId,
        e.element.id,
        e.element.name ?? e.element.id,
        typeOf(e),
        e.state === 'COMPLETED' || e.state === 'TERMINATED' ? e.state : 'ACTIVE',
        e.startMs,
        e.endMs,
        e.scope.key,
        e.incident,
        e.incidents > 0,
      ]);
    }
    for (const [job, e] of this.#jobs) {
      const d = e.instance.definition;
      put('job', job.key, [
        job.key,
        searchable('type of a job', job.type),
        job.worker,
        job.state,
        job.phase,
        job.kind,
        job.event,
        job.retries,
        job.deadline,
        job.recur,
        job.errorCode,
        job.errorMessage,
        json(job.headers),
        // an uncaught error's record names NO_CATCH_EVENT_FOUND in its place, but searches of a cluster keep the element
        e.element.id,
        e.key,
        e.instance.key,
        d.key,
        d.processId,
        job.endMs,
        job.denied,
        job.deniedReason,
        json(e.instance.tags),
      ]);
    }
    for (const [task, e] of this.#tasks) {
      const d = e.instance.definition;
      const a = task.attributes;
      put('user_task', task.key, [
        task.key,
        task.state,
        e.element.id,
        e.key,
        e.instance.key,
        d.key,
        d.processId,
        d.version,
        e.element.name ?? e.element.id,
        d.name ?? d.processId,
        a.assignee === '' ? null : searchable('assignee', a.assignee),
        candidates('candidate groups', a.candidateGroups),
        candidates('candidate users', a.candidateUsers),
        a.dueDate === '' ? null : Date.parse(a.dueDate),
        a.followUpDate === '' ? null : Date.parse(a.followUpDate),
        a.priority,
        task.formKey,
        task.externalFormReference === '' ? null : task.externalFormReference,
        json(e.element.userTask?.headers ?? {}),
        task.creationMs,
        task.completionMs,
        json(e.instance.tags),
      ]);
    }
    for (const [s, e] of this.#subscriptions) {
      const d = e.instance.definition;
      put('message_subscription', s.key, [
        s.key,
        e.instance.key,
        d.key,
        d.processId,
        e.instance.model.elements[s.event]?.id ?? e.element.id,
        e.key,
        s.state,
        s.open,
        s.interrupting,
        this.now,
        searchable('name of a message', s.name),
        searchable('correlation key', s.correlationKey),
      ]);
    }
    for (const [i, instance] of this.#incidents) {
      const d = instance.definition;
      put('incident', i.key, [
        i.key,
        i.type,
        i.message,
        i.state,
        i.creationMs,
        i.elementId,
        i.elementKey,
        instance.key,
        instance.rootKey,
        d.key,
        d.processId,
        i.jobKey,
        instance.path,
      ]);
    }
  }
}

/** The element type as the REST API names it. */
const typeOf = (e: ElementInstance): string => (e.body ? 'MULTI_INSTANCE_BODY' : e.element.kind);

/** What a command gives back: an answer, a refusal, or nothing yet (someone else answers later with `answers`). */
export type Outcome = object | Rejection | 'later';
