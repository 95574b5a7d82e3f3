import type { Failure } from '../elements/types.ts';
import type { ElementInstance, Incident, Instance } from '../state/model.ts';
import type { Work } from '../state/work.ts';

/** Counts an incident here, in every scope around and in every calling element, for `hasIncident`. */
function count(work: Work, element: ElementInstance, by: 1 | -1): void {
  for (let e: ElementInstance | null = element; e; e = e.scope) {
    e.incidents += by;
    work.elementChanged(e);
  }
  const { instance } = element;
  work.instanceChanged(instance);
  if (instance.parentKey === null || instance.parentElementKey === null) return;
  const caller = work.element(instance.parentKey, instance.parentElementKey);
  if (caller) count(work, caller, by);
}

/** Messages quote expressions and what workers say; the rest of a longer one is cut off, as the engine does. */
const LONGEST_MESSAGE = 10_000;

/** Raises an incident: the element stays as it is until the incident is resolved. */
export function raise(work: Work, element: ElementInstance, failure: Failure): void {
  const { instance } = element;
  work.touch(instance);
  const incident: Incident = {
    key: work.nextKey(),
    type: failure.type,
    message: failure.message.length > LONGEST_MESSAGE ? failure.message.slice(0, LONGEST_MESSAGE) : failure.message,
    elementKey: element.key,
    elementId: element.element.id,
    jobKey: failure.jobKey ?? null,
    creationMs: work.now,
    state: 'ACTIVE',
  };
  instance.incidents.set(incident.key, incident);
  element.incident = incident.key;
  work.memory.set(work.memory.incidents, incident.key, instance.key, work.undoes);
  work.incidentChanged(incident, instance);
  count(work, element, 1);
}

/** Closes an incident, because it was resolved or because its element ends. */
export function close(work: Work, instance: Instance, incident: Incident): void {
  work.touch(instance);
  incident.state = 'RESOLVED';
  instance.incidents.delete(incident.key);
  work.memory.set(work.memory.incidents, incident.key, undefined, work.undoes);
  work.incidentChanged(incident, instance);
  const element = instance.elements.get(incident.elementKey);
  if (!element) return;
  if (element.incident === incident.key) element.incident = null;
  count(work, element, -1);
}

/** Closes what is open on an element that ends. */
export function closeAll(work: Work, element: ElementInstance): void {
  if (element.incidents === 0) return;
  for (const incident of [...element.instance.incidents.values()])
    if (incident.elementKey === element.key) close(work, element.instance, incident);
}
