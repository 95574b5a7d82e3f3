/** Signals: never buffered, they reach everybody who waits now (truth 23). */
import type { Variables } from '../commands/types.ts';
import { NeedRows } from '../state/memory.ts';
import type { Work } from '../state/work.ts';
import { trigger } from './flow.ts';
import { startInstance } from './instances.ts';
import { closeSubscriptions } from './subscriptions.ts';
import { lookup } from './variables.ts';

/** Brings a signal to all who wait for it, and starts the newest versions that start on it. */
export function broadcast(work: Work, name: string, variables: Variables): void {
  const open = [...work.memory.signals.get(name)];
  work.memory.require(open.map((s) => s.instance));
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
  for (const info of open) {
    const element = work.element(info.instance, info.element);
    const signal = element?.signals?.find((s) => s.key === info.key);
    const event = element && signal ? element.instance.model.elements[signal.event] : undefined;
    if (!element || !event) continue;
    if (event.interrupting) closeSubscriptions(work, element, (e) => e === event);
    trigger(work, element, event, variables);
  }
}
