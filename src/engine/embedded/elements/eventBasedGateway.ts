import { enqueueActivate, setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import type { ElementProcessor } from './types.ts';

/** Waits for the first of the events behind it, which then is passed with what it brought. */
export const eventBasedGateway: ElementProcessor = {
  activated(work, element) {
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    return undefined;
  },
  chooseFlows: () => [],
  completed(work, element) {
    const caught = element.triggers?.[0];
    const event = caught && element.instance.model.elements[caught.event];
    if (!event || !element.scope) return;
    enqueueActivate(work, element.scope, event, { trigger: caught });
  },
};
