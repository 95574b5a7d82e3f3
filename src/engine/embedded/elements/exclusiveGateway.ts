import { enqueue, setActivated } from '../behaviour/flow.ts';
import { evaluate, fail, lookup } from '../behaviour/variables.ts';
import type { SequenceFlow } from '../model/types.ts';
import type { ElementInstance } from '../state/model.ts';
import type { ElementProcessor, Failure } from './types.ts';

const NO_FLOW = 'Expected at least one condition to evaluate to true, or to have a default flow';

/** Evaluates the condition of a flow, which must be true or false (truth 5). */
export function holds(element: ElementInstance, flow: SequenceFlow): boolean | Failure {
  if (!flow.condition) return true;
  const result = evaluate(flow.condition, lookup(element));
  if (!result.ok) return result.failure;
  if (typeof result.value === 'boolean') return result.value;
  const found =
    result.value === null
      ? 'NULL'
      : typeof result.value === 'string'
        ? 'STRING'
        : typeof result.value === 'number'
          ? 'NUMBER'
          : Array.isArray(result.value)
            ? 'ARRAY'
            : 'OBJECT';
  return fail(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${flow.condition.source.replace(/^=\s*/, '')}' to be 'BOOLEAN', but was '${found}'.`,
  );
}

export const noFlow = (): Failure => fail('CONDITION_ERROR', NO_FLOW);

/** Takes the first flow that holds, asked from the last in the file to the first (truth 1). */
export const exclusiveGateway: ElementProcessor = {
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
    for (let i = outgoing.length - 1; i >= 0; i--) {
      const flow = outgoing[i];
      if (!flow || flow === defaultFlow) continue;
      const truth = holds(element, flow);
      if (typeof truth !== 'boolean') return truth;
      if (truth) return [flow];
    }
    return defaultFlow ? [defaultFlow] : noFlow();
  },
};
