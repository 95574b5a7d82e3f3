/** Messages: correlation, buffering, ids, start events. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const messages = theme(
  'messages',

  scenario(
    'a message start event starts an instance with the variables of the message',
    async ({ given, when, then }) => {
      await given.deployed(
        process('started').start('anmodning', { message: 'AnmodningMottatt' }).service('work').end('done'),
      );
      await when.published('AnmodningMottatt', 's1', { variables: { sakId: 's1' } });
      await then.instancesOf('started', { ACTIVE: 1 });
      const [instance] = await then.instanceKeys('started', 1);
      if (instance) await then.variablesAre(instance, { sakId: 's1' });
      await when.completed('work');
      await then.instancesOf('started', { COMPLETED: 1 });
    },
  ),

  scenario(
    'the same key with an active instance waits in the buffer until that one has ended',
    async ({ given, when, then }) => {
      await given.deployed(process('oneAtATime').start('begin', { message: 'Begin' }).service('work').end('done'));
      await when.published('Begin', 'k', { variables: { n: 1 } });
      await when.published('Begin', 'k', { variables: { n: 2 } });
      await then.instancesOf('oneAtATime', { ACTIVE: 1 });
      await when.completed('work');
      await then.instancesOf('oneAtATime', { ACTIVE: 1, COMPLETED: 1 });
      await when.published('Begin', '', { variables: { n: 3 } });
      await when.published('Begin', '', { variables: { n: 4 } });
      await then.instancesOf('oneAtATime', { ACTIVE: 3, COMPLETED: 1 });
    },
  ),

  scenario('only the newest version listens for its start message', async ({ given, when, then }) => {
    await given.deployed(process('versions').start('begin', { message: 'Begin' }).service('old').end('done'));
    await given.deployed(process('versions').start('begin', { message: 'Begin' }).service('new').end('done'));
    await when.published('Begin', 'k');
    await then.active(['new']);
  }),

  scenario('a receive task takes a message that was published before it waited', async ({ given, when, then }) => {
    await given.deployed(
      process('buffered')
        .start('start')
        .service('work')
        .receive('wait', { message: 'KompetanseRegistrert', key: '=id' })
        .end('done'),
    );
    const instance = await when.started('buffered', { id: 'b1' });
    await when.published('KompetanseRegistrert', 'b1', { variables: { kurs: true } });
    await when.completed('work');
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { id: 'b1', kurs: true });
  }),

  scenario('a message with no time to live is lost when nobody waits', async ({ given, when, then }) => {
    await given.deployed(
      process('unbuffered').start('start').service('work').receive('wait', { message: 'M', key: '=id' }).end('done'),
    );
    const instance = await when.started('unbuffered', { id: 'u1' });
    await when.published('M', 'u1', { ttl: 0 });
    await when.completed('work');
    await then.active(['wait'], instance);
    await when.published('M', 'u1', { ttl: 0 });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a buffered message expires',
    async ({ given, when, then }) => {
      await given.deployed(
        process('expires').start('start').service('work').receive('wait', { message: 'M', key: '=id' }).end('done'),
      );
      const instance = await when.started('expires', { id: 'e1' });
      await when.published('M', 'e1', { ttl: 60_000 });
      await when.timePassed('PT2M');
      await when.completed('work');
      await then.active(['wait'], instance);
    },
    { clock: true },
  ),

  scenario(
    'a message id is refused while the first message with name, key and id is buffered',
    async ({ given, when, then }) => {
      await given.deployed(process('ids').start('begin', { message: 'Begin' }).service('work').end('done'));
      await when.published('Begin', 'k', { id: 'm1' });
      await then.refused(409, 'ALREADY_EXISTS', when.published('Begin', 'k', { id: 'm1' }));
      await when.published('Begin', 'k2', { id: 'm1' });
      await when.published('Begin', 'k', { id: 'm2' });
      await when.published('Other', 'k', { id: 'm1' });
      await then.instancesOf('ids', { ACTIVE: 2 });
    },
  ),

  scenario(
    'after expiry, and with no time to live, a message id is free again',
    async ({ given, when, then }) => {
      await given.deployed(process('freeIds').start('begin', { message: 'Begin' }).end('done'));
      await when.published('Begin', 'k', { id: 'm1', ttl: 0 });
      await when.published('Begin', 'k', { id: 'm1', ttl: 60_000 });
      await when.timePassed('PT2M');
      await when.published('Begin', 'k', { id: 'm1' });
      await then.instancesOf('freeIds', { COMPLETED: 3 });
    },
    { clock: true },
  ),

  scenario('one message reaches one instance per process id', async ({ given, when, then }) => {
    await given.deployed(
      process('first').start('start').receive('wait', { message: 'M', key: '=id' }).end('done'),
      process('second').start('start').receive('wait', { message: 'M', key: '=id' }).end('done'),
    );
    await when.started('first', { id: 'x' });
    await when.started('first', { id: 'x' });
    await when.started('second', { id: 'x' });
    await when.published('M', 'x');
    await then.instancesOf('first', { COMPLETED: 1, ACTIVE: 1 });
    await then.instancesOf('second', { COMPLETED: 1 });
  }),

  scenario(
    'an interrupting message boundary on a subprocess ends everything inside and takes the variables to the process',
    async ({ given, when, then }) => {
      await given.deployed(
        process('withdrawn')
          .start('start')
          .subprocess('sub', (inside) => inside.start('begin').user('task').end('finish'))
          .end('done')
          .boundary('sakTrukket', 'sub', { message: 'SakTrukket', key: '=sakId' })
          .service('confirm')
          .end('trukket'),
      );
      const instance = await when.started('withdrawn', { sakId: 'w1' });
      await when.published('SakTrukket', 'w1', { variables: { grunn: 'ombestemt' } });
      await then.active(['confirm'], instance);
      await then.variablesAre(instance, { sakId: 'w1', grunn: 'ombestemt' });
      await then.taskIs('task', { state: 'CANCELED' });
      await when.completed('confirm');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'a non-interrupting message boundary takes several buffered messages one after another',
    async ({ given, when, then }) => {
      await given.deployed(
        process('several')
          .start('start')
          .user('task')
          .end('done')
          .boundary('note', 'task', { message: 'Note', key: '=id', interrupting: false })
          .service('log')
          .end('logged'),
      );
      const instance = await when.started('several', { id: 'n1' });
      await when.published('Note', 'n1', { variables: { n: 1 } });
      await when.published('Note', 'n1', { variables: { n: 2 } });
      await then.active(['log', 'log', 'task'], instance);
      await when.completed('log');
      await when.completed('log');
      await when.taskCompleted('task');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'messages published before the wait all reach a non-interrupting boundary',
    async ({ given, when, then }) => {
      await given.deployed(
        process('backlog')
          .start('start')
          .service('work')
          .user('task')
          .end('done')
          .boundary('note', 'task', { message: 'Note', key: '=id', interrupting: false })
          .service('log')
          .end('logged'),
      );
      const instance = await when.started('backlog', { id: 'n2' });
      for (const n of [1, 2, 3]) await when.published('Note', 'n2', { variables: { n } });
      await when.completed('work');
      await then.active(['log', 'log', 'log', 'task'], instance);
    },
  ),

  scenario('a boundary correlation key is read in the scope around the activity', async ({ given, when, then }) => {
    await given.deployed(
      process('scope')
        .start('start')
        .service('work', { input: { id: '="inner"' } })
        .end('done')
        .boundary('note', 'work', { message: 'Note', key: '=id' })
        .end('noted'),
    );
    const instance = await when.started('scope', { id: 'outer' });
    await when.published('Note', 'inner', { ttl: 0 });
    await then.active(['work'], instance);
    await when.published('Note', 'outer', { ttl: 0 });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a correlation key that is null is an incident on the activity, and its job is not created',
    async ({ given, when, then }) => {
      await given.deployed(
        process('nullKey')
          .start('start')
          .service('work')
          .end('done')
          .boundary('note', 'work', { message: 'Note', key: '=id' })
          .end('noted'),
      );
      const instance = await when.started('nullKey');
      await then.incidentsAre(['work EXTRACT_VALUE_ERROR']);
      await then.nothingToDo('work');
      await when.variablesSet(instance, { id: 'now' });
      await when.incidentResolved('work');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'number keys match their text, and a key stays fixed while the subscription is open',
    async ({ given, when, then }) => {
      await given.deployed(process('numbers').start('start').receive('wait', { message: 'M', key: '=id' }).end('done'));
      const instance = await when.started('numbers', { id: 42 });
      await when.variablesSet(instance, { id: 43 });
      await when.published('M', '43', { ttl: 0 });
      await then.active(['wait'], instance);
      await when.published('M', '42', { ttl: 0 });
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('correlate answers 404 when nobody listens and buffers nothing', async ({ given, when, then }) => {
    await given.deployed(
      process('correlate').start('start').service('work').receive('wait', { message: 'M', key: '=id' }).end('done'),
    );
    const instance = await when.started('correlate', { id: 'c1' });
    await then.refused(404, 'NOT_FOUND', when.correlated('M', 'c1'));
    await when.completed('work');
    await then.active(['wait'], instance);
    await when.correlated('M', 'c1', { ok: true });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { id: 'c1', ok: true });
  }),

  scenario(
    'an output mapping on a catch event replaces the merge of message variables',
    async ({ given, when, then }) => {
      await given.deployed(
        process('replaced')
          .start('start')
          .catches('wait', { message: 'M', key: '=id', output: { svar: '=a' } })
          .end('done'),
      );
      const instance = await when.started('replaced', { id: 'o1' });
      await when.published('M', 'o1', { variables: { a: 1, b: 2 } });
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { id: 'o1', svar: 1 });
    },
  ),

  scenario(
    'a buffered message reaches another process that opens later, but never the same one twice',
    async ({ given, when, then }) => {
      await given.deployed(
        process('first')
          .start('start')
          .receive('wait', { message: 'M', key: '=id' })
          .receive('again', { message: 'M', key: '=id' })
          .end('done'),
        process('second').start('start').receive('wait', { message: 'M', key: '=id' }).end('done'),
      );
      await when.published('M', 'x');
      const one = await when.started('first', { id: 'x' });
      await then.active(['again'], one);
      const other = await when.started('first', { id: 'x' });
      await then.active(['wait'], other);
      const second = await when.started('second', { id: 'x' });
      await then.instanceIs(second, 'COMPLETED');
    },
  ),

  scenario('within an instance one of several equal catches gets the message', async ({ given, when, then }) => {
    await given.deployed(
      process('equal')
        .start('start')
        .parallel('fork')
        .receive('a', { message: 'M', key: '=id' })
        .end('endA')
        .from('fork')
        .receive('b', { message: 'M', key: '=id' })
        .end('endB'),
    );
    const instance = await when.started('equal', { id: 'x' });
    await when.published('M', 'x', { ttl: 0 });
    await then.instanceIs(instance, 'ACTIVE');
    await when.published('M', 'x', { ttl: 0 });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('a start and a waiting catch of another process both get the message', async ({ given, when, then }) => {
    await given.deployed(
      process('waits').start('start').receive('wait', { message: 'M', key: '=id' }).end('done'),
      process('starts').start('begin', { message: 'M' }).service('work').end('done'),
    );
    const instance = await when.started('waits', { id: 'x' });
    await when.published('M', 'x');
    await then.instanceIs(instance, 'COMPLETED');
    await then.instancesOf('starts', { ACTIVE: 1 });
  }),

  scenario('correlating a start message while its key is locked answers 404', async ({ given, when, then }) => {
    await given.deployed(process('locked').start('begin', { message: 'M' }).service('work').end('done'));
    await when.correlated('M', 'x', { n: 1 });
    await then.refused(404, 'NOT_FOUND', when.correlated('M', 'x', { n: 2 }));
    await when.completed('work');
    await then.instancesOf('locked', { COMPLETED: 1 });
  }),

  scenario(
    'an output mapping on a message start event lets only the mapped names in',
    async ({ given, when, then }) => {
      await given.deployed(
        process('mappedStart')
          .start('begin', { message: 'M', output: { sak: '=id' } })
          .service('work')
          .end('done'),
      );
      await when.published('M', 'x', { variables: { id: 's1', other: 2 } });
      const [instance] = await then.instanceKeys('mappedStart', 1);
      if (instance) await then.variablesAre(instance, { sak: 's1' });
    },
  ),

  scenario(
    'a message caught in a subprocess merges its variables up to the process, past the subprocess',
    async ({ given, when, then }) => {
      await given.deployed(
        process('deep')
          .start('start')
          .subprocess(
            'sub',
            (inside) => inside.start('begin').catches('wait', { message: 'M', key: '=id' }).user('look').end('finish'),
            {
              input: { held: '=1' },
            },
          )
          .end('done'),
      );
      const instance = await when.started('deep', { id: 'x' });
      await when.published('M', 'x', { variables: { held: 2, fresh: 3 } });
      await then.localVariablesAre('sub', { held: 2 });
      await then.variablesAre(instance, { id: 'x', fresh: 3 });
    },
  ),
);
