/** Signals: never buffered, they reach everybody who waits now (truth 23). */
import type { Variables } from '../commands/types.ts';
import { NeedRows } from '../state/memory.ts';
import type { Signalled, Work } from '../state/work.ts';
import { trigger } from './flow.ts';
import { startInstance } from './instances.ts';
import { closeSubscriptions } from './subscriptions.ts';
import { lookup } from './variables.ts';

/** A signal reaches so many at once. */
const AT_ONCE = 500;

/** Brings a signal to all who wait for it, and starts the newest versions that start on it. */
export function broadcast(work: Work, name: string, variables: Variables): void {
  const open = work.memory.signals.get(name).map(({ key, instance, element }) => ({ key, instance, element }));
  // asked for before anything changes
  work.memory.require(open.slice(0, AT_ONCE).map((s) => s.instance));
  for (const versions of work.memory.versions.values()) {
    const definition = versions.findLast((d) => d.latest);
    if (!definition) continue;
    if (!definition.model) throw new NeedRows({ definitions: [definition.key] });
    for (const event of definition.model.startEvents) {
      if (event.event?.type !== 'signal') continue;
      const evaluated = event.event.name.evaluate(lookup(null));
      if (evaluated.ok && evaluated.value === name) startInstance(work, definition, { event, variables });
    }
  }
  signalled(work, open, variables);
}

/** Brings a signal to those who wait for it, as far as they still do; when they are very many, others get their turn in between. */
export function signalled(work: Work, open: readonly Signalled[], variables: Variables): void {
  work.memory.require(open.slice(0, AT_ONCE).map((s) => s.instance));
  for (const info of open.slice(0, AT_ONCE)) signalOne(work, info, variables);
  work.cost += Math.min(open.length, AT_ONCE);
  if (open.length > AT_ONCE) work.later.push({ do: 'signalled', open: open.slice(AT_ONCE), variables });
}

function signalOne(work: Work, info: Signalled, variables: Variables): void {
  const element = work.element(info.instance, info.element);
  const signal = element?.signals?.find((s) => s.key === info.key);
  const event = element && signal ? element.instance.model.elements[signal.event] : undefined;
  if (!element || !event) return;
  if (event.interrupting) closeSubscriptions(work, element, (e) => e === event);
  trigger(work, element, event, variables);
}
