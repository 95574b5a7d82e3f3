import type {
  ActivateJobsCommand,
  ActivatedJob,
  CompleteJobCommand,
  FailJobCommand,
  Key,
  ListenerUserTask,
  ThrowErrorCommand,
  UpdateJobCommand,
  Variables,
} from './types.ts';
import { throwError } from '../behaviour/errors.ts';
import { activating, completing, enqueue } from '../behaviour/flow.ts';
import { raise } from '../behaviour/incidents.ts';
import { endJob } from '../behaviour/jobs.ts';
import { deny, listenerDone } from '../behaviour/userTasks.ts';
import { later } from '../behaviour/timers.ts';
import { setAllLocal, visibleSize, visibleVariables } from '../behaviour/variables.ts';
import type { ElementInstance, Job, UserTask } from '../state/model.ts';
import type { Outcome, Work } from '../state/work.ts';
import { assign } from '../state/work.ts';
import { reject, settle } from './run.ts';

interface Found {
  job: Job;
  element: ElementInstance;
}

function find(work: Work, key: Key): Found | undefined {
  const info = work.memory.jobs.get(key);
  const element = info && work.element(info.instance, info.element);
  return element?.job?.key === key ? { job: element.job, element } : undefined;
}

const unknown = (key: Key, verb: string) =>
  reject('NOT_FOUND', `Expected to ${verb} job with key '${key}', but no such job was found`);

/** Refuses what a job in this phase cannot take. */
function wrongPhase(job: Job, verb: string) {
  if (job.phase !== 'STUCK') return undefined;
  const state = job.state === 'ERROR_THROWN' ? 'ERROR_THROWN' : 'FAILED';
  return reject('INVALID_STATE', `Expected to ${verb} job with key '${job.key}', but it is in state '${state}'`);
}

// ---- activation ---------------------------------------------------------------------------------

function taskOf(task: UserTask): ListenerUserTask | undefined {
  const { transition } = task;
  if (!transition) return undefined;
  const a = transition.attributes;
  const date = (text: string): string => new Date(Date.parse(text)).toISOString();
  return {
    userTaskKey: task.key,
    ...(transition.action === '' ? {} : { action: transition.action }),
    ...(a.assignee === '' ? {} : { assignee: a.assignee }),
    candidateGroups: [...a.candidateGroups],
    candidateUsers: [...a.candidateUsers],
    changedAttributes: [...transition.changed],
    ...(a.dueDate === '' ? {} : { dueDate: date(a.dueDate) }),
    ...(a.followUpDate === '' ? {} : { followUpDate: date(a.followUpDate) }),
    ...(task.formKey === null ? {} : { formKey: task.formKey }),
    priority: a.priority,
  };
}

function variablesOf(element: ElementInstance, job: Job, names: readonly string[]): Variables {
  const variables = visibleVariables(element, names);
  // a listener sees what is about to become of the task (truth 39)
  if (job.kind === 'TASK_LISTENER')
    for (const [name, value] of Object.entries(element.task?.transition?.variables ?? {}))
      if (names.length === 0 || names.includes(name)) assign(variables, name, value);
  return variables;
}

/** Jobs of one answer hold about so many characters of variables, as a cluster's records do; at least one job is handed out. */
const LARGEST_ANSWER = 4 * 1024 * 1024;
/** At most so many jobs are handed out at once, and few when their instances are large: all are loaded before. */
const MOST_JOBS = 1000;

/**
 * Hands out jobs, oldest first; variables are taken now and not when the job was made (truth 11). It may be fewer than asked for: who
 * wants more asks again.
 */
export function activateJobs(work: Work, command: ActivateJobsCommand): { jobs: ActivatedJob[] } {
  let room = LARGEST_ANSWER;
  const jobs: ActivatedJob[] = [];
  const most = Math.min(command.maxJobs, MOST_JOBS);
  // little by little, so that no more instances are loaded than fit into the answer
  for (let some = 8; jobs.length < most && room > 0; some = Math.min(some * 2, 128)) {
    const keys = work.memory.takeReady(command.type, Math.min(some, most - jobs.length), work.undoes);
    if (keys.length === 0) break;
    work.memory.require(
      keys.flatMap((key) => {
        const info = work.memory.jobs.get(key);
        return info ? [info.instance] : [];
      }),
    );
    for (const [i, key] of keys.entries()) {
      const found = find(work, key);
      if (!found) continue;
      const { instance } = found.element;
      const size = visibleSize(found.element, command.fetchVariables);
      if (jobs.length > 0 && size > room) {
        work.memory.giveBack(command.type, keys.slice(i));
        return { jobs };
      }
      jobs.push(take(work, command, found));
      room -= size + SIZE_OF_JOB + instance.size / 64;
    }
  }
  return { jobs };
}

