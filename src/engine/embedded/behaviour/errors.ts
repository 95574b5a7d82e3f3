/** Errors and escalations: who catches them (truths 28, 29, 32). */
import type { Variables } from '../commands/types.ts';
import type { ModelElement } from '../model/types.ts';
import type { ElementInstance } from '../state/model.ts';
import type { Work } from '../state/work.ts';
import { isEnding } from '../elements/lifecycle.ts';
import { trigger } from './flow.ts';

interface Catcher {
  readonly element: ElementInstance;
  readonly event: ModelElement;
}

/** Codes of catching events are always static; null catches all. */
function codeOf(event: ModelElement): string | null {
  const definition = event.event;
  if (definition?.type !== 'error' && definition?.type !== 'escalation') return null;
  return definition.code ? definition.code.source : null;
}

/** What catches at one element instance: events on its boundary and event subprocesses inside; the exact code beats catch-all. */
function catcherAt(element: ElementInstance, type: 'error' | 'escalation', code: string): Catcher | undefined {
  // an interrupted scope catches nothing any more, not even on its boundary: what an interrupting event subprocess throws passes by
  if (element.interruptedBy !== null) return undefined;
  const isItem = element.scope?.body === true;
  const events: ModelElement[] = [];
  if (!element.body)
    for (const eventSubProcess of element.element.eventSubProcesses) events.push(...eventSubProcess.startEvents);
  if (!isItem) events.push(...element.element.boundaryEvents);
  const fitting = events.filter((e) => e.event?.type === type);
  const event = fitting.find((e) => codeOf(e) === code) ?? fitting.find((e) => codeOf(e) === null);
  return event && { element, event };
}

/** Searches scope by scope outwards, and on through calling instances. @throws NeedRows when a calling instance is not loaded */
function findCatcher(
  work: Work,
  from: ElementInstance,
  type: 'error' | 'escalation',
  code: string,
): Catcher | undefined {
  for (let e: ElementInstance | null = from; e;) {
    if (!isEnding(e.state)) {
      const found = catcherAt(e, type, code);
      if (found) return found;
    }
    if (e.scope) {
      e = e.scope;
      continue;
    }
    const { parentKey, parentElementKey }: { parentKey: number | null; parentElementKey: number | null } = e.instance;
    e = parentKey === null || parentElementKey === null ? null : (work.element(parentKey, parentElementKey) ?? null);
  }
  return undefined;
}

/** Throws an error out of an element. @returns false when nobody catches it */
export function throwError(work: Work, from: ElementInstance, code: string, variables: Variables | null): boolean {
  const catcher = findCatcher(work, from, 'error', code);
  if (!catcher) return false;
  // an error that leaves a called process brings nothing of the child's along (truth 10)
  trigger(work, catcher.element, catcher.event, variables);
  return true;
}

/** Throws an escalation. @returns whether the thrower goes on: nobody caught it, or not in an interrupting way */
export function throwEscalation(work: Work, from: ElementInstance, code: string, variables: Variables | null): boolean {
  const catcher = findCatcher(work, from, 'escalation', code);
  if (!catcher) return true;
  trigger(work, catcher.element, catcher.event, variables);
  return !catcher.event.interrupting;
}
