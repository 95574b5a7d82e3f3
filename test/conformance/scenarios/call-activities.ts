/** Call activities: binding, variables in and out, cancelling. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

const child = () => process('child').start('begin').service('work').end('finish');

export const callActivities = theme(
  'call-activities',

  scenario('a called process sees all variables and hands all of its own back', async ({ given, when, then }) => {
    await given.deployed(process('caller').start('start').call('call', { process: 'child' }).end('done'), child());
    const instance = await when.started('caller', { a: 1 });
    await when.completed('work', { b: 2 });
    await then.instanceIs(instance, 'COMPLETED');
    await then.instancesOf('child', { COMPLETED: 1 });
    await then.variablesAre(instance, { a: 1, b: 2 });
  }),

  scenario('without propagation only mappings go in and out', async ({ given, when, then }) => {
    await given.deployed(
      process('caller')
        .start('start')
        .call('call', {
          process: 'child',
          propagateAllParentVariables: false,
          propagateAllChildVariables: false,
          input: { sakId: '=id' },
        })
        .end('done'),
      child(),
    );
    const instance = await when.started('caller', { id: 's1', secret: true });
    await when.completed('work', { b: 2 });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { id: 's1', secret: true });
  }),

  scenario('any output mapping switches the propagation of child variables off', async ({ given, when, then }) => {
    await given.deployed(
      process('caller')
        .start('start')
        .call('call', { process: 'child', output: { koordinator: '=b' } })
        .end('done'),
      child(),
    );
    const instance = await when.started('caller', { a: 1 });
    await when.completed('work', { b: 2, c: 3 });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { a: 1, koordinator: 2 });
  }),

  scenario(
    'binding deployment keeps the version of the bundle, latest takes the newest',
    async ({ given, when, then }) => {
      await given.deployed(
        process('bound').start('start').call('call', { process: 'child', binding: 'deployment' }).end('done'),
        process('floating').start('start').call('call', { process: 'child' }).end('done'),
        process('child').start('begin').service('old').end('finish'),
      );
      await given.deployed(process('child').start('begin').service('new').end('finish'));
      await when.started('bound');
      await when.completed('old');
      await then.instancesOf('bound', { COMPLETED: 1 });
      await when.started('floating');
      await when.completed('new');
      await then.instancesOf('floating', { COMPLETED: 1 });
    },
  ),

  scenario('binding deployment without the target in the same deployment is refused', async ({ given, then }) => {
    await then.refused(
      400,
      'INVALID_ARGUMENT',
      given.deployed(
        process('alone').start('start').call('call', { process: 'elsewhere', binding: 'deployment' }).end('done'),
      ),
    );
  }),

  scenario(
    'a version tag calls that version, an unknown one is a CALLED_ELEMENT_ERROR when it is reached',
    async ({ given, when, then }) => {
      await given.deployed(process('child', { versionTag: 'v1' }).start('begin').service('tagged').end('finish'));
      await given.deployed(process('child').start('begin').service('newest').end('finish'));
      await given.deployed(
        process('tagCaller')
          .start('start')
          .call('call', { process: 'child', binding: 'versionTag', versionTag: 'v1' })
          .end('done'),
        process('tagMisser')
          .start('start')
          .call('miss', { process: 'child', binding: 'versionTag', versionTag: 'v9' })
          .end('done'),
      );
      await when.started('tagCaller');
      await when.completed('tagged');
      await then.instancesOf('tagCaller', { COMPLETED: 1 });
      await when.started('tagMisser');
      await then.incidentsAre(['miss CALLED_ELEMENT_ERROR']);
    },
  ),

  scenario(
    'a process that does not exist is a CALLED_ELEMENT_ERROR, and goes on when it is deployed',
    async ({ given, when, then }) => {
      await given.deployed(process('caller').start('start').call('call', { process: 'later' }).end('done'));
      const instance = await when.started('caller');
      await then.incidentsAre(['call CALLED_ELEMENT_ERROR']);
      await given.deployed(process('later').start('begin').manual('m').end('finish'));
      await when.incidentResolved('call');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('the called id may be an expression', async ({ given, when, then }) => {
    await given.deployed(process('caller').start('start').call('call', { process: '=hvilken' }).end('done'), child());
    const instance = await when.started('caller', { hvilken: when.unique('child') });
    await when.completed('work');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'cancelling the caller terminates the called; the called cannot be cancelled alone',
    async ({ given, when, then }) => {
      await given.deployed(process('caller').start('start').call('call', { process: 'child' }).end('done'), child());
      const instance = await when.started('caller');
      const [called] = await then.instanceKeys('child', 1);
      if (called) await then.refused(409, 'INVALID_STATE', when.cancelled(called));
      await when.cancelled(instance);
      await then.instanceIs(instance, 'TERMINATED');
      await then.instancesOf('child', { TERMINATED: 1 });
    },
  ),

  scenario(
    'a boundary timer on a call activity ends the called instance',
    async ({ given, when, then }) => {
      await given.deployed(
        process('caller')
          .start('start')
          .call('call', { process: 'child' })
          .end('done')
          .boundary('late', 'call', { duration: 'P10D' })
          .manual('m')
          .end('gone'),
        child(),
      );
      const instance = await when.started('caller');
      await when.timePassed('P10DT1S');
      await then.instanceIs(instance, 'COMPLETED');
      await then.instancesOf('child', { TERMINATED: 1 });
    },
    { clock: true },
  ),

  scenario('an incident inside the called instance marks the caller too', async ({ given, when, then }) => {
    await given.deployed(process('caller').start('start').call('call', { process: 'child' }).end('done'), child());
    const instance = await when.started('caller');
    const job = await when.taken('work');
    await when.failed(job, { retries: 0 });
    await then.holds(
      async () =>
        (await when.client.getProcessInstance({ processInstanceKey: instance }, { consistency: { waitUpToMs: 0 } }))
          .hasIncident,
      (marked) => {
        if (!marked) throw new Error('the caller is not marked');
      },
    );
  }),

  scenario('a loop back to the call activity calls anew', async ({ given, when, then }) => {
    await given.deployed(
      process('caller')
        .start('start')
        .exclusive('merge')
        .call('call', { process: 'child' })
        .exclusive('gate')
        .when('=nok')
        .end('done')
        .from('gate')
        .otherwise()
        .to('merge'),
      child(),
    );
    const instance = await when.started('caller', { nok: false });
    await when.completed('work', { nok: false });
    await when.completed('work', { nok: true });
    await then.instanceIs(instance, 'COMPLETED');
    await then.instancesOf('child', { COMPLETED: 2 });
  }),
);
