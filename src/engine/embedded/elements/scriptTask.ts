import { enqueue, setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs, evaluate, lookup, merge, setLocal } from '../behaviour/variables.ts';
import { assign } from '../state/work.ts';
import type { Variables } from '../commands/types.ts';
import { jobTask } from './jobTask.ts';
import type { ElementProcessor } from './types.ts';

/** A script in FEEL, or work for a job worker when it has a task definition. */
export const scriptTask: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const { script } = element.element;
    if (!script) return jobTask.activated(work, element);
    const failure = subscribe(work, element);
    if (failure) return failure;
    const result = evaluate(script.expression, lookup(element));
    if (!result.ok) return result.failure;
    if (element.element.outputs.length > 0) {
      // with output mappings the result stays inside (truth 17)
      setLocal(work, element, script.resultVariable, result.value);
    } else {
      const variables: Variables = {};
      assign(variables, script.resultVariable, result.value);
      merge(work, element, variables);
    }
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  complete: applyOutputs,
};
