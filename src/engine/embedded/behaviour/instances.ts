/** Process instances: how they begin, and what happens when they end. */
import type { Variables } from '../commands/types.ts';
import type { ModelElement } from '../model/types.ts';
import type { Definition, ElementInstance, Instance } from '../state/model.ts';
import { newElement } from '../state/model.ts';
import { NeedRows } from '../state/memory.ts';
import type { Work } from '../state/work.ts';
import { enqueue, terminated } from './flow.ts';
import { releaseStart } from './messages.ts';
import { localVariables, setAllLocal, visibleVariables } from './variables.ts';

export interface Start {
  /** Variables of the process scope. */
  readonly variables?: Variables;
  /** The start event that an event has reached, with that event's variables; without it the none start event. */
  readonly event?: ModelElement;
  readonly parent?: ElementInstance;
  readonly tags?: readonly string[];
  readonly terminateAfter?: readonly string[];
  /** Start elsewhere: elements that are activated in place of the start event. */
  readonly elements?: readonly ModelElement[];
}

/** Creates an instance and activates its process element. @throws NeedRows when the model is not in memory */
export function startInstance(work: Work, definition: Definition, start: Start): Instance {
  const { model } = definition;
  if (!model) throw new NeedRows({ definitions: [definition.key] });
  const key = work.nextKey();
  const parent = start.parent;
  const path = parent ? [...parent.instance.path, key] : [key];
  const blank: Omit<Instance, 'root'> = {
    key,
    definition,
    model,
    parentKey: parent?.instance.key ?? null,
    parentElementKey: parent?.key ?? null,
    rootKey: path[0] ?? key,
    path,
    tags: start.tags ?? [],
    startMs: work.now,
    endMs: null,
    state: 'ACTIVE',
    elements: new Map(),
    incidents: new Map(),
    terminateAfter: start.terminateAfter ?? [],
    text: null,
    size: 0,
    dirty: false,
  };
  const instance = blank as Instance; // its root follows
  instance.root = newElement(instance, key, model, null, false, work.now);
  work.addInstance(instance);
  work.instanceChanged(instance);
  setAllLocal(work, instance.root, start.event ? {} : (start.variables ?? {}));
  // where to begin is kept with the process element, because its start listeners may take their time
  const begin = start.event ? [start.event] : (start.elements ?? []);
  if (begin.length > 0)
    instance.root.triggers = begin.map((e) => ({
      event: e.index,
      variables: start.event ? (start.variables ?? {}) : null,
    }));
  enqueue(work, 'begin', instance.root);
  return instance;
}

function end(work: Work, instance: Instance, root: ElementInstance, state: 'COMPLETED' | 'TERMINATED'): void {
  instance.state = state;
  instance.endMs = root.endMs;
  work.instanceChanged(instance);
  work.removeInstance(instance);
}

function caller(work: Work, instance: Instance): ElementInstance | undefined {
  if (instance.parentKey === null || instance.parentElementKey === null) return undefined;
  return work.element(instance.parentKey, instance.parentElementKey);
}

/** The process has completed: its caller takes the variables and goes on, whoever waits for the result is answered. */
export function instanceCompleted(work: Work, instance: Instance, root: ElementInstance): void {
  end(work, instance, root, 'COMPLETED');
  const waiting = work.memory.awaiting.get(instance.key);
  if (waiting) {
    const d = instance.definition;
    work.answers.push({
      request: waiting.request,
      answer: {
        processInstanceKey: instance.key,
        processDefinitionKey: d.key,
        processDefinitionId: d.processId,
        version: d.version,
        tags: [...instance.tags],
        variables: visibleVariables(root, waiting.fetchVariables),
      },
    });
  }
  const parent = caller(work, instance);
  if (parent) {
    parent.called = null;
    const called = parent.element.calledElement;
    const all = called?.propagateAllChildVariables === true || parent.element.outputs.length > 0;
    parent.triggers = all ? [{ event: -1, variables: localVariables(root) }] : null;
    enqueue(work, 'complete', parent);
  }
  releaseStart(work, instance.key);
}

/** The process was terminated: a caller that waits for that ends as well. */
export function instanceTerminated(work: Work, instance: Instance, root: ElementInstance): void {
  end(work, instance, root, 'TERMINATED');
  const waiting = work.memory.awaiting.get(instance.key);
  if (waiting)
    work.answers.push({
      request: waiting.request,
      answer: {
        rejected: 'INVALID_STATE',
        message: `The process instance ${instance.key} was terminated before it completed`,
      },
    });
  const parent = caller(work, instance);
  if (parent) {
    parent.called = null;
    if (parent.state === 'TERMINATING') terminated(work, parent);
  }
  releaseStart(work, instance.key);
}
