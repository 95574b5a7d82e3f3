/** Every theme, in the order they are run. */
import type { Theme } from '../scenario.ts';
import { callActivities } from './call-activities.ts';
import { combinations } from './combinations.ts';
import { errors } from './errors.ts';
import { flowsAndGateways } from './flows-and-gateways.ts';
import { instances, searches } from './instances.ts';
import { jobs } from './jobs.ts';
import { joins } from './joins.ts';
import { messages } from './messages.ts';
import { multiInstance } from './multi-instance.ts';
import { deploymentRefusals, restRefusals } from './refusals.ts';
import { routines } from './routines.ts';
import { subprocesses } from './subprocesses.ts';
import { taskListeners } from './task-listeners.ts';
import { timers } from './timers.ts';
import { userTasks } from './user-tasks.ts';
import { variablesAndMappings } from './variables-and-mappings.ts';

export const themes: readonly Theme[] = [
  flowsAndGateways,
  joins,
  userTasks,
  taskListeners,
  jobs,
  errors,
  messages,
  timers,
  subprocesses,
  callActivities,
  multiInstance,
  variablesAndMappings,
  combinations,
  routines,
  instances,
  searches,
  restRefusals,
  deploymentRefusals,
];
