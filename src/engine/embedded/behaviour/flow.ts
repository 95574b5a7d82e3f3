/**
 * What all elements have in common: activation, completion and termination, scopes, sequence flows, listeners. Everything happens step by
 * step out of one queue, first come first served, so that branches of a fork advance side by side as in the real engine.
 */
import type { Variables } from '../commands/types.ts';
import type { ModelElement, SequenceFlow } from '../model/types.ts';
import { assertStep, isEnding } from '../elements/lifecycle.ts';
import { processorOf } from '../elements/index.ts';
import { nextItem } from '../elements/multiInstanceBody.ts';
import { newElement, type ElementInstance, type ElementState, type Trigger } from '../state/model.ts';
import { evaluating } from '../feel/budget.ts';
import type { Todo, Work } from '../state/work.ts';
import { instanceCompleted, instanceTerminated } from './instances.ts';
import { raise } from './incidents.ts';
import { cancelJob, createListenerJob } from './jobs.ts';
import { deliverTo, openedSubscription } from './messages.ts';
import { broadcast, signalled } from './signals.ts';
import { closeEventSubProcesses, closeSubscriptions } from './subscriptions.ts';
import { setAllLocal } from './variables.ts';

/** How many steps one command may take before the rest is stored and done by a command of its own. */
export const STEPS_PER_COMMAND = 500;
/** So much evaluation of expressions counts as a step. */
const EVALUATION_PER_STEP = 500;

/** Does what is to be done until nothing is left or the steps are used up. @returns what is left. */
export function run(work: Work, steps = STEPS_PER_COMMAND): readonly Todo[] {
  work.at = 0;
  let later = 0;
  for (;;) {
    const todo = work.todo[work.at];
    if (todo && work.at + work.cost < steps) {
      const spent = evaluating(() => step(work, todo));
      work.cost += Math.floor(spent / EVALUATION_PER_STEP);
      work.at++;
      continue;
    }
    const next = todo ? undefined : work.later[later++];
    if (!next) return [...work.todo.slice(work.at), ...work.later.slice(later)];
    work.todo.push(next);
  }
}

function step(work: Work, todo: Todo): void {
  if (todo.do === 'activate') return activate(work, todo);
  if (todo.do === 'signal') return broadcast(work, todo.name, todo.variables);
  if (todo.do === 'signalled') return signalled(work, todo.open, todo.variables);
  const element = work.element(todo.instance, todo.element);
  if (!element) return;
  switch (todo.do) {
    case 'begin':
      return activating(work, element);
    case 'complete':
      return startCompleting(work, element);
    case 'terminate':
      return startTerminating(work, element);
    case 'items':
      return nextItem(work, element);
    case 'subscribed':
      return openedSubscription(work, element, todo.subscription);
    case 'deliver':
      return deliverTo(work, element, todo.subscription, todo.message);
  }
}

export function setState(element: ElementInstance, state: ElementState): void {
  if (element.state === state) return;
  assertStep(element.state, state, `${element.element.id} (${element.key})`);
  element.state = state;
}

// ---- activation -------------------------------------------------------------------------------

/** Has an element activated in a scope. What a flow, a loop or a start by event leads to gets its key now, the rest when it is its turn. */
export function enqueueActivate(
  work: Work,
  scope: ElementInstance,
  element: ModelElement,
  more: { flow?: number; trigger?: Trigger; item?: number } = {},
): void {
  const starts = more.trigger !== undefined && element.kind === 'START_EVENT' && element.scope?.kind === 'PROCESS';
  const key = more.flow !== undefined || more.item !== undefined || starts ? work.nextKey() : 0;
  scope.pending++;
  work.todo.push({ do: 'activate', instance: scope.instance.key, scope: scope.key, element: element.id, key, ...more });
}

export function enqueue(
  work: Work,
  what: 'begin' | 'complete' | 'terminate' | 'items',
  element: ElementInstance,
): void {
  work.todo.push({ do: what, instance: element.instance.key, element: element.key });
}

/** Joins that wait for several flows; with one incoming flow they are like any element. */
const isJoin = (element: ModelElement): boolean =>
  element.incoming.length > 1 && (element.kind === 'PARALLEL_GATEWAY' || element.kind === 'INCLUSIVE_GATEWAY');

