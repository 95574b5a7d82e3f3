/**
 * The executable model: what the interpreter runs. It is made from BPMN XML once, at deployment (`parseBpmn`), is never changed
 * afterwards, and holds direct references instead of ids wherever the interpreter follows them.
 */
import type { Expression } from '../feel/types.ts';

/** In the words of the REST API's element types. A multi-instance body is no element of its own: see `ModelElement.loop`. */
export type ElementKind =
  | 'PROCESS'
  | 'SUB_PROCESS'
  | 'EVENT_SUB_PROCESS'
  | 'START_EVENT'
  | 'INTERMEDIATE_CATCH_EVENT'
  | 'INTERMEDIATE_THROW_EVENT'
  | 'BOUNDARY_EVENT'
  | 'END_EVENT'
  | 'SERVICE_TASK'
  | 'SEND_TASK'
  | 'BUSINESS_RULE_TASK'
  | 'SCRIPT_TASK'
  | 'USER_TASK'
  | 'RECEIVE_TASK'
  | 'MANUAL_TASK'
  | 'TASK'
  | 'CALL_ACTIVITY'
  | 'EXCLUSIVE_GATEWAY'
  | 'PARALLEL_GATEWAY'
  | 'INCLUSIVE_GATEWAY'
  | 'EVENT_BASED_GATEWAY';

/** One step of a diagram: process, subprocess, task, gateway or event. */
export interface ModelElement {
  readonly id: string;
  /** The name in the diagram; undefined when it has none (searches then show the id). */
  readonly name: string | undefined;
  readonly kind: ElementKind;
  /** Position among all elements of the process, the process itself is 0: usable as an array index. */
  readonly index: number;
  /** The scope around it: process, subprocess or event subprocess; undefined for the process. */
  readonly scope: ModelElement | undefined;
  /** The process it belongs to. */
  readonly process: ProcessModel;

  /** Sequence flows in the order of the `sequenceFlow` elements in the file; the engine takes them from the LAST to the first. */
  readonly outgoing: readonly SequenceFlow[];
  readonly incoming: readonly SequenceFlow[];
  /** Exclusive and inclusive gateways, and activities with a default flow. */
  readonly defaultFlow: SequenceFlow | undefined;

  readonly inputs: readonly IoMapping[];
  readonly outputs: readonly IoMapping[];
  readonly executionListeners: { readonly start: readonly Listener[]; readonly end: readonly Listener[] };

  /** Children, for the process and subprocesses; document order. */
  readonly children: readonly ModelElement[];
  /** The none start event, or the only start of a scope; undefined in event subprocesses' parents etc. where there is none. */
  readonly noneStart: ModelElement | undefined;
  /** All start events of a process (message, timer, signal, none), the one start event of an (event) subprocess. */
  readonly startEvents: readonly ModelElement[];
  /** Event subprocesses directly in this scope; document order. */
  readonly eventSubProcesses: readonly ModelElement[];

  /** Boundary events on this activity, document order. */
  readonly boundaryEvents: readonly ModelElement[];
  /** For a boundary event: the activity it sits on. */
  readonly attachedTo: ModelElement | undefined;
  /** For a boundary event and for the start event of an event subprocess; true otherwise. */
  readonly interrupting: boolean;

  /** What the event waits for or throws (events only; a receive task's message too). 'none' for an event without definition. */
  readonly event: EventDefinition | undefined;
  /**
   * For an event-based gateway: the catch events (and receive tasks) it leads to, in the order of `outgoing`.
   */
  readonly gatewayEvents: readonly ModelElement[];

  /** Work for a job worker: service, send, business rule and script tasks, message end and throw events that have a task definition. */
  readonly job: JobDefinition | undefined;
  readonly script: { readonly expression: Expression; readonly resultVariable: string } | undefined;
  readonly userTask: UserTaskDefinition | undefined;
  readonly calledElement: CalledElement | undefined;
  readonly loop: Loop | undefined;

  /** Properties of `zeebe:properties`; nothing in the engine reads them. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface SequenceFlow {
  readonly id: string;
  readonly name: string | undefined;
  /** Position among all flows of the process: usable as an array index. */
  readonly index: number;
  readonly source: ModelElement;
  readonly target: ModelElement;
  readonly condition: Expression | undefined;
}

