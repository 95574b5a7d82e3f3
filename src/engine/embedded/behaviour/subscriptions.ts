/** What an element instance waits for: opening and closing messages, timers and signals. */
import type { ModelElement } from '../model/types.ts';
import type { Result } from '../elements/types.ts';
import type { ElementInstance, MessageSubscription, SignalSubscription, Timer } from '../state/model.ts';
import type { Work } from '../state/work.ts';
import { schedule, type Schedule } from './timers.ts';
import { evaluate, evaluateText, fail, lookup, named } from './variables.ts';

/** The catching elements that belong to this instance. */
function eventsOf(element: ElementInstance): readonly ModelElement[] {
  const { element: model } = element;
  const isItem = element.scope?.body === true;
  const found: ModelElement[] = [];
  if (!isItem) found.push(...model.boundaryEvents);
  if (element.body) return found;
  if (model.kind === 'INTERMEDIATE_CATCH_EVENT' || model.kind === 'RECEIVE_TASK') found.push(model);
  found.push(...model.gatewayEvents);
  for (const eventSubProcess of model.eventSubProcesses) found.push(...eventSubProcess.startEvents);
  return found;
}

type Opening =
  | { kind: 'message'; event: ModelElement; name: string; correlationKey: string }
  | { kind: 'timer'; event: ModelElement; schedule: Schedule }
  | { kind: 'signal'; event: ModelElement; name: string };

/**
 * Opens everything that the instance waits for; when one expression fails, nothing is opened.
 * A boundary message's key is read in the scope around, a boundary timer inside (truth 18).
 */
export function subscribe(work: Work, element: ElementInstance): Result {
  const openings: Opening[] = [];
  for (const event of eventsOf(element)) {
    const definition = event.event;
    const around = event.kind === 'BOUNDARY_EVENT' ? element.scope : element;
    if (definition?.type === 'message') {
      const name = evaluateText(definition.name, lookup(around));
      if (!name.ok) return name.failure;
      if (!definition.correlationKey)
        return fail('EXTRACT_VALUE_ERROR', `The message of '${event.id}' has no correlation key`);
      const key = evaluate(definition.correlationKey, lookup(around));
      if (!key.ok) return key.failure;
      if (typeof key.value !== 'string' && typeof key.value !== 'number')
        return fail(
          'EXTRACT_VALUE_ERROR',
          `Failed to extract the correlation key for '${definition.correlationKey.source.replace(/^=\s*/, '')}': The value must be either a string or a number, but was '${key.value === null ? 'NULL' : typeof key.value === 'boolean' ? 'BOOLEAN' : Array.isArray(key.value) ? 'ARRAY' : 'OBJECT'}'.`,
        );
      const correlationKey = named(definition.correlationKey, String(key.value));
      if (!correlationKey.ok) return correlationKey.failure;
      openings.push({ kind: 'message', event, name: name.value, correlationKey: correlationKey.value });
    } else if (definition?.type === 'timer') {
      const timer = schedule(definition, lookup(element), work.now, work.zone);
      if (!timer.ok) return timer.failure;
      openings.push({ kind: 'timer', event, schedule: timer.schedule });
    } else if (definition?.type === 'signal') {
      const name = evaluateText(definition.name, lookup(around));
      if (!name.ok) return name.failure;
      openings.push({ kind: 'signal', event, name: name.value });
    }
  }
  for (const opening of openings) {
    if (opening.kind === 'message') openMessage(work, element, opening.event, opening.name, opening.correlationKey);
    else if (opening.kind === 'timer') openTimer(work, element, opening.event, opening.schedule);
    else openSignal(work, element, opening.event, opening.name);
  }
  return undefined;
}