/** An interrupted scope lets only the event subprocess in that interrupted it. */
function letsIn(scope: ElementInstance, element: ModelElement): boolean {
  if (scope.state !== 'ACTIVATED') return false;
  return (
    scope.interruptedBy === null ||
    element.startEvents.some((s) => element.kind === 'EVENT_SUB_PROCESS' && s.index === scope.interruptedBy)
  );
}

function activate(work: Work, todo: Extract<Todo, { do: 'activate' }>): void {
  const instance = work.change(todo.instance);
  const scope = instance?.elements.get(todo.scope);
  const element = instance?.model.byId.get(todo.element);
  if (!instance || !scope || !element || !letsIn(scope, element)) return;
  if (todo.flow !== undefined && isJoin(element)) {
    if (!joins(work, scope, element)) return;
  } else {
    scope.pending--;
  }
  const key = todo.key === 0 ? work.nextKey() : todo.key;
  const created = newElement(
    instance,
    key,
    element,
    scope,
    element.loop !== undefined && todo.item === undefined,
    work.now,
  );
  work.weigh(instance, 0);
  created.loopCounter = todo.item ?? 0;
  work.elementChanged(created);
  if (todo.item !== undefined) setAllLocal(work, created, todo.trigger?.variables ?? {});
  else if (todo.trigger) receiveTrigger(work, created, todo.trigger);
  activating(work, created);
}

/**
 * Events keep what they caught as local variables; only the start event of an event subprocess passes it straight on. An event subprocess
 * hands it to its start event.
 */
function receiveTrigger(work: Work, element: ElementInstance, trigger: Trigger): void {
  const { kind, scope } = element.element;
  if (kind === 'EVENT_SUB_PROCESS' || (kind === 'START_EVENT' && scope?.kind === 'EVENT_SUB_PROCESS')) {
    element.triggers = [trigger];
    return;
  }
  setAllLocal(work, element, trigger.variables ?? {});
  if (kind === 'INTERMEDIATE_CATCH_EVENT' || kind === 'RECEIVE_TASK')
    element.triggers = [{ event: trigger.event, variables: null }];
}

/** A boundary event is activated in the step in which it is reached. */
function enterBoundaryEvent(work: Work, scope: ElementInstance, event: ModelElement, caught: Trigger): void {
  if (!letsIn(scope, event)) return;
  const created = newElement(scope.instance, work.nextKey(), event, scope, false, work.now);
  work.elementChanged(created);
  receiveTrigger(work, created, caught);
  activating(work, created);
}

/** Runs the part before the start listeners, the listeners, and the part after; called again when an incident is resolved. */
export function activating(work: Work, element: ElementInstance): void {
  const processor = processorOf(element);
  if (element.listener === 0) {
    const failure = processor.activate?.(work, element);
    if (failure) return raise(work, element, failure);
  }
  const listener = element.body ? undefined : element.element.executionListeners.start[element.listener];
  const failure = listener
    ? createListenerJob(work, element, listener, 'EXECUTION_LISTENER', 'START')
    : processor.activated(work, element);
  if (failure) raise(work, element, failure);
}

// ---- joins ------------------------------------------------------------------------------------

/** Asks a join, because a token has arrived (truths 3 and 4). When it fires, it takes one token of each flow that has any. */
function joins(work: Work, scope: ElementInstance, gateway: ModelElement): boolean {
  const waiting = scope.waiting ?? new Map<number, number>();
  const arrived = gateway.incoming.filter((flow) => (waiting.get(flow.index) ?? 0) > 0);
  if (arrived.length === 0) return false;
  if (arrived.length < gateway.incoming.length) {
    if (gateway.kind === 'PARALLEL_GATEWAY') return false;
    if (canStillArrive(work, scope, gateway)) return false;
  }
  for (const flow of arrived) {
    const left = (waiting.get(flow.index) ?? 0) - 1;
    if (left > 0) waiting.set(flow.index, left);
    else waiting.delete(flow.index);
    scope.pending--;
  }
  return true;
}