/** A process of one file. `id` is the BPMN process id. */
export interface ProcessModel extends ModelElement {
  readonly kind: 'PROCESS';
  readonly versionTag: string | undefined;
  /** The none start event's form. */
  readonly startForm: FormRef | undefined;
  readonly elements: readonly ModelElement[];
  readonly flows: readonly SequenceFlow[];
  readonly byId: ReadonlyMap<string, ModelElement>;
  readonly flowById: ReadonlyMap<string, SequenceFlow>;
}

export interface IoMapping {
  readonly source: Expression;
  /** Target path, split at the dots: `o.x` is ['o', 'x']. */
  readonly target: readonly string[];
}

export interface Listener {
  readonly type: Expression;
  readonly retries: Expression;
  readonly headers: Readonly<Record<string, string>>;
}

/** In the order of the diagram within each event type. */
export type UserTaskEventType = 'creating' | 'assigning' | 'updating' | 'completing' | 'canceling';

export interface JobDefinition {
  readonly type: Expression;
  readonly retries: Expression;
  readonly headers: Readonly<Record<string, string>>;
}

export type Binding =
  | { readonly type: 'latest' }
  | { readonly type: 'deployment' }
  | { readonly type: 'versionTag'; readonly versionTag: string };

export interface FormRef {
  readonly formId: Expression;
  readonly binding: Binding;
}

export interface UserTaskDefinition {
  readonly form: FormRef | undefined;
  readonly externalFormReference: Expression | undefined;
  readonly assignee: Expression | undefined;
  /** Static text is split at commas by the interpreter's model already: a static expression evaluates to a list of texts. */
  readonly candidateGroups: Expression | undefined;
  readonly candidateUsers: Expression | undefined;
  readonly dueDate: Expression | undefined;
  readonly followUpDate: Expression | undefined;
  readonly priority: Expression | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly listeners: Readonly<Record<UserTaskEventType, readonly Listener[]>>;
}

export interface CalledElement {
  readonly processId: Expression;
  readonly binding: Binding;
  /** Absent in the diagram means true. Any output mapping on the call activity switches this off: already taken into account. */
  readonly propagateAllChildVariables: boolean;
  readonly propagateAllParentVariables: boolean;
}

export interface Loop {
  readonly sequential: boolean;
  readonly inputCollection: Expression;
  readonly inputElement: string | undefined;
  readonly outputCollection: string | undefined;
  readonly outputElement: Expression | undefined;
  readonly completionCondition: Expression | undefined;
}

export type EventDefinition =
  | { readonly type: 'none' }
  | { readonly type: 'terminate' }
  | TimerDefinition
  | MessageDefinition
  | { readonly type: 'signal'; readonly name: Expression }
  /** No code on a catching event means: every error. Codes of catching events are always static. */
  | { readonly type: 'error'; readonly code: Expression | undefined }
  | { readonly type: 'escalation'; readonly code: Expression | undefined }
  /** `target` is set on throwing link events. */
  | { readonly type: 'link'; readonly name: string; readonly target: ModelElement | undefined };

export interface TimerDefinition {
  readonly type: 'timer';
  readonly kind: 'date' | 'duration' | 'cycle';
  readonly expression: Expression;
}

export interface MessageDefinition {
  readonly type: 'message';
  readonly name: Expression;
  /** Undefined on message start events of processes and on throwing events. */
  readonly correlationKey: Expression | undefined;
}

/** What one BPMN file holds. */
export interface ParsedBpmn {
  /** Executable processes, document order. */
  readonly processes: readonly ProcessModel[];
  /** Ids of processes, forms that elements bind with `bindingType="deployment"`: they must be in the same deployment. */
  readonly deploymentBound: readonly {
    readonly kind: 'process' | 'form';
    readonly id: string;
    readonly elementId: string;
    readonly elementName: string | undefined;
  }[];
}

/** What one form file holds. */
export interface ParsedForm {
  readonly formId: string;
  readonly versionTag: string | undefined;
  readonly schema: string;
}

/** A file of a deployment as it was sent. */
export interface ResourceFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A whole deployment, read and found to be in order: what the command `deploy` takes. */
export interface ParsedDeployment {
  readonly resources: readonly ParsedResource[];
}

export type ParsedResource =
  | { readonly kind: 'bpmn'; readonly file: ResourceFile; readonly sha256: string; readonly bpmn: ParsedBpmn }
  | { readonly kind: 'form'; readonly file: ResourceFile; readonly sha256: string; readonly form: ParsedForm };

/** A deployment that is refused: 400 INVALID_ARGUMENT with this message. */
export class DeploymentRefusal extends Error {
  override readonly name = 'DeploymentRefusal';
}
