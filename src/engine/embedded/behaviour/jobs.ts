import type { JobKind, ListenerEventType } from '../commands/types.ts';
import type { JobDefinition, Listener } from '../model/types.ts';
import type { Result } from '../elements/types.ts';
import type { ElementInstance, Job } from '../state/model.ts';
import type { Work } from '../state/work.ts';
import { evaluateNumber, evaluateText, lookup } from './variables.ts';
import { closeAll } from './incidents.ts';

/** Type and retries of a job that is to be created. */
export interface JobProperties {
  readonly type: string;
  readonly retries: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Evaluates the expressions of a task definition or a listener. */
export function evaluateJob(
  element: ElementInstance,
  definition: JobDefinition | Listener,
): { ok: true; job: JobProperties } | { ok: false; failure: NonNullable<Result> } {
  const find = lookup(element);
  const type = evaluateText(definition.type, find);
  if (!type.ok) return type;
  const retries = evaluateNumber(definition.retries, find);
  if (!retries.ok) return retries;
  return { ok: true, job: { type: type.value, retries: retries.value, headers: definition.headers } };
}

/** Creates a job on an element instance; there is never more than one. */
export function createJob(
  work: Work,
  element: ElementInstance,
  properties: JobProperties,
  kind: JobKind,
  event: ListenerEventType,
): Job {
  const job: Job = {
    key: work.nextKey(),
    type: properties.type,
    kind,
    event,
    headers: properties.headers,
    phase: 'READY',
    state: 'CREATED',
    retries: properties.retries,
    worker: '',
    deadline: null,
    recur: null,
    errorCode: null,
    errorMessage: null,
    denied: null,
    deniedReason: null,
    endMs: null,
  };
  element.job = job;
  work.jobChanged(job, element);
  return job;
}

/** Creates the job of the listener whose turn it is. */
export function createListenerJob(
  work: Work,
  element: ElementInstance,
  listener: Listener,
  kind: 'EXECUTION_LISTENER' | 'TASK_LISTENER',
  event: ListenerEventType,
): Result {
  const evaluated = evaluateJob(element, listener);
  if (!evaluated.ok) return evaluated.failure;
  createJob(work, element, evaluated.job, kind, event);
  return undefined;
}

/** Ends a job; its element no longer has one. */
export function endJob(work: Work, element: ElementInstance, job: Job, state: 'COMPLETED' | 'CANCELED'): void {
  job.phase = 'DONE';
  job.state = state;
  job.endMs = work.now;
  work.jobChanged(job, element);
  element.job = null;
}

/** Cancels the job of an element that ends, and closes its incidents. */
export function cancelJob(work: Work, element: ElementInstance): void {
  if (element.job) endJob(work, element, element.job, 'CANCELED');
  closeAll(work, element);
}
