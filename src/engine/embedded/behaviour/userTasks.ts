/**
 * User tasks and their transitions. A transition (creating, assigning, updating, completing, canceling) runs its listeners one after another
 * and is accepted or denied at the end; until then the task keeps the attributes it had (truths 34 to 45).
 */
import type { Corrections, Key, ListenerEventType, Rejection } from '../commands/types.ts';
import type { FormRef, UserTaskEventType } from '../model/types.ts';
import type { Failure, Result } from '../elements/types.ts';
import type { ElementInstance, Transition, UserTask, UserTaskAttributes, UserTaskState } from '../state/model.ts';
import { MOST_CANDIDATES, type Work } from '../state/work.ts';
import { enqueue, terminated } from './flow.ts';
import { raise } from './incidents.ts';
import { createListenerJob, endJob } from './jobs.ts';
import { evaluate, evaluateText, fail, lookup, merge, named, setAllLocal, sourceOf } from './variables.ts';

const STATES: Readonly<Record<UserTaskEventType, UserTaskState>> = {
  creating: 'CREATING',
  assigning: 'ASSIGNING',
  updating: 'UPDATING',
  completing: 'COMPLETING',
  canceling: 'CANCELING',
};
const EVENTS: Readonly<Record<UserTaskEventType, ListenerEventType>> = {
  creating: 'CREATING',
  assigning: 'ASSIGNING',
  updating: 'UPDATING',
  completing: 'COMPLETING',
  canceling: 'CANCELING',
};
/** The engine's names of the attributes, in the order in which it lists them (truth 40). */
const ENGINE_NAMES = {
  assignee: 'assignee',
  candidateGroups: 'candidateGroupsList',
  candidateUsers: 'candidateUsersList',
  dueDate: 'dueDate',
  followUpDate: 'followUpDate',
  priority: 'priority',
} as const satisfies Record<keyof UserTaskAttributes, string>;
const ATTRIBUTES = Object.keys(ENGINE_NAMES) as (keyof UserTaskAttributes)[]; // exactly its keys

const refusal = (message: string): Rejection => ({ rejected: 'INVALID_STATE', message });

/** What of the attributes differs, in the engine's names. */
export function differences(before: UserTaskAttributes, after: UserTaskAttributes): string[] {
  return ATTRIBUTES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).map(
    (name) => ENGINE_NAMES[name],
  );
}

// ---- creation ---------------------------------------------------------------------------------

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d(:\d\d)?)(\[[^\]]*\])?$/;

/** Reads an ISO date with a zone, with or without seconds or a zone's name. @returns NaN when it is none */
export function dateMillis(text: string): number {
  if (!DATE.test(text)) return Number.NaN;
  return Date.parse(text.replace(/\[[^\]]*\]$/, '').replace(/(T\d\d:\d\d)(Z|[+-])/, '$1:00$2'));
}

/** An external form is named by a URL, which is not searched by. */
const LONGEST_REFERENCE = 4000;

interface Evaluated {
  attributes: UserTaskAttributes;
  formKey: Key | null;
  externalFormReference: string;
}

function findForm(
  work: Work,
  element: ElementInstance,
  form: FormRef,
): { ok: true; key: Key } | { ok: false; failure: Failure } {
  const id = evaluateText(form.formId, lookup(element));
  if (!id.ok) return id;
  const versions = (work.memory.formVersions.get(id.value) ?? []).filter((f) => !f.deleted);
  const { binding } = form;
  const found =
    binding.type === 'latest'
      ? versions.findLast((f) => f.latest)
      : binding.type === 'deployment'
        ? versions.findLast((f) => f.deploymentKey === element.instance.definition.deploymentKey)
        : versions.findLast((f) => f.versionTag === binding.versionTag);
  if (found) return { ok: true, key: found.key };
  return {
    ok: false,
    failure: fail(
      'FORM_NOT_FOUND',
      `Expected to find a form with id '${id.value}', but no form with this id is found.`,
    ),
  };
}

