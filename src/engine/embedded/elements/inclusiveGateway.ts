import { enqueue, setActivated } from '../behaviour/flow.ts';
import type { SequenceFlow } from '../model/types.ts';
import { holds, noFlow } from './exclusiveGateway.ts';
import type { ElementProcessor } from './types.ts';

/** Takes all flows that hold, else the default. When it joins is decided in behaviour/flow.ts. */
export const inclusiveGateway: ElementProcessor = {
  activated(work, element) {
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  chooseFlows(_work, element) {
    const { outgoing, defaultFlow } = element.element;
    if (outgoing.length === 0) return [];
    const only = outgoing.length === 1 ? outgoing[0] : undefined;
    if (only && !only.condition) return [only];
    const taken: SequenceFlow[] = [];
    for (let i = outgoing.length - 1; i >= 0; i--) {
      const flow = outgoing[i];
      if (!flow || flow === defaultFlow) continue;
      const truth = holds(element, flow);
      if (typeof truth !== 'boolean') return truth;
      if (truth) taken.unshift(flow);
    }
    if (taken.length > 0) return taken;
    return defaultFlow ? [defaultFlow] : noFlow();
  },
};
