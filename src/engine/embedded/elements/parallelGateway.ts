import { enqueue, setActivated } from '../behaviour/flow.ts';
import type { ElementProcessor } from './types.ts';

/** Takes all flows. When it joins is decided in behaviour/flow.ts. */
export const parallelGateway: ElementProcessor = {
  activated(work, element) {
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
};
