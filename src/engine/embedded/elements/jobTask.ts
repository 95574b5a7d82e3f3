import { setActivated } from '../behaviour/flow.ts';
import { createJob, evaluateJob } from '../behaviour/jobs.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { applyInputs, applyOutputs, fail } from '../behaviour/variables.ts';
import type { ElementProcessor } from './types.ts';

/** Work for a job worker: service, send and business rule tasks, and whatever else has a task definition. */
export const jobTask: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    const { job } = element.element;
    if (!job) return fail('EXTRACT_VALUE_ERROR', `'${element.element.id}' has no task definition`);
    const evaluated = evaluateJob(element, job);
    if (!evaluated.ok) return evaluated.failure;
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    createJob(work, element, evaluated.job, 'BPMN_ELEMENT', 'UNSPECIFIED');
    return undefined;
  },
  complete: applyOutputs,
};
