/** Timers: durations, dates, cycles and what a late clock does to them. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

const clock = { clock: true };

export const timers = theme(
  'timers',

  scenario(
    'an intermediate timer waits its duration, which may be an expression',
    async ({ given, when, then }) => {
      await given.deployed(process('wait').start('start').catches('pause', { duration: '=frist' }).end('done'));
      const instance = await when.started('wait', { frist: 'PT2H' });
      await when.timePassed('PT1H59M');
      await then.active(['pause'], instance);
      await when.timePassed('PT2M');
      await then.instanceIs(instance, 'COMPLETED');
    },
    clock,
  ),

  scenario('a date in the past fires at once', async ({ given, when, then }) => {
    await given.deployed(process('past').start('start').catches('pause', { date: '2020-01-01T00:00:00Z' }).end('done'));
    const instance = await when.started('past');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a month is a calendar month',
    async ({ given, when, then }) => {
      await given.deployed(
        process('month')
          .start('start')
          .user('task')
          .end('done')
          .boundary('foreloepig', 'task', { duration: 'P1M', interrupting: false })
          .service('answer')
          .end('answered'),
      );
      const instance = await when.started('month');
      await when.timePassed('P27D');
      await then.active(['task'], instance);
      await when.timePassed('P5D');
      await then.active(['answer', 'task'], instance);
    },
    clock,
  ),

  scenario(
    'a cycle of three fires three times, anchored on due dates',
    async ({ given, when, then }) => {
      await given.deployed(
        process('thrice')
          .start('start')
          .user('task')
          .end('done')
          .boundary('remind', 'task', { cycle: 'R3/PT1H', interrupting: false })
          .manual('reminded')
          .end('end'),
      );
      const instance = await when.started('thrice');
      await when.timePassed('PT1H10M');
      await when.timePassed('PT50M5S');
      await then.passed(['start', 'task', 'remind', 'reminded', 'end', 'remind', 'reminded', 'end'], instance);
      await when.timePassed('PT5H');
      await then.passed(
        ['start', 'task', 'remind', 'reminded', 'end', 'remind', 'reminded', 'end', 'remind', 'reminded', 'end'],
        instance,
      );
      await then.active(['task'], instance);
    },
    clock,
  ),

  scenario(
    'a cycle that is overdue by several intervals fires for the due date and once for now, and skips the rest',
    async ({ given, when, then }) => {
      await given.deployed(
        process('overdue')
          .start('start')
          .user('task')
          .end('done')
          .boundary('remind', 'task', { cycle: 'R/PT1H', interrupting: false })
          .end('end'),
      );
      const instance = await when.started('overdue');
      await when.timeLeapt('PT5H30M');
      await then.passed(['start', 'task', 'remind', 'end', 'remind', 'end'], instance);
      await when.timePassed('PT1H1S');
      await then.passed(['start', 'task', 'remind', 'end', 'remind', 'end', 'remind', 'end'], instance);
    },
    clock,
  ),

  scenario(
    'a boundary timer expression is read inside the activity',
    async ({ given, when, then }) => {
      await given.deployed(
        process('inner')
          .start('start')
          .service('work', { input: { frist: '="PT1H"' } })
          .end('done')
          .boundary('late', 'work', { duration: '=frist' })
          .end('gone'),
      );
      const instance = await when.started('inner', { frist: 'P10D' });
      await when.timePassed('PT1H1S');
      await then.instanceIs(instance, 'COMPLETED');
      await then.passed(['start', 'work', 'late', 'gone'], instance);
    },
    clock,
  ),

  scenario('a bad duration is an EXTRACT_VALUE_ERROR', async ({ given, when, then }) => {
    await given.deployed(process('bad').start('start').catches('pause', { duration: '=frist' }).end('done'));
    const instance = await when.started('bad', { frist: 'ti dager' });
    await then.incidentsAre(['pause EXTRACT_VALUE_ERROR']);
    await when.variablesSet(instance, { frist: 'PT0S' });
    await when.incidentResolved('pause');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a finished activity takes its timers with it',
    async ({ given, when, then }) => {
      await given.deployed(
        process('inTime')
          .start('start')
          .user('task')
          .service('after')
          .end('done')
          .boundary('late', 'task', { duration: 'PT1H' })
          .end('gone'),
      );
      const instance = await when.started('inTime');
      await when.taskCompleted('task');
      await when.timePassed('PT2H');
      await then.active(['after'], instance);
    },
    clock,
  ),

  scenario(
    'a timer on a subprocess ends what is inside',
    async ({ given, when, then }) => {
      await given.deployed(
        process('subLate')
          .start('start')
          .subprocess('sub', (inside) => inside.start('begin').user('task').end('finish'))
          .end('done')
          .boundary('late', 'sub', { duration: 'P1D' })
          .service('escalate')
          .end('gone'),
      );
      const instance = await when.started('subLate');
      await when.timePassed('P1DT1S');
      await then.active(['escalate'], instance);
    },
    clock,
  ),

  scenario(
    'a timer start event starts instances, and a new version replaces it',
    async ({ given, when, then }) => {
      await given.deployed(process('scheduled').start('tick', { cycle: 'R/PT1H' }).manual('old').end('done'));
      await when.timePassed('PT1H1S');
      await then.instancesOf('scheduled', { COMPLETED: 1 });
      await given.deployed(process('scheduled').start('tick', { cycle: 'R2/PT1H' }).manual('new').end('done'));
      await when.timePassed('PT5H');
      await then.passed(['tick', 'old', 'done', 'tick', 'new', 'done', 'tick', 'new', 'done']);
    },
    clock,
  ),

  scenario(
    'a cron cycle fires at its times',
    async ({ given, when, then }) => {
      await given.deployed(
        process('cron')
          .start('start')
          .user('task')
          .end('done')
          .boundary('hourly', 'task', { cycle: '0 0 * * * *', interrupting: false })
          .end('end'),
      );
      const instance = await when.started('cron');
      await when.timePassed('PT2H');
      await then.passed(['start', 'task', 'hourly', 'end', 'hourly', 'end'], instance);
    },
    clock,
  ),

  scenario('a start timer whose date has passed fires at deployment', async ({ given, then }) => {
    await given.deployed(process('pastStart').start('tick', { date: '2020-01-01T00:00:00Z' }).manual('m').end('done'));
    await then.instancesOf('pastStart', { COMPLETED: 1 });
  }),

  scenario(
    'two timers of different length on one task: the reminder first, then the end',
    async ({ given, when, then }) => {
      await given.deployed(
        process('twoTimers')
          .start('start')
          .user('samtykke')
          .end('done')
          .boundary('reminder', 'samtykke', { duration: 'P10D', interrupting: false })
          .service('remind')
          .end('reminded')
          .boundary('limit', 'samtykke', { duration: 'P30D' })
          .user('avklar')
          .end('clarified'),
      );
      const instance = await when.started('twoTimers');
      await when.timePassed('P30DT1S');
      await then.active(['avklar', 'remind'], instance);
      await then.taskIs('samtykke', { state: 'CANCELED' });
    },
    clock,
  ),
);
