import { setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** Waits for its message. */
export const receiveTask: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    return undefined;
  },
  complete: applyOutputs,
};
