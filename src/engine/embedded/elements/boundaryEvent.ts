import { enqueue, setActivated } from '../behaviour/flow.ts';
import { applyOutputs } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** A boundary event that has been reached: it passes on what it brought. */
export const boundaryEvent: ElementProcessor = {
  activated(work, element) {
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  complete: applyOutputs,
};
