/** Messages: correlation, the buffer, message start events (truths 18 to 24). */
import type { Key, Variables } from '../commands/types.ts';
import type { Definition, ElementInstance, MessageSubscription } from '../state/model.ts';
import type { BufferedMessage } from '../state/memory.ts';
import { NeedRows } from '../state/memory.ts';
import type { ModelElement } from '../model/types.ts';
import type { Work } from '../state/work.ts';
import { trigger } from './flow.ts';
import { startInstance } from './instances.ts';
import { closeMessage } from './subscriptions.ts';
import { lookup } from './variables.ts';

/** A message on its way: buffered or not. */
export interface Message {
  readonly key: Key;
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
}

function find(element: ElementInstance | undefined, key: Key): MessageSubscription | undefined {
  return element?.messages?.find((s) => s.key === key);
}

/** Hands a message to a subscription. */
function deliver(work: Work, element: ElementInstance, subscription: MessageSubscription, message: Message): void {
  const { instance } = element;
  const event = instance.model.elements[subscription.event];
  if (!event) return;
  const d = instance.definition;
  work.rows.put('correlated_message', `${message.key}_${subscription.key}`, [
    message.key,
    subscription.key,
    message.name,
    message.correlationKey,
    instance.key,
    d.key,
    d.processId,
    event.id,
    element.key,
    work.now,
  ]);
  if (subscription.interrupting) closeMessage(work, element, subscription, true);
  else {
    subscription.state = 'CORRELATED';
    work.subscriptionChanged(subscription, element);
  }
  trigger(work, element, event, message.variables);
}

/** Hands a message to a subscription, if that is still open. */
export function deliverTo(work: Work, element: ElementInstance, subscriptionKey: Key, message: Message): void {
  const subscription = find(element, subscriptionKey);
  if (subscription) deliver(work, element, subscription, message);
}

/** The newest versions that start on a message of this name. */
export function* messageStarts(work: Work, name: string): Generator<{ definition: Definition; event: ModelElement }> {
  for (const versions of work.memory.versions.values()) {
    const definition = versions.findLast((d) => d.latest);
    if (!definition) continue;
    if (!definition.model) throw new NeedRows({ definitions: [definition.key] });
    for (const event of definition.model.startEvents) {
      if (event.event?.type !== 'message') continue;
      const evaluated = event.event.name.evaluate(lookup(null));
      if (evaluated.ok && evaluated.value === name) yield { definition, event };
    }
  }
}

/**
 * Brings a message to who waits for it now: one instance of each process id, and the start events of the others.
 * @returns the process ids it reached, and the first instance
 */
export function correlate(work: Work, message: Message, once: boolean): { reached: string[]; first: Key | undefined } {
  const reached: string[] = [];
  let first: Key | undefined;
  for (const open of [...work.memory.openSubscriptions(message.name, message.correlationKey)]) {
    if (reached.includes(open.processId) || (once && first !== undefined)) continue;
    work.later.push({ do: 'deliver', instance: open.instance, element: open.element, subscription: open.key, message });
    reached.push(open.processId);
    first ??= open.instance;
  }
  for (const { definition, event } of [...messageStarts(work, message.name)]) {
    if (reached.includes(definition.processId) || (once && first !== undefined)) continue;
    if (
      message.correlationKey !== '' &&
      work.memory.startLock(definition.processId, message.correlationKey) !== undefined
    )
      continue;
    const instance = startByMessage(work, definition, event, message);
    reached.push(definition.processId);
    first ??= instance;
  }
  return { reached, first };
}

function startByMessage(work: Work, definition: Definition, event: ModelElement, message: Message): Key {
  const instance = startInstance(work, definition, { event, variables: message.variables });
  if (message.correlationKey !== '') {
    work.memory.lockStart(definition.processId, message.correlationKey, instance.key, work.undoes);
    work.rows.put('start_lock', instance.key, [instance.key, definition.processId, message.correlationKey]);
  }
  return instance.key;
}

export function messageRow(work: Work, message: BufferedMessage): void {
  work.rows.put('message', message.key, [
    message.key,
    message.name,
    message.correlationKey,
    message.messageId,
    message.deadline,
    JSON.stringify(message.variables),
    JSON.stringify(message.reached),
  ]);
}

function reach(work: Work, message: BufferedMessage, processId: string): void {
  const before = message.reached;
  message.reached = [...before, processId];
  work.undoes.push(() => {
    message.reached = before;
  });
  messageRow(work, message);
}

/** A subscription was opened: what is buffered for it comes; a non-interrupting one takes all of it, one after another. */
export function openedSubscription(work: Work, element: ElementInstance, subscriptionKey: Key): void {
  const subscription = find(element, subscriptionKey);
  if (!subscription) return;
  const { instance } = element;
  const { processId } = instance.definition;
  const message = work.memory
    .buffered(subscription.name, subscription.correlationKey)
    .find((m) => m.deadline > work.now && !m.reached.includes(processId));
  if (!message) return;
  reach(work, message, processId);
  deliver(work, element, subscription, message);
  if (subscription.open)
    work.later.push({ do: 'subscribed', instance: instance.key, element: element.key, subscription: subscriptionKey });
}

/** The instance that a message started has ended: the next message with that key that waits in the buffer starts one. */
export function releaseStart(work: Work, instanceKey: Key): void {
  const lock = work.memory.unlockStart(instanceKey, work.undoes);
  if (!lock) return;
  work.rows.remove('start_lock', instanceKey);
  const definition = work.memory.latest(lock.processId);
  if (!definition) return;
  if (!definition.model) throw new NeedRows({ definitions: [definition.key] });
  let next: { message: BufferedMessage; event: ModelElement } | undefined;
  for (const event of definition.model.startEvents) {
    if (event.event?.type !== 'message') continue;
    const name = event.event.name.evaluate(lookup(null));
    if (!name.ok || typeof name.value !== 'string') continue;
    const message = work.memory
      .buffered(name.value, lock.correlationKey)
      .find((m) => m.deadline > work.now && !m.reached.includes(lock.processId));
    if (message && (!next || message.key < next.message.key)) next = { message, event };
  }
  if (!next) return;
  reach(work, next.message, lock.processId);
  startByMessage(work, definition, next.event, next.message);
}
