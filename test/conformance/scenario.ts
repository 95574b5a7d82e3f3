/** What a scenario is, and how one is run. */
import type { Target } from './harness.ts';
import { World, type Trace } from './world.ts';

export interface Scenario {
  /** States the behaviour, in one sentence. */
  readonly title: string;
  readonly run: (world: World) => Promise<void>;
  /** It moves the clock. */
  readonly clock: boolean;
}

export interface Theme {
  /** File name of the traces. */
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

export function scenario(
  title: string,
  run: (world: World) => Promise<void>,
  needs: { clock?: boolean } = {},
): Scenario {
  return { title, run, clock: needs.clock ?? false };
}

export function theme(name: string, ...scenarios: Scenario[]): Theme {
  return { name, scenarios };
}

/**
 * Runs one scenario, its own statements included, and cleans up after it.
 * @param expected the recorded trace: where searches lag, the end is awaited until it equals this one's
 * @throws what a statement that does not hold throws
 */
export async function play(target: Target, one: Scenario, expected?: Trace): Promise<Trace> {
  const world = new World(target, one.clock);
  if (one.clock) await target.useClock();
  try {
    await one.run(world);
    return await world.trace(expected);
  } catch (error) {
    // the client's errors say only the title; the reason is in the detail
    if (
      error instanceof Error &&
      'detail' in error &&
      typeof error.detail === 'string' &&
      !error.message.includes(error.detail)
    ) {
      error.message += `: ${error.detail}`;
    }
    throw error;
  } finally {
    for (const what of await world.cleanUp()) console.warn(`left behind by '${one.title}': ${what}`);
  }
}
