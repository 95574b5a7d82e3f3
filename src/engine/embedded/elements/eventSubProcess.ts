import { enqueueActivate, setActivated, terminateChildren } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** An event subprocess that has been reached: its start event gets what the event brought. */
export const eventSubProcess: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    const caught = element.triggers?.[0];
    element.triggers = null;
    const start = element.element.startEvents[0];
    if (start) enqueueActivate(work, element, start, caught ? { trigger: caught } : {});
    return undefined;
  },
  complete: applyOutputs,
  terminate: terminateChildren,
};
