import { enqueue, setActivated } from '../behaviour/flow.ts';
import { startInstance } from '../behaviour/instances.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import {
  applyInputs,
  applyOutputs,
  evaluateText,
  fail,
  localVariables,
  lookup,
  visibleVariables,
} from '../behaviour/variables.ts';
import type { CalledElement } from '../model/types.ts';
import type { Definition, ElementInstance } from '../state/model.ts';
import type { Work } from '../state/work.ts';
import type { ElementProcessor } from './types.ts';

/** Finds the definition by the binding: the newest, that of the same deployment, or that with a version tag. */
function target(
  work: Work,
  element: ElementInstance,
  called: CalledElement,
  processId: string,
): Definition | undefined {
  const versions = (work.memory.versions.get(processId) ?? []).filter((d) => !d.deleted);
  const { binding } = called;
  if (binding.type === 'deployment')
    return versions.findLast((d) => d.deploymentKey === element.instance.definition.deploymentKey);
  if (binding.type === 'versionTag') return versions.findLast((d) => d.versionTag === binding.versionTag);
  return work.memory.latest(processId);
}

/** Processes call each other so deep, as on a cluster. */
const DEEPEST_CALL = 1000;

/** Runs another process and waits for its end. */
export const callActivity: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const called = element.element.calledElement;
    if (!called) return fail('CALLED_ELEMENT_ERROR', `'${element.element.id}' calls nothing`);
    const processId = evaluateText(called.processId, lookup(element));
    if (!processId.ok) return processId.failure;
    const definition = target(work, element, called, processId.value);
    if (!definition)
      return fail(
        'CALLED_ELEMENT_ERROR',
        `Expected process with BPMN process id '${processId.value}' to be deployed, but not found.`,
      );
    if (definition.model && !definition.model.noneStart)
      return fail(
        'CALLED_ELEMENT_ERROR',
        `Expected process with BPMN process id '${processId.value}' to have a none start event, but not found.`,
      );
    if (element.instance.path.length >= DEEPEST_CALL)
      return fail(
        'CALLED_ELEMENT_ERROR',
        `The call activity has reached the maximum depth of ${DEEPEST_CALL}. This is likely due to a recursive call. Cancel the root process instance if this was unintentional.`,
      );
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    const variables = called.propagateAllParentVariables ? visibleVariables(element) : localVariables(element);
    const child = startInstance(work, definition, { variables, parent: element, tags: element.instance.tags });
    element.called = child.key;
    return undefined;
  },
  complete: applyOutputs,
  terminate(work, element) {
    const child = element.called === null ? undefined : work.change(element.called);
    if (!child) return true;
    enqueue(work, 'terminate', child.root);
    return false;
  },
};
