import { enqueue, enqueueActivate, setActivated } from '../behaviour/flow.ts';
import { throwEscalation } from '../behaviour/errors.ts';
import { applyInputs, applyOutputs, evaluateText, localVariables, lookup } from '../behaviour/variables.ts';
import { jobTask } from './jobTask.ts';
import type { ElementProcessor } from './types.ts';

/** None, message (work for a job worker), signal, escalation and link. */
export const intermediateThrowEvent: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const { event } = element.element;
    if (event?.type === 'message') return jobTask.activated(work, element);
    if (event?.type === 'escalation') {
      const code = event.code ? evaluateText(event.code, lookup(element)) : { ok: true as const, value: '' };
      if (!code.ok) return code.failure;
      setActivated(work, element);
      if (throwEscalation(work, element, code.value, localVariables(element))) enqueue(work, 'complete', element);
      return undefined;
    }
    if (event?.type === 'signal') {
      const name = evaluateText(event.name, lookup(element));
      if (!name.ok) return name.failure;
      setActivated(work, element);
      work.todo.push({ do: 'signal', name: name.value, variables: localVariables(element) });
      enqueue(work, 'complete', element);
      return undefined;
    }
    setActivated(work, element);
    enqueue(work, 'complete', element);
    return undefined;
  },
  complete: applyOutputs,
  completed(work, element) {
    const { event } = element.element;
    if (event?.type === 'link' && event.target && element.scope) enqueueActivate(work, element.scope, event.target);
  },
};
