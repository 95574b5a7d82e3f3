import { expect } from 'chai';
import { nextCron, parseCron } from '../../../../src/engine/embedded/behaviour/cron.ts';
import { again, schedule } from '../../../../src/engine/embedded/behaviour/timers.ts';
import { staticExpression } from '../../../../src/engine/embedded/feel/index.ts';

const ZONE = 'Europe/Oslo';
const at = (text: string): number => Date.parse(text);
const iso = (time: number | undefined): string => (time === undefined ? 'never' : new Date(time).toISOString());

function due(kind: 'date' | 'duration' | 'cycle', text: string, now: string): string {
  const result = schedule(
    { type: 'timer', kind, expression: staticExpression(text, text) },
    () => undefined,
    at(now),
    ZONE,
  );
  return result.ok ? iso(result.schedule.due) : result.failure.type;
}

describe('Timers', () => {
  it('count hours and minutes exactly, also over a change of summer time', () => {
    expect(due('duration', 'PT24H', '2027-03-27T12:00:00Z')).to.equal('2027-03-28T12:00:00.000Z');
    expect(due('duration', 'PT1M30.5S', '2027-03-27T12:00:00Z')).to.equal('2027-03-27T12:01:30.500Z');
  });

  it('count days, weeks, months and years by the calendar of the zone', () => {
    // noon in Oslo is 11:00 UTC in winter and 10:00 UTC in summer
    expect(due('duration', 'P1D', '2027-03-27T11:00:00Z')).to.equal('2027-03-28T10:00:00.000Z');
    expect(due('duration', 'P2W', '2027-10-20T10:00:00Z')).to.equal('2027-11-03T11:00:00.000Z');
    expect(due('duration', 'P1M', '2027-01-31T11:00:00Z')).to.equal('2027-02-28T11:00:00.000Z');
    expect(due('duration', 'P1Y', '2028-02-29T11:00:00Z')).to.equal('2029-02-28T11:00:00.000Z');
    expect(due('duration', 'P1DT2H', '2027-03-27T11:00:00Z')).to.equal('2027-03-28T12:00:00.000Z');
  });

  it('take dates with a zone only', () => {
    expect(due('date', '2027-05-01T08:00:00+02:00', '2027-01-01T00:00:00Z')).to.equal('2027-05-01T06:00:00.000Z');
    expect(due('date', '2027-05-01T08:00Z', '2027-01-01T00:00:00Z')).to.equal('2027-05-01T08:00:00.000Z');
    expect(due('date', '2027-05-01T08:00:00+02:00[Europe/Oslo]', '2027-01-01T00:00:00Z')).to.equal(
      '2027-05-01T06:00:00.000Z',
    );
    expect(due('date', '2027-05-01T08:00:00', '2027-01-01T00:00:00Z')).to.equal('EXTRACT_VALUE_ERROR');
  });

  it('anchor cycles on due dates, and fire once for now when one was overdue by more than an interval', () => {
    const first = { due: at('2027-01-01T10:00:00Z'), repetitions: 3, spec: 'R3/PT10M' };
    const late = again(first, at('2027-01-01T10:04:00Z'), ZONE);
    expect([iso(late?.due), late?.repetitions]).to.deep.equal(['2027-01-01T10:10:00.000Z', 2]);
    const veryLate = again(first, at('2027-01-01T10:35:00Z'), ZONE);
    expect(iso(veryLate?.due)).to.equal('2027-01-01T10:35:00.000Z');
    expect(again({ ...first, repetitions: 1 }, first.due, ZONE)).to.equal(undefined);
    expect(again({ ...first, repetitions: -1, spec: 'R/PT10M' }, first.due, ZONE)?.repetitions).to.equal(-1);
  });

  it('begin a cycle at its start date', () => {
    expect(due('cycle', 'R2/2027-02-01T08:00:00Z/PT1H', '2027-01-01T00:00:00Z')).to.equal('2027-02-01T08:00:00.000Z');
  });

  it('refuse what is no duration', () => {
    for (const text of ['P', 'PT', '10 minutes', 'P1H', ''])
      expect(due('duration', text, '2027-01-01T00:00:00Z'), text).to.equal('EXTRACT_VALUE_ERROR');
  });
});

describe('Cron expressions', () => {
  const next = (text: string, after: string): string => {
    const cron = parseCron(text);
    return cron
      ? iso(
          nextCron(
            cron,
            at(after),
            (t) => t,
            (t) => t,
          ),
        )
      : 'unreadable';
  };

  it('find the next time by seconds, minutes, hours, days and names', () => {
    expect(next('0 0 9-17 * * MON-FRI', '2027-01-01T18:00:00Z')).to.equal('2027-01-04T09:00:00.000Z');
    expect(next('*/15 * * * * *', '2027-01-01T00:00:01Z')).to.equal('2027-01-01T00:00:15.000Z');
    expect(next('0 30 8 1 JAN,JUL *', '2027-01-01T08:30:00Z')).to.equal('2027-07-01T08:30:00.000Z');
    expect(next('@daily', '2027-01-01T12:00:00Z')).to.equal('2027-01-02T00:00:00.000Z');
  });

  it('know last days, nearest workdays and the nth weekday', () => {
    expect(next('0 0 0 L * *', '2027-02-01T00:00:00Z')).to.equal('2027-02-28T00:00:00.000Z');
    expect(next('0 0 0 LW * *', '2027-02-01T00:00:00Z')).to.equal('2027-02-26T00:00:00.000Z');
    expect(next('0 0 0 1W * *', '2027-04-30T12:00:00Z')).to.equal('2027-05-03T00:00:00.000Z');
    expect(next('0 0 0 ? * MON#2', '2027-01-01T00:00:00Z')).to.equal('2027-01-11T00:00:00.000Z');
    expect(next('0 0 0 ? * FRIL', '2027-01-01T00:00:00Z')).to.equal('2027-01-29T00:00:00.000Z');
  });

  it('are unreadable with too few fields or numbers out of range', () => {
    for (const text of ['* * * * *', '61 * * * * *', '0 0 25 * * *', '0 0 0 32 * *', 'x 0 0 1 1 *'])
      expect(next(text, '2027-01-01T00:00:00Z'), text).to.equal('unreadable');
  });

  it('give up on a day that never comes', () => {
    expect(next('0 0 0 30 2 *', '2027-01-01T00:00:00Z')).to.equal('never');
  });
});
