/**
 * Dates, times and durations of FEEL, counted as Camunda's engine (java.time) counts them. Years run from -9999 to 9999, which is more
 * than a case lives.
 */

import { Failure } from './budget.ts';

/** A calendar day, counted from 1970-01-01. */
export class FDate {
  readonly day: number;
  /** @throws Failure for a day outside of the years -9999 to 9999 */
  constructor(day: number) {
    this.day = inRange(day);
  }
}
/** Where a clock stands: nowhere, at a fixed offset in seconds, or in a named zone. */
export type Zone = undefined | number | string;

/** A time of day in nanoseconds (below 2^53). */
export class FTime {
  readonly nanos: number;
  readonly zone: Zone;
  constructor(nanos: number, zone: Zone) {
    this.nanos = nanos;
    this.zone = zone;
  }
}
/** A day and a time of day on the clock on the wall, with its offset where a zone is known. */
export class FDateTime {
  readonly day: number;
  readonly nanos: number;
  readonly zone: Zone;
  /** Seconds east of UTC; 0 when there is no zone. */
  readonly offset: number;
  /** @throws Failure for a day outside of the years -9999 to 9999 */
  constructor(day: number, nanos: number, zone: Zone, offset: number) {
    this.day = inRange(day);
    this.nanos = nanos;
    this.zone = zone;
    this.offset = offset;
  }
}
/** A duration of days and time, in whole seconds (the engine drops fractions). */
export class DayTime {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = exact(seconds);
  }
}
export class YearMonth {
  readonly months: number;
  constructor(months: number) {
    this.months = exact(months);
  }
}

/** The last day of the year 9999, and the first of -9999. */
const LAST_DAY = 2_932_896;
const FIRST_DAY = -4_371_587;

function inRange(day: number): number {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw new Failure('years before -9999 and after 9999 are not supported');
  return day;
}

/** Durations are counted in whole seconds or months as far as these are exact. */
function exact(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new Failure('a duration of this length is not supported');
  return amount;
}

export const DAY_SECONDS = 86_400;
const NANO = 1_000_000_000;
const DAY_NANOS = DAY_SECONDS * NANO;

export interface Civil {
  year: number;
  month: number;
  day: number;
}

/** Year, month and day of a day number. */
export function civil(day: number): Civil {
  const d = new Date(day * 86_400_000);
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() };
}

function daysInMonth(year: number, month: number): number {
  const d = new Date(0);
  d.setUTCFullYear(year, month, 0);
  return d.getUTCDate();
}

/** @returns undefined when there is no such day */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (year < -9999 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    return undefined;
  const d = new Date(0);
  d.setUTCFullYear(year, month - 1, day);
  return d.getTime() / 86_400_000;
}

export function lastOfMonth(day: number): number {
  const { year, month, day: of } = civil(day);
  return day + daysInMonth(year, month) - of;
}

/** Moves by calendar months; a day that the month lacks becomes its last. */
export function plusMonths(day: number, months: number): number {
  const { year, month, day: of } = civil(day);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  const moved = dayNumber(newYear, newMonth, Math.min(of, daysInMonth(newYear, newMonth)));
  if (moved === undefined) throw new Failure('years before -9999 and after 9999 are not supported');
  return moved;
}

/** Whole months from one day to another, as `java.time.Period` counts them. */
export function monthsBetween(from: number, to: number): number {
  const a = civil(from);
  const b = civil(to);
  let months = (b.year - a.year) * 12 + (b.month - a.month);
  if (months > 0 && b.day < a.day) months -= 1;
  else if (months < 0 && b.day > a.day) months += 1;
  return months;
}

/** ISO weekday: Monday is 1. */
export function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function dayOfYear(day: number): number {
  const first = dayNumber(civil(day).year, 1, 1) ?? day;
  return day - first + 1;
}

/** ISO week number. */
export function weekOfYear(day: number): number {
  const thursday = day - weekday(day) + 4;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

// ---- zones --------------------------------------------------------------------------------------------------------------------

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function format(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) {
    let found: Intl.DateTimeFormat | undefined;
    try {
      found = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      found = undefined;
    }
    formats.set(zone, found);
  }
  return formats.get(zone);
}

export function isZone(zone: string): boolean {
  return /^[A-Za-z]+(\/[A-Za-z_+-]+)+\d*$|^(UTC|GMT|Z)$/.test(zone) && (zone === 'Z' || format(zone) !== undefined);
}

const offsets = new Map<string, { from: number; to: number; offset: number }>();

/** Seconds east of UTC in a named zone at an instant (seconds since 1970). */
export function offsetAt(zone: string, instant: number): number {
  if (zone === 'Z' || zone === 'UTC' || zone === 'GMT') return 0;
  // the offset only changes on a full quarter of an hour: one answer serves for that long
  const quarter = Math.floor(instant / 900);
  const cached = offsets.get(zone);
  if (cached !== undefined && quarter >= cached.from && quarter <= cached.to) return cached.offset;
  const parts = new Map(
    format(zone)
      ?.formatToParts(quarter * 900_000)
      .map((p) => [p.type, p.value]),
  );
  const of = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) / 1000;
  const offset = local - quarter * 900;
  offsets.set(zone, { from: quarter, to: quarter, offset });
  return offset;
}