/** What a job says of itself, and a share of the document that was loaded for it. */
const SIZE_OF_JOB = 500;

function take(work: Work, command: ActivateJobsCommand, { job, element }: Found): ActivatedJob {
  const { instance } = element;
  const d = instance.definition;
  job.phase = 'TAKEN';
  job.worker = command.worker;
  job.deadline = later(work.now, command.timeout);
  work.jobChanged(job, element);
  const userTask = job.kind === 'TASK_LISTENER' && element.task ? taskOf(element.task) : undefined;
  return {
    jobKey: job.key,
    type: job.type,
    processInstanceKey: instance.key,
    processDefinitionId: d.processId,
    processDefinitionVersion: d.version,
    processDefinitionKey: d.key,
    elementId: element.element.id,
    elementInstanceKey: element.key,
    customHeaders: { ...job.headers },
    worker: job.worker,
    retries: job.retries,
    deadline: job.deadline,
    variables: variablesOf(element, job, command.fetchVariables),
    kind: job.kind,
    listenerEventType: job.event,
    tags: [...instance.tags],
    ...(userTask ? { userTask } : {}),
  };
}

/** Gives back jobs that were taken for a caller who has gone meanwhile. */
export function releaseJobs(work: Work, keys: readonly { key: Key; deadline: number }[]): object {
  for (const { key, deadline } of keys) {
    const found = find(work, key);
    if (found?.job.phase !== 'TAKEN' || found.job.deadline !== deadline) continue;
    found.job.phase = 'READY';
    found.job.deadline = null;
    work.jobChanged(found.job, found.element);
  }
  return {};
}

// ---- the end of a job ------------------------------------------------------------------------------

/** Completes a job, or says what a listener has to say. */
export function completeJob(work: Work, command: CompleteJobCommand): Outcome {
  const found = find(work, command.jobKey);
  if (!found) return unknown(command.jobKey, 'complete');
  const { job, element } = found;
  const wrong = wrongPhase(job, 'complete');
  if (wrong) return wrong;
  if (job.kind === 'TASK_LISTENER') {
    const refused = refuseListenerAnswer(job, command);
    if (refused) return refused;
  }
  endJob(work, element, job, 'COMPLETED');
  if (job.kind === 'BPMN_ELEMENT') {
    element.triggers = Object.keys(command.variables).length > 0 ? [{ event: -1, variables: command.variables }] : null;
    enqueue(work, 'complete', element);
  } else if (job.kind === 'EXECUTION_LISTENER') {
    executionListenerDone(work, element, command.variables);
  } else if (element.task) {
    if (command.result?.denied === true) {
      job.denied = true;
      job.deniedReason = command.result.deniedReason === '' ? null : command.result.deniedReason;
      deny(work, element, element.task, command.result.deniedReason);
    } else listenerDone(work, element, element.task, command.result?.corrections ?? {});
  }
  settle(work);
  return {};
}

function refuseListenerAnswer(job: Job, command: CompleteJobCommand) {
  if (Object.keys(command.variables).length > 0)
    return reject(
      'INVALID_ARGUMENT',
      `Task Listener job completion with variables payload provided is not yet supported (job key '${job.key}')`,
    );
  const { result } = command;
  if (!result?.denied) return undefined;
  if (job.event === 'CREATING' || job.event === 'CANCELING')
    return reject(
      'INVALID_ARGUMENT',
      `Denying is not supported for '${job.event}' task listener jobs (job key '${job.key}')`,
    );
  if (Object.keys(result.corrections).length > 0)
    return reject(
      'INVALID_ARGUMENT',
      `Expected to complete task listener job with corrections, but the job result is denied (job key '${job.key}')`,
    );
  return undefined;
}

/** Start listeners set variables inside, end listeners in the scope around (truth 46). */
function executionListenerDone(work: Work, element: ElementInstance, variables: Variables): void {
  element.listener++;
  work.touch(element.instance);
  if (element.state === 'ACTIVATING') {
    setAllLocal(work, element, variables);
    activating(work, element);
  } else if (element.state === 'COMPLETING') {
    setAllLocal(work, element.scope ?? element, variables);
    completing(work, element);
  }
}

const NO_RETRIES = {
  BPMN_ELEMENT: 'JOB_NO_RETRIES',
  EXECUTION_LISTENER: 'EXECUTION_LISTENER_NO_RETRIES',
  TASK_LISTENER: 'TASK_LISTENER_NO_RETRIES',
} as const;

