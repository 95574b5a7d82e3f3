import { enqueue, enqueueActivate, isEmpty, setActivated, terminateChildren } from '../behaviour/flow.ts';
import { subscribe } from '../behaviour/subscriptions.ts';
import { evaluate, fail, lookup, merge, setLocal } from '../behaviour/variables.ts';
import type { Variables } from '../commands/types.ts';
import type { Expression, JsonValue, Lookup } from '../feel/types.ts';
import type { Loop } from '../model/types.ts';
import type { ElementInstance } from '../state/model.ts';
import { assign, type Work } from '../state/work.ts';
import type { ElementProcessor, Failure, Result } from './types.ts';

/** Each item is an element instance of the document, and each result writes the output collection anew. */
const MOST_ITEMS = 10_000;

function collection(
  element: ElementInstance,
  loop: Loop,
): { ok: true; items: JsonValue[] } | { ok: false; failure: Failure } {
  const result = evaluate(loop.inputCollection, lookup(element));
  if (!result.ok) return result;
  if (Array.isArray(result.value) && result.value.length > MOST_ITEMS)
    return {
      ok: false,
      failure: fail(
        'EXTRACT_VALUE_ERROR',
        `The input collection has ${result.value.length} items, and a multi-instance activity may have at most ${MOST_ITEMS}.`,
      ),
    };
  if (Array.isArray(result.value)) return { ok: true, items: result.value };
  const found =
    result.value === null ? 'NULL' : typeof result.value === 'object' ? 'OBJECT' : (typeof result.value).toUpperCase();
  return {
    ok: false,
    failure: fail(
      'EXTRACT_VALUE_ERROR',
      `Expected result of the expression '${loop.inputCollection.source.replace(/^=\s*/, '')}' to be 'ARRAY', but was '${found}'.`,
    ),
  };
}

/** The variable that an output element reads, when it is nothing but a name or a path: it is made local to the item. */
function outputName(expression: Expression | undefined): string | undefined {
  return /^=\s*([\p{L}_][\p{L}\p{N}_]*)(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*\s*$/u.exec(expression?.source ?? '')?.[1];
}

function createItem(work: Work, body: ElementInstance, loop: Loop, items: readonly JsonValue[]): void {
  const state = body.loop;
  if (!state) return;
  const number = ++state.created;
  const variables: Variables = {};
  if (loop.inputElement !== undefined) assign(variables, loop.inputElement, items[number - 1] ?? null);
  const output = outputName(loop.outputElement);
  if (output !== undefined && !(output in variables)) assign(variables, output, null);
  variables['loopCounter'] = number;
  enqueueActivate(work, body, body.element, { item: number, trigger: { event: -1, variables } });
}

/** The items of a parallel body, kept while they are created one by one. */
const creating = new WeakMap<ElementInstance, readonly JsonValue[]>();

/** Creates the next item of a parallel body; others get their turn in between. */
export function nextItem(work: Work, body: ElementInstance): void {
  const { loop } = body.element;
  const state = body.loop;
  if (!loop || !state || body.state !== 'ACTIVATED' || state.done || state.created >= state.total) return;
  let items = creating.get(body);
  if (!items) {
    const found = collection(body, loop);
    items = found.ok ? found.items : [];
    creating.set(body, items);
  }
  createItem(work, body, loop, items);
  if (state.created < state.total) enqueue(work, 'items', body);
}

/** Inside the loop's own variables come first. */
function loopLookup(child: ElementInstance, body: ElementInstance): Lookup {
  const inner = lookup(child);
  const state = body.loop;
  const counts: Record<string, number> = state
    ? {
        numberOfInstances: state.total,
        numberOfActiveInstances: state.created - state.completed - state.terminated - 1,
        numberOfCompletedInstances: state.completed + 1,
        numberOfTerminatedInstances: state.terminated,
      }
    : {};
  return (name) => (Object.hasOwn(counts, name) ? counts[name] : inner(name));
}

/** The body around the items of a multi-instance activity (truth 16). */
export const multiInstanceBody: ElementProcessor = {
  activated(work, body) {
    const { loop } = body.element;
    if (!loop) return undefined;
    const found = collection(body, loop);
    if (!found.ok) return found.failure;
    const failure = subscribe(work, body);
    if (failure) return failure;
    const { items } = found;
    body.loop = { total: items.length, created: 0, completed: 0, terminated: 0, done: false };
    if (loop.outputCollection !== undefined)
      setLocal(
        work,
        body,
        loop.outputCollection,
        items.map(() => null),
      );
    setActivated(work, body);
    if (items.length === 0) enqueue(work, 'complete', body);
    else if (loop.sequential) createItem(work, body, loop, items);
    else enqueue(work, 'items', body);
    return undefined;
  },

  childCompleting(work, body, child): Result {
    const { loop } = body.element;
    if (!loop || !body.loop) return undefined;
    if (loop.outputCollection !== undefined && loop.outputElement) {
      const value = evaluate(loop.outputElement, lookup(child));
      if (!value.ok) return value.failure;
      const list = body.variables?.get(loop.outputCollection)?.value;
      const copy = Array.isArray(list) ? [...list] : [];
      copy[child.loopCounter - 1] = value.value;
      setLocal(work, body, loop.outputCollection, copy);
    }
    if (loop.completionCondition) {
      const done = evaluate(loop.completionCondition, loopLookup(child, body));
      if (!done.ok) return done.failure;
      if (typeof done.value !== 'boolean')
        return fail(
          'EXTRACT_VALUE_ERROR',
          `Expected result of the expression '${loop.completionCondition.source.replace(/^=\s*/, '')}' to be 'BOOLEAN', but was '${done.value === null ? 'NULL' : (typeof done.value).toUpperCase()}'.`,
        );
      body.loop.done ||= done.value;
    }
    return undefined;
  },

  childLeft(work, body, _child, how) {
    const { loop } = body.element;
    const state = body.loop;
    if (!loop || !state) return;
    if (how === 'COMPLETED') state.completed++;
    else state.terminated++;
    if (state.done) {
      if (terminateChildren(work, body)) enqueue(work, 'complete', body);
      return;
    }
    if (loop.sequential && state.created < state.total) {
      const found = collection(body, loop);
      createItem(work, body, loop, found.ok ? found.items : []);
      return;
    }
    if (isEmpty(body) && (loop.sequential || state.created >= state.total)) enqueue(work, 'complete', body);
  },

  complete(work, body) {
    const name = body.element.loop?.outputCollection;
    const value = name === undefined ? undefined : body.variables?.get(name)?.value;
    if (name !== undefined && value !== undefined && body.scope) {
      const variables: Variables = {};
      assign(variables, name, value);
      merge(work, body.scope, variables);
    }
    return undefined;
  },

  terminate: terminateChildren,
};
