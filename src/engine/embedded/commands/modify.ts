import type { ModifyInstanceCommand } from './types.ts';
import { enqueue, enqueueActivate, setState } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { raise } from '../behaviour/incidents.ts';
import { setAllLocal } from '../behaviour/variables.ts';
import type { ModelElement } from '../model/types.ts';
import { newElement, type ElementInstance, type Instance } from '../state/model.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

/** The scopes around an element, outermost first, without the process. */
function scopesAround(element: ModelElement): ModelElement[] {
  const scopes: ModelElement[] = [];
  for (let scope = element.scope; scope && scope.kind !== 'PROCESS'; scope = scope.scope) scopes.unshift(scope);
  return scopes;
}

/** Opens a scope that is missing, without its input mappings (truth 49). */
function openScope(work: Work, parent: ElementInstance, element: ModelElement): ElementInstance {
  const scope = newElement(parent.instance, work.nextKey(), element, parent, false, work.now);
  setState(scope, 'ACTIVATED');
  work.elementChanged(scope);
  const failure = subscribe(work, scope);
  if (failure) raise(work, scope, failure);
  return scope;
}

function findScope(
  work: Work,
  instance: Instance,
  element: ModelElement,
  ancestor: number | undefined,
): ElementInstance | string {
  let at = instance.root;
  for (const scope of scopesAround(element)) {
    const live = [...at.children].filter((child) => child.element === scope && child.state === 'ACTIVATED');
    const chosen = ancestor === undefined ? live : live.filter((child) => child.key === ancestor);
    const candidates = chosen.length > 0 ? chosen : live;
    if (candidates.length > 1)
      return `Expected to modify instance of process '${instance.definition.processId}' but it contains one or more activate instructions for an element that has a flow scope with more than one active instance: '${scope.id}'. Please select the correct ancestor.`;
    at = candidates[0] ?? openScope(work, at, scope);
  }
  return at;
}

/** Moves tokens: activates and terminates elements of a running instance. */
export function modifyInstance(work: Work, command: ModifyInstanceCommand): Outcome {
  const key = command.processInstanceKey;
  const instance = work.change(key);
  if (!instance)
    return reject('NOT_FOUND', `Expected to modify process instance but no process instance found with key '${key}'`);
  const { model } = instance;
  const unknown = [
    ...command.activate.map((a) => a.elementId),
    ...command.activate.flatMap((a) => a.variableInstructions.map((v) => v.scopeId).filter((id) => id !== '')),
  ].filter((id) => !model.byId.has(id));
  if (unknown.length > 0)
    return reject(
      'INVALID_ARGUMENT',
      `Expected to modify instance of process '${model.id}' but it contains one or more instructions for elements that could not be found: '${unknown.join("', '")}'`,
    );
  for (const { elementInstanceKey } of command.terminate)
    if (!instance.elements.has(elementInstanceKey))
      return reject(
        'INVALID_ARGUMENT',
        `Expected to modify instance of process '${model.id}' but it contains one or more terminate instructions with an element instance that could not be found: '${elementInstanceKey}'`,
      );
  for (const a of command.activate) {
    const element = model.byId.get(a.elementId);
    if (!element) continue;
    if (
      element.kind === 'START_EVENT' ||
      element.kind === 'BOUNDARY_EVENT' ||
      element.kind === 'EVENT_SUB_PROCESS' ||
      element.kind === 'PROCESS'
    )
      return reject(
        'INVALID_ARGUMENT',
        `Expected to modify instance of process '${model.id}' but it contains one or more activate instructions for elements that are unsupported: '${element.id}'`,
      );
    const ancestor = a.ancestorElementInstanceKey;
    if (ancestor !== undefined && ancestor > 0 && !instance.elements.has(ancestor))
      return reject(
        'INVALID_ARGUMENT',
        `Expected to modify instance of process '${model.id}' but it contains one or more activate instructions with an ancestor scope key that does not exist: '${ancestor}'`,
      );
    const scope = findScope(work, instance, element, ancestor !== undefined && ancestor > 0 ? ancestor : undefined);
    if (typeof scope === 'string') return reject('INVALID_ARGUMENT', scope);
    for (const v of a.variableInstructions) {
      let target: ElementInstance | null = v.scopeId === '' ? instance.root : scope;
      while (target && v.scopeId !== '' && target.element.id !== v.scopeId) target = target.scope;
      setAllLocal(work, target ?? scope, v.variables);
    }
    enqueueActivate(work, scope, element);
  }
  for (const { elementInstanceKey } of command.terminate) {
    const element = instance.elements.get(elementInstanceKey);
    if (element) enqueue(work, 'terminate', element);
  }
  // when nothing is left the instance is terminated and has not completed (truth 6)
  if (command.terminate.length > 0) {
    const gone = new Set(command.terminate.map((t) => t.elementInstanceKey));
    const empty =
      command.activate.length === 0 &&
      instance.root.pending === 0 &&
      [...instance.root.children].every((c) => gone.has(c.key));
    if (empty) {
      work.todo.length = 0;
      enqueue(work, 'terminate', instance.root);
    }
  }
  settle(work);
  return {};
}
