/**
 * What the writer can be asked to do, and what it answers. The HTTP handlers (api/) validate a request, build one of these commands and
 * submit it; the answer comes after COMMIT. Keys are safe integers inside the engine and text in JSON.
 */
import type { JsonValue } from '../feel/types.ts';
import type { ParsedDeployment } from '../model/types.ts';

/** A key of the engine: partition 1 in the high bits and a counter, as Zeebe's; always a safe integer. */
export type Key = number;
/** A JSON object of variables as clients send it. */
export type Variables = { [name: string]: JsonValue };

/**
 * Why a command was not carried out. The first four are the engine's refusals (title of the problem document, 404/409/409/400);
 * EXHAUSTED is 429, UNAVAILABLE 503 (stand-by, database lost, stopping), both with Retry-After; TIMEOUT 504; INTERNAL 500.
 */
export type RejectionKind =
  | 'NOT_FOUND'
  | 'INVALID_STATE'
  | 'ALREADY_EXISTS'
  | 'INVALID_ARGUMENT'
  | 'EXHAUSTED'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'INTERNAL';

export interface Rejection {
  readonly rejected: RejectionKind;
  readonly message: string;
}

/** Parsed and validated by model/ before it reaches the writer. */
export type DeployCommand = ParsedDeployment;
export interface DeployedProcess {
  processDefinitionKey: Key;
  processDefinitionId: string;
  version: number;
  resourceName: string;
  duplicate: boolean;
}
export interface DeployedForm {
  formKey: Key;
  formId: string;
  version: number;
  resourceName: string;
  duplicate: boolean;
}
export interface DeployResult {
  deploymentKey: Key;
  processes: DeployedProcess[];
  forms: DeployedForm[];
}

export interface CreateInstanceCommand {
  processDefinitionKey?: Key;
  processDefinitionId?: string;
  /** Absent or -1: the newest. */
  version?: number;
  variables: Variables;
  tags: string[];
  startInstructions: { elementId: string }[];
  /** Element ids after which the instance is terminated. */
  terminateAfter: string[];
  /** Set when the caller waits for the end of the instance. */
  await?: { fetchVariables: string[]; timeoutMs: number };
}
export interface CreateInstanceResult {
  processInstanceKey: Key;
  processDefinitionKey: Key;
  processDefinitionId: string;
  version: number;
  tags: string[];
  /** The variables at the end; only with `await`. */
  variables?: Variables;
}

export interface ActivateJobsCommand {
  type: string;
  worker: string;
  timeout: number;
  maxJobs: number;
  /** Empty: all visible variables. */
  fetchVariables: string[];
  /** Below 0: answer at once; otherwise wait this long for the first job (the handler turns 0 or absent into its default). */
  requestTimeoutMs: number;
}
/** The part of a task-listener job that describes its user task; dates as ISO text with milliseconds in UTC. */
export interface ListenerUserTask {
  userTaskKey: Key;
  /** Absent for transitions without a command. */
  action?: string;
  assignee?: string;
  candidateGroups: string[];
  candidateUsers: string[];
  changedAttributes: string[];
  dueDate?: string;
  followUpDate?: string;
  formKey?: Key;
  priority?: number;
}
export interface ActivatedJob {
  jobKey: Key;
  type: string;
  processInstanceKey: Key;
  processDefinitionId: string;
  processDefinitionVersion: number;
  processDefinitionKey: Key;
  elementId: string;
  elementInstanceKey: Key;
  customHeaders: Record<string, string>;
  worker: string;
  retries: number;
  deadline: number;
  variables: Variables;
  kind: JobKind;
  listenerEventType: ListenerEventType;
  tags: string[];
  userTask?: ListenerUserTask;
}
export type JobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER';
export type ListenerEventType =
  'UNSPECIFIED' | 'START' | 'END' | 'CREATING' | 'ASSIGNING' | 'UPDATING' | 'COMPLETING' | 'CANCELING';

export interface Corrections {
  assignee?: string;
  dueDate?: string;
  followUpDate?: string;
  candidateGroups?: string[];
  candidateUsers?: string[];
  priority?: number;
}
export interface CompleteJobCommand {
  jobKey: Key;
  variables: Variables;
  result?: { denied: boolean; deniedReason: string; corrections: Corrections };
}
export interface FailJobCommand {
  jobKey: Key;
  retries: number;
  retryBackOff: number;
  errorMessage: string;
  variables: Variables;
}
export interface ThrowErrorCommand {
  jobKey: Key;
  errorCode: string;
  errorMessage: string;
  variables: Variables;
}
export interface UpdateJobCommand {
  jobKey: Key;
  retries?: number;
  timeout?: number;
}

