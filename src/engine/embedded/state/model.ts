/**
 * What the writer keeps in memory of one process instance. It is one document: element instances with their variables, job, user task,
 * timers and subscriptions. `serialize` and `hydrate` are each other's inverse; everything else is derived when it is hydrated.
 */
import type { Corrections, JobKind, Key, ListenerEventType, Variables } from '../commands/types.ts';
import type { JsonValue } from '../feel/types.ts';
import type { ModelElement, ProcessModel, UserTaskEventType } from '../model/types.ts';

/** The lifecycle of an element instance; which step may follow which stands in elements/lifecycle.ts. */
export type ElementState = 'ACTIVATING' | 'ACTIVATED' | 'COMPLETING' | 'COMPLETED' | 'TERMINATING' | 'TERMINATED';

export interface Variable {
  readonly key: Key;
  value: JsonValue;
  /** How many characters the value has as JSON, when it was set since the instance was loaded. */
  size?: number;
}

/** An event that has reached an element instance and waits there until the instance gets to it. */
export interface Trigger {
  /** Index of the catching element in the model. */
  readonly event: number;
  readonly variables: Variables | null;
}

export type JobPhase = 'READY' | 'TAKEN' | 'BACKOFF' | 'STUCK' | 'DONE';
export type JobState =
  'CREATED' | 'COMPLETED' | 'CANCELED' | 'FAILED' | 'ERROR_THROWN' | 'TIMED_OUT' | 'RETRIES_UPDATED' | 'MIGRATED';

export interface Job {
  readonly key: Key;
  readonly type: string;
  readonly kind: JobKind;
  readonly event: ListenerEventType;
  readonly headers: Readonly<Record<string, string>>;
  phase: JobPhase;
  state: JobState;
  retries: number;
  worker: string;
  deadline: number | null;
  recur: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  denied: boolean | null;
  deniedReason: string | null;
  endMs: number | null;
}

export type UserTaskState =
  'CREATING' | 'CREATED' | 'ASSIGNING' | 'UPDATING' | 'COMPLETING' | 'COMPLETED' | 'CANCELING' | 'CANCELED';

/** The attributes of a user task that commands and listeners change. */
export interface UserTaskAttributes {
  assignee: string;
  candidateGroups: readonly string[];
  candidateUsers: readonly string[];
  /** As written: ISO text with a zone, empty for none. */
  dueDate: string;
  followUpDate: string;
  priority: number;
}

/** A change of a user task that waits for its listeners. */
export interface Transition {
  event: UserTaskEventType;
  action: string;
  /** Index of the listener whose job is out. */
  listener: number;
  /** What the attributes become when the transition is accepted; corrections are worked in. */
  attributes: UserTaskAttributes;
  changed: string[];
  variables: Variables | null;
  /** Number of the request that waits for the outcome; it does not survive a restart, the transition does. */
  request: number;
  /** Of a `creating` or `assigning` from the diagram: goes on with the assignee of the diagram afterwards. */
  initialAssignee: string;
  corrections: Corrections;
  /** `updating` started by setting variables on the task: where and how they are to be set. */
  setVariables: { local: boolean } | null;
}

export interface UserTask {
  readonly key: Key;
  state: UserTaskState;
  attributes: UserTaskAttributes;
  readonly formKey: Key | null;
  readonly externalFormReference: string;
  readonly creationMs: number;
  completionMs: number | null;
  transition: Transition | null;
}

export interface MessageSubscription {
  readonly key: Key;
  /** Index of the catching element in the model. */
  event: number;
  readonly name: string;
  readonly correlationKey: string;
  readonly interrupting: boolean;
  state: 'CREATED' | 'CORRELATED' | 'DELETED' | 'MIGRATED';
  open: boolean;
}

export interface SignalSubscription {
  readonly key: Key;
  event: number;
  readonly name: string;
}

export interface Timer {
  readonly key: Key;
  event: number;
  due: number;
  /** How often it fires still, this time included; -1 for ever. */
  repetitions: number;
  /** The cycle as text; empty for one shot. */
  readonly spec: string;
}

/** The bookkeeping of a multi-instance body. */
export interface LoopState {
  total: number;
  created: number;
  completed: number;
  terminated: number;
  /** The completion condition was true: the rest is being terminated. */
  done: boolean;
}

export interface Incident {
  readonly key: Key;
  readonly type: string;
  readonly message: string;
  readonly elementKey: Key;
  readonly elementId: string;
  readonly jobKey: Key | null;
  readonly creationMs: number;
  state: 'ACTIVE' | 'RESOLVED';
}

