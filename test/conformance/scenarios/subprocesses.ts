/** Embedded subprocesses, event subprocesses, escalations and signals. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const subprocesses = theme(
  'subprocesses',

  scenario('a subprocess with several ends goes on once, whichever end was reached', async ({ given, when, then }) => {
    await given.deployed(
      process('ends')
        .start('start')
        .subprocess('sub', (inside) =>
          inside
            .start('begin')
            .user('avklar')
            .exclusive('gate')
            .when('=harPlan')
            .end('harPlan')
            .from('gate')
            .otherwise()
            .end('videre'),
        )
        .exclusive('after')
        .when('=harPlan')
        .end('endHarPlan')
        .from('after')
        .otherwise()
        .service('effect')
        .end('done'),
    );
    const instance = await when.started('ends');
    await when.taskCompleted('avklar', { harPlan: true });
    await then.instanceIs(instance, 'COMPLETED');
    await then.passed(['start', 'sub', 'begin', 'avklar', 'gate', 'harPlan', 'after', 'endHarPlan'], instance);
  }),

  scenario('a terminate end inside a subprocess ends only that', async ({ given, when, then }) => {
    await given.deployed(
      process('terminateInside')
        .start('start')
        .subprocess('sub', (inside) =>
          inside
            .start('begin')
            .parallel('fork')
            .user('open')
            .end('e1')
            .from('fork')
            .manual('quick')
            .end('stop', { terminate: true }),
        )
        .service('after')
        .end('done'),
    );
    const instance = await when.started('terminateInside');
    await then.active(['after'], instance);
  }),

  scenario(
    'input mappings of a subprocess are local to it, results go past it to the process',
    async ({ given, when, then }) => {
      await given.deployed(
        process('locals')
          .start('start')
          .subprocess('sub', (inside) => inside.start('begin').service('work').end('finish'), {
            input: { known: '=1' },
            output: { out: '=known' },
          })
          .end('done'),
      );
      const instance = await when.started('locals', { a: 0 });
      await when.completed('work', { known: 2, fresh: 3 });
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { a: 0, fresh: 3, out: 2 });
    },
  ),

  scenario('a non-interrupting message event subprocess runs beside, several times', async ({ given, when, then }) => {
    await given.deployed(
      process('beside')
        .start('start')
        .user('task')
        .end('done')
        .eventSubprocess('onNote', (inside) =>
          inside.start('noted', { message: 'Note', key: '=id', interrupting: false }).service('log').end('logged'),
        ),
    );
    const instance = await when.started('beside', { id: 'x1' });
    await when.published('Note', 'x1', { variables: { n: 1 } });
    await when.published('Note', 'x1', { variables: { n: 2 } });
    // the last one wins on the process, also for the first job
    const jobs = await when.takenAll('log', 2);
    for (const job of jobs) await when.completed(job);
    await then.variablesAre(instance, { id: 'x1', n: 2 });
    await then.active(['task'], instance);
    await when.taskCompleted('task');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'an input mapping on the event subprocess keeps the variables of its message local',
    async ({ given, when, then }) => {
      await given.deployed(
        process('besideLocal')
          .start('start')
          .user('task')
          .end('done')
          .eventSubprocess(
            'onNote',
            (inside) =>
              inside.start('noted', { message: 'Note', key: '=id', interrupting: false }).service('log').end('logged'),
            { input: { n: '=null' } },
          ),
      );
      const instance = await when.started('besideLocal', { id: 'x2' });
      await when.published('Note', 'x2', { variables: { n: 1 } });
      await when.published('Note', 'x2', { variables: { n: 2 } });
      await when.takenAll('log', 2);
      await then.variablesAre(instance, { id: 'x2' });
    },
  ),

  scenario(
    'an interrupting event subprocess ends everything else and the process ends with it',
    async ({ given, when, then }) => {
      await given.deployed(
        process('planEnded')
          .start('start')
          .parallel('fork')
          .user('a')
          .end('endA')
          .from('fork')
          .service('b')
          .end('endB')
          .eventSubprocess('ended', (inside) =>
            inside.start('planAvsluttet', { message: 'PlanAvsluttet', key: '=planId' }).service('tidy').end('over'),
          ),
      );
      const instance = await when.started('planEnded', { planId: 'p1' });
      await when.published('PlanAvsluttet', 'p1');
      await then.active(['ended', 'tidy'], instance);
      await then.taskIs('a', { state: 'CANCELED' });
      await when.completed('tidy');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'a timer event subprocess counts from the start of its scope',
    async ({ given, when, then }) => {
      await given.deployed(
        process('slowProcess')
          .start('start')
          .user('task')
          .end('done')
          .eventSubprocess('late', (inside) =>
            inside.start('month', { duration: 'P30D', interrupting: false }).service('remind').end('reminded'),
          ),
      );
      const instance = await when.started('slowProcess');
      await when.timePassed('P30DT1S');
      await then.active(['late', 'remind', 'task'], instance);
      await when.taskCompleted('task');
      await then.instanceIs(instance, 'ACTIVE');
      await when.completed('remind');
      await then.instanceIs(instance, 'COMPLETED');
    },
    { clock: true },
  ),

  scenario(
    'the key of an event subprocess is read at the start event: an error there is an incident and nothing runs',
    async ({ given, when, then }) => {
      await given.deployed(
        process('keyless')
          .start('start')
          .service('work')
          .end('done')
          .eventSubprocess('ended', (inside) =>
            inside.start('stopped', { message: 'Stop', key: '=planId' }).end('over'),
          ),
      );
      const instance = await when.started('keyless');
      await then.holds(
        () => when.incidentKey('start'),
        () => undefined,
      );
      await then.nothingToDo('work');
      await when.variablesSet(instance, { planId: 'p' });
      await when.incidentResolved('start');
      await then.active(['work'], instance);
    },
  ),

  scenario('a terminate end inside an event subprocess ends only that', async ({ given, when, then }) => {
    await given.deployed(
      process('terminateBeside')
        .start('start')
        .user('task')
        .end('done')
        .eventSubprocess('onNote', (inside) =>
          inside
            .start('noted', { message: 'Note', key: '=id', interrupting: false })
            .manual('log')
            .end('stop', { terminate: true }),
        ),
    );
    const instance = await when.started('terminateBeside', { id: 't1' });
    await when.published('Note', 't1');
    await then.active(['task'], instance);
  }),

  scenario(
    'an escalation end event reaches the boundary, and a non-interrupting one lets the subprocess finish',
    async ({ given, when, then }) => {
      await given.deployed(
        process('escalated')
          .start('start')
          .subprocess('sub', (inside) =>
            inside.start('begin').throws('tell', { escalation: 'Late' }).service('work').end('finish'),
          )
          .end('done')
          .boundary('heard', 'sub', { escalation: 'Late', interrupting: false })
          .service('handle')
          .end('handled'),
      );
      const instance = await when.started('escalated');
      await then.active(['handle', 'sub', 'work'], instance);
      await when.completed('work');
      await when.completed('handle');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('an interrupting escalation boundary ends the subprocess', async ({ given, when, then }) => {
    await given.deployed(
      process('escalatedHard')
        .start('start')
        .subprocess('sub', (inside) =>
          inside
            .start('begin')
            .parallel('fork')
            .user('open')
            .end('e1')
            .from('fork')
            .manual('m')
            .end('tell', { escalation: 'Late' }),
        )
        .end('done')
        .boundary('heard', 'sub', { escalation: null })
        .service('handle')
        .end('handled'),
    );
    const instance = await when.started('escalatedHard');
    await then.active(['handle'], instance);
    await then.taskIs('open', { state: 'CANCELED' });
  }),

  scenario('an uncaught escalation goes on silently', async ({ given, when, then }) => {
    await given.deployed(
      process('unheard')
        .start('start')
        .throws('tell', { escalation: 'Nobody' })
        .manual('m')
        .end('end', { escalation: 'Nobody' }),
    );
    const instance = await when.started('unheard');
    await then.instanceIs(instance, 'COMPLETED');
    await then.incidentsAre([]);
  }),

  scenario('an escalation climbs out of a called instance', async ({ given, when, then }) => {
    await given.deployed(
      process('caller')
        .start('start')
        .call('call', { process: 'child' })
        .end('done')
        .boundary('heard', 'call', { escalation: 'Late', interrupting: false })
        .manual('handle')
        .end('handled'),
      process('child').start('begin').throws('tell', { escalation: 'Late' }).service('work').end('finish'),
    );
    const instance = await when.started('caller');
    await then.passed(['start', 'call', 'heard', 'handle', 'handled'], instance);
    await when.completed('work');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a signal reaches everyone who waits and starts who listens, and is never buffered',
    async ({ given, when, then }) => {
      await given.deployed(
        process('hears').start('start').service('work').catches('wait', { signal: 'Bell' }).end('done'),
        process('wakes').start('begin', { signal: 'Bell' }).end('done'),
      );
      const early = await when.started('hears');
      const late = await when.started('hears');
      await when.completed('work');
      await when.signalled('Bell', { rung: 1 });
      await then.instanceIs(early, 'COMPLETED');
      await then.instancesOf('wakes', { COMPLETED: 1 });
      await when.completed('work');
      await then.active(['wait'], late);
      await then.variablesAre(early, { rung: 1 });
    },
  ),

  scenario('a thrown signal starts and interrupts by boundary', async ({ given, when, then }) => {
    await given.deployed(
      process('rings').start('start').throws('ring', { signal: 'Alarm' }).end('done'),
      process('runs')
        .start('start')
        .user('task')
        .end('done')
        .boundary('alarmed', 'task', { signal: 'Alarm' })
        .end('fled'),
    );
    const runner = await when.started('runs');
    await when.started('rings');
    await then.passed(['start', 'task', 'alarmed', 'fled'], runner);
  }),
);