/** The offset of a clock on the wall: in a gap the time moves on, in an overlap the earlier offset counts. */
function resolve(day: number, nanos: number, zone: string): FDateTime {
  const local = day * DAY_SECONDS + Math.floor(nanos / NANO);
  const before = offsetAt(zone, local - 93_600);
  const after = offsetAt(zone, local + 93_600);
  const early = offsetAt(zone, local - before) === before;
  const late = offsetAt(zone, local - after) === after;
  if (early) return new FDateTime(day, nanos, zone, before);
  if (late) return new FDateTime(day, nanos, zone, after);
  const shifted = local + (after - before);
  const shiftedDay = Math.floor(shifted / DAY_SECONDS);
  return new FDateTime(shiftedDay, (shifted - shiftedDay * DAY_SECONDS) * NANO + (nanos % NANO), zone, after);
}

export function dateTime(day: number, nanos: number, zone: Zone): FDateTime {
  if (typeof zone === 'string') return resolve(day, nanos, zone);
  return new FDateTime(day, nanos, zone, zone ?? 0);
}

/** What the clock on the wall of a zone shows at an instant. */
export function atInstant(seconds: number, nanosOfSecond: number, zone: string | number): FDateTime {
  const offset = typeof zone === 'number' ? zone : offsetAt(zone, seconds);
  const local = seconds + offset;
  const day = Math.floor(local / DAY_SECONDS);
  return new FDateTime(day, (local - day * DAY_SECONDS) * NANO + nanosOfSecond, zone, offset);
}

/** Seconds since 1970; of a clock without zone as if it stood in UTC. */
export function instantSeconds(t: FDateTime): number {
  return t.day * DAY_SECONDS + Math.floor(t.nanos / NANO) - t.offset;
}

/** The same instant on the clock of another zone. */
export function inZone(t: FDateTime, zone: string): FDateTime {
  return atInstant(instantSeconds(t), t.nanos % NANO, zone);
}

// ---- arithmetic ---------------------------------------------------------------------------------------------------------------

/** Exact seconds later: with a named zone the instant moves, not the clock on the wall (as the engine does even for whole days). */
export function plusSeconds(t: FDateTime, seconds: number): FDateTime {
  if (typeof t.zone === 'string') return atInstant(instantSeconds(t) + seconds, t.nanos % NANO, t.zone);
  const local = t.day * DAY_SECONDS + Math.floor(t.nanos / NANO) + seconds;
  const day = Math.floor(local / DAY_SECONDS);
  return new FDateTime(day, (local - day * DAY_SECONDS) * NANO + (t.nanos % NANO), t.zone, t.offset);
}

export function dateTimePlusMonths(t: FDateTime, months: number): FDateTime {
  return dateTime(plusMonths(t.day, months), t.nanos, t.zone);
}

/** A date moved by a duration of days and time: as from its midnight, then only the day is kept. */
export function datePlusSeconds(day: number, seconds: number): number {
  return day + Math.floor(seconds / DAY_SECONDS);
}

export function timePlusSeconds(t: FTime, seconds: number): FTime {
  const moved = (((t.nanos + (seconds % DAY_SECONDS) * NANO) % DAY_NANOS) + DAY_NANOS) % DAY_NANOS;
  return new FTime(moved, t.zone);
}

// ---- reading ------------------------------------------------------------------------------------------------------------------

export function parseDate(text: string): FDate | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const day = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  return day === undefined ? undefined : new FDate(day);
}

function parseClock(text: string): number | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [, hour = '', minute = '', second = '0', fraction = ''] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * NANO + Number(fraction.padEnd(9, '0'));
}

