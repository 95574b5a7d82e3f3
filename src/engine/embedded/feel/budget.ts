/**
 * What evaluating expressions may cost. It is counted in steps and not in time, so that the same expression with the same variables
 * always ends the same way. A step is about one element of a list looked at, a few characters copied, or one round of a loop.
 */

/** Evaluation cannot go on: the engine raises an incident with this message. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** So many steps may all expressions take together that one step of a process evaluates (its mappings, its conditions …). */
export const MOST_STEPS = 500_000;
/** Functions may call each other so deep, and a result may be nested so deep. */
export const DEEPEST = 200;
/** So many values may a result hold, each place counted. */
export const LARGEST_RESULT = 500_000;
/** So many characters may a text have. */
export const LONGEST_TEXT = 4 * 1024 * 1024;
/** Copying or searching so many characters is a step. */
const CHARACTERS = 16;

let left = MOST_STEPS;
let shared = false;
let depth = 0;

/**
 * Runs work whose evaluations share one budget.
 * @returns the steps that were spent
 */
export function evaluating(work: () => void): number {
  left = MOST_STEPS;
  shared = true;
  depth = 0;
  try {
    work();
  } finally {
    shared = false;
  }
  return MOST_STEPS - Math.max(left, 0);
}

/** An evaluation begins; outside of `evaluating` each has a budget of its own. */
export function begin(): void {
  depth = 0;
  if (!shared) left = MOST_STEPS;
}

/** @throws Failure when the budget is used up */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new Failure(`it takes more than ${MOST_STEPS} steps`);
}

/** Pays for a text that is made or searched. @throws Failure when it is too long or the budget is used up */
export function spendText(length: number): void {
  if (length > LONGEST_TEXT) throw new Failure(`a text of more than ${LONGEST_TEXT} characters is not supported`);
  if (length >= CHARACTERS) spend(length / CHARACTERS);
}

/** Runs a call inside of others. @throws Failure when they are nested too deep */
export function nested<T>(call: () => T): T {
  if (depth >= DEEPEST) throw new Failure(`functions call each other more than ${DEEPEST} deep`);
  depth++;
  try {
    return call();
  } finally {
    depth--;
  }
}
