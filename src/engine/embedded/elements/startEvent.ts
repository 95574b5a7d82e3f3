import { enqueue, setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/**
 * A start event. The event subprocesses of a process open when its start event has done its mappings, so what fails there is an
 * incident of the start event (truth 19).
 */
export const startEvent: ElementProcessor = {
  activated(work, element) {
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  complete(work, element) {
    const failure = applyOutputs(work, element);
    if (failure) return failure;
    const { scope } = element;
    return scope?.element.kind === 'PROCESS' ? subscribe(work, scope) : undefined;
  },
};
