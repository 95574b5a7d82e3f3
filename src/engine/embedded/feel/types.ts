/**
 * What the interpreter needs of FEEL. Expressions are parsed once, at deployment; evaluating one asks only for the variables
 * it names, so no scope is ever copied.
 */

/** Any value a process variable can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/**
 * Where an expression finds its variables: the value under a name, `undefined` when no scope around has it.
 * The evaluator reads and never changes what it is handed.
 */
export type Lookup = (name: string) => JsonValue | undefined;

/** A failure's message is worded as the engine words it in an incident. */
export type FeelResult =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly message: string };

/** Text out of a diagram that is either a FEEL expression (it began with `=`) or stands for itself. */
export interface Expression {
  /** As written in the diagram, with the `=`. */
  readonly source: string;
  /** True when there is nothing to evaluate: `evaluate` always gives the text itself (a number when it reads as one). */
  readonly isStatic: boolean;
  /** The names looked up when it is evaluated, each once. */
  readonly names: readonly string[];
  evaluate(lookup: Lookup): FeelResult;
}

/** What every expression of a cluster shares. */
export interface FeelEnvironment {
  /** The engine's clock in milliseconds since 1970: what `now()` and `today()` read. */
  now(): number;
  /** IANA zone in which `now()` and `today()` are given, e.g. Europe/Oslo. */
  readonly zone: string;
}

/** An expression that cannot be parsed, or that we cannot evaluate as Camunda does. The deployment is refused with it. */
export class FeelRefusal extends Error {
  override readonly name = 'FeelRefusal';
}
