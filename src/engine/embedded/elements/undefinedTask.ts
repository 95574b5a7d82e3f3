import { enqueue, setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** Manual tasks and tasks without a type: nothing happens in them. */
export const undefinedTask: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  complete: applyOutputs,
};