/** Offset or zone at the end of a time; `wrong` when it names no zone. */
function splitZone(text: string): { clock: string; zone: Zone } | 'wrong' {
  const at = text.indexOf('@');
  if (at >= 0) {
    const zone = text.slice(at + 1);
    if (zone === 'Z') return { clock: text.slice(0, at), zone: 0 };
    return isZone(zone) ? { clock: text.slice(0, at), zone } : 'wrong';
  }
  if (text.endsWith('Z')) return { clock: text.slice(0, -1), zone: 0 };
  const match = /^(.*)([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (match === null) return { clock: text, zone: undefined };
  const [, clock = '', sign = '', hour = '', minute = '', second = '0'] = match;
  const offset = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (offset > 64_800) return 'wrong';
  return { clock, zone: sign === '-' ? -offset : offset };
}

export function parseTime(text: string): FTime | undefined {
  const split = splitZone(text);
  if (split === 'wrong') return undefined;
  const nanos = parseClock(split.clock);
  return nanos === undefined ? undefined : new FTime(nanos, split.zone);
}

export function parseDateTime(text: string): FDateTime | undefined {
  const t = text.indexOf('T');
  if (t < 0) {
    const date = parseDate(text);
    return date === undefined ? undefined : new FDateTime(date.day, 0, undefined, 0);
  }
  const date = parseDate(text.slice(0, t));
  const time = parseTime(text.slice(t + 1));
  return date === undefined || time === undefined ? undefined : dateTime(date.day, time.nanos, time.zone);
}

/** Either years and months or days and time, never both. */
export function parseDuration(text: string): DayTime | YearMonth | undefined {
  const ym = /^([+-]?)P(?:([+-]?\d{1,9})Y)?(?:([+-]?\d{1,9})M)?$/i.exec(text);
  if (ym !== null && (ym[2] !== undefined || ym[3] !== undefined)) {
    const months = Number(ym[2] ?? 0) * 12 + Number(ym[3] ?? 0);
    return new YearMonth(noMinusZero(ym[1] === '-' ? -months : months));
  }
  const dt =
    /^([+-]?)P(?:([+-]?\d{1,9})D)?(?:T(?:([+-]?\d{1,9})H)?(?:([+-]?\d{1,9})M)?(?:([+-]?\d{1,9})(?:\.\d{1,9})?S)?)?$/i.exec(
      text,
    );
  if (dt === null || dt.slice(2).every((part) => part === undefined) || /T$/i.test(text)) return undefined;
  const seconds =
    Number(dt[2] ?? 0) * DAY_SECONDS + Number(dt[3] ?? 0) * 3600 + Number(dt[4] ?? 0) * 60 + Number(dt[5] ?? 0);
  return new DayTime(noMinusZero(dt[1] === '-' ? -seconds : seconds));
}

function noMinusZero(n: number): number {
  return n === 0 ? 0 : n;
}

// ---- writing ------------------------------------------------------------------------------------------------------------------

const two = (n: number): string => String(n).padStart(2, '0');

export function dateText(day: number): string {
  const { year, month, day: of } = civil(day);
  const size = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${size}-${two(month)}-${two(of)}`;
}

function clockText(nanos: number): string {
  const seconds = Math.floor(nanos / NANO);
  const fraction = nanos % NANO;
  const base = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? base : `${base}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  const seconds = size % 60;
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${seconds === 0 ? '' : `:${two(seconds)}`}`;
}

/** As `string()` writes it. */
export function timeText(t: FTime): string {
  return (
    clockText(t.nanos) + (t.zone === undefined ? '' : typeof t.zone === 'number' ? offsetText(t.zone) : `@${t.zone}`)
  );
}

/** As a variable: like `string()`, but a time without zone as Java prints it, without seconds when there are none. */
export function timeValue(t: FTime): string {
  if (t.zone !== undefined) return timeText(t);
  const fraction = t.nanos % NANO;
  const seconds = Math.floor(t.nanos / NANO) % 60;
  if (seconds === 0 && fraction === 0) return clockText(t.nanos).slice(0, 5);
  if (fraction === 0) return clockText(t.nanos);
  // Java prints three, six or nine digits
  const digits = String(fraction).padStart(9, '0');
  const shown = digits.endsWith('000000') ? 3 : digits.endsWith('000') ? 6 : 9;
  return `${clockText(t.nanos - fraction)}.${digits.slice(0, shown)}`;
}

export function dateTimeText(t: FDateTime): string {
  const local = `${dateText(t.day)}T${clockText(t.nanos)}`;
  return t.zone === undefined ? local : local + (typeof t.zone === 'number' ? offsetText(t.zone) : `@${t.zone}`);
}

/** As a variable: a named zone with its offset before it. */
export function dateTimeValue(t: FDateTime): string {
  if (typeof t.zone !== 'string') return dateTimeText(t);
  return `${dateText(t.day)}T${clockText(t.nanos)}${offsetText(t.offset)}[${t.zone}]`;
}

export function dayTimeText(seconds: number): string {
  if (seconds === 0) return 'P0D';
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / DAY_SECONDS), Math.floor(size / 3600) % 24, Math.floor(size / 60) % 60, size % 60];
  const [days = 0, hours = 0, minutes = 0, rest = 0] = parts;
  const time = `${hours === 0 ? '' : `${hours}H`}${minutes === 0 ? '' : `${minutes}M`}${rest === 0 ? '' : `${rest}S`}`;
  return `${seconds < 0 ? '-' : ''}P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
}

export function yearMonthText(months: number): string {
  if (months === 0) return 'P0Y';
  const size = Math.abs(months);
  const years = Math.floor(size / 12);
  const rest = size % 12;
  return `${months < 0 ? '-' : ''}P${years === 0 ? '' : `${years}Y`}${rest === 0 ? '' : `${rest}M`}`;
}