export interface ElementInstance {
  readonly key: Key;
  readonly instance: Instance;
  element: ModelElement;
  /** True for the body around the items of a multi-instance activity. */
  readonly body: boolean;
  readonly scope: ElementInstance | null;
  readonly startMs: number;
  state: ElementState;
  readonly children: Set<ElementInstance>;
  variables: Map<string, Variable> | null;
  /** Tokens on their way to an element of this scope, those waiting at a join included. */
  pending: number;
  /** Tokens waiting at joins of this scope, by index of the flow they came on. */
  waiting: Map<number, number> | null;
  /** Index of the event subprocess's start event that interrupted this scope. */
  interruptedBy: number | null;
  triggers: Trigger[] | null;
  job: Job | null;
  task: UserTask | null;
  messages: MessageSubscription[] | null;
  signals: SignalSubscription[] | null;
  timers: Timer[] | null;
  /** How many start (while activating) or end (while completing) listeners are done. */
  listener: number;
  loopCounter: number;
  loop: LoopState | null;
  /** The called process instance. */
  called: Key | null;
  /** This element's own open incident. */
  incident: Key | null;
  /** Open incidents here and below, called instances included. */
  incidents: number;
  endMs: number | null;
}

export interface Definition {
  readonly key: Key;
  readonly processId: string;
  readonly version: number;
  readonly versionTag: string | null;
  readonly name: string | null;
  readonly resourceName: string;
  readonly checksum: string;
  readonly deploymentKey: Key;
  readonly hasStartForm: boolean;
  readonly startFormId: string | null;
  latest: boolean;
  deleted: boolean;
  /** Null until something needs it after a restart. */
  model: ProcessModel | null;
  /** Live instances in memory or not: counted from rows at start. */
  active: number;
}

export interface FormDefinition {
  readonly key: Key;
  readonly formId: string;
  readonly version: number;
  readonly versionTag: string | null;
  readonly resourceName: string;
  readonly checksum: string;
  readonly deploymentKey: Key;
  latest: boolean;
  deleted: boolean;
}

export interface Instance {
  readonly key: Key;
  definition: Definition;
  model: ProcessModel;
  readonly parentKey: Key | null;
  readonly parentElementKey: Key | null;
  readonly rootKey: Key;
  /** This instance and every calling one, outermost first. */
  readonly path: readonly Key[];
  readonly tags: readonly string[];
  readonly startMs: number;
  endMs: number | null;
  state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  root: ElementInstance;
  readonly elements: Map<Key, ElementInstance>;
  readonly incidents: Map<Key, Incident>;
  readonly terminateAfter: readonly string[];
  /** The document as the database has it; null for an instance that is not there yet. */
  text: string | null;
  /** About how many characters the document has: exact after a commit, never too little in between. */
  size: number;
  /** Changed by a command of the running batch. */
  dirty: boolean;
}

/** The stored form: short names, absent where empty, references as keys. */
interface StoredElement {
  k: Key;
  e: string;
  s: Key | null;
  at: number;
  st: ElementState;
  b?: 1;
  v?: Record<string, [Key, JsonValue]>;
  p?: number;
  w?: [number, number][];
  i?: number;
  tr?: Trigger[];
  j?: Job;
  t?: UserTask;
  m?: MessageSubscription[];
  sg?: SignalSubscription[];
  ti?: Timer[];
  l?: number;
  lc?: number;
  lp?: LoopState;
  c?: Key;
  in?: Key;
  n?: number;
}

interface StoredInstance {
  k: Key;
  d: Key;
  pk: Key | null;
  pe: Key | null;
  path: readonly Key[];
  tags: readonly string[];
  at: number;
  ta: readonly string[];
  inc: Incident[];
  el: StoredElement[];
}

