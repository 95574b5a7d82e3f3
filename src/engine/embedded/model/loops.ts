/**
 * Loops in which no step ever waits. The engine refuses them at deployment, as an instance would run in them for ever.
 */
import type { ModelElement, ProcessModel } from './types.ts';

/** A loop is only refused when one of these is in it; gateways alone are not looked at. */
function runsThrough(element: ModelElement): boolean {
  switch (element.kind) {
    case 'TASK':
    case 'MANUAL_TASK':
    case 'INTERMEDIATE_THROW_EVENT':
    case 'CALL_ACTIVITY':
      return true;
    case 'SCRIPT_TASK':
      return element.script !== undefined;
    default:
      return false;
  }
}

function passes(element: ModelElement): boolean {
  switch (element.kind) {
    case 'EXCLUSIVE_GATEWAY':
    case 'INCLUSIVE_GATEWAY':
    case 'PARALLEL_GATEWAY':
    case 'SUB_PROCESS':
    case 'START_EVENT':
    case 'END_EVENT':
      return true;
    case 'INTERMEDIATE_CATCH_EVENT':
      return element.event?.type === 'link';
    default:
      return runsThrough(element);
  }
}

function next(element: ModelElement, processes: ReadonlyMap<string, ProcessModel>): readonly ModelElement[] {
  if (element.kind === 'CALL_ACTIVITY') {
    const called = element.calledElement?.processId;
    const start = called?.isStatic === true ? processes.get(called.source)?.noneStart : undefined;
    return start === undefined ? [] : [start];
  }
  if (element.kind === 'SUB_PROCESS') return element.noneStart === undefined ? [] : [element.noneStart];
  if (element.event?.type === 'link' && element.event.target !== undefined) return [element.event.target];
  if (element.outgoing.length === 0 && element.scope?.kind === 'SUB_PROCESS')
    return element.scope.outgoing.map((f) => f.target);
  return element.outgoing.map((f) => f.target);
}

/**
 * @param processes all processes of one file
 * @returns per process the first such loop as a path of element ids, `a > b > a`
 */
export function straightThroughLoops(processes: readonly ProcessModel[]): { process: ProcessModel; path: string }[] {
  const byId = new Map(processes.map((p) => [p.id, p]));
  const found: { process: ProcessModel; path: string }[] = [];
  for (const process of processes) {
    for (const element of process.elements) {
      if (!runsThrough(element)) continue;
      const path = pathBack(element, byId);
      if (path === undefined) continue;
      found.push({ process, path: path.map((e) => e.id).join(' > ') });
      break;
    }
  }
  return found;
}

/** The shortest way from an element back to itself that never waits. */
function pathBack(from: ModelElement, processes: ReadonlyMap<string, ProcessModel>): ModelElement[] | undefined {
  const cameFrom = new Map<ModelElement, ModelElement>();
  const queue: ModelElement[] = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const target of next(at, processes)) {
      if (target === from) {
        const path = [from];
        for (let step: ModelElement | undefined = at; step !== undefined && step !== from; step = cameFrom.get(step))
          path.unshift(step);
        return [from, ...path];
      }
      if (!passes(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      queue.push(target);
    }
  }
  return undefined;
}
