/** Timer start events: they belong to the newest version of a definition and to no instance (truth 26). */
import type { Key } from '../commands/types.ts';
import type { Failure } from '../elements/types.ts';
import type { Definition } from '../state/model.ts';
import { NeedRows, type StartTimer } from '../state/memory.ts';
import type { Work } from '../state/work.ts';
import { startInstance } from './instances.ts';
import { again, schedule, wakeUp } from './timers.ts';
import { lookup } from './variables.ts';

function write(work: Work, timer: StartTimer, at: number): void {
  work.memory.set(work.memory.startTimers, timer.key, timer, work.undoes);
  work.memory.due.push({ at, kind: 'timer', key: timer.key, instance: 0 });
  work.rows.put('timer', timer.key, [
    timer.key,
    timer.due,
    null,
    null,
    timer.elementId,
    timer.definition,
    timer.repetitions,
    timer.spec,
  ]);
}

/** Sets the start timers of a definition that has become the newest. @returns what is wrong with one of them */
export function openStartTimers(work: Work, definition: Definition): Failure | undefined {
  for (const event of definition.model?.startEvents ?? []) {
    if (event.event?.type !== 'timer') continue;
    const at = schedule(event.event, lookup(null), work.now, work.zone);
    if (!at.ok) return at.failure;
    if (at.schedule.repetitions === 0) continue;
    const timer = { key: work.nextKey(), definition: definition.key, elementId: event.id, ...at.schedule };
    write(work, timer, timer.due);
  }
  return undefined;
}

export function closeStartTimers(work: Work, definition: Key): void {
  for (const timer of [...work.memory.startTimers.values()])
    if (timer.definition === definition) remove(work, timer.key);
}

function remove(work: Work, key: Key): void {
  work.memory.set(work.memory.startTimers, key, undefined, work.undoes);
  work.rows.remove('timer', key);
}

/** A start timer is due: a new instance, and the next firing of a cycle. */
export function fireStartTimer(work: Work, timer: StartTimer): void {
  const definition = work.memory.definitions.get(timer.definition);
  if (!definition) return;
  if (!definition.model) throw new NeedRows({ definitions: [definition.key] });
  const event = definition.model.byId.get(timer.elementId);
  remove(work, timer.key);
  if (!event) return;
  startInstance(work, definition, { event });
  const next = again(timer, work.now, work.zone);
  if (!next) return;
  const following = { key: work.nextKey(), definition: timer.definition, elementId: timer.elementId, ...next };
  write(work, following, wakeUp(timer, next, work.now, work.zone));
}
