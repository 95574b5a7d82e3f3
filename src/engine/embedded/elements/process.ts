import { enqueueActivate, setActivated, terminateChildren } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import type { ElementProcessor } from './types.ts';

/** The process itself: the outermost scope. Where to begin, if not at the none start event, is kept as its triggers. */
export const process: ElementProcessor = {
  activated(work, element) {
    const { elements } = element.instance.model;
    const begin = element.triggers ?? [];
    const elsewhere = begin.some((t) => elements[t.event]?.kind !== 'START_EVENT');
    if (elsewhere) {
      // started elsewhere, the start event never exists, so what it would open is opened here (truth 48)
      const failure = subscribe(work, element);
      if (failure) return failure;
    }
    element.triggers = null;
    setActivated(work, element);
    if (begin.length === 0 && element.element.noneStart) enqueueActivate(work, element, element.element.noneStart);
    for (const trigger of begin) {
      const target = elements[trigger.event];
      if (target) enqueueActivate(work, element, target, trigger.variables ? { trigger } : {});
    }
    return undefined;
  },
  terminate: terminateChildren,
};
