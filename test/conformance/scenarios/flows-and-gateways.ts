/** Sequence flows and gateways that fork: which flow is taken, and in which order. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const flowsAndGateways = theme(
  'flows-and-gateways',

  scenario(
    'a service task runs from start to end and leaves its result on the process',
    async ({ given, when, then }) => {
      await given.deployed(process('simple', { name: 'Simple' }).start('start').service('work').end('done'));
      const instance = await when.started('simple', { a: 1 });
      await then.active(['work'], instance);
      await when.completed('work', { b: { deep: [1, null, 'x'] } });
      await then.instanceIs(instance, 'COMPLETED');
      await then.passed(['start', 'work', 'done'], instance);
      await then.variablesAre(instance, { a: 1, b: { deep: [1, null, 'x'] } });
    },
  ),

  scenario('of two true conditions the later flow in the file wins', async ({ given, when, then }) => {
    await given.deployed(
      process('choice')
        .start('start')
        .exclusive('gate')
        .when('=n > 1')
        .service('early')
        .end('endEarly')
        .from('gate')
        .when('=n > 2')
        .service('late')
        .end('endLate'),
    );
    const instance = await when.started('choice', { n: 5 });
    await then.passed(['start', 'gate', 'late'], instance);
    await when.completed('late');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('a broken condition before the true one in the file is never evaluated', async ({ given, when, then }) => {
    await given.deployed(
      process('broken')
        .start('start')
        .exclusive('gate')
        .when('=assert(x, false)')
        .end('never')
        .from('gate')
        .when('=true')
        .end('taken'),
    );
    const instance = await when.started('broken');
    await then.passed(['start', 'gate', 'taken'], instance);
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('the default flow is taken when no condition is true', async ({ given, when, then }) => {
    await given.deployed(
      process('fallback')
        .start('start')
        .exclusive('gate')
        .otherwise()
        .end('default')
        .from('gate')
        .when('=utfall = "ja"')
        .end('ja')
        .from('gate')
        .when('=utfall = "nei"')
        .end('nei'),
    );
    await then.passed(['start', 'gate', 'default'], await when.started('fallback', { utfall: 'kanskje' }));
    await then.passed(['start', 'gate', 'nei'], await when.started('fallback', { utfall: 'nei' }));
    await then.instancesOf('fallback', { COMPLETED: 2 });
  }),

  scenario(
    'no true condition and no default is a CONDITION_ERROR, and goes on when the variable is mended',
    async ({ given, when, then }) => {
      await given.deployed(
        process('stuck')
          .start('start')
          .exclusive('gate')
          .when('=n > 1')
          .end('one')
          .from('gate')
          .when('=n > 2')
          .end('two'),
      );
      const instance = await when.started('stuck', { n: 0 });
      await then.incidentsAre(['gate CONDITION_ERROR']);
      await then.instanceIs(instance, 'ACTIVE');
      await when.variablesSet(instance, { n: 2 });
      await when.incidentResolved('gate');
      await then.passed(['start', 'gate', 'one'], instance);
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'a condition that is not a boolean is an EXTRACT_VALUE_ERROR and the default is not taken',
    async ({ given, when, then }) => {
      await given.deployed(
        process('text').start('start').exclusive('gate').when('=answer').end('yes').from('gate').otherwise().end('no'),
      );
      const first = await when.started('text', { answer: 'true' });
      await then.incidentsAre(['gate EXTRACT_VALUE_ERROR']);
      const second = await when.started('text', { answer: null });
      await then.incidentsAre(['gate EXTRACT_VALUE_ERROR', 'gate EXTRACT_VALUE_ERROR']);
      await then.active(['gate'], first);
      await then.active(['gate'], second);
    },
  ),

  scenario('a missing variable equals null in a condition', async ({ given, when, then }) => {
    await given.deployed(
      process('missing')
        .start('start')
        .exclusive('gate')
        .when('=missing = null')
        .end('isNull')
        .from('gate')
        .otherwise()
        .end('other'),
    );
    await then.passed(['start', 'gate', 'isNull'], await when.started('missing'));
  }),

  scenario('a parallel gateway starts its branches in reverse file order', async ({ given, when, then }) => {
    await given.deployed(
      process('fork')
        .start('start')
        .parallel('fork')
        .service('a', { type: 'work' })
        .end('endA')
        .from('fork')
        .service('b', { type: 'work' })
        .end('endB')
        .from('fork')
        .service('c', { type: 'work' })
        .end('endC'),
    );
    const instance = await when.started('fork');
    await then.passed(['start', 'fork', 'c', 'b', 'a'], instance);
    const jobs = await when.takenAll('work', 3);
    for (const job of jobs) await when.completed(job);
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('an implicit fork starts all its flows in reverse file order', async ({ given, when, then }) => {
    await given.deployed(
      process('implicit').start('start').service('first').manual('x').end('endX').from('first').task('y').end('endY'),
    );
    const instance = await when.started('implicit');
    await when.completed('first');
    await then.instanceIs(instance, 'COMPLETED');
    await then.passed(['start', 'first', 'y', 'x', 'endY', 'endX'], instance);
  }),

  scenario(
    'an inclusive gateway takes every true flow, in reverse file order, and the default only when none is true',
    async ({ given, when, then }) => {
      await given.deployed(
        process('some')
          .start('start')
          .inclusive('gate')
          .when('=n > 1')
          .service('one', { type: 'work' })
          .end('end1')
          .from('gate')
          .when('=n > 2')
          .service('two', { type: 'work' })
          .end('end2')
          .from('gate')
          .otherwise()
          .service('none', { type: 'work' })
          .end('end3'),
      );
      const both = await when.started('some', { n: 3 });
      await then.passed(['start', 'gate', 'two', 'one'], both);
      const neither = await when.started('some', { n: 0 });
      await then.passed(['start', 'gate', 'none'], neither);
    },
  ),

  scenario('an event-based gateway takes the first event and drops the others', async ({ given, when, then }) => {
    await given.deployed(
      process('race')
        .start('start')
        .eventBased('wait')
        .catches('answered', { message: 'answer', key: '=id' })
        .service('react')
        .end('endA')
        .from('wait')
        .catches('late', { duration: 'PT1H' })
        .end('endB'),
    );
    const instance = await when.started('race', { id: 'k1' });
    await then.active(['wait'], instance);
    await when.published('answer', 'k1', { variables: { svar: 'ja' } });
    await then.active(['react'], instance);
    await when.completed('react');
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { id: 'k1', svar: 'ja' });
  }),

  scenario(
    'an event-based gateway takes its timer when nothing else comes, and the message is not heard any more',
    async ({ given, when, then }) => {
      await given.deployed(
        process('slow')
          .start('start')
          .eventBased('wait')
          .catches('answered', { message: 'answer', key: '=id' })
          .end('endA')
          .from('wait')
          .catches('late', { duration: 'PT1H' })
          .service('remind')
          .end('endB'),
      );
      const instance = await when.started('slow', { id: 'k2' });
      await when.timePassed('PT1H1S');
      await then.active(['remind'], instance);
      await when.published('answer', 'k2');
      await then.active(['remind'], instance);
      await when.completed('remind');
      await then.passed(['start', 'wait', 'late', 'remind', 'endB'], instance);
    },
    { clock: true },
  ),

  scenario(
    'a loop through an exclusive gateway makes a new element instance each round',
    async ({ given, when, then }) => {
      await given.deployed(
        process('again')
          .start('start')
          .exclusive('merge')
          .service('work')
          .exclusive('enough')
          .when('=godkjent')
          .end('done')
          .from('enough')
          .otherwise()
          .to('merge'),
      );
      const instance = await when.started('again');
      await when.completed('work', { godkjent: false });
      await when.completed('work', { godkjent: true });
      await then.passed(['start', 'merge', 'work', 'enough', 'merge', 'work', 'enough', 'done'], instance);
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'a terminate end event ends everything around it and leaves the instance COMPLETED',
    async ({ given, when, then }) => {
      await given.deployed(
        process('stop')
          .start('start')
          .parallel('fork')
          .user('waiting')
          .end('never')
          .from('fork')
          .service('work')
          .end('stopAll', { terminate: true }),
      );
      const instance = await when.started('stop');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
      await then.taskIs('waiting', { state: 'CANCELED' });
    },
  ),

  scenario('a link event goes on at its target', async ({ given, when, then }) => {
    await given.deployed(
      process('linked')
        .start('start')
        .throws('jump', { link: 'there' })
        .catches('land', { link: 'there' })
        .service('work')
        .end('done'),
    );
    const instance = await when.started('linked');
    await then.passed(['start', 'jump', 'land', 'work'], instance);
  }),
);
