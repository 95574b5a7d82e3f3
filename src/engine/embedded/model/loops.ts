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
  const circular = inCircles(
    processes.flatMap((p) => p.elements),
    byId,
  );
  for (const process of processes) {
    for (const element of process.elements) {
      if (!runsThrough(element) || !circular.has(element)) continue;
      const path = pathBack(element, byId);
      if (path === undefined) continue;
      found.push({ process, path: path.map((e) => e.id).join(' > ') });
      break;
    }
  }
  return found;
}

/**
 * The elements that lie on some way back to themselves along which nothing waits: Tarjan's strongly connected components, with a stack of
 * its own, in one run through all flows.
 */
function inCircles(
  elements: readonly ModelElement[],
  processes: ReadonlyMap<string, ProcessModel>,
): ReadonlySet<ModelElement> {
  const found = new Set<ModelElement>();
  const number = new Map<ModelElement, number>();
  const lowest = new Map<ModelElement, number>();
  const open: ModelElement[] = [];
  const isOpen = new Set<ModelElement>();
  const targets = (of: ModelElement): ModelElement[] => next(of, processes).filter(passes);
  for (const root of elements) {
    if (!passes(root) || number.has(root)) continue;
    const stack: { at: ModelElement; to: ModelElement[]; i: number }[] = [];
    const enter = (at: ModelElement): void => {
      number.set(at, number.size);
      lowest.set(at, number.size - 1);
      open.push(at);
      isOpen.add(at);
      stack.push({ at, to: targets(at), i: 0 });
    };
    const lower = (of: ModelElement, to: number): void => {
      lowest.set(of, Math.min(lowest.get(of) ?? to, to));
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { at } = top;
      const target = top.to[top.i++];
      if (target !== undefined) {
        if (target === at) found.add(at);
        if (!number.has(target)) enter(target);
        else if (isOpen.has(target)) lower(at, number.get(target) ?? 0);
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (parent !== undefined) lower(parent.at, lowest.get(at) ?? 0);
      if (lowest.get(at) !== number.get(at)) continue;
      const members = open.splice(open.lastIndexOf(at));
      for (const member of members) {
        isOpen.delete(member);
        if (members.length > 1) found.add(member);
      }
    }
  }
  return found;
}

/** The shortest way from an element back to itself that never waits. */
function pathBack(from: ModelElement, processes: ReadonlyMap<string, ProcessModel>): ModelElement[] | undefined {
  const cameFrom = new Map<ModelElement, ModelElement>();
  // grows while it is gone through
  const queue: ModelElement[] = [from];
  for (const at of queue) {
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
