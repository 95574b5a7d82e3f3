import type { AssignUserTaskCommand, CompleteUserTaskCommand, Key, UpdateUserTaskCommand } from './types.ts';
import { begin, dateMillis, differences } from '../behaviour/userTasks.ts';
import type { ElementInstance, UserTask, UserTaskAttributes } from '../state/model.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

/** Finds a task that can take a command: finished 404, in transition 409 (truth 36). */
function find(
  work: Work,
  key: Key,
  verb: string,
): { task: UserTask; element: ElementInstance } | ReturnType<typeof reject> {
  const at = work.memory.tasks.get(key);
  const element = at && work.element(at.instance, at.element);
  const task = element?.task;
  if (!element || !task)
    return reject('NOT_FOUND', `Expected to ${verb} user task with key '${key}', but no such user task was found`);
  if (task.state !== 'CREATED')
    return reject(
      'INVALID_STATE',
      `Expected to ${verb} user task with key '${key}', but it is in state '${task.state}'`,
    );
  return { task, element };
}

/** @returns 'later' while listeners run; the answer to the request is among `work.answers` in any case. */
function outcome(work: Work): Outcome {
  settle(work);
  return 'later';
}

export function completeUserTask(work: Work, command: CompleteUserTaskCommand): Outcome {
  const found = find(work, command.userTaskKey, 'complete');
  if ('rejected' in found) return found;
  begin(work, found.element, found.task, {
    event: 'completing',
    action: command.action,
    attributes: found.task.attributes,
    changed: [],
    variables: Object.keys(command.variables).length > 0 ? command.variables : null,
    request: work.request,
  });
  return outcome(work);
}

export function assignUserTask(work: Work, command: AssignUserTaskCommand): Outcome {
  const verb = command.allowOverride ? 'assign' : 'claim';
  const found = find(work, command.userTaskKey, verb);
  if ('rejected' in found) return found;
  const { task, element } = found;
  const holder = task.attributes.assignee;
  if (!command.allowOverride && holder !== '' && holder !== command.assignee)
    return reject(
      'INVALID_STATE',
      `Expected to claim user task with key '${task.key}', but it has already been assigned`,
    );
  const attributes = { ...task.attributes, assignee: command.assignee };
  begin(work, element, task, {
    event: 'assigning',
    action: command.action,
    attributes,
    changed: differences(task.attributes, attributes),
    request: work.request,
  });
  return outcome(work);
}

export function updateUserTask(work: Work, command: UpdateUserTaskCommand): Outcome {
  const found = find(work, command.userTaskKey, 'update');
  if ('rejected' in found) return found;
  const { task, element } = found;
  const { changes } = command;
  const attributes: UserTaskAttributes = { ...task.attributes };
  if (changes.candidateGroups) attributes.candidateGroups = changes.candidateGroups;
  if (changes.candidateUsers) attributes.candidateUsers = changes.candidateUsers;
  if (changes.priority !== undefined) attributes.priority = changes.priority;
  for (const name of ['dueDate', 'followUpDate'] as const) {
    const text = changes[name];
    if (text === undefined) continue;
    const millis = text === '' ? 0 : dateMillis(text);
    if (Number.isNaN(millis)) return reject('INVALID_ARGUMENT', `The ${name} '${text}' is no date with a zone`);
    attributes[name] = text === '' ? '' : new Date(millis).toISOString();
  }
  begin(work, element, task, {
    event: 'updating',
    action: command.action,
    attributes,
    changed: differences(task.attributes, attributes),
    request: work.request,
  });
  return outcome(work);
}
