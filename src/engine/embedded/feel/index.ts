/** FEEL as the interpreter uses it: texts of a diagram become expressions once, at deployment. */
import { begin } from './budget.ts';
import { AssertionFailure, compile } from './compile.ts';
import { parseNum, toDouble } from './decimal.ts';
import type { Expression, FeelEnvironment, FeelResult, JsonValue } from './types.ts';
import { Failure, toJson } from './values.ts';

export type { Expression, FeelEnvironment, JsonValue } from './types.ts';
export { FeelRefusal } from './types.ts';

/**
 * @param source text out of a diagram: an expression when it begins with `=`, else a fixed value
 * @throws FeelRefusal when the expression is wrong, or would not be evaluated as Camunda does
 */
export function parseExpression(source: string, env: FeelEnvironment): Expression {
  const trimmed = source.trim();
  if (!trimmed.startsWith('=')) return staticExpression(source, asNumber(trimmed) ?? source);
  const known = cacheOf(env);
  const cached = known.get(source);
  if (cached !== undefined) return cached;
  const text = trimmed.slice(1).trim();
  const compiled = compile(text, env);
  const expression: Expression = {
    source,
    isStatic: false,
    names: compiled.names,
    evaluate(lookup): FeelResult {
      try {
        begin();
        return { ok: true, value: toJson(compiled.evaluate(lookup)) };
      } catch (error) {
        if (error instanceof AssertionFailure) {
          return { ok: false, message: `Assertion failure on evaluate the expression '${text}': ${error.message}` };
        }
        if (error instanceof Failure || error instanceof RangeError) {
          return { ok: false, message: `failed to evaluate expression '${text}' : ${error.message}` };
        }
        throw error;
      }
    },
  };
  if (known.size >= CACHED) known.clear();
  known.set(source, expression);
  return expression;
}

/** Reading an expression costs a millisecond, and versions of a diagram repeat them. */
const CACHED = 5000;
const caches = new WeakMap<FeelEnvironment, Map<string, Expression>>();

function cacheOf(env: FeelEnvironment): Map<string, Expression> {
  let cache = caches.get(env);
  if (cache === undefined) caches.set(env, (cache = new Map()));
  return cache;
}

/** A fixed value in the place of an expression. */
export function staticExpression(source: string, value: JsonValue): Expression {
  const result: FeelResult = { ok: true, value };
  return { source, isStatic: true, names: [], evaluate: () => result };
}

function asNumber(text: string): number | undefined {
  const number = parseNum(text);
  return number === undefined ? undefined : toDouble(number);
}
