import type { ElementState } from '../state/model.ts';

/** Which state an element instance may go to from which. Anything else is a bug in the interpreter. */
const NEXT: Readonly<Record<ElementState, readonly ElementState[]>> = {
  ACTIVATING: ['ACTIVATED', 'TERMINATING'],
  ACTIVATED: ['COMPLETING', 'TERMINATING'],
  COMPLETING: ['COMPLETED', 'TERMINATING'],
  TERMINATING: ['TERMINATED'],
  COMPLETED: [],
  TERMINATED: [],
};

/** @throws when the lifecycle has no such step */
export function assertStep(from: ElementState, to: ElementState, what: string): void {
  if (!NEXT[from].includes(to)) throw new Error(`${what}: ${from} → ${to} is no step of the lifecycle`);
}

/** @returns whether an element instance in this state is on its way out by termination or gone. */
export const isEnding = (state: ElementState): boolean =>
  state === 'TERMINATING' || state === 'TERMINATED' || state === 'COMPLETED';
