import { enqueueActivate, setActivated, terminateChildren } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** An embedded subprocess. */
export const subProcess: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    const { noneStart } = element.element;
    if (noneStart) enqueueActivate(work, element, noneStart);
    return undefined;
  },
  complete: applyOutputs,
  terminate: terminateChildren,
};
