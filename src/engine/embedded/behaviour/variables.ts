import type { Variables } from '../commands/types.ts';
import type { Expression, JsonValue, Lookup } from '../feel/types.ts';
import type { IoMapping } from '../model/types.ts';
import type { Failure, Result } from '../elements/types.ts';
import type { ElementInstance, Variable } from '../state/model.ts';
import { textProblem } from '../state/texts.ts';
import { assign, type Work } from '../state/work.ts';

/** @returns how an expression inside this element instance finds its variables: the nearest scope that has the name. */
export function lookup(element: ElementInstance | null): Lookup {
  return (name) => {
    for (let e = element; e; e = e.scope) {
      const found = e.variables?.get(name);
      if (found) return found.value;
    }
    return undefined;
  };
}

/** Writes a variable into exactly this scope. */
export function setLocal(work: Work, scope: ElementInstance, name: string, value: JsonValue): void {
  scope.variables ??= new Map<string, Variable>();
  const known = scope.variables.get(name);
  if (known && known.value === value) return;
  const variable = known ?? { key: work.nextKey(), value };
  variable.value = value;
  if (!known) scope.variables.set(name, variable);
  work.variableChanged(scope, name, variable);
}

export function setAllLocal(work: Work, scope: ElementInstance, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) setLocal(work, scope, name, value);
}

/** Writes variables upward: each to the nearest scope from here on that has the name, else to the process (truth 12). */
export function merge(work: Work, from: ElementInstance, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    let scope = from;
    while (scope.scope && !scope.variables?.has(name)) scope = scope.scope;
    setLocal(work, scope, name, value);
  }
}

/** @returns the variables of exactly this scope. */
export function localVariables(scope: ElementInstance): Variables {
  const found: Variables = {};
  for (const [name, { value }] of scope.variables ?? []) assign(found, name, value);
  return found;
}

/** @returns the variables that this scope sees, of each name the nearest; with `names` only those. */
export function visibleVariables(scope: ElementInstance, names: readonly string[] = []): Variables {
  const found: Variables = {};
  if (names.length > 0) {
    const find = lookup(scope);
    for (const name of names) {
      const value = find(name);
      if (value !== undefined) assign(found, name, value);
    }
    return found;
  }
  const seen = new Set<string>();
  for (let e: ElementInstance | null = scope; e; e = e.scope)
    for (const [name, { value }] of e.variables ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      assign(found, name, value);
    }
  return found;
}

/** @returns about how many characters as JSON the variables have that this scope sees; with `names` only those */
export function visibleSize(scope: ElementInstance, names: readonly string[] = []): number {
  const wanted = new Set(names);
  const seen = new Set<string>();
  let size = 0;
  for (let e: ElementInstance | null = scope; e; e = e.scope)
    for (const [name, variable] of e.variables ?? []) {
      if (seen.has(name) || (wanted.size > 0 && !wanted.has(name))) continue;
      seen.add(name);
      variable.size ??= JSON.stringify(variable.value).length;
      size += variable.size;
    }
  return size;
}

export const fail = (type: string, message: string): Failure => ({ type, message });

/** Evaluates; a failure becomes an incident of type EXTRACT_VALUE_ERROR. */
export function evaluate(
  expression: Expression,
  find: Lookup,
): { ok: true; value: JsonValue } | { ok: false; failure: Failure } {
  const result = expression.evaluate(find);
  return result.ok ? result : { ok: false, failure: fail('EXTRACT_VALUE_ERROR', result.message) };
}

const kindOf = (value: JsonValue): string =>
  value === null
    ? 'NULL'
    : Array.isArray(value)
      ? 'ARRAY'
      : typeof value === 'object'
        ? 'OBJECT'
        : typeof value === 'string'
          ? 'STRING'
          : typeof value === 'number'
            ? 'NUMBER'
            : 'BOOLEAN';

/** @returns the text, or the failure when it cannot be stored as what is searched by */
export function named(
  expression: Expression,
  text: string,
  longest?: number,
): { ok: true; value: string } | { ok: false; failure: Failure } {
  const problem = textProblem(text, longest);
  if (problem === undefined) return { ok: true, value: text };
  return {
    ok: false,
    failure: fail('EXTRACT_VALUE_ERROR', `The result of the expression '${sourceOf(expression)}' ${problem}.`),
  };
}

/** An expression for a message: without `=`, and only its beginning when it is long. */
export function sourceOf(expression: Expression): string {
  const source = expression.source.replace(/^=\s*/, '');
  return source.length > 500 ? `${source.slice(0, 500)}…` : source;
}

/** Evaluates what must be a text that can be searched by: a name, a type, a key. */
export function evaluateText(
  expression: Expression,
  find: Lookup,
  longest?: number,
): { ok: true; value: string } | { ok: false; failure: Failure } {
  // text that only reads as a number stays the text that was written
  const result: ReturnType<typeof evaluate> = expression.isStatic
    ? { ok: true, value: expression.source }
    : evaluate(expression, find);
  if (!result.ok) return result;
  if (typeof result.value === 'string') return named(expression, result.value, longest);
  return {
    ok: false,
    failure: fail(
      'EXTRACT_VALUE_ERROR',
      `Expected result of the expression '${expression.source.replace(/^=\s*/, '')}' to be 'STRING', but was '${kindOf(result.value)}'.`,
    ),
  };
}

