import type { Rejection, RejectionKind } from './types.ts';
import { run, STEPS_PER_COMMAND } from '../behaviour/flow.ts';
import { CommandRefused, type Todo, type Work } from '../state/work.ts';

/** @returns a refusal */
export const reject = (rejected: RejectionKind, message: string): Rejection => ({ rejected, message });

/** At most so many steps are left over by a command. */
const MOST_LEFT = 100_000;

/**
 * Does everything that follows from a command. What is left when the steps are used up is stored and done by a command of its own, so
 * that neither a loop without end nor a loop over thousands of items holds up the others.
 */
export function settle(work: Work): void {
  const left = run(work);
  if (left.length === 0) return;
  if (left.length > MOST_LEFT)
    throw new CommandRefused(
      `More than ${MOST_LEFT} steps would wait to be done: the process makes more tokens than it ends`,
    );
  const key = work.nextKey();
  const doc = JSON.stringify(left);
  work.memory.set(work.memory.continuations, key, doc, work.undoes);
  work.rows.put('continuation', key, [key, doc]);
  work.leftover.push(key);
}

/** Goes on with what an earlier command left. */
export function resume(work: Work, key: number): object {
  const doc = work.memory.continuations.get(key);
  if (doc === undefined) return {};
  work.memory.set(work.memory.continuations, key, undefined, work.undoes);
  work.rows.remove('continuation', key);
  const todo = JSON.parse(doc) as Todo[]; // our own text
  // all at once: asked for one by one, the command would be repeated as often
  work.memory.require(todo.slice(0, STEPS_PER_COMMAND).flatMap((t) => ('instance' in t ? [t.instance] : [])));
  for (const one of todo) work.todo.push(one);
  settle(work);
  return {};
}
