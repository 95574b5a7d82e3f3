/** Values while an expression is evaluated, and how Camunda's FEEL compares and prints them. */
import { DEEPEST, Failure, LARGEST_RESULT, LONGEST_TEXT, spend, spendText } from './budget.ts';
import { compareNum, Decimal, numText, toDouble } from './decimal.ts';
import type { Num } from './decimal.ts';
import {
  dateText,
  dateTimeText,
  dateTimeValue,
  DayTime,
  dayTimeText,
  FDate,
  FDateTime,
  FTime,
  instantSeconds,
  timeText,
  timeValue,
  YearMonth,
  yearMonthText,
} from './temporal.ts';
import type { JsonValue } from './types.ts';

/** A function written in an expression. */
export class FFunction {
  readonly parameters: number;
  readonly call: (args: readonly Val[]) => Val;
  constructor(parameters: number, call: (args: readonly Val[]) => Val) {
    this.parameters = parameters;
    this.call = call;
  }
}

export interface Context {
  readonly [name: string]: Val;
}
export type Val =
  | null
  | boolean
  | string
  | Num
  | FDate
  | FTime
  | FDateTime
  | DayTime
  | YearMonth
  | FFunction
  | readonly Val[]
  | Context;

export { Failure };

export function isNum(v: Val): v is Num {
  return typeof v === 'number' || v instanceof Decimal;
}

export function isList(v: Val): v is readonly Val[] {
  return Array.isArray(v);
}

export function isContext(v: Val): v is Context {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) return false;
  const prototype: unknown = Object.getPrototypeOf(v);
  return prototype === Object.prototype || prototype === null;
}

/** Only what a context itself has, nothing JavaScript adds. */
export function entry(context: Context, name: string): Val | undefined {
  return Object.hasOwn(context, name) ? context[name] : undefined;
}

export type TypeName =
  | 'null'
  | 'boolean'
  | 'string'
  | 'number'
  | 'date'
  | 'time'
  | 'zoned time'
  | 'date and time'
  | 'zoned date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'function'
  | 'list'
  | 'context';

export function typeOf(v: Val): TypeName {
  if (v === null) return 'null';
  if (typeof v === 'boolean') return 'boolean';
  if (typeof v === 'string') return 'string';
  if (typeof v === 'number' || v instanceof Decimal) return 'number';
  if (Array.isArray(v)) return 'list';
  if (v instanceof FDate) return 'date';
  if (v instanceof FTime) return v.zone === undefined ? 'time' : 'zoned time';
  if (v instanceof FDateTime) return v.zone === undefined ? 'date and time' : 'zoned date and time';
  if (v instanceof DayTime) return 'days and time duration';
  if (v instanceof YearMonth) return 'years and months duration';
  if (v instanceof FFunction) return 'function';
  return 'context';
}

/** Three-valued: values of different types (but for null) are neither equal nor different. */
export function equal(a: Val, b: Val): boolean | null {
  spend(1);
  if (a === null || b === null) return a === b;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) spendText(a.length);
    return a === b;
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return a === b;
  if (isNum(a) && isNum(b)) return compareNum(a, b) === 0;
  if (typeOf(a) !== typeOf(b)) return null;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null) === true);
  if (a instanceof FDate && b instanceof FDate) return a.day === b.day;
  if (a instanceof FTime && b instanceof FTime) return a.nanos === b.nanos && a.zone === b.zone;
  if (a instanceof FDateTime && b instanceof FDateTime) {
    return a.day === b.day && a.nanos === b.nanos && a.zone === b.zone && a.offset === b.offset;
  }
  if (a instanceof DayTime && b instanceof DayTime) return a.seconds === b.seconds;
  if (a instanceof YearMonth && b instanceof YearMonth) return a.months === b.months;
  if (isContext(a) && isContext(b)) {
    const names = Object.keys(a);
    if (names.length !== Object.keys(b).length) return false;
    return names.every((name) => Object.hasOwn(b, name) && equal(a[name] ?? null, b[name] ?? null) === true);
  }
  return null;
}

function timeOfDay(t: FTime): number {
  if (typeof t.zone === 'string') throw new Failure('times in a named zone cannot be ordered without a date');
  return t.nanos - (typeof t.zone === 'number' ? t.zone : 0) * 1e9;
}

/** Whether the engine believes that it could order lists like this one (it then finds that it cannot). */
function sortable(list: readonly Val[]): boolean {
  const [first = null] = list;
  const type = typeOf(first);
  if (['null', 'boolean', 'context', 'function'].includes(type)) return false;
  return list.every((item) => typeOf(item) === type && (!isList(item) || sortable(item)));
}

/**
 * @returns negative, zero or positive; undefined when the two cannot be compared
 * @throws Failure where the engine stops with an error
 */