/** A worker could not do it: again at once, after a back-off, or with retries 0 an incident (truth 30). */
export function failJob(work: Work, command: FailJobCommand): Outcome {
  const found = find(work, command.jobKey);
  if (!found) return unknown(command.jobKey, 'fail');
  const { job, element } = found;
  const wrong = wrongPhase(job, 'fail');
  if (wrong) return wrong;
  job.retries = Math.max(command.retries, 0);
  job.errorMessage = command.errorMessage === '' ? null : command.errorMessage;
  job.state = 'FAILED';
  job.deadline = null;
  setAllLocal(work, element, command.variables);
  if (job.retries > 0 && command.retryBackOff > 0) {
    job.phase = 'BACKOFF';
    job.recur = later(work.now, command.retryBackOff);
  } else job.phase = job.retries > 0 ? 'READY' : 'STUCK';
  work.jobChanged(job, element);
  if (job.phase === 'STUCK')
    raise(work, element, {
      type: NO_RETRIES[job.kind],
      message: command.errorMessage === '' ? 'No more retries left.' : command.errorMessage,
      jobKey: job.key,
    });
  return {};
}

/** A worker throws a BPMN error; when nobody catches it, that is an incident (truth 29). */
export function throwJobError(work: Work, command: ThrowErrorCommand): Outcome {
  const found = find(work, command.jobKey);
  if (!found) return unknown(command.jobKey, 'throw an error for');
  const { job, element } = found;
  const wrong = wrongPhase(job, 'throw an error for');
  if (wrong) return wrong;
  if (job.kind !== 'BPMN_ELEMENT')
    return reject(
      'INVALID_STATE',
      `Cannot throw BPMN error from ${job.kind} job with key '${job.key}', type '${job.type}'`,
    );
  job.errorCode = command.errorCode;
  job.errorMessage = command.errorMessage === '' ? null : command.errorMessage;
  job.deadline = null;
  if (throwError(work, element, command.errorCode, command.variables)) {
    job.phase = 'DONE';
    job.state = 'ERROR_THROWN';
    job.endMs = work.now;
    work.jobChanged(job, element);
    element.job = null;
    settle(work);
    return {};
  }
  job.phase = 'STUCK';
  job.state = 'ERROR_THROWN';
  job.endMs = work.now;
  work.jobChanged(job, element);
  raise(work, element, {
    type: 'UNHANDLED_ERROR_EVENT',
    message: `Expected to throw an error event with the code '${command.errorCode}'${command.errorMessage === '' ? '' : ` with message '${command.errorMessage}'`}, but it was not caught. No error events are available in the scope.`,
    jobKey: job.key,
  });
  return {};
}

/** Changes retries or the deadline of a job. */
export function updateJob(work: Work, command: UpdateJobCommand): Outcome {
  const found = find(work, command.jobKey);
  if (!found) return unknown(command.jobKey, 'update');
  const { job, element } = found;
  if (command.retries !== undefined && command.retries < 1)
    return reject(
      'INVALID_ARGUMENT',
      `Expected to update retries of job with key '${job.key}' with a positive amount of retries, but the amount given was '${command.retries}'`,
    );
  if (command.timeout !== undefined && job.phase !== 'TAKEN')
    return reject('INVALID_STATE', `Expected to update the timeout of job with key '${job.key}', but it is not active`);
  if (command.retries !== undefined) {
    job.retries = command.retries;
    job.state = 'RETRIES_UPDATED';
  }
  if (command.timeout !== undefined) job.deadline = later(work.now, command.timeout);
  work.jobChanged(job, element);
  return {};
}

// ---- time ----------------------------------------------------------------------------------------------

/** The time of a taken job is up: it is handed out again with the same key and retries (truth 31). */
export function timeOutJob(work: Work, key: Key): object {
  const found = find(work, key);
  if (found?.job.phase !== 'TAKEN' || (found.job.deadline ?? 0) > work.now) return {};
  found.job.phase = 'READY';
  found.job.state = 'TIMED_OUT';
  work.jobChanged(found.job, found.element);
  return {};
}

/** The back-off of a failed job is over. */
export function recurJob(work: Work, key: Key): object {
  const found = find(work, key);
  if (found?.job.phase !== 'BACKOFF' || (found.job.recur ?? 0) > work.now) return {};
  found.job.phase = 'READY';
  found.job.recur = null;
  work.jobChanged(found.job, found.element);
  return {};
}
