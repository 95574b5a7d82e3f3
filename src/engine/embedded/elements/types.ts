import type { SequenceFlow } from '../model/types.ts';
import type { ElementInstance } from '../state/model.ts';
import type { Work } from '../state/work.ts';

/** Why an element cannot go on: it becomes an incident. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  /** The job that is stuck, when there is one. */
  readonly jobKey?: number;
}

/** undefined: it went well. */
export type Result = Failure | undefined;

/**
 * What is particular to one kind of element. The common parts (states, rows, listeners, taking flows, scopes) are in
 * behaviour/flow.ts, which calls these in the order of the lifecycle. Each may be called again after an incident.
 */
export interface ElementProcessor {
  /** Before start listeners: input mappings. */
  activate?(work: Work, element: ElementInstance): Result;
  /** After start listeners: subscriptions, jobs, children; ends with `activated` and, for what does not wait, `complete`. */
  activated(work: Work, element: ElementInstance): Result;
  /** Before end listeners: output mappings. */
  complete?(work: Work, element: ElementInstance): Result;
  /** After end listeners; what happens beside taking the outgoing flows. Called when the element is no longer in its scope. */
  completed?(work: Work, element: ElementInstance): void;
  /** Chooses the outgoing flows; without it all are taken. Called before the element completes. */
  chooseFlows?(work: Work, element: ElementInstance): readonly SequenceFlow[] | Failure;
  /** Starts to end it by force. @returns false when something must end first; `terminated` is then called later. */
  terminate?(work: Work, element: ElementInstance): boolean;
  /** Scopes: a child is about to complete and ends its path; a failure is the child's incident. */
  childCompleting?(work: Work, scope: ElementInstance, child: ElementInstance): Result;
  /** Scopes: a child has ended its path, in an active scope; without it the scope completes when nothing is under way in it. */
  childLeft?(work: Work, scope: ElementInstance, child: ElementInstance, how: 'COMPLETED' | 'TERMINATED'): void;
}
