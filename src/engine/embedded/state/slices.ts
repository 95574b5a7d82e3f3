/** Long work is cut into slices: between two of them the event loop answers others. */

/** How long work may go on before others get a turn, in milliseconds. */
const BREATH_MS = 5;

let since = 0;

/** One turn of the event loop. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Lets others have a turn when work has gone on for long. To be awaited between two pieces of work, each of them short; costs nothing
 * as long as there is time left.
 */
export function breathe(): Promise<void> | undefined {
  const now = performance.now();
  // the clock started before the event loop last turned: then this is the first piece after others had their turn
  if (since === 0) {
    since = now;
    setImmediate(() => {
      since = 0;
    });
    return undefined;
  }
  return now - since < BREATH_MS ? undefined : pause();
}
