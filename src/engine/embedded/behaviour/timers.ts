/** When timers are due: dates, durations and cycles, by the calendar of the cluster's zone. */
import { dateTime, instantSeconds, offsetAt } from '../feel/temporal.ts';
import type { TimerDefinition } from '../model/types.ts';
import type { Lookup } from '../feel/types.ts';
import type { Failure } from '../elements/types.ts';
import { nextCron, parseCron } from './cron.ts';
import { evaluate, fail } from './variables.ts';

/** A timer as it is to be set. */
export interface Schedule {
  readonly due: number;
  /** -1 for ever. */
  readonly repetitions: number;
  /** The cycle as text, empty for one shot. */
  readonly spec: string;
}

interface Span {
  readonly months: number;
  readonly days: number;
  readonly millis: number;
}

const DURATION =
  /^([+-]?)P(?:([+-]?\d+)Y)?(?:([+-]?\d+)M)?(?:([+-]?\d+)W)?(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:[.,]\d{1,9})?)S)?)?$/i;

function parseSpan(text: string): Span | undefined {
  const m = DURATION.exec(text);
  if (!m || m.slice(2).every((part) => part === undefined) || /T$/i.test(text)) return undefined;
  const sign = m[1] === '-' ? -1 : 1;
  const n = (i: number): number => sign * Number((m[i] ?? '0').replace(',', '.'));
  // the engine reads years to days as 32-bit numbers, and time as seconds in 64 bits
  if ([2, 3, 4, 5].some((i) => Math.abs(n(i)) > INT) || [6, 7, 8].some((i) => Math.abs(n(i)) >= 1e16)) return undefined;
  return {
    months: n(2) * 12 + n(3),
    days: n(4) * 7 + n(5),
    millis: Math.trunc(n(6) * 3_600_000 + n(7) * 60_000 + n(8) * 1000),
  };
}

const INT = 2 ** 31 - 1;
/** Nearly the end of the year 9999: what lies beyond is as good as never, and is kept as this moment. */
const LATEST = Date.UTC(9999, 11, 25);

/** @returns a moment that many milliseconds later, kept within what has a date */
export function later(from: number, milliseconds: number): number {
  return within(from + milliseconds);
}

const within = (at: number): number => Math.max(-LATEST, Math.min(LATEST, at));

/** Longer texts are no timer. */
const LONGEST_TEXT = 1000;

const localOf = (zone: string, at: number): number => at + offsetAt(zone, Math.floor(at / 1000)) * 1000;

function instantOf(zone: string, local: number): number {
  const day = Math.floor(local / 86_400_000);
  const rest = local - day * 86_400_000;
  const whole = Math.floor(rest / 1000);
  return instantSeconds(dateTime(day, whole * 1_000_000_000, zone)) * 1000 + (rest - whole * 1000);
}

/** Years, months, weeks and days follow the calendar of the zone, the rest is exact time (as the engine's server does). */
function plus(span: Span, from: number, zone: string): number {
  if (span.months === 0 && span.days === 0) return within(from + span.millis);
  const about = from + (span.months * 30.4 + span.days) * 86_400_000;
  if (Math.abs(about) > LATEST || Math.abs(from) > LATEST) return about > 0 ? LATEST : -LATEST;
  const local = new Date(localOf(zone, from));
  if (span.months !== 0) {
    const day = local.getUTCDate();
    local.setUTCDate(1);
    local.setUTCMonth(local.getUTCMonth() + span.months);
    const last = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
    local.setUTCDate(Math.min(day, last));
  }
  local.setUTCDate(local.getUTCDate() + span.days);
  return within(instantOf(zone, local.getTime()) + span.millis);
}

interface Cycle {
  readonly repetitions: number;
  readonly start: number | undefined;
  readonly span: Span;
}

const dateOf = (text: string): number =>
  Date.parse(text.replace(/\[[^\]]*\]$/, '').replace(/(T\d\d:\d\d)(Z|[+-])/, '$1:00$2'));
const HAS_ZONE = /(Z|[+-]\d\d:?\d\d(:\d\d)?)(\[[^\]]*\])?$/;

