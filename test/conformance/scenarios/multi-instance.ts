/** Multi-instance activities, sequential and parallel. */
import { expect } from 'chai';
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const multiInstance = theme(
  'multi-instance',

  scenario('parallel: all items at once, results in the order of the items', async ({ given, when, then }) => {
    await given.deployed(
      process('each')
        .start('start')
        .service('work', {
          each: { collection: '=items', element: 'item', outputCollection: 'results', outputElement: '=r' },
        })
        .end('done'),
    );
    const instance = await when.started('each', { items: ['a', 'b', 'c'] });
    await then.passed(['start', 'work', 'work', 'work', 'work'], instance);
    const jobs = await when.takenAll('work', 3);
    await when.completed(String(jobs[2]?.variables['item']) === 'c' && jobs[2] ? jobs[2] : 'work', { r: 'C' });
    if (jobs[0]) await when.completed(jobs[0], { r: 'A' });
    await then.instanceIs(instance, 'ACTIVE');
    if (jobs[1]) await when.completed(jobs[1], { r: 'B' });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('sequential: one item after another, with loopCounter', async ({ given, when, then }) => {
    await given.deployed(
      process('oneByOne')
        .start('start')
        .user('innspill', {
          each: { collection: '=deltakere', element: 'deltaker', sequential: true },
          assignee: '=deltaker',
        })
        .end('done'),
    );
    const instance = await when.started('oneByOne', { deltakere: ['anne', 'bo'] });
    await then.taskIs('innspill', { assignee: 'anne' });
    await when.taskCompleted('innspill', { siste: 'anne' });
    await then.taskIs('innspill', { assignee: 'bo' });
    await when.taskCompleted('innspill', { siste: 'bo' });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { deltakere: ['anne', 'bo'], siste: 'bo' });
  }),

  scenario('an empty collection passes at once', async ({ given, when, then }) => {
    await given.deployed(
      process('none')
        .start('start')
        .service('work', { each: { collection: '=[]', outputCollection: 'results', outputElement: '=1' } })
        .end('done'),
    );
    const instance = await when.started('none');
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { results: [] });
  }),

  scenario(
    'a missing output element is null, and the collection is written only at the end',
    async ({ given, when, then }) => {
      await given.deployed(
        process('holes')
          .start('start')
          .service('work', {
            each: { collection: '=[1,2]', element: 'n', outputCollection: 'results', outputElement: '=r' },
          })
          .end('done'),
      );
      const instance = await when.started('holes', { results: 'before' });
      const jobs = await when.takenAll('work', 2);
      if (jobs[0]) await when.completed(jobs[0], { r: 1 });
      // `r` is what the output element asks for, so it is local to each item
      await then.variablesAre(instance, { results: 'before' });
      if (jobs[1]) await when.completed(jobs[1]);
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('a completion condition ends the rest', async ({ given, when, then }) => {
    await given.deployed(
      process('enough')
        .start('start')
        .user('vote', { each: { collection: '=[1,2,3]', until: '=numberOfCompletedInstances >= 2' } })
        .end('done'),
    );
    const instance = await when.started('enough');
    for (let round = 0; round < 2; round++) {
      await then.holds(
        () => when.taskKeys('vote'),
        (keys) => expect(keys).to.have.lengthOf(3),
      );
      const [first, second] = await when.taskKeys('vote');
      const key = round === 0 ? first : second;
      if (key) await when.taskCompleted(key);
    }
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('an input collection that is no list is an EXTRACT_VALUE_ERROR', async ({ given, when, then }) => {
    await given.deployed(
      process('noList')
        .start('start')
        .service('work', { each: { collection: '=items', element: 'i' } })
        .end('done'),
    );
    const instance = await when.started('noList', { items: 'abc' });
    await then.incidentsAre(['work EXTRACT_VALUE_ERROR']);
    await when.variablesSet(instance, { items: [1] });
    await when.incidentResolved('work');
    await when.completed('work');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('a multi-instance subprocess has its own scope for each item', async ({ given, when, then }) => {
    await given.deployed(
      process('courses')
        .start('start')
        .subprocess('kurs', (inside) => inside.start('begin').service('meldPaa').end('finish'), {
          each: { collection: '=kurs', element: 'k' },
        })
        .end('done'),
    );
    const instance = await when.started('courses', { kurs: ['rolle', 'verktoey'] });
    const jobs = await when.takenAll('meldPaa', 2);
    for (const job of jobs) await when.completed(job);
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'a boundary event sits on the whole, not on each item',
    async ({ given, when, then }) => {
      await given.deployed(
        process('deadline')
          .start('start')
          .user('innspill', { each: { collection: '=[1,2]' } })
          .end('done')
          .boundary('frist', 'innspill', { duration: 'P14D' })
          .manual('videre')
          .end('gone'),
      );
      const instance = await when.started('deadline');
      await when.timePassed('P14DT1S');
      await then.instanceIs(instance, 'COMPLETED');
      await then.passed(['start', 'innspill', 'innspill', 'innspill', 'frist', 'videre', 'gone'], instance);
    },
    { clock: true },
  ),

  scenario('an error in one item is caught on the whole and ends the others', async ({ given, when, then }) => {
    await given.deployed(
      process('oneFails')
        .start('start')
        .service('work', { each: { collection: '=[1,2]', element: 'n' } })
        .end('done')
        .boundary('caught', 'work', { error: 'E' })
        .end('handled'),
    );
    const instance = await when.started('oneFails');
    await when.threwError('work', 'E');
    await then.instanceIs(instance, 'COMPLETED');
    await then.nothingToDo('work');
  }),

  scenario('call activities can be multi-instance, one child for each item', async ({ given, when, then }) => {
    await given.deployed(
      process('calls')
        .start('start')
        .call('call', { process: 'child', each: { collection: '=[10,20]', element: 'n' } })
        .end('done'),
      process('child').start('begin').service('work').end('finish'),
    );
    const instance = await when.started('calls');
    const jobs = await when.takenAll('work', 2);
    for (const job of jobs) await when.completed(job);
    await then.instanceIs(instance, 'COMPLETED');
    await then.instancesOf('child', { COMPLETED: 2 });
  }),

  scenario(
    'results go straight to the process, mapped or not, and the last writer wins',
    async ({ given, when, then }) => {
      await given.deployed(
        process('writers')
          .start('start')
          .service('free', { each: { collection: '=[1,2]', element: 'n' } })
          .service('held', { each: { collection: '=[1,2]', element: 'n' }, output: { kept: '=r' } })
          .end('done'),
      );
      const instance = await when.started('writers');
      for (const job of await when.takenAll('free', 2)) await when.completed(job, { last: Number(job.variables['n']) });
      await then.variablesAre(instance, { last: 2 });
      for (const job of await when.takenAll('held', 2)) await when.completed(job, { r: Number(job.variables['n']) });
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { last: 2, kept: 2 });
    },
  ),

  scenario('task listeners run for each item', async ({ given, when, then }) => {
    await given.deployed(
      process('heardEach')
        .start('start')
        .user('task', {
          each: { collection: '=["a","b"]', element: 'hvem' },
          assignee: '=hvem',
          listeners: [['creating', 'onCreate']],
        })
        .end('done'),
    );
    await when.started('heardEach');
    for (const job of await when.takenAll('onCreate', 2)) await when.listenerAnswered(job);
    await then.holds(
      () => when.taskKeys('task'),
      (keys) => expect(keys).to.have.lengthOf(2),
    );
    await then.taskIs('task', { state: 'CREATED' });
  }),

  scenario('cancelling the instance in the middle ends the body and its items', async ({ given, when, then }) => {
    await given.deployed(
      process('stopped')
        .start('start')
        .user('task', { each: { collection: '=[1,2,3]', sequential: true } })
        .end('done'),
    );
    const instance = await when.started('stopped');
    await when.taskCompleted('task');
    await when.cancelled(instance);
    await then.instanceIs(instance, 'TERMINATED');
    await then.active([], instance);
  }),
);