/** Whether some other token of the scope has a way to the gateway. */
function canStillArrive(work: Work, scope: ElementInstance, gateway: ModelElement): boolean {
  const from: ModelElement[] = [];
  for (const child of scope.children) if (child.element !== gateway) from.push(child.element);
  for (const [index, tokens] of scope.waiting ?? []) {
    const target = scope.instance.model.flows[index]?.target;
    if (tokens > 0 && target && target !== gateway) from.push(target);
  }
  // tokens that this command has still to bring to their elements
  for (let i = work.at + 1; i < work.todo.length; i++) {
    const todo = work.todo[i];
    if (todo?.do !== 'activate' || todo.scope !== scope.key || todo.element === gateway.id) continue;
    const target = scope.instance.model.byId.get(todo.element);
    if (target) from.push(target);
  }
  const seen = new Set<ModelElement>();
  while (from.length > 0) {
    const element = from.pop();
    if (!element || seen.has(element)) continue;
    seen.add(element);
    for (const flow of element.outgoing) {
      if (flow.target === gateway) return true;
      from.push(flow.target);
    }
    for (const boundary of element.boundaryEvents) from.push(boundary);
    if (element.event?.type === 'link' && element.event.target) from.push(element.event.target);
  }
  return false;
}

// ---- completion -------------------------------------------------------------------------------

/** The element is active from now on. */
export function setActivated(work: Work, element: ElementInstance): void {
  setState(element, 'ACTIVATED');
  element.listener = 0;
  work.elementChanged(element);
}

function startCompleting(work: Work, element: ElementInstance): void {
  if (element.state !== 'ACTIVATED') return;
  const { scope } = element;
  if (scope && (scope.state !== 'ACTIVATED' || (scope.interruptedBy !== null && !letsIn(scope, element.element))))
    return;
  setState(element, 'COMPLETING');
  element.listener = 0;
  completing(work, element);
}

/** The counterpart of `activating`. */
export function completing(work: Work, element: ElementInstance): void {
  const processor = processorOf(element);
  if (element.listener === 0) {
    const failure = processor.complete?.(work, element);
    if (failure) return raise(work, element, failure);
    closeSubscriptions(work, element);
  }
  const listener = element.body ? undefined : element.element.executionListeners.end[element.listener];
  if (listener) {
    const failure = createListenerJob(work, element, listener, 'EXECUTION_LISTENER', 'END');
    if (failure) raise(work, element, failure);
    return;
  }
  const isItem = element.scope?.body === true;
  const flows = isItem ? [] : processor.chooseFlows ? processor.chooseFlows(work, element) : element.element.outgoing;
  if ('type' in flows) return raise(work, element, flows);
  const { scope, instance } = element;
  const endsPath = isItem || element.element.outgoing.length === 0;
  if (scope && endsPath) {
    const failure = processorOf(scope).childCompleting?.(work, scope, element);
    if (failure) return raise(work, element, failure);
  }
  leave(work, element, 'COMPLETED');
  if (!scope) return instanceCompleted(work, instance, element);
  if (instance.terminateAfter.includes(element.element.id)) return enqueue(work, 'terminate', instance.root);
  processor.completed?.(work, element);
  // from the last in the file to the first (truth 1)
  for (let i = flows.length - 1; i >= 0; i--) {
    const flow = flows[i];
    if (flow) takeFlow(work, scope, flow);
  }
  if (endsPath) childLeft(work, scope, element, 'COMPLETED');
}

export function takeFlow(work: Work, scope: ElementInstance, flow: SequenceFlow): void {
  work.flowTaken(scope.instance, flow.id);
  work.nextKey(); // the engine gives each taking a key
  if (isJoin(flow.target)) {
    scope.waiting ??= new Map<number, number>();
    scope.waiting.set(flow.index, (scope.waiting.get(flow.index) ?? 0) + 1);
  }
  enqueueActivate(work, scope, flow.target, { flow: flow.index });
}

/** Takes an element instance out of its scope and its instance. */
function leave(work: Work, element: ElementInstance, state: 'COMPLETED' | 'TERMINATED'): void {
  setState(element, state);
  element.endMs = work.now;
  element.scope?.children.delete(element);
  element.instance.elements.delete(element.key);
  work.elementChanged(element);
}

