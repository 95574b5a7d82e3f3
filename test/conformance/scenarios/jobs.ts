/** Jobs: handing out, time-outs, failure, back-off, retries, incidents. */
import { expect } from 'chai';
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const jobs = theme(
  'jobs',

  scenario('jobs of a type are handed out oldest first', async ({ given, when, then }) => {
    await given.deployed(process('queue').start('start').service('work').end('done'));
    for (const n of [1, 2, 3]) await when.started('queue', { n });
    const taken = await when.takenAll('work', 3);
    expect(taken.map((job) => job.variables['n'])).to.deep.equal([1, 2, 3]);
    await then.nothingToDo('work');
  }),

  scenario('job variables are taken when the job is activated, not when it is created', async ({ given, when }) => {
    await given.deployed(process('fresh').start('start').service('work').end('done'));
    const instance = await when.started('fresh', { a: 1 });
    await when.variablesSet(instance, { a: 2, b: 3 });
    const job = await when.taken('work');
    expect(job.variables).to.deep.equal({ a: 2, b: 3 });
  }),

  scenario('fetchVariable limits what a job carries, headers come along', async ({ given, when }) => {
    await given.deployed(
      process('narrow')
        .start('start')
        .service('work', { headers: { mal: 'brev', sprak: 'nb' }, retries: '5' })
        .end('done'),
    );
    await when.started('narrow', { a: 1, b: 2 });
    const job = await when.taken('work', { fetch: ['b', 'missing'] });
    expect(job.variables).to.deep.equal({ b: 2 });
    expect(job.customHeaders).to.deep.equal({ mal: 'brev', sprak: 'nb' });
    expect(job.retries).to.equal(5);
  }),

  scenario('completing a job twice answers 404 the second time, an unknown key 404', async ({ given, when, then }) => {
    await given.deployed(process('twice').start('start').service('work').end('done'));
    await when.started('twice');
    const job = await when.taken('work');
    await when.completed(job);
    await then.refused(404, 'NOT_FOUND', when.completed(job));
    await then.refused(404, 'NOT_FOUND', when.failed(job, { retries: 1 }));
    await then.refused(404, 'NOT_FOUND', when.threwError(job, 'E'));
  }),

  scenario(
    'a failed job with retries left is handed out again with one less and its message',
    async ({ given, when, then }) => {
      await given.deployed(process('retry').start('start').service('work').end('done'));
      const instance = await when.started('retry');
      await when.failed('work', { retries: 2, message: 'oppe igjen', variables: { forsok: 1 } });
      await then.jobIs('work', {
        state: 'FAILED',
        retries: 2,
        errorMessage: 'oppe igjen',
        hasFailedWithRetriesLeft: true,
      });
      const again = await when.taken('work');
      expect(again.retries).to.equal(2);
      expect(again.variables).to.deep.equal({ forsok: 1 });
      await then.localVariablesAre('work', { forsok: 1 });
      await when.completed(again);
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, {});
    },
  ),

  scenario(
    'back-off keeps a failed job away for that long',
    async ({ given, when, then }) => {
      await given.deployed(process('backoff').start('start').service('work').end('done'));
      const instance = await when.started('backoff');
      await when.failed('work', { retries: 1, backOff: 60_000 });
      await then.nothingToDo('work');
      await when.timePassed('PT30S');
      await then.nothingToDo('work');
      await when.timePassed('PT40S');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
    },
    { clock: true },
  ),

  scenario(
    'after its time-out a job is handed out again with the same key, and the first worker may still complete it',
    async ({ given, when, then }) => {
      await given.deployed(process('timeout').start('start').service('work').end('done'));
      const instance = await when.started('timeout');
      const first = await when.taken('work', { timeout: 30_000 });
      await then.nothingToDo('work');
      await when.timePassed('PT31S');
      const second = await when.taken('work', { timeout: 30_000 });
      expect(second.jobKey).to.equal(first.jobKey);
      expect(second.retries).to.equal(first.retries);
      await when.completed(first);
      await then.instanceIs(instance, 'COMPLETED');
      await then.refused(404, 'NOT_FOUND', when.completed(second));
    },
    { clock: true },
  ),

  scenario(
    'no retries left is an incident; raising retries and resolving hands the job out again',
    async ({ given, when, then }) => {
      await given.deployed(process('exhausted').start('start').service('work').end('done'));
      const instance = await when.started('exhausted');
      const job = await when.taken('work');
      await when.failed(job, { retries: 0 });
      await then.incidentsAre(['work JOB_NO_RETRIES']);
      await then.refused(409, 'INVALID_STATE', when.completed(job));
      await then.refused(409, 'INVALID_STATE', when.incidentResolved('work'));
      await when.jobUpdated(job, { retries: 1 });
      await then.nothingToDo('work');
      await when.incidentResolved('work');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
      await then.incidentsAre([]);
    },
  ),

  scenario('a job declared with no retries is still handed out, with no incident', async ({ given, when, then }) => {
    await given.deployed(process('zero').start('start').service('work', { retries: '0' }).end('done'));
    const instance = await when.started('zero');
    await then.incidentsAre([]);
    await when.completed('work');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'type and retries may be expressions; a missing type variable is an EXTRACT_VALUE_ERROR',
    async ({ given, when, then }) => {
      await given.deployed(
        process('typed').start('start').service('work', { type: '=art', retries: '=2 + 5' }).end('done'),
      );
      await when.started('typed', { art: when.unique('brev') });
      const job = await when.taken('brev');
      expect(job.retries).to.equal(7);
      await when.started('typed');
      await then.incidentsAre(['work EXTRACT_VALUE_ERROR']);
    },
  ),

  scenario('a send task and a message end event are done by workers', async ({ given, when, then }) => {
    await given.deployed(process('sending').start('start').send('letter').end('sent', { type: 'dispatch' }));
    const instance = await when.started('sending');
    await when.completed('letter');
    await then.active(['sent'], instance);
    await when.completed('dispatch', { id: 'd1' });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { id: 'd1' });
  }),

  scenario('cancelling the instance takes its jobs away', async ({ given, when, then }) => {
    await given.deployed(process('gone').start('start').service('work').end('done'));
    const instance = await when.started('gone');
    const job = await when.taken('work');
    await when.cancelled(instance);
    await then.refused(404, 'NOT_FOUND', when.completed(job));
    await then.jobIs('work', { state: 'CANCELED' });
    await then.refused(404, 'NOT_FOUND', when.cancelled(instance));
  }),

  scenario('tags of the create command reach the instance and its jobs', async ({ given, when, then }) => {
    await given.deployed(process('tagged').start('start').service('work').end('done'));
    const instance = await when.started('tagged', {}, { tags: ['kommune:stavanger', 'ip'] });
    const job = await when.taken('work');
    expect([...(job.tags ?? [])].sort()).to.deep.equal(['ip', 'kommune:stavanger']);
    await then.instanceIs(instance, 'ACTIVE');
  }),

  scenario('awaiting the end answers with the variables, narrowed to those asked for', async ({ given, when }) => {
    await given.deployed(
      process('await').start('start').script('sum', { expression: '=a + 1', result: 'b' }).end('done'),
    );
    const all = await when.startedAndAwaited('await', { a: 1 });
    expect(all).to.deep.equal({ a: 1, b: 2 });
    const one = await when.startedAndAwaited('await', { a: 5 }, { fetchVariables: ['b'] });
    expect(one).to.deep.equal({ b: 6 });
  }),

  scenario(
    'execution listeners: start runs after input mappings and before the job, end after output mappings',
    async ({ given, when, then }) => {
      await given.deployed(
        process('listened', { onStart: ['processStart'], onEnd: ['processEnd'] })
          .start('start')
          .service('work', {
            input: { x: '=1' },
            output: { y: '=x + (if l = null then 0 else l) + r' },
            onStart: ['before'],
            onEnd: ['after'],
          })
          .end('done'),
      );
      const instance = await when.started('listened');
      await when.completed('processStart', { p: 'p' });
      await when.completed('before', { l: 10 });
      await when.completed('work', { r: 100 });
      await then.variablesAre(instance, { p: 'p', y: 111 });
      await when.completed('after', { z: 'up' });
      await when.completed('processEnd');
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { p: 'p', y: 111, z: 'up' });
    },
  ),

  scenario(
    'an execution listener without retries is an EXECUTION_LISTENER_NO_RETRIES and may not throw errors',
    async ({ given, when, then }) => {
      await given.deployed(
        process('listenerFails')
          .start('start')
          .service('work', { onStart: ['before'] })
          .end('done')
          .boundary('caught', 'work', { error: null })
          .end('never'),
      );
      const instance = await when.started('listenerFails');
      const job = await when.taken('before');
      await then.refused(409, 'INVALID_STATE', when.threwError(job, 'E'));
      await when.failed(job, { retries: 0 });
      await then.incidentsAre(['work EXECUTION_LISTENER_NO_RETRIES']);
      await when.jobUpdated(job, { retries: 1 });
      await when.incidentResolved('work');
      await when.completed('before');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'start events, gateways and end events have listeners too, in the expected order',
    async ({ given, when, then }) => {
      await given.deployed(
        process('everywhere', { onStart: ['pStart'], onEnd: ['pEnd'] })
          .start('start', { onEnd: ['startEnd'] })
          .exclusive('gate', { onStart: ['gateStart'] })
          .when('=go')
          .user('task', { onStart: ['taskStart'], onEnd: ['taskEnd'] })
          .end('done', { onStart: ['endStart'], onEnd: ['endEnd'] })
          .from('gate')
          .otherwise()
          .end('not'),
      );
      const instance = await when.started('everywhere');
      await when.completed('pStart');
      await when.completed('startEnd', { go: false });
      await when.completed('gateStart', { go: true });
      await when.completed('taskStart');
      await when.taskCompleted('task');
      await when.completed('taskEnd');
      await when.completed('endStart');
      await when.completed('endEnd');
      await when.completed('pEnd');
      await then.instanceIs(instance, 'COMPLETED');
      // what a gateway's start listener sets is local to the gateway, where its conditions see it
      await then.variablesAre(instance, { go: false });
    },
  ),

  scenario('an end listener does not run when the element is terminated', async ({ given, when, then }) => {
    await given.deployed(
      process('ended')
        .start('start')
        .service('work', { onEnd: ['after'] })
        .end('done')
        .boundary('out', 'work', { message: 'Out', key: '=id' })
        .end('gone'),
    );
    const instance = await when.started('ended', { id: 'x' });
    await when.published('Out', 'x');
    await then.instanceIs(instance, 'COMPLETED');
    await then.nothingToDo('after');
  }),

  scenario('a worker that asks before there is work gets it when it comes', async ({ given, when, then }) => {
    await given.deployed(process('poll').start('start').service('work').end('done'));
    const waiting = await when.later(() => when.completed('work', { fra: 'ventende' }));
    const instance = await when.started('poll');
    await waiting.answer();
    await then.instanceIs(instance, 'COMPLETED');
  }),
);
