import type { CreateInstanceCommand, CreateInstanceResult, Key } from './types.ts';
import { enqueue } from '../behaviour/flow.ts';
import { startInstance } from '../behaviour/instances.ts';
import { NeedRows } from '../state/memory.ts';
import type { Definition } from '../state/model.ts';
import type { ModelElement } from '../model/types.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

function find(work: Work, command: CreateInstanceCommand): Definition | string {
  const { memory } = work;
  if (command.processDefinitionKey !== undefined) {
    const found = memory.definitions.get(command.processDefinitionKey);
    return found && !found.deleted
      ? found
      : `Expected to find process definition with key '${command.processDefinitionKey}', but none found`;
  }
  const id = command.processDefinitionId ?? '';
  if (command.version === undefined || command.version === -1)
    return memory.latest(id) ?? `Expected to find process definition with process ID '${id}', but none found`;
  return (
    memory.versions.get(id)?.find((d) => d.version === command.version && !d.deleted) ??
    `Expected to find process definition with process ID '${id}' and version '${command.version}', but none found`
  );
}

/** Creates an instance; with `await` the answer comes when it has completed. */
export function createInstance(work: Work, command: CreateInstanceCommand): Outcome {
  const definition = find(work, command);
  if (typeof definition === 'string') return reject('NOT_FOUND', definition);
  if (!definition.model) throw new NeedRows({ definitions: [definition.key] });
  const { model } = definition;
  const elements: ModelElement[] = [];
  for (const { elementId } of command.startInstructions) {
    const element = model.byId.get(elementId);
    if (!element || element === model)
      return reject(
        'INVALID_ARGUMENT',
        `Expected to create instance of process with start instructions but no element found with id '${elementId}'.`,
      );
    if (
      element.kind === 'BOUNDARY_EVENT' ||
      element.kind === 'EVENT_SUB_PROCESS' ||
      element.kind === 'START_EVENT' ||
      element.scope !== model
    )
      return reject(
        'INVALID_ARGUMENT',
        `Expected to create instance of process with start instructions but the element with id '${elementId}' cannot be started at.`,
      );
    elements.push(element);
  }
  if (elements.length === 0 && !model.noneStart)
    return reject(
      'INVALID_STATE',
      `Expected to create instance of process with none start event, but there is no such event`,
    );
  for (const id of command.terminateAfter)
    if (!model.byId.has(id))
      return reject(
        'INVALID_ARGUMENT',
        `Expected to find an element with id '${id}' to terminate after, but there is none.`,
      );
  const instance = startInstance(work, definition, {
    variables: command.variables,
    // with start instructions the tags are lost (truth 48)
    tags: elements.length > 0 ? [] : command.tags,
    terminateAfter: command.terminateAfter,
    ...(elements.length > 0 ? { elements } : {}),
  });
  if (command.await) work.await(instance.key, command.await.fetchVariables);
  settle(work);
  const result: CreateInstanceResult = {
    processInstanceKey: instance.key,
    processDefinitionKey: definition.key,
    processDefinitionId: definition.processId,
    version: definition.version,
    tags: [...instance.tags],
  };
  return command.await ? 'later' : result;
}

/** Cancels an instance: answered at once, though task listeners may hold its end up (truth 42). */
export function cancelInstance(work: Work, command: { processInstanceKey: Key }): Outcome {
  const key = command.processInstanceKey;
  const instance = work.memory.instance(key);
  if (!instance)
    return reject(
      'NOT_FOUND',
      `Expected to cancel a process instance with key '${key}', but no such process was found`,
    );
  if (instance.parentKey !== null)
    return reject(
      'INVALID_STATE',
      `Expected to cancel a process instance with key '${key}', but it is created by a parent process instance. Cancel the root process instance '${instance.rootKey}' instead.`,
    );
  if (instance.root.state === 'TERMINATING')
    return reject(
      'NOT_FOUND',
      `Expected to cancel a process instance with key '${key}', but it is being canceled already`,
    );
  work.touch(instance);
  enqueue(work, 'terminate', instance.root);
  settle(work);
  return {};
}