/** Evaluates what must be a whole number. */
export function evaluateNumber(
  expression: Expression,
  find: Lookup,
): { ok: true; value: number } | { ok: false; failure: Failure } {
  const result = evaluate(expression, find);
  if (!result.ok) return result;
  const value = expression.isStatic ? Number(result.value) : result.value;
  if (typeof value === 'number' && Math.abs(value) > 2 ** 31 - 1)
    return {
      ok: false,
      failure: fail(
        'EXTRACT_VALUE_ERROR',
        `The result of the expression '${sourceOf(expression)}' is out of the range of an integer.`,
      ),
    };
  if (typeof value === 'number' && !Number.isNaN(value)) return { ok: true, value: Math.trunc(value) };
  return {
    ok: false,
    failure: fail(
      'EXTRACT_VALUE_ERROR',
      `Expected result of the expression '${expression.source.replace(/^=\s*/, '')}' to be 'NUMBER', but was '${kindOf(result.value)}'.`,
    ),
  };
}

// ---- io mappings ------------------------------------------------------------------------------

/** Mappings form one context: those with a common first name of the target are one entry, at the place of the first of them. */
type Tree = Map<string, Tree | Expression>;

const trees = new WeakMap<readonly IoMapping[], Tree>();

function treeOf(mappings: readonly IoMapping[]): Tree {
  const known = trees.get(mappings);
  if (known) return known;
  const root: Tree = new Map();
  for (const { source, target } of mappings) {
    let at = root;
    target.forEach((name, i) => {
      if (i === target.length - 1) {
        at.set(name, source);
        return;
      }
      const inner = at.get(name);
      if (inner instanceof Map) at = inner;
      else {
        const fresh: Tree = new Map();
        at.set(name, fresh);
        at = fresh;
      }
    });
  }
  trees.set(mappings, root);
  return root;
}

const isObject = (value: JsonValue | undefined): value is Variables =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Evaluates a context: later entries see earlier ones of the same level; a nested one sees the levels around it.
 * @param existing for output mappings: nested targets merge into the object that is there (truth 13)
 */
function evaluateTree(
  tree: Tree,
  find: Lookup,
  existing: ((name: string) => JsonValue | undefined) | undefined,
): { ok: true; value: Variables } | { ok: false; message: string } {
  const done = new Map<string, JsonValue>();
  const see: Lookup = (name) => (done.has(name) ? done.get(name) : find(name));
  for (const [name, entry] of tree) {
    if (!(entry instanceof Map)) {
      const result = entry.evaluate(see);
      if (!result.ok) return result;
      done.set(name, result.value);
      continue;
    }
    const before = existing?.(name);
    const inner = evaluateTree(entry, see, existing && ((n) => (isObject(before) ? before[n] : undefined)));
    if (!inner.ok) return inner;
    done.set(name, existing && isObject(before) ? { ...before, ...inner.value } : inner.value);
  }
  const value: Variables = {};
  for (const [name, v] of done) assign(value, name, v);
  return { ok: true, value };
}

/** Input mappings: their results become local variables; when one fails none applies (truth 14). */
export function applyInputs(work: Work, element: ElementInstance): Result {
  const { inputs } = element.element;
  if (inputs.length === 0) return undefined;
  const result = evaluateTree(treeOf(inputs), lookup(element), undefined);
  if (!result.ok) return fail('IO_MAPPING_ERROR', result.message);
  setAllLocal(work, element, result.value);
  return undefined;
}

/**
 * Output mappings, or without any the variables that came with an event or a job, upward. With output mappings only what they name
 * leaves the element (truths 7 to 9, 16).
 */
export function applyOutputs(work: Work, element: ElementInstance): Result {
  const { outputs, kind } = element.element;
  const [trigger] = element.triggers ?? [];
  const arrived = trigger?.variables ?? null;
  // behind an event-based gateway the event was caught before: what it brought is local
  const caughtBefore = trigger?.variables === null && trigger.event === element.element.index && kind !== 'START_EVENT';
  if (outputs.length > 0) {
    if (arrived) setAllLocal(work, element, arrived);
    const find = lookup(element);
    const result = evaluateTree(treeOf(outputs), find, find);
    if (!result.ok) return fail('IO_MAPPING_ERROR', result.message);
    if (element.loopCounter > 0) merge(work, element, result.value);
    else merge(work, element.scope ?? element, result.value);
    return undefined;
  }
  // what a called process hands back passes by what is local to the call activity
  if (arrived) merge(work, kind === 'CALL_ACTIVITY' && element.scope ? element.scope : element, arrived);
  else if (
    (kind === 'BOUNDARY_EVENT' && element.element.event?.type !== 'error') ||
    kind === 'START_EVENT' ||
    (caughtBefore && Boolean(element.element.incoming.some((f) => f.source.kind === 'EVENT_BASED_GATEWAY')))
  )
    merge(work, element.scope ?? element, localVariables(element));
  return undefined;
}
