/**
 * The functions of FEEL that give here what they give in Camunda's engine (checked by `test/engine/feel-table.test.ts`). A function
 * that is not in this table is refused when a diagram is deployed.
 */
import { randomUUID } from 'node:crypto';
import { nested, spend, spendText } from './budget.ts';
import {
  add,
  compareNum,
  divide,
  isWhole,
  isZero,
  modulo,
  multiply,
  parseNum,
  round,
  subtract,
  toDouble,
  toInt,
} from './decimal.ts';
import type { Num, Rounding } from './decimal.ts';
import { SafeRegExp } from './regex.ts';
import {
  atInstant,
  dateTime,
  dayNumber,
  dayOfYear,
  DayTime,
  FDate,
  FDateTime,
  FTime,
  inZone,
  isZone,
  lastOfMonth,
  monthsBetween,
  civil,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  weekday,
  weekOfYear,
  YearMonth,
} from './temporal.ts';
import type { FeelEnvironment } from './types.ts';
import { compare, entry, equal, Failure, FFunction, isContext, isList, isNum, printed, typeOf } from './values.ts';
import type { Context, Val } from './values.ts';

export interface Builtin {
  /** Parameter names by number of arguments; the first with the right names serves a call with named arguments. */
  readonly signatures: readonly (readonly string[])[];
  /** Takes any number of arguments (at least one). */
  readonly variadic: boolean;
  /** Which arguments must be fixed texts, as their content decides whether we can do the same. */
  readonly fixed?: (args: readonly (string | undefined)[]) => string | undefined;
  call(args: readonly Val[], env: FeelEnvironment): Val;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const BUILTINS: ReadonlyMap<string, Builtin> = (() => {
  const all = new Map<string, Builtin>();
  const define = (
    name: string,
    signatures: readonly string[],
    call: Builtin['call'],
    fixed?: (args: readonly (string | undefined)[]) => string | undefined,
  ): void => {
    const lists = signatures.map((s) => (s === '' ? [] : s.split(', ')));
    all.set(name, { signatures: lists, variadic: false, call, ...(fixed === undefined ? {} : { fixed }) });
  };
  const defineMany = (name: string, call: Builtin['call']): void => {
    all.set(name, { signatures: [['list']], variadic: true, call });
  };

  // ---- any value -------------------------------------------------------------------------------------------------------------
  define('not', ['negand'], ([v]) => (typeof v === 'boolean' ? !v : null));
  define('is defined', ['value'], ([v]) => v !== null);
  define('get or else', ['value, default'], ([v = null, otherwise = null]) => v ?? otherwise);
  define('assert', ['value, condition', 'value, condition, cause'], ([v = null, condition, cause]) => {
    if (condition === true) return v;
    throw new AssertionFailure(typeof cause === 'string' ? cause : 'The condition is not fulfilled');
  });
  define('string', ['from'], ([v = null]) =>
    v === null ? null : v instanceof FFunction ? refuse('string(function)') : printed(v, false));
  define('uuid', [''], () => randomUUID());
  define('random number', [''], () => parseNum(String(Math.random())) ?? 0);

  // ---- conversion ------------------------------------------------------------------------------------------------------------
  define('number', ['from', 'from, grouping separator', 'from, grouping separator, decimal separator'], (args) =>
    number(args));
  define('context', ['entries'], ([entries = null]) => {
    if (!isList(entries)) return null;
    const built: Record<string, Val> = {};
    for (const one of entries) {
      const key = isContext(one) ? entry(one, 'key') : undefined;
      const value = isContext(one) ? entry(one, 'value') : undefined;
      if (typeof key !== 'string' || value === undefined) return null;
      set(built, key, value);
    }
    return built;
  });

  // ---- text ------------------------------------------------------------------------------------------------------------------
  define('substring', ['string, start position', 'string, start position, length'], ([s, start, length]) => {
    if (typeof s !== 'string' || start === undefined || !isNum(start)) return null;
    if (length !== undefined && !isNum(length)) return null;
    const position = toInt(start);
    const from = position > 0 ? position - 1 : position < 0 ? s.length + position : -1;
    return substring(s, position, from, length === undefined ? undefined : toInt(length));
  });
  text('string length', 'string', (s) => s.length);
  text('upper case', 'string', (s) => s.toUpperCase());
  text('lower case', 'string', (s) => s.toLowerCase());
  text('trim', 'string', (s) => {
    let from = 0;
    let to = s.length;
    while (from < to && s.charCodeAt(from) <= 0x20) from++;
    while (to > from && s.charCodeAt(to - 1) <= 0x20) to--;
    return s.slice(from, to);
  });
  text('is blank', 'string', (s) => /^[\t-\r\x1c- \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/.test(s));
  text('to base64', 'value', (s) => Buffer.from(s, 'utf8').toString('base64'));
  texts('contains', 'string, match', (s, match) => s.includes(match));
  texts('starts with', 'string, match', (s, match) => s.startsWith(match));
  texts('ends with', 'string, match', (s, match) => s.endsWith(match));
  texts('substring before', 'string, match', (s, match) => {
    const at = s.indexOf(match);
    return at > 0 ? s.slice(0, at) : '';
  });
  texts('substring after', 'string, match', (s, match) => {
    const at = s.indexOf(match);
    return at >= 0 ? s.slice(at + match.length) : '';
  });
  define('string join', ['list', 'list, delimiter', 'list, delimiter, prefix, suffix'], ([
    list = null,
    delimiter = null,
    prefix = null,
    suffix = null,
  ]) => {
    if (!isList(list)) return null;
    if (delimiter !== null && typeof delimiter !== 'string') return null;
    const parts = list.filter((item) => item !== null);
    if (!parts.every((item) => typeof item === 'string')) return null;
    spendText(parts.reduce((sum, part) => sum + part.length + (delimiter?.length ?? 0), 0));
    return `${typeof prefix === 'string' ? prefix : ''}${parts.join(delimiter ?? '')}${typeof suffix === 'string' ? suffix : ''}`;
  });
  function text(name: string, parameter: string, call: (s: string) => Val): void {
    define(name, [parameter], ([s]) => (typeof s === 'string' ? call(s) : null));
  }
  function texts(name: string, parameters: string, call: (a: string, b: string) => Val): void {
    define(name, [parameters], ([a, b]) => (typeof a === 'string' && typeof b === 'string' ? call(a, b) : null));
  }

  // ---- patterns: only fixed ones that mean the same in Java and in JavaScript --------------------------------------------------
  const pattern =
    (position: number, flags?: number) =>
    (args: readonly (string | undefined)[]): string | undefined => {
      const source = args[position];
      if (source === undefined) return 'the pattern must be a fixed text';
      const given = flags === undefined || args.length <= flags ? '' : args[flags];
      if (given === undefined) return 'the flags must be a fixed text';
      return SafeRegExp.problem(source, given);
    };
  define(
    'matches',
    ['input, pattern', 'input, pattern, flags'],
    ([input, p, flags]) =>
      typeof input === 'string' && typeof p === 'string' ? SafeRegExp.of(p, flags).test(input) : null,
    pattern(1, 2),
  );
  define(
    'replace',
    ['input, pattern, replacement', 'input, pattern, replacement, flags'],
    ([input, p, replacement, flags]) =>
      typeof input === 'string' && typeof p === 'string' && typeof replacement === 'string'
        ? SafeRegExp.of(p, flags).replace(input, replacement)
        : null,
    (args) => pattern(1, 3)(args) ?? SafeRegExp.replacementProblem(args[1] ?? '', args[2]),
  );
  define(
    'split',
    ['string, delimiter'],
    ([input, p]) =>
      typeof input === 'string' && typeof p === 'string' ? SafeRegExp.of(p, undefined).split(input) : null,
    (args) =>
      pattern(1)(args) ??
      (SafeRegExp.of(args[1] ?? '', undefined).test('') ? 'the delimiter must not fit the empty text' : undefined),
  );
  define(
    'extract',
    ['string, pattern'],
    ([input, p]) =>
      typeof input === 'string' && typeof p === 'string' ? SafeRegExp.of(p, undefined).all(input) : null,
    pattern(1),
  );

  // ---- numbers ---------------------------------------------------------------------------------------------------------------
  const rounding = (name: string, mode: Rounding, optional: boolean): void => {
    define(name, optional ? ['n', 'n, scale'] : ['n, scale'], ([n = null, scale = 0]) => {
      if (!isNum(n) || scale === null || !isNum(scale)) return null;
      return round(n, toInt(scale), mode);
    });
  };
  rounding('floor', 'floor', true);
  rounding('ceiling', 'ceiling', true);
  rounding('round up', 'up', false);
  rounding('round down', 'down', false);
  rounding('round half up', 'half up', false);
  rounding('round half down', 'half down', false);
  rounding('decimal', 'half even', false);
  define('abs', ['n'], ([n = null]) => {
    if (n instanceof DayTime) return new DayTime(Math.abs(n.seconds));
    if (n instanceof YearMonth) return new YearMonth(Math.abs(n.months));
    if (!isNum(n)) return null;
    return compareNum(n, 0) < 0 ? subtract(0, n) : n;
  });
  define('modulo', ['dividend, divisor'], ([a = null, b = null]) => {
    if (!isNum(a) || !isNum(b)) return null;
    if (isZero(b)) throw new Failure('java.lang.ArithmeticException: Division by zero');
    return modulo(a, b);
  });
  define('sqrt', ['number'], ([n = null]) => {
    if (!isNum(n) || compareNum(n, 0) < 0) return null;
    const root = Math.sqrt(toDouble(n));
    return parseNum(Number.isInteger(root) ? `${root}.0` : String(root)) ?? null;
  });
  define('odd', ['number'], ([n = null]) => (isNum(n) ? isWhole(n) && compareNum(modulo(n, 2), 1) === 0 : null));
  define('even', ['number'], ([n = null]) => (isNum(n) ? isZero(modulo(n, 2)) : null));

  // ---- lists -----------------------------------------------------------------------------------------------------------------
  list('count', (l) => l.length);
  list('is empty', (l) => l.length === 0);
  list('reverse', (l) => [...l].reverse());
  list('distinct values', (l) => distinct(l));
  list('duplicate values', (l) => grouped(l).flatMap((group) => (group.times > 1 ? [group.value] : [])));
  list('flatten', (l) => flatten(l));
  define('list contains', ['list, element'], ([l = null, item = null]) =>
    isList(l) ? l.some((one) => equal(one, item) === true) : null);
  define('index of', ['list, match'], ([l = null, item = null]) =>
    isList(l) ? l.flatMap((one, i) => (equal(one, item) === true ? [i + 1] : [])) : null);
  define('sublist', ['list, start position', 'list, start position, length'], ([l = null, start = null, length]) => {
    if (!isList(l) || !isNum(start) || (length !== undefined && !isNum(length))) return null;
    const position = toInt(start);
    if (position === 0) return null;
    const from = position > 0 ? position - 1 : Math.max(0, l.length + position);
    return length === undefined ? l.slice(from) : l.slice(from, from + Math.max(0, toInt(length)));
  });
  defineMany('append', (args) => {
    const [l = null, ...items] = args;
    return isList(l) && items.length > 0 ? [...l, ...items] : null;
  });
  defineMany('concatenate', (args) => {
    const only = args.length === 1 ? args[0] : undefined;
    const all = only !== undefined && isList(only) ? only : args;
    for (const item of all) if (isList(item)) spend(item.length);
    return all.flatMap((item) => (isList(item) ? item : [item]));
  });
  defineMany('union', (args) => distinct(args.flatMap((item) => (isList(item) ? item : [item]))));
  define('insert before', ['list, position, newItem'], ([l = null, position = null, item = null]) => {
    if (!isList(l) || !isNum(position)) return null;
    const p = toInt(position);
    if (p === 0) return null;
    const at = p > 0 ? Math.min(p - 1, l.length) : Math.max(0, l.length + p);
    return [...l.slice(0, at), item, ...l.slice(at)];
  });
  define('remove', ['list, position'], ([l = null, position = null]) => {
    if (!isList(l) || !isNum(position)) return null;
    const p = toInt(position);
    if (p === 0) return null;
    const at = p > 0 ? p - 1 : l.length + p;
    return l.filter((_, i) => i !== at);
  });
  define('partition', ['list, size'], ([l = null, size = null]) => {
    if (!isList(l) || !isNum(size) || toInt(size) < 1) return null;
    const parts: Val[] = [];
    for (let i = 0; i < l.length; i += toInt(size)) parts.push(l.slice(i, i + toInt(size)));
    return parts;
  });
  define('sort', ['list, precedes'], ([l = null, precedes = null]) => {
    if (!isList(l) || !(precedes instanceof FFunction) || precedes.parameters !== 2) return null;
    let unknown = false;
    const before = (a: Val, b: Val): boolean => {
      const result = precedes.call([a, b]);
      if (typeof result !== 'boolean') unknown = true;
      return result === true;
    };
    const sorted = [...l].sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
    return unknown ? null : sorted;
  });
  function list(name: string, call: (l: readonly Val[]) => Val): void {
    define(name, ['list'], ([l = null]) => (isList(l) ? call(l) : null));
  }

  // ---- of several values -----------------------------------------------------------------------------------------------------
  several('min', (l) => extreme(l, -1));
  several('max', (l) => extreme(l, 1));
  numbers('sum', (l) => (l.length === 0 ? null : l.reduce((a, b) => add(a, b))));
  numbers('product', (l) => (l.length === 0 ? null : l.reduce((a, b) => multiply(a, b))));
  numbers('mean', (l) =>
    l.length === 0
      ? null
      : (divide(
          l.reduce((a, b) => add(a, b)),
          l.length,
        ) ?? null),
  );
  numbers('median', (l) => {
    const sorted = [...l].sort(compareNum);
    const middle = sorted[sorted.length >> 1];
    const before = sorted[(sorted.length >> 1) - 1];
    if (middle === undefined) return null;
    return sorted.length % 2 === 1 || before === undefined ? middle : (divide(add(before, middle), 2) ?? null);
  });
  numbers('mode', (l) => {
    const counted = grouped(l);
    const most = counted.reduce((m, c) => Math.max(m, c.times), 0);
    const found = counted.filter((c) => c.times === most).map((c) => c.value);
    return found.filter(isNum).sort(compareNum);
  });
  several('all', (l) => (l.some((v) => v === false) ? false : l.every((v) => v === true) ? true : null));
  several('any', (l) => (l.some((v) => v === true) ? true : l.every((v) => v === false) ? false : null));
  function several(name: string, call: (l: readonly Val[]) => Val): void {
    defineMany(name, (args) => {
      const only = args.length === 1 ? args[0] : undefined;
      if (only === undefined) return call(args);
      return isList(only) ? call(only) : only === null ? null : call([only]);
    });
  }
  function numbers(name: string, call: (l: readonly Num[]) => Val): void {
    several(name, (l) => (l.every(isNum) ? call(l) : null));
  }

  // ---- contexts --------------------------------------------------------------------------------------------------------------
  define('get value', ['context, key', 'context, keys'], ([c = null, key = null]) => {
    if (!isContext(c)) return null;
    const path = isList(key) ? key : [key];
    if (path.length === 0) return null;
    let at: Val = c;
    for (const step of path) {
      if (typeof step !== 'string' || !isContext(at)) return null;
      at = entry(at, step) ?? null;
    }
    return at;
  });
  const put = ([c = null, key = null, value = null]: readonly Val[]): Val => {
    if (!isContext(c)) return null;
    const path = isList(key) ? key : [key];
    return path.length > 0 && path.every((step) => typeof step === 'string') ? putAt(c, path, value) : null;
  };
  define('context put', ['context, key, value', 'context, keys, value'], put);
  define('put', ['context, key, value'], put);
  const merge = (args: readonly Val[]): Val => {
    const only = args.length === 1 ? args[0] : undefined;
    const all = only !== undefined && isList(only) ? only : args;
    const merged: Record<string, Val> = {};
    for (const one of all) {
      if (!isContext(one)) return null;
      const entries = Object.entries(one);
      spend(entries.length);
      for (const [name, value] of entries) set(merged, name, value);
    }
    return merged;
  };
  defineMany('context merge', merge);
  defineMany('put all', merge);

  // ---- time ------------------------------------------------------------------------------------------------------------------
  define('now', [''], (_, env) => {
    const now = env.now();
    const seconds = Math.floor(now / 1000);
    return atInstant(seconds, (now - seconds * 1000) * 1_000_000, env.zone);
  });
  define('today', [''], (_, env) => new FDate(atInstant(Math.floor(env.now() / 1000), 0, env.zone).day));
  define('date', ['from', 'year, month, day'], (args) => {
    if (args.length === 3) {
      const [year = null, month = null, day = null] = args;
      if (!isNum(year) || !isNum(month) || !isNum(day)) return null;
      const number = dayNumber(toInt(year), toInt(month), toInt(day));
      return number === undefined ? null : new FDate(number);
    }
    const [from = null] = args;
    if (typeof from === 'string') return parseDate(commonEra(from)) ?? null;
    if (from instanceof FDateTime) return new FDate(from.day);
    return from instanceof FDate ? from : null;
  });
  define('time', ['from', 'hour, minute, second', 'hour, minute, second, offset'], (args) => {
    if (args.length >= 3) {
      const [hour = null, minute = null, second = null, offset = null] = args;
      if (!isNum(hour) || !isNum(minute) || !isNum(second)) return null;
      const [h, m, s] = [toInt(hour), toInt(minute), toInt(second)];
      if (!isWhole(second)) throw new Failure('time() with a fraction of a second is not supported');
      if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return null;
      if (args.length === 4 && offset !== null && !(offset instanceof DayTime)) return null;
      return new FTime((h * 3600 + m * 60 + s) * 1e9, offset instanceof DayTime ? offset.seconds : undefined);
    }
    const [from = null] = args;
    if (typeof from === 'string') return parseTime(from) ?? null;
    if (from instanceof FDateTime) return new FTime(from.nanos, from.zone);
    if (from instanceof FDate) return new FTime(0, 0);
    return from instanceof FTime ? from : null;
  });
  define('date and time', ['from', 'date, time', 'date, timezone'], (args) => {
    const [from = null, second = null] = args;
    if (args.length === 2) {
      if (typeof second === 'string') {
        if (!(from instanceof FDateTime) || !isZone(second)) return null;
        return from.zone === undefined ? dateTime(from.day, from.nanos, second) : inZone(from, second);
      }
      if (!(second instanceof FTime)) return null;
      if (from instanceof FDate || from instanceof FDateTime) return dateTime(from.day, second.nanos, second.zone);
      return null;
    }
    if (typeof from === 'string') return parseDateTime(commonEra(from)) ?? null;
    return from instanceof FDateTime ? from : null;
  });
  define('duration', ['from'], ([from = null]) => (typeof from === 'string' ? (parseDuration(from) ?? null) : null));
  define('years and months duration', ['from, to'], ([from, to]) =>
    (from instanceof FDate || from instanceof FDateTime) && (to instanceof FDate || to instanceof FDateTime)
      ? new YearMonth(monthsBetween(from.day, to.day))
      : null);
  day('day of week', (d) => WEEKDAYS[weekday(d) - 1] ?? null);
  day('day of year', (d) => dayOfYear(d));
  day('week of year', (d) => weekOfYear(d));
  day('month of year', (d) => MONTHS[civil(d).month - 1] ?? null);
  day('last day of month', (d) => new FDate(lastOfMonth(d)));
  function day(name: string, call: (day: number) => Val): void {
    define(name, ['date'], ([d]) => (d instanceof FDate || d instanceof FDateTime ? call(d.day) : null));
  }
  return all;
})();

/** The condition of an `assert` did not hold; the engine words this differently from other failures. */
export class AssertionFailure extends Failure {}

function refuse(what: string): never {
  throw new Failure(`${what} is not supported`);
}

/** JSON objects may hold any name, also `__proto__`. */
export function set(context: Record<string, Val>, name: string, value: Val): void {
  Object.defineProperty(context, name, { value, enumerable: true, configurable: true, writable: true });
}

/** @throws Failure for years that are not written with four digits, which the engine also takes */
function commonEra(date: string): string {
  if (/^[+-]?\d{5,}-|^-\d{4}-/.test(date)) throw new Failure('years before 0 and after 9999 are not supported');
  return date;
}

function substring(s: string, position: number, from: number, length: number | undefined): string {
  if (position === 0) return '';
  const to = length === undefined ? s.length : Math.min(s.length, from + length);
  if (from < 0 || to < from || from > s.length) {
    throw new Failure(
      `java.lang.StringIndexOutOfBoundsException: Range [${from}, ${to}) out of bounds for length ${s.length}`,
    );
  }
  return s.slice(from, to);
}

function number(args: readonly Val[]): Val {
  const [from = null, grouping = null, decimal = null] = args;
  if (typeof from !== 'string') return null;
  if (args.length === 1) return parseNum(from) ?? null;
  if (args.length === 2 && typeof grouping !== 'string') return null;
  if (args.length === 3 && grouping === null && decimal === null) return null;
  if (grouping !== null && (typeof grouping !== 'string' || ![' ', ',', '.'].includes(grouping))) return null;
  if (decimal !== null && (typeof decimal !== 'string' || ![',', '.'].includes(decimal))) return null;
  if (grouping !== null && grouping === decimal) return null;
  const ungrouped = grouping === null ? from : from.replaceAll(grouping, '');
  return parseNum(decimal === null ? ungrouped : ungrouped.replaceAll(decimal, '.')) ?? null;
}

function extreme(l: readonly Val[], sign: number): Val {
  let best = l[0] ?? null;
  if (l.length > 0 && l.some((v) => typeOf(v) !== typeOf(best))) return null;
  if (typeof best === 'boolean' || isContext(best)) return null;
  for (const v of l.slice(1)) {
    const order = compare(v, best);
    if (order === undefined) return null;
    if (order * sign > 0) best = v;
  }
  return best;
}

function distinct(l: readonly Val[]): Val[] {
  return grouped(l).map((group) => group.value);
}

/** The different values of a list and how often each is there, in the order in which they come first. */
function grouped(l: readonly Val[]): { readonly value: Val; times: number }[] {
  const found: { readonly value: Val; times: number }[] = [];
  // only values of one bucket can be equal
  const buckets = new Map<string, { readonly value: Val; times: number }[]>();
  for (const value of l) {
    const id = isNum(value)
      ? `number ${toDouble(value)}`
      : typeof value === 'string'
        ? `string ${value}`
        : typeOf(value);
    const bucket = buckets.get(id) ?? [];
    const known = bucket.find((group) => equal(value, group.value) === true);
    if (known !== undefined) known.times++;
    else {
      const group = { value, times: 1 };
      found.push(group);
      bucket.push(group);
      buckets.set(id, bucket);
    }
  }
  return found;
}

function flatten(l: readonly Val[]): Val[] {
  spend(l.length);
  return nested(() => l.flatMap((item) => (isList(item) ? flatten(item) : [item])));
}

function putAt(c: Context, path: readonly string[], value: Val): Context {
  const [name = '', ...rest] = path;
  const copy: Record<string, Val> = {};
  const entries = Object.entries(c);
  spend(entries.length + path.length);
  for (const [key, old] of entries) set(copy, key, old);
  const inner = entry(c, name) ?? null;
  set(copy, name, rest.length === 0 ? value : putAt(isContext(inner) ? inner : {}, rest, value));
  return copy;
}
