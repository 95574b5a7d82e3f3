import { enqueue, setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/**
 * Waits for its timer, message or signal. Behind an event-based gateway the event has come already and its variables are there;
 * a link is passed at once.
 */
export const intermediateCatchEvent: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const passed = element.triggers !== null || element.element.event?.type === 'link';
    if (!passed) {
      const failure = subscribe(work, element);
      if (failure) return failure;
    }
    setActivated(work, element);
    if (passed) enqueue(work, 'complete', element);
    return undefined;
  },
  complete: applyOutputs,
};
