import { setActivated } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { cancelUserTask, createUserTask, evaluateUserTask } from '../behaviour/userTasks.ts';
import { applyInputs, applyOutputs } from '../behaviour/variables.ts';
import { jobTask } from './jobTask.ts';
import type { ElementProcessor } from './types.ts';

/** A task for a person, kept by the engine; with a task definition instead of `zeebe:userTask`, work for a job worker. */
export const userTask: ElementProcessor = {
  activate: applyInputs,
  activated(work, element) {
    if (!element.element.userTask) return jobTask.activated(work, element);
    const evaluated = evaluateUserTask(work, element);
    if (!evaluated.ok) return evaluated.failure;
    const failure = subscribe(work, element);
    if (failure) return failure;
    setActivated(work, element);
    createUserTask(work, element, evaluated.value);
    return undefined;
  },
  complete: applyOutputs,
  terminate: cancelUserTask,
};
