import type { Key } from './types.ts';
import { trigger } from '../behaviour/flow.ts';
import { fireStartTimer } from '../behaviour/startTimers.ts';
import { closeTimer, openTimer } from '../behaviour/subscriptions.ts';
import { again, schedule, wakeUp } from '../behaviour/timers.ts';
import { lookup } from '../behaviour/variables.ts';
import type { Work } from '../state/work.ts';
import { settle } from './run.ts';

/** A timer is due. It may be gone by now: then nothing happens. */
export function fireTimer(work: Work, key: Key, instanceKey: Key): object {
  if (instanceKey === 0) {
    const timer = work.memory.startTimers.get(key);
    if (timer && timer.due <= work.now) fireStartTimer(work, timer);
    settle(work);
    return {};
  }
  const instance = work.change(instanceKey);
  for (const element of instance?.elements.values() ?? []) {
    const timer = element.timers?.find((t) => t.key === key);
    const event = timer && element.instance.model.elements[timer.event];
    if (!timer || !event || timer.due > work.now) continue;
    closeTimer(work, element, timer);
    const definition = event.event;
    if (definition?.type === 'timer' && timer.spec !== '') {
      // the expression is evaluated anew at every firing; when that fails now, the cycle goes on as it was
      const fresh = schedule(definition, lookup(element), work.now, work.zone);
      const fired = { ...timer, spec: fresh.ok ? fresh.schedule.spec : timer.spec };
      const next = again(fired, work.now, work.zone);
      if (next) openTimer(work, element, event, next, wakeUp(fired, next, work.now, work.zone));
    }
    trigger(work, element, event, null);
    break;
  }
  settle(work);
  return {};
}