function parseCycle(text: string): Cycle | undefined {
  const parts = text.split('/');
  const count = /^R(-?\d+)?$/.exec(parts[0] ?? '');
  const span = parseSpan(parts[parts.length - 1] ?? '');
  if (!count || !span || parts.length < 2 || parts.length > 3) return undefined;
  const start = parts.length === 3 ? dateOf(parts[1] ?? '') : undefined;
  const repetitions = count[1] === undefined ? -1 : Number(count[1]);
  if (Number.isNaN(start) || Math.abs(repetitions) > INT) return undefined;
  return { repetitions, start, span };
}

const bad = (message: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: fail('EXTRACT_VALUE_ERROR', message),
});

function cronDue(spec: string, after: number, zone: string): number | undefined {
  const cron = parseCron(spec);
  return (
    cron &&
    nextCron(
      cron,
      after,
      (at) => localOf(zone, at),
      (local) => instantOf(zone, local),
    )
  );
}

/** The beginning of a text for a message. */
const clipped = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** Evaluates a timer definition. @param now the engine's time */
export function schedule(
  definition: TimerDefinition,
  find: Lookup,
  now: number,
  zone: string,
): { ok: true; schedule: Schedule } | { ok: false; failure: Failure } {
  const source = definition.expression.source.replace(/^=\s*/, '');
  const result = definition.expression.isStatic
    ? { ok: true as const, value: source }
    : evaluate(definition.expression, find);
  if (!result.ok) return result;
  const text = result.value;
  if (typeof text !== 'string')
    return bad(
      `Expected result of the expression '${source}' to be a ${definition.kind}, but was '${clipped(JSON.stringify(text))}'.`,
    );
  if (text.length > LONGEST_TEXT)
    return bad(`Invalid timer ${definition.kind} for expression '${source}': longer than ${LONGEST_TEXT} characters`);
  if (definition.kind === 'date') {
    const due = HAS_ZONE.test(text) ? dateOf(text) : Number.NaN;
    return Number.isNaN(due)
      ? bad(`Invalid date-time format '${text}' for expression '${source}'`)
      : { ok: true, schedule: { due, repetitions: 1, spec: '' } };
  }
  if (definition.kind === 'duration') {
    const span = parseSpan(text);
    return span
      ? { ok: true, schedule: { due: plus(span, now, zone), repetitions: 1, spec: '' } }
      : bad(`Invalid duration format '${text}' for expression '${source}'`);
  }
  const cycle = parseCycle(text);
  if (cycle) {
    const due = cycle.start ?? plus(cycle.span, now, zone);
    return { ok: true, schedule: { due, repetitions: cycle.repetitions, spec: text } };
  }
  const due = cronDue(text, now, zone);
  return due === undefined
    ? bad(`Invalid timer cycle '${text}' for expression '${source}'`)
    : { ok: true, schedule: { due, repetitions: -1, spec: text } };
}

/**
 * The next firing of a cycle that has just fired: anchored on the due date, or now when that has passed already (truth 25).
 * @returns undefined when it has fired for the last time
 */
export function again(timer: Schedule, now: number, zone: string): Schedule | undefined {
  if (timer.spec === '' || timer.repetitions === 1 || timer.repetitions === 0) return undefined;
  const repetitions = timer.repetitions < 0 ? -1 : timer.repetitions - 1;
  const cycle = parseCycle(timer.spec);
  if (cycle) return { due: Math.max(plus(cycle.span, timer.due, zone), now), repetitions, spec: timer.spec };
  const due = cronDue(timer.spec, now, zone);
  return due === undefined ? undefined : { due, repetitions, spec: timer.spec };
}

/** How often Camunda's engine looks for what is due, in milliseconds. */
const RESOLUTION = 100;

/**
 * When the next firing of a cycle happens. Camunda's engine takes cycles without an interval (`R/PT0S`) and looks for due timers every
 * 100 ms, so they fire ten times a second and no more; the due date itself stays as it is.
 * @param timer the firing that has just been
 * @param next what `again` made of it
 */
export function wakeUp(timer: Schedule, next: Schedule, now: number, zone: string): number {
  const cycle = parseCycle(timer.spec);
  const short = cycle !== undefined && plus(cycle.span, timer.due, zone) - timer.due < RESOLUTION;
  return short ? Math.max(next.due, later(now, RESOLUTION)) : next.due;
}