/** Whether nothing is under way in a scope any more. */
export const isEmpty = (scope: ElementInstance): boolean => scope.children.size === 0 && scope.pending === 0;

function childLeft(work: Work, scope: ElementInstance, child: ElementInstance, how: 'COMPLETED' | 'TERMINATED'): void {
  if (scope.state === 'TERMINATING') {
    if (scope.children.size === 0) terminated(work, scope);
    return;
  }
  const interrupting =
    scope.interruptedBy === null ? undefined : scope.triggers?.find((t) => t.event === scope.interruptedBy);
  if (interrupting) {
    if (scope.children.size === 0) enterEventSubProcess(work, scope, interrupting);
    return;
  }
  const processor = processorOf(scope);
  if (processor.childLeft) return processor.childLeft(work, scope, child, how);
  if (isEmpty(scope)) enqueue(work, 'complete', scope);
}

// ---- events -----------------------------------------------------------------------------------

/**
 * An event has reached an element instance that waits for it: its own, one on its boundary, or the start of an event subprocess inside.
 * @param event the catching element
 */
export function trigger(work: Work, element: ElementInstance, event: ModelElement, variables: Variables | null): void {
  const caught: Trigger = { event: event.index, variables };
  work.touch(element.instance);
  if (event.kind === 'BOUNDARY_EVENT') {
    if (!event.interrupting) {
      if (element.scope) enterBoundaryEvent(work, element.scope, event, caught);
      return;
    }
    (element.triggers ??= []).push(caught);
    closeSubscriptions(work, element);
    enqueue(work, 'terminate', element);
  } else if (event.kind === 'START_EVENT' && event.scope) {
    if (!event.interrupting) {
      enqueueActivate(work, element, event.scope, { trigger: caught });
      return;
    }
    interrupt(work, element, event.index);
    (element.triggers ??= []).push(caught);
    if (element.children.size === 0) enterEventSubProcess(work, element, caught);
  } else {
    element.triggers = [caught];
    closeSubscriptions(work, element);
    enqueue(work, 'complete', element);
  }
}

/** Stops what goes on in a scope: tokens are forgotten and children terminated. */
export function interrupt(work: Work, scope: ElementInstance, by: number, spare?: ElementInstance): void {
  scope.interruptedBy = by;
  scope.pending = 0;
  scope.waiting = null;
  closeEventSubProcesses(work, scope);
  for (const child of scope.children) if (child !== spare) enqueue(work, 'terminate', child);
}

function enterEventSubProcess(work: Work, scope: ElementInstance, caught: Trigger): void {
  scope.triggers = scope.triggers?.filter((t) => t !== caught) ?? null;
  const eventSubProcess = scope.instance.model.elements[caught.event]?.scope;
  if (eventSubProcess) enqueueActivate(work, scope, eventSubProcess, { trigger: caught });
}

// ---- termination ------------------------------------------------------------------------------

function startTerminating(work: Work, element: ElementInstance): void {
  if (isEnding(element.state)) return;
  setState(element, 'TERMINATING');
  closeSubscriptions(work, element);
  if (processorOf(element).terminate?.(work, element) === false) return;
  terminated(work, element);
}

/** The element has nothing left that must end first. */
export function terminated(work: Work, element: ElementInstance): void {
  cancelJob(work, element);
  const { scope, instance } = element;
  leave(work, element, 'TERMINATED');
  if (!scope) return instanceTerminated(work, instance, element);
  const boundary = element.triggers?.find((t) => instance.model.elements[t.event]?.kind === 'BOUNDARY_EVENT');
  const event = boundary && instance.model.elements[boundary.event];
  if (event && scope.state === 'ACTIVATED' && scope.interruptedBy === null) {
    // a multi-instance body stands for the activity; what it was in goes on in the scope around
    enterBoundaryEvent(work, scope, event, boundary);
    return;
  }
  childLeft(work, scope, element, 'TERMINATED');
}

/** For scopes: terminates all children. @returns true when there are none. */
export function terminateChildren(work: Work, scope: ElementInstance): boolean {
  scope.pending = 0;
  scope.waiting = null;
  for (const child of scope.children) enqueue(work, 'terminate', child);
  return scope.children.size === 0;
}