function openMessage(
  work: Work,
  element: ElementInstance,
  event: ModelElement,
  name: string,
  correlationKey: string,
): void {
  const { instance } = element;
  const subscription: MessageSubscription = {
    key: work.nextKey(),
    event: event.index,
    name,
    correlationKey,
    interrupting: event.interrupting,
    state: 'CREATED',
    open: true,
  };
  (element.messages ??= []).push(subscription);
  work.subscriptionChanged(subscription, element);
  work.memory.addSubscription(
    {
      key: subscription.key,
      name,
      correlationKey,
      instance: instance.key,
      element: element.key,
      processId: instance.definition.processId,
      interrupting: subscription.interrupting,
    },
    work.undoes,
  );
  work.later.push({ do: 'subscribed', instance: instance.key, element: element.key, subscription: subscription.key });
}

/** @param wake when it is looked at first, when that is later than its due date */
export function openTimer(
  work: Work,
  element: ElementInstance,
  event: ModelElement,
  at: Schedule,
  wake: number = at.due,
): void {
  // R0 fires never
  if (at.repetitions === 0) return;
  const timer: Timer = {
    key: work.nextKey(),
    event: event.index,
    due: at.due,
    repetitions: at.repetitions,
    spec: at.spec,
  };
  (element.timers ??= []).push(timer);
  const { instance } = element;
  work.memory.due.push({ at: wake, kind: 'timer', key: timer.key, instance: instance.key });
  work.rows.put('timer', timer.key, [
    timer.key,
    timer.due,
    instance.key,
    element.key,
    instance.model.elements[timer.event]?.id ?? element.element.id,
    instance.definition.key,
    timer.repetitions,
    timer.spec,
  ]);
}

function openSignal(work: Work, element: ElementInstance, event: ModelElement, name: string): void {
  const { instance } = element;
  const signal: SignalSubscription = { key: work.nextKey(), event: event.index, name };
  (element.signals ??= []).push(signal);
  work.memory.addSignal({ key: signal.key, name, instance: instance.key, element: element.key }, work.undoes);
  work.rows.put('signal_subscription', signal.key, [signal.key, name, instance.key, element.key, event.id]);
}

/** Takes a timer out: it fired for the last time, or its element ends. */
export function closeTimer(work: Work, element: ElementInstance, timer: Timer): void {
  element.timers = element.timers?.filter((t) => t !== timer) ?? null;
  work.rows.remove('timer', timer.key);
}

export function closeMessage(
  work: Work,
  element: ElementInstance,
  subscription: MessageSubscription,
  correlated: boolean,
): void {
  element.messages = element.messages?.filter((s) => s !== subscription) ?? null;
  subscription.open = false;
  subscription.state = correlated ? 'CORRELATED' : 'DELETED';
  work.subscriptionChanged(subscription, element);
  work.memory.removeSubscription(
    {
      key: subscription.key,
      name: subscription.name,
      correlationKey: subscription.correlationKey,
      instance: element.instance.key,
      element: element.key,
      processId: element.instance.definition.processId,
      interrupting: subscription.interrupting,
    },
    work.undoes,
  );
}

function closeSignal(work: Work, element: ElementInstance, signal: SignalSubscription): void {
  element.signals = element.signals?.filter((s) => s !== signal) ?? null;
  work.memory.removeSignal(
    { key: signal.key, name: signal.name, instance: element.instance.key, element: element.key },
    work.undoes,
  );
  work.rows.remove('signal_subscription', signal.key);
}

/** Closes what the instance waits for, as far as `which` says so of the catching element. */
export function closeSubscriptions(
  work: Work,
  element: ElementInstance,
  which: (event: ModelElement) => boolean = () => true,
): void {
  const { elements } = element.instance.model;
  const hit = (index: number): boolean => {
    const event = elements[index];
    return event === undefined || which(event);
  };
  for (const timer of [...(element.timers ?? [])]) if (hit(timer.event)) closeTimer(work, element, timer);
  for (const message of [...(element.messages ?? [])])
    if (hit(message.event)) closeMessage(work, element, message, false);
  for (const signal of [...(element.signals ?? [])]) if (hit(signal.event)) closeSignal(work, element, signal);
}

/** Closes the event subprocesses of a scope that is interrupted; what is on its boundary stays open. */
export function closeEventSubProcesses(work: Work, scope: ElementInstance): void {
  closeSubscriptions(work, scope, (event) => event.kind === 'START_EVENT');
}