export function compare(a: Val, b: Val): number | undefined {
  spend(1);
  if (isNum(a) && isNum(b)) return compareNum(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof FDate && b instanceof FDate) return a.day - b.day;
  const type = typeOf(a);
  if (type !== typeOf(b)) return undefined;
  if (a instanceof FTime && b instanceof FTime) return timeOfDay(a) - timeOfDay(b);
  if (a instanceof FDateTime && b instanceof FDateTime) {
    return instantSeconds(a) - instantSeconds(b) || (a.nanos % 1e9) - (b.nanos % 1e9);
  }
  if (a instanceof DayTime && b instanceof DayTime) return a.seconds - b.seconds;
  if (a instanceof YearMonth && b instanceof YearMonth) return a.months - b.months;
  if (isList(a) && isList(b) && sortable(a) && sortable(b)) {
    throw new Failure(
      `java.lang.IllegalArgumentException: ${printed(a, true)} can not be compared to ${printed(b, true)}`,
    );
  }
  return undefined;
}

/** As `string()` prints it. @param nested inside a list or context, where texts are quoted */
export function printed(v: Val, nested: boolean, depth = 0): string {
  spend(1);
  if (depth > DEEPEST) throw tooDeep();
  if (v === null) return 'null';
  if (typeof v === 'string') {
    spendText(v.length);
    return nested ? `"${v}"` : v;
  }
  if (typeof v === 'boolean') return String(v);
  if (isNum(v)) return numText(v);
  if (isList(v)) return `[${v.map((item) => printed(item, true, depth + 1)).join(', ')}]`;
  if (v instanceof FDate) return dateText(v.day);
  if (v instanceof FTime) return timeText(v);
  if (v instanceof FDateTime) return dateTimeText(v);
  if (v instanceof DayTime) return dayTimeText(v.seconds);
  if (v instanceof YearMonth) return yearMonthText(v.months);
  if (!isContext(v)) throw new Failure('a function has no text');
  const names = contextNames(v);
  return `{${names.map((name) => `${name}:${printed(v[name] ?? null, true, depth + 1)}`).join(', ')}}`;
}

const tooDeep = (): Failure => new Failure(`a value nested more than ${DEEPEST} deep is not supported`);

/**
 * The names of a context in the engine's order: up to four as they came, more of them in an order of its own that is not imitated.
 * @throws Failure when there are more than four
 */
export function contextNames(context: Context): readonly string[] {
  const names = Object.keys(context);
  if (names.length > 4) throw new Failure('the order of the entries of a context with more than four is not fixed');
  return names;
}

/**
 * As a process variable. What holds only JSON already is handed on as it is.
 * @throws Failure when it is too large or nested too deep: a list that holds itself many times over is small until it is written
 */
export function toJson(v: Val): JsonValue {
  return jsonOf(v, { values: 0, characters: 0 }, 0);
}

function jsonOf(v: Val, size: { values: number; characters: number }, depth: number): JsonValue {
  if (++size.values > LARGEST_RESULT)
    throw new Failure(`a result of more than ${LARGEST_RESULT} values is not supported`);
  if (typeof v === 'string') {
    size.characters += v.length;
    if (size.characters > LONGEST_TEXT)
      throw new Failure(`a result of more than ${LONGEST_TEXT} characters is not supported`);
    return v;
  }
  if (v === null || typeof v === 'boolean' || typeof v === 'number') return v;
  if (v instanceof Decimal) return toDouble(v);
  if (depth > DEEPEST_RESULT) throw new Failure(`a result nested more than ${DEEPEST_RESULT} deep is not supported`);
  if (isList(v)) {
    let copy: JsonValue[] | undefined;
    for (const [i, item] of v.entries()) {
      const json = jsonOf(item, size, depth + 1);
      if (json !== item && copy === undefined) copy = v.slice(0, i) as JsonValue[]; // all before were JSON unchanged
      copy?.push(json);
    }
    return copy ?? (v as JsonValue[]); // nothing in it needed a change
  }
  if (v instanceof FDate) return dateText(v.day);
  if (v instanceof FTime) return timeValue(v);
  if (v instanceof FDateTime) return dateTimeValue(v);
  if (v instanceof DayTime) return dayTimeText(v.seconds);
  if (v instanceof YearMonth) return yearMonthText(v.months);
  if (!isContext(v)) return null;
  let changed = false;
  const entries = Object.entries(v).map(([name, value]): [string, JsonValue] => {
    size.characters += name.length;
    const json = jsonOf(value, size, depth + 1);
    if (json !== value) changed = true;
    return [name, json];
  });
  return changed ? Object.fromEntries(entries) : (v as { [name: string]: JsonValue }); // nothing in it needed a change
}

/** As deep as a request's body may be nested: what a variable brought must be handed on. */
const DEEPEST_RESULT = 1000;
