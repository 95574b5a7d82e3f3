import type { ElementKind } from '../model/types.ts';
import type { ElementInstance } from '../state/model.ts';
import { boundaryEvent } from './boundaryEvent.ts';
import { callActivity } from './callActivity.ts';
import { endEvent } from './endEvent.ts';
import { eventBasedGateway } from './eventBasedGateway.ts';
import { exclusiveGateway } from './exclusiveGateway.ts';
import { inclusiveGateway } from './inclusiveGateway.ts';
import { intermediateCatchEvent } from './intermediateCatchEvent.ts';
import { intermediateThrowEvent } from './intermediateThrowEvent.ts';
import { jobTask } from './jobTask.ts';
import { multiInstanceBody } from './multiInstanceBody.ts';
import { parallelGateway } from './parallelGateway.ts';
import { process } from './process.ts';
import { receiveTask } from './receiveTask.ts';
import { scriptTask } from './scriptTask.ts';
import { startEvent } from './startEvent.ts';
import { subProcess } from './subProcess.ts';
import { eventSubProcess } from './eventSubProcess.ts';
import { undefinedTask } from './undefinedTask.ts';
import { userTask } from './userTask.ts';
import type { ElementProcessor } from './types.ts';

/** One processor per kind of element. */
const PROCESSORS: Readonly<Record<ElementKind, ElementProcessor>> = {
  PROCESS: process,
  SUB_PROCESS: subProcess,
  EVENT_SUB_PROCESS: eventSubProcess,
  START_EVENT: startEvent,
  INTERMEDIATE_CATCH_EVENT: intermediateCatchEvent,
  INTERMEDIATE_THROW_EVENT: intermediateThrowEvent,
  BOUNDARY_EVENT: boundaryEvent,
  END_EVENT: endEvent,
  SERVICE_TASK: jobTask,
  SEND_TASK: jobTask,
  BUSINESS_RULE_TASK: jobTask,
  SCRIPT_TASK: scriptTask,
  USER_TASK: userTask,
  RECEIVE_TASK: receiveTask,
  MANUAL_TASK: undefinedTask,
  TASK: undefinedTask,
  CALL_ACTIVITY: callActivity,
  EXCLUSIVE_GATEWAY: exclusiveGateway,
  PARALLEL_GATEWAY: parallelGateway,
  INCLUSIVE_GATEWAY: inclusiveGateway,
  EVENT_BASED_GATEWAY: eventBasedGateway,
};

/** @returns the processor of an element instance; a multi-instance body has its own, whatever is inside. */
export const processorOf = (element: ElementInstance): ElementProcessor =>
  element.body ? multiInstanceBody : PROCESSORS[element.element.kind];