/** @returns the instance as the text of its row. */
export function serialize(instance: Instance): string {
  const elements: StoredElement[] = [];
  for (const e of instance.elements.values()) {
    const s: StoredElement = { k: e.key, e: e.element.id, s: e.scope ? e.scope.key : null, at: e.startMs, st: e.state };
    if (e.body) s.b = 1;
    if (e.variables) {
      s.v = {};
      for (const [name, variable] of e.variables) {
        // assignment would change the prototype for this one name
        if (name === '__proto__')
          Object.defineProperty(s.v, name, { value: [variable.key, variable.value], enumerable: true });
        else s.v[name] = [variable.key, variable.value];
      }
    }
    if (e.pending) s.p = e.pending;
    if (e.waiting?.size) s.w = [...e.waiting];
    if (e.interruptedBy !== null) s.i = e.interruptedBy;
    if (e.triggers?.length) s.tr = e.triggers;
    if (e.job) s.j = e.job;
    if (e.task) s.t = e.task;
    if (e.messages?.length) s.m = e.messages;
    if (e.signals?.length) s.sg = e.signals;
    if (e.timers?.length) s.ti = e.timers;
    if (e.listener) s.l = e.listener;
    if (e.loopCounter) s.lc = e.loopCounter;
    if (e.loop) s.lp = e.loop;
    if (e.called !== null) s.c = e.called;
    if (e.incident !== null) s.in = e.incident;
    if (e.incidents) s.n = e.incidents;
    elements.push(s);
  }
  const stored: StoredInstance = {
    k: instance.key,
    d: instance.definition.key,
    pk: instance.parentKey,
    pe: instance.parentElementKey,
    path: instance.path,
    tags: instance.tags,
    at: instance.startMs,
    ta: instance.terminateAfter,
    inc: [...instance.incidents.values()],
    el: elements,
  };
  return JSON.stringify(stored);
}

/** @returns the key of the definition a stored instance runs, so that its model can be at hand before `hydrate`. */
export const definitionKeyOf = (text: string): Key => (JSON.parse(text) as StoredInstance).d; // our own text

/** About how many characters an element instance adds to the document, without its variables. */
const SIZE_OF_ELEMENT = 150;

/** @returns a new element instance, linked into its instance and scope. */
export function newElement(
  instance: Instance,
  key: Key,
  element: ModelElement,
  scope: ElementInstance | null,
  body: boolean,
  startMs: number,
): ElementInstance {
  const created: ElementInstance = {
    key,
    instance,
    element,
    body,
    scope,
    startMs,
    state: 'ACTIVATING',
    children: new Set(),
    variables: null,
    pending: 0,
    waiting: null,
    interruptedBy: null,
    triggers: null,
    job: null,
    task: null,
    messages: null,
    signals: null,
    timers: null,
    listener: 0,
    loopCounter: 0,
    loop: null,
    called: null,
    incident: null,
    incidents: 0,
    endMs: null,
  };
  instance.elements.set(key, created);
  instance.size += SIZE_OF_ELEMENT;
  scope?.children.add(created);
  return created;
}

/**
 * Rebuilds an instance from its row.
 * @param definition the definition it runs, with its model
 * @throws when the document names an element the model lacks: the rows do not belong together
 */
export function hydrate(text: string, definition: Definition, model: ProcessModel): Instance {
  const s = JSON.parse(text) as StoredInstance; // our own text
  const partial: Omit<Instance, 'root'> = {
    key: s.k,
    definition,
    model,
    parentKey: s.pk,
    parentElementKey: s.pe,
    rootKey: s.path[0] ?? s.k,
    path: s.path,
    tags: s.tags,
    startMs: s.at,
    endMs: null,
    state: 'ACTIVE',
    elements: new Map(),
    incidents: new Map(s.inc.map((i) => [i.key, i])),
    terminateAfter: s.ta,
    text,
    size: text.length,
    dirty: false,
  };
  const instance = partial as Instance; // the root follows with the elements
  for (const e of s.el) {
    const element = e.s === null ? model : model.byId.get(e.e);
    const scope = e.s === null ? null : (instance.elements.get(e.s) ?? null);
    if (!element || (e.s !== null && !scope))
      throw new Error(`instance ${s.k}: element ${e.e} has no place in ${definition.processId}`);
    const live = newElement(instance, e.k, element, scope, e.b === 1, e.at);
    live.state = e.st;
    if (e.v) live.variables = new Map(Object.entries(e.v).map(([name, [key, value]]) => [name, { key, value }]));
    live.pending = e.p ?? 0;
    live.waiting = e.w ? new Map(e.w) : null;
    live.interruptedBy = e.i ?? null;
    live.triggers = e.tr ?? null;
    live.job = e.j ?? null;
    live.task = e.t ?? null;
    live.messages = e.m ?? null;
    live.signals = e.sg ?? null;
    live.timers = e.ti ?? null;
    live.listener = e.l ?? 0;
    live.loopCounter = e.lc ?? 0;
    live.loop = e.lp ?? null;
    live.called = e.c ?? null;
    live.incident = e.in ?? null;
    live.incidents = e.n ?? 0;
    if (!scope) instance.root = live;
  }
  instance.size = text.length;
  return instance;
}
