import { enqueue, interrupt, setActivated } from '../behaviour/flow.ts';
import { throwError, throwEscalation } from '../behaviour/errors.ts';
import { applyInputs, applyOutputs, evaluateText, fail, localVariables, lookup } from '../behaviour/variables.ts';
import { jobTask } from './jobTask.ts';
import type { ElementProcessor } from './types.ts';

/** None, message (work for a job worker), error, escalation, signal and terminate. */
export const endEvent: ElementProcessor = {
  // an error end event carries no variables, not even its input mappings (truth 10)
  activate: (work, element) => (element.element.event?.type === 'error' ? undefined : applyInputs(work, element)),
  activated(work, element) {
    const { event } = element.element;
    if (event?.type === 'message' || element.element.job) return jobTask.activated(work, element);
    if (event?.type === 'error') {
      const code = event.code ? evaluateText(event.code, lookup(element)) : { ok: true as const, value: '' };
      if (!code.ok) return code.failure;
      if (!throwError(work, element, code.value, null))
        return fail(
          'UNHANDLED_ERROR_EVENT',
          `Expected to throw an error event with the code '${code.value}', but it was not caught. No error events are available in the scope.`,
        );
      setActivated(work, element);
      return undefined;
    }
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
    // ends its scope, which then completes and is not terminated (truth 6)
    if (element.element.event?.type === 'terminate' && element.scope)
      interrupt(work, element.scope, element.element.index);
  },
};