function evaluateAll(
  work: Work,
  element: ElementInstance,
): { ok: true; value: Evaluated } | { ok: false; failure: Failure } {
  const d = element.element.userTask;
  const find = lookup(element);
  const attributes: UserTaskAttributes = {
    assignee: '',
    candidateGroups: [],
    candidateUsers: [],
    dueDate: '',
    followUpDate: '',
    priority: 50,
  };
  let externalFormReference = '';
  let formKey: Key | null = null;
  if (d?.assignee) {
    const r = evaluateText(d.assignee, find);
    if (!r.ok) return r;
    attributes.assignee = r.value;
  }
  for (const name of ['candidateGroups', 'candidateUsers'] as const) {
    const expression = d?.[name];
    if (!expression) continue;
    const r = evaluate(expression, find);
    if (!r.ok) return r;
    if (!Array.isArray(r.value) || !r.value.every((v) => typeof v === 'string'))
      return {
        ok: false,
        failure: fail(
          'EXTRACT_VALUE_ERROR',
          `Expected result of the expression '${expression.source.replace(/^=\s*/, '')}' to be an array of 'STRING'.`,
        ),
      };
    if (r.value.length > MOST_CANDIDATES)
      return {
        ok: false,
        failure: fail('EXTRACT_VALUE_ERROR', `More than ${MOST_CANDIDATES} names in '${sourceOf(expression)}'.`),
      };
    for (const one of r.value) {
      const checked = named(expression, one);
      if (!checked.ok) return checked;
    }
    attributes[name] = r.value;
  }
  for (const name of ['dueDate', 'followUpDate'] as const) {
    const expression = d?.[name];
    if (!expression) continue;
    const r = expression.isStatic ? { ok: true as const, value: expression.source } : evaluate(expression, find);
    if (!r.ok) return r;
    if (r.value === null || r.value === '') continue;
    const millis = typeof r.value === 'string' ? dateMillis(r.value) : Number.NaN;
    if (typeof r.value !== 'string' || Number.isNaN(millis))
      return {
        ok: false,
        failure: fail(
          'EXTRACT_VALUE_ERROR',
          `Invalid date-time format '${typeof r.value === 'string' ? r.value : JSON.stringify(r.value)}' for expression '${expression.source.replace(/^=\s*/, '')}'`,
        ),
      };
    attributes[name] = new Date(millis).toISOString();
  }
  if (d?.externalFormReference) {
    const r = evaluateText(d.externalFormReference, find, LONGEST_REFERENCE);
    if (!r.ok) return r;
    externalFormReference = r.value;
  }
  if (d?.form) {
    const r = findForm(work, element, d.form);
    if (!r.ok) return r;
    formKey = r.key;
  }
  if (d?.priority) {
    const r = evaluate(d.priority, find);
    if (!r.ok) return r;
    const priority = d.priority.isStatic ? Number(r.value) : r.value;
    if (typeof priority !== 'number' || Number.isNaN(priority))
      return {
        ok: false,
        failure: fail(
          'EXTRACT_VALUE_ERROR',
          `Expected result of the expression '${d.priority.source.replace(/^=\s*/, '')}' to be 'NUMBER'.`,
        ),
      };
    if (priority < 0 || priority > 100)
      return {
        ok: false,
        failure: fail('EXTRACT_VALUE_ERROR', `Expected priority to be in the range [0,100] but was '${priority}'.`),
      };
    attributes.priority = Math.trunc(priority);
  }
  return { ok: true, value: { attributes, formKey, externalFormReference } };
}

/** @returns what the expressions of the task give, or the failure that becomes its incident */
export const evaluateUserTask = evaluateAll;

/** Creates the task of an element and starts its `creating`. */
export function createUserTask(work: Work, element: ElementInstance, evaluated: Evaluated): void {
  const task: UserTask = {
    key: work.nextKey(),
    state: 'CREATING',
    attributes: evaluated.attributes,
    formKey: evaluated.formKey,
    externalFormReference: evaluated.externalFormReference,
    creationMs: work.now,
    completionMs: null,
    transition: null,
  };
  element.task = task;
  work.memory.set(work.memory.tasks, task.key, { instance: element.instance.key, element: element.key }, work.undoes);
  begin(work, element, task, {
    event: 'creating',
    action: '',
    attributes: evaluated.attributes,
    changed: [],
    initialAssignee: evaluated.attributes.assignee,
  });
}

// ---- transitions ------------------------------------------------------------------------------

type Beginning = Pick<Transition, 'event' | 'action' | 'attributes' | 'changed'> &
  Partial<Pick<Transition, 'variables' | 'request' | 'initialAssignee' | 'setVariables'>>;

/** Starts a transition and its first listener; without listeners it is accepted at once. */
export function begin(work: Work, element: ElementInstance, task: UserTask, what: Beginning): void {
  work.touch(element.instance);
  task.state = STATES[what.event];
  task.transition = {
    variables: null,
    request: 0,
    initialAssignee: '',
    setVariables: null,
    ...what,
    listener: 0,
    corrections: {},
  };
  work.taskChanged(task, element);
  next(work, element, task);
}

