/** Whether the fixed text of a timer can be right. When it fires is the interpreter's business. */

const DURATION = /^[+-]?P(?=[\dT+-])(?:[+-]?\d+Y)?(?:[+-]?\d+M)?(?:[+-]?\d+W)?(?:[+-]?\d+D)?(?:T(?=[\d+-])(?:[+-]?\d+H)?(?:[+-]?\d+M)?(?:[+-]?\d+(?:[.,]\d{1,9})?S)?)?$/i;
const DATE = /^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d(?::\d\d)?)(?:\[[\w/+-]+\])?$/;

/**
 * @param kind which of the three forms of timer
 * @param source the fixed text, not an expression
 * @returns what is wrong with it, or undefined
 */
export function staticTimerError(kind: 'date' | 'duration' | 'cycle', source: string): string | undefined {
  if (kind === 'date') return DATE.test(source) ? undefined : `Invalid timer date '${source}': expected an ISO 8601 date and time with a zone`;
  if (kind === 'duration') return DURATION.test(source) ? undefined : `Invalid duration format '${source}' for duration timer`;
  const [repetitions, ...rest] = source.split('/');
  if (repetitions?.startsWith('R') === true) {
    const interval = rest.at(-1) ?? '';
    const start = rest.length > 1 ? rest[0] : undefined;
    const fits = /^R(-?\d+)?$/.test(repetitions) && rest.length <= 2 && DURATION.test(interval) && (start === undefined || DATE.test(start));
    return fits ? undefined : `Invalid cycle format '${source}': expected R[n]/[start/]interval`;
  }
  return /^(@\w+|(\S+\s+){5}\S+)$/.test(source) ? undefined : `Invalid cycle format '${source}': expected R[n]/interval or a cron expression`;
}
