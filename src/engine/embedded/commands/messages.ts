import type { BroadcastSignalCommand, CorrelateMessageCommand, Key, PublishMessageCommand } from './types.ts';
import { correlate, messageRow } from '../behaviour/messages.ts';
import { broadcast } from '../behaviour/signals.ts';
import { later } from '../behaviour/timers.ts';
import type { BufferedMessage } from '../state/memory.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject, settle } from './run.ts';

/** Publishes a message: to who waits now, and into the buffer for its time to live (truths 20 to 24). */
export function publishMessage(work: Work, command: PublishMessageCommand): Outcome {
  const { name, correlationKey, messageId } = command;
  const deadline = later(work.now, command.timeToLive);
  const same = work.memory
    .buffered(name, correlationKey)
    .some((m) => m.messageId === messageId && m.deadline > work.now);
  if (messageId !== '' && same)
    return reject(
      'ALREADY_EXISTS',
      `Expected to publish a new message with id '${messageId}', but a message with that id was already published`,
    );
  const key = work.nextKey();
  const { reached } = correlate(work, { key, name, correlationKey, variables: command.variables }, false);
  if (command.timeToLive > 0) {
    const message: BufferedMessage = {
      key,
      name,
      correlationKey,
      messageId,
      deadline,
      variables: command.variables,
      reached,
    };
    work.memory.addMessage(message, work.undoes);
    messageRow(work, message);
  }
  settle(work);
  return { messageKey: key };
}

/** Correlates a message at once or not at all: 404 when nobody listens (truth 22). */
export function correlateMessage(work: Work, command: CorrelateMessageCommand): Outcome {
  const key = work.nextKey();
  const { first } = correlate(work, { key, ...command }, false);
  if (first === undefined)
    return reject(
      'NOT_FOUND',
      `Expected to find subscription for message with name '${command.name}' and correlation key '${command.correlationKey}', but none was found.`,
    );
  settle(work);
  return { messageKey: key, processInstanceKey: first };
}

export function broadcastSignal(work: Work, command: BroadcastSignalCommand): Outcome {
  const signalKey = work.nextKey();
  broadcast(work, command.signalName, command.variables);
  settle(work);
  return { signalKey };
}

/** The time to live of a buffered message is over. */
export function expireMessage(work: Work, key: Key): object {
  const message = work.memory.messagesByKey.get(key);
  if (!message || message.deadline > work.now) return {};
  work.memory.removeMessage(message, work.undoes);
  work.rows.remove('message', key);
  return {};
}
