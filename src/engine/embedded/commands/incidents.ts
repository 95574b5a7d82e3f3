import type { Key, SetVariablesCommand } from './types.ts';
import { activating, completing } from '../behaviour/flow.ts';
import { close } from '../behaviour/incidents.ts';
import { begin, next } from '../behaviour/userTasks.ts';
import { merge, setAllLocal } from '../behaviour/variables.ts';
import { NeedRows } from '../state/memory.ts';
import type { ElementInstance } from '../state/model.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

/** Resolves an incident: the job is handed out again, or what failed is tried again. */
export function resolveIncident(work: Work, command: { incidentKey: Key }): Outcome {
  const key = command.incidentKey;
  const instanceKey = work.memory.incidents.get(key);
  const instance = instanceKey === undefined ? undefined : work.change(instanceKey);
  const incident = instance?.incidents.get(key);
  if (!instance || !incident)
    return reject('NOT_FOUND', `Expected to resolve incident with key '${key}', but no such incident was found`);
  const element = instance.elements.get(incident.elementKey);
  const job = element?.job;
  if (job && incident.jobKey === job.key) {
    if (job.retries <= 0)
      return reject(
        'INVALID_STATE',
        `Expected to resolve incident with key '${key}', but job with key '${job.key}' has no retries left`,
      );
    close(work, instance, incident);
    job.phase = 'READY';
    if (job.state === 'ERROR_THROWN') job.endMs = null;
    job.state = 'CREATED';
    work.jobChanged(job, element);
    settle(work);
    return {};
  }
  close(work, instance, incident);
  if (element) retry(work, element);
  settle(work);
  return {};
}

/** Does again what failed; what it is follows from the state of the element. */
function retry(work: Work, element: ElementInstance): void {
  if (element.task?.transition && !element.job) next(work, element, element.task);
  else if (element.state === 'ACTIVATING') activating(work, element);
  else if (element.state === 'COMPLETING') completing(work, element);
}

/** @returns the live element instance (or process) with this key. @throws NeedRows to find out which instance it is in */
export function findElement(work: Work, key: Key): ElementInstance | undefined {
  const { memory } = work;
  if (memory.live.has(key)) return memory.instance(key)?.root;
  const owner = memory.owners.get(key);
  if (owner === undefined) throw new NeedRows({ elements: [key] });
  return owner === null ? undefined : memory.instance(owner)?.elements.get(key);
}

/** Sets variables in a scope, or upward from it; on a user task its `updating` listeners run first (truth 41). */
export function setVariables(work: Work, command: SetVariablesCommand): Outcome {
  const key = command.elementInstanceKey;
  const element = findElement(work, key);
  if (!element)
    return reject(
      'NOT_FOUND',
      `Expected to update variables for element with key '${key}', but no such element was found`,
    );
  work.touch(element.instance);
  const { task } = element;
  if (task) {
    if (task.state !== 'CREATED')
      return reject(
        'INVALID_STATE',
        `Expected to trigger update transition for user task with key '${task.key}', but it is in state '${task.state}'`,
      );
    begin(work, element, task, {
      event: 'updating',
      action: '',
      attributes: task.attributes,
      changed: ['variables'],
      variables: command.variables,
      request: work.request,
      setVariables: { local: command.local },
    });
    settle(work);
    return 'later';
  }
  if (command.local) setAllLocal(work, element, command.variables);
  else merge(work, element, command.variables);
  settle(work);
  return {};
}
