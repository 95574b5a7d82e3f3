/** Cron expressions as Camunda reads them: six fields (seconds first) with names, steps, L, W and #, and the usual macros. */

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type DayRule = (year: number, month: number, day: number) => boolean;

/** When a cron expression is true, in local time. */
export interface Cron {
  readonly seconds: readonly boolean[];
  readonly minutes: readonly boolean[];
  readonly hours: readonly boolean[];
  readonly months: readonly boolean[];
  readonly day: DayRule;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay();

function numberOf(text: string, names: readonly string[], first: number): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + first;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** One field with lists, ranges and steps. @returns which numbers it holds, undefined when it cannot be read. */
function field(text: string, low: number, high: number, names: readonly string[] = []): boolean[] | undefined {
  const set: boolean[] = new Array<boolean>(high + 1).fill(false);
  for (const part of text.split(',')) {
    const [range = '', stepText, ...more] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (more.length > 0 || !Number.isInteger(step) || step < 1) return undefined;
    let from: number | undefined = low;
    let to: number | undefined = high;
    if (range !== '*' && range !== '?') {
      const [a = '', b, ...rest] = range.split('-');
      if (rest.length > 0) return undefined;
      from = numberOf(a, names, low);
      to = b === undefined ? (stepText === undefined ? from : high) : numberOf(b, names, low);
    }
    if (from === undefined || to === undefined || from < low || to > high) return undefined;
    if (from <= to) for (let n = from; n <= to; n += step) set[n] = true;
    else {
      // FRI-MON and the like go round the end
      const size = high - low + 1;
      for (let n = from; n <= to + size; n += step) set[n > high ? n - size : n] = true;
    }
  }
  return set;
}

function lastWorkday(year: number, month: number): number {
  let day = daysIn(year, month);
  while ([0, 6].includes(weekdayOf(year, month, day))) day--;
  return day;
}

function nearestWorkday(year: number, month: number, day: number): number {
  const wanted = Math.min(day, daysIn(year, month));
  const weekday = weekdayOf(year, month, wanted);
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === daysIn(year, month) ? wanted - 2 : wanted + 1;
  return wanted;
}

function dayOfMonthRule(text: string): DayRule | undefined {
  if (text === '*' || text === '?') return () => true;
  if (text === 'L') return (y, m, d) => d === daysIn(y, m);
  if (text === 'LW') return (y, m, d) => d === lastWorkday(y, m);
  const before = /^L-(\d+)$/.exec(text);
  if (before) return (y, m, d) => d === daysIn(y, m) - Number(before[1]);
  const near = /^(\d+)W$/.exec(text);
  if (near) return (y, m, d) => d === nearestWorkday(y, m, Number(near[1]));
  const set = field(text, 1, 31);
  return set && ((_y, _m, d) => set[d] === true);
}

function dayOfWeekRule(text: string): DayRule | undefined {
  if (text === '*' || text === '?') return () => true;
  const last = /^(\w+)L$/.exec(text);
  if (last) {
    const wanted = numberOf(last[1] ?? '', DAYS, 0);
    return wanted === undefined ? undefined : (y, m, d) => weekdayOf(y, m, d) === wanted % 7 && d + 7 > daysIn(y, m);
  }
  const nth = /^(\w+)#(\d)$/.exec(text);
  if (nth) {
    const wanted = numberOf(nth[1] ?? '', DAYS, 0);
    return wanted === undefined
      ? undefined
      : (y, m, d) => weekdayOf(y, m, d) === wanted % 7 && Math.ceil(d / 7) === Number(nth[2]);
  }
  const set = field(text, 0, 7, DAYS);
  return set && ((y, m, d) => set[weekdayOf(y, m, d)] === true || (weekdayOf(y, m, d) === 0 && set[7] === true));
}

/** @returns the expression, or undefined when it is none. */
export function parseCron(text: string): Cron | undefined {
  const fields = (MACROS[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  const [s = '', mi = '', h = '', dom = '', mo = '', dow = ''] = fields;
  if (fields.length !== 6) return undefined;
  const seconds = field(s, 0, 59);
  const minutes = field(mi, 0, 59);
  const hours = field(h, 0, 23);
  const months = field(mo, 1, 12, MONTHS);
  const byMonth = dayOfMonthRule(dom.toUpperCase());
  const byWeek = dayOfWeekRule(dow.toUpperCase());
  if (!seconds || !minutes || !hours || !months || !byMonth || !byWeek) return undefined;
  return { seconds, minutes, hours, months, day: (y, m, d) => byMonth(y, m, d) && byWeek(y, m, d) };
}

/**
 * The first moment after `after` at which the expression is true.
 * @param local gives the local civil time of an instant; `instant` the other way round (both in milliseconds)
 * @returns undefined when there is none within the next years
 */
export function nextCron(
  cron: Cron,
  after: number,
  local: (instant: number) => number,
  instant: (local: number) => number,
): number | undefined {
  const start = new Date(Math.floor(local(after) / 1000) * 1000 + 1000);
  let day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
  for (let i = 0; i < 366 * 9; i++, day += 86_400_000) {
    const date = new Date(day);
    if (!cron.months[date.getUTCMonth() + 1]) continue;
    if (!cron.day(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())) continue;
    for (let h = 0; h < 24; h++) {
      if (!cron.hours[h]) continue;
      for (let m = 0; m < 60; m++) {
        if (!cron.minutes[m]) continue;
        for (let s = 0; s < 60; s++) {
          if (!cron.seconds[s]) continue;
          const at = day + ((h * 60 + m) * 60 + s) * 1000;
          if (at < start.getTime()) continue;
          const found = instant(at);
          if (found > after) return found;
        }
      }
    }
  }
  return undefined;
}
