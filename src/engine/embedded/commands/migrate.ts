import type { MigrateInstanceCommand } from './types.ts';
import { closeSubscriptions, subscribe } from '../behaviour/subscriptions.ts';
import { NeedRows } from '../state/memory.ts';
import type { ModelElement } from '../model/types.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

/** Moves a running instance to another definition (truth 50). */
export function migrateInstance(work: Work, command: MigrateInstanceCommand): Outcome {
  const key = command.processInstanceKey;
  const instance = work.memory.instance(key);
  if (!instance)
    return reject('NOT_FOUND', `Expected to migrate process instance but no process instance found with key '${key}'`);
  const target = work.memory.definitions.get(command.targetProcessDefinitionKey);
  if (!target || target.deleted)
    return reject(
      'NOT_FOUND',
      `Expected to migrate process instance to process definition but no process definition found with key '${command.targetProcessDefinitionKey}'`,
    );
  if (!target.model) throw new NeedRows({ definitions: [target.key] });
  const { model } = target;
  if (instance.parentKey !== null)
    return reject(
      'INVALID_STATE',
      `Expected to migrate process instance '${key}' but process instance is a child process instance. Child process instances cannot be migrated.`,
    );
  const map = new Map<string, ModelElement>();
  for (const { sourceElementId, targetElementId } of command.mappings) {
    const element = model.byId.get(targetElementId);
    if (!instance.model.byId.has(sourceElementId) || !element)
      return reject(
        'INVALID_ARGUMENT',
        `Expected to migrate process instance '${key}' but mapping instructions contain a non-existing element id '${element ? sourceElementId : targetElementId}'.`,
      );
    if (map.has(sourceElementId))
      return reject(
        'INVALID_ARGUMENT',
        `Expected to migrate process instance '${key}' but the mapping instructions contain duplicate source element ids '${sourceElementId}'.`,
      );
    map.set(sourceElementId, element);
  }
  for (const element of instance.elements.values()) {
    if (!element.scope) continue;
    const to = map.get(element.element.id);
    if (!to)
      return reject(
        'INVALID_STATE',
        `Expected to migrate process instance '${key}' but no mapping instruction defined for active element with id '${element.element.id}'.`,
      );
    if (to.kind !== element.element.kind)
      return reject(
        'INVALID_STATE',
        `Expected to migrate process instance '${key}' but active element with id '${element.element.id}' and type '${element.element.kind}' is mapped to an element with id '${to.id}' and different type '${to.kind}'.`,
      );
    const wanted = element.scope.scope ? map.get(element.scope.element.id) : model;
    const inside = element.scope.body ? to : to.scope;
    if (inside !== (element.scope.body ? map.get(element.scope.element.id) : wanted))
      return reject(
        'INVALID_STATE',
        `Expected to migrate process instance '${key}' but the flow scope of active element with id '${element.element.id}' is changed.`,
      );
    if (element.incident !== null && element.job === null)
      return reject(
        'INVALID_STATE',
        `Expected to migrate process instance '${key}' but active element with id '${element.element.id}' has an incident.`,
      );
  }
  if (instance.root.waiting && instance.root.waiting.size > 0)
    return reject(
      'INVALID_STATE',
      `Expected to migrate process instance '${key}' but tokens wait at a joining gateway.`,
    );
  work.touch(instance);
  const before = instance.definition;
  before.active--;
  target.active++;
  work.memory.set(work.memory.live, key, target.key, work.undoes);
  work.undoes.push(() => {
    before.active++;
    target.active--;
  });
  for (const element of instance.elements.values()) closeSubscriptions(work, element);
  instance.definition = target;
  instance.model = model;
  for (const element of instance.elements.values()) {
    element.element = element.scope ? (map.get(element.element.id) ?? element.element) : model;
    work.elementChanged(element);
    if (element.job) {
      element.job.state = 'MIGRATED';
      work.jobChanged(element.job, element);
    }
    if (element.task) work.taskChanged(element.task, element);
    for (const [name, variable] of element.variables ?? []) work.variableChanged(element, name, variable);
  }
  work.instanceChanged(instance);
  for (const element of instance.elements.values()) {
    if (element.state !== 'ACTIVATED') continue;
    const failure = subscribe(work, element);
    if (failure)
      return reject(
        'INVALID_STATE',
        `Expected to migrate process instance '${key}' but a subscription failed: ${failure.message}`,
      );
  }
  settle(work);
  return {};
}