export interface CompleteUserTaskCommand {
  userTaskKey: Key;
  variables: Variables;
  action: string;
}
export interface AssignUserTaskCommand {
  userTaskKey: Key;
  /** Empty text: unassign. */
  assignee: string;
  action: string;
  /** False: a claim, refused when another holds the task. */
  allowOverride: boolean;
}
export interface UpdateUserTaskCommand {
  userTaskKey: Key;
  action: string;
  /** Empty text in a date removes it; empty lists empty the candidates. */
  changes: {
    dueDate?: string;
    followUpDate?: string;
    candidateGroups?: string[];
    candidateUsers?: string[];
    priority?: number;
  };
}

export interface PublishMessageCommand {
  name: string;
  correlationKey: string;
  timeToLive: number;
  messageId: string;
  variables: Variables;
}
export interface CorrelateMessageCommand {
  name: string;
  correlationKey: string;
  variables: Variables;
}
export interface BroadcastSignalCommand {
  signalName: string;
  variables: Variables;
}
export interface SetVariablesCommand {
  elementInstanceKey: Key;
  variables: Variables;
  local: boolean;
}
export interface ModifyInstanceCommand {
  processInstanceKey: Key;
  activate: {
    elementId: string;
    /** -1 or absent: chosen by the engine. */
    ancestorElementInstanceKey?: Key;
    variableInstructions: { scopeId: string; variables: Variables }[];
  }[];
  terminate: { elementInstanceKey: Key }[];
}
export interface MigrateInstanceCommand {
  processInstanceKey: Key;
  targetProcessDefinitionKey: Key;
  mappings: { sourceElementId: string; targetElementId: string }[];
}

type Nothing = Record<never, never>;

/** Every command: what goes in, what comes out when it is carried out. */
export interface CommandMap {
  deploy: { in: DeployCommand; out: DeployResult };
  deleteResource: { in: { resourceKey: Key }; out: Nothing };
  createInstance: { in: CreateInstanceCommand; out: CreateInstanceResult };
  cancelInstance: { in: { processInstanceKey: Key }; out: Nothing };
  modifyInstance: { in: ModifyInstanceCommand; out: Nothing };
  migrateInstance: { in: MigrateInstanceCommand; out: Nothing };
  activateJobs: { in: ActivateJobsCommand; out: { jobs: ActivatedJob[] } };
  completeJob: { in: CompleteJobCommand; out: Nothing };
  failJob: { in: FailJobCommand; out: Nothing };
  throwError: { in: ThrowErrorCommand; out: Nothing };
  updateJob: { in: UpdateJobCommand; out: Nothing };
  completeUserTask: { in: CompleteUserTaskCommand; out: Nothing };
  assignUserTask: { in: AssignUserTaskCommand; out: Nothing };
  updateUserTask: { in: UpdateUserTaskCommand; out: Nothing };
  publishMessage: { in: PublishMessageCommand; out: { messageKey: Key } };
  correlateMessage: { in: CorrelateMessageCommand; out: { messageKey: Key; processInstanceKey: Key } };
  broadcastSignal: { in: BroadcastSignalCommand; out: { signalKey: Key } };
  resolveIncident: { in: { incidentKey: Key }; out: Nothing };
  setVariables: { in: SetVariablesCommand; out: Nothing };
  /** Only with a controlled clock. */
  pinClock: { in: { timestamp: number }; out: Nothing };
  resetClock: { in: Nothing; out: Nothing };
}
export type CommandKind = keyof CommandMap;

/**
 * What the HTTP handlers are given. `submit` resolves after COMMIT (or with a Rejection); `signal` is the request's: a command whose
 * caller went away before it was applied is not carried out, and an aborted long poll takes no job.
 */
export interface EngineDoor {
  submit<K extends CommandKind>(
    kind: K,
    command: CommandMap[K]['in'],
    signal?: AbortSignal,
  ): Promise<CommandMap[K]['out'] | Rejection>;
  now(): Date;
  isWriter(): boolean;
  readonly clock: 'system' | 'controlled';
  readonly zone: string;
  readonly searchDelayMs: number;
  readonly connectionString: string;
  /** Only with a controlled clock: time passes (see zeebe-lab README), answered when nothing is left to do. */
  advance(milliseconds: number, leap: boolean): Promise<void>;
  settle(): Promise<void>;
  /** Only when the options allow it: a fresh, empty engine. */
  reset?: () => Promise<void>;
}

/** @returns whether the answer is a refusal. */
export function isRejection(answer: object): answer is Rejection {
  return 'rejected' in answer;
}