/** Creates the job of the listener whose turn it is, or accepts the transition. Called again when an incident is resolved. */
export function next(work: Work, element: ElementInstance, task: UserTask): void {
  const { transition } = task;
  if (!transition) return;
  const listener = element.element.userTask?.listeners[transition.event][transition.listener];
  if (!listener) return accept(work, element, task, transition);
  const failure: Result = createListenerJob(work, element, listener, 'TASK_LISTENER', EVENTS[transition.event]);
  if (failure) raise(work, element, failure);
}

function accept(work: Work, element: ElementInstance, task: UserTask, t: Transition): void {
  task.transition = null;
  work.taskChanged(task, element);
  const answer = (): void => {
    if (t.request > 0) work.answers.push({ request: t.request, answer: {} });
  };
  if (t.event === 'creating') {
    // an assignee that a listener set is there at once and runs no `assigning` (truth 37)
    const assign = t.corrections.assignee === undefined && t.initialAssignee !== '';
    // the assignee of the diagram is assigned by a transition of its own, after the creation
    task.attributes = assign ? { ...t.attributes, assignee: '' } : t.attributes;
    task.state = 'CREATED';
    if (assign)
      begin(work, element, task, {
        event: 'assigning',
        action: '',
        attributes: { ...task.attributes, assignee: t.initialAssignee },
        changed: ['assignee'],
      });
    return;
  }
  if (t.event === 'canceling') {
    task.state = 'CANCELED';
    task.completionMs = work.now;
    forget(work, task);
    terminated(work, element);
    return;
  }
  task.attributes = t.attributes;
  if (t.event === 'completing') {
    task.state = 'COMPLETED';
    task.completionMs = work.now;
    forget(work, task);
    element.triggers = t.variables ? [{ event: -1, variables: t.variables }] : null;
    enqueue(work, 'complete', element);
    return answer();
  }
  task.state = 'CREATED';
  if (t.setVariables && t.variables) {
    if (t.setVariables.local) setAllLocal(work, element, t.variables);
    else merge(work, element, t.variables);
  }
  answer();
}

function forget(work: Work, task: UserTask): void {
  work.memory.set(work.memory.tasks, task.key, undefined, work.undoes);
}

/** A listener has done its part: its corrections are worked in and the next one comes. */
export function listenerDone(work: Work, element: ElementInstance, task: UserTask, corrections: Corrections): void {
  const { transition } = task;
  if (!transition) return;
  const corrected: UserTaskAttributes = { ...transition.attributes };
  if (corrections.assignee !== undefined) corrected.assignee = corrections.assignee;
  if (corrections.candidateGroups !== undefined) corrected.candidateGroups = corrections.candidateGroups;
  if (corrections.candidateUsers !== undefined) corrected.candidateUsers = corrections.candidateUsers;
  if (corrections.dueDate !== undefined) corrected.dueDate = corrections.dueDate;
  if (corrections.followUpDate !== undefined) corrected.followUpDate = corrections.followUpDate;
  if (corrections.priority !== undefined) corrected.priority = corrections.priority;
  transition.attributes = corrected;
  Object.assign(transition.corrections, corrections);
  const kept = transition.changed.filter((name) => name === 'variables');
  transition.changed = [...differences(task.attributes, corrected), ...kept];
  transition.listener++;
  next(work, element, task);
}

/** A listener has denied the transition: the task is as it was (truth 38). */
export function deny(work: Work, element: ElementInstance, task: UserTask, reason: string): void {
  const { transition } = task;
  if (!transition) return;
  task.transition = null;
  task.state = 'CREATED';
  work.taskChanged(task, element);
  if (transition.request > 0)
    work.answers.push({
      request: transition.request,
      answer: refusal(
        `The ${transition.event} of user task ${task.key} was denied by a task listener.${reason === '' ? '' : ` Reason to deny: '${reason}'`}`,
      ),
    });
}

/** The element ends: what is under way is broken off, then the `canceling` listeners have their say (truths 42, 43). */
export function cancelUserTask(work: Work, element: ElementInstance): boolean {
  const { task } = element;
  if (!task || task.state === 'COMPLETED' || task.state === 'CANCELED') return true;
  const broken = task.transition;
  task.transition = null;
  if (element.job) endJob(work, element, element.job, 'CANCELED');
  if (broken && broken.request > 0)
    work.answers.push({
      request: broken.request,
      answer: refusal(`User task ${task.key} was canceled while it was ${broken.event}`),
    });
  if ((element.element.userTask?.listeners.canceling.length ?? 0) === 0) {
    task.state = 'CANCELED';
    task.completionMs = work.now;
    work.taskChanged(task, element);
    forget(work, task);
    return true;
  }
  begin(work, element, task, { event: 'canceling', action: '', attributes: task.attributes, changed: [] });
  return false;
}
