/** BPMN errors: who catches, what becomes of variables, what happens when nobody does. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const errors = theme(
  'errors',

  scenario(
    'an error boundary event catches its code and keeps the error variables to itself',
    async ({ given, when, then }) => {
      await given.deployed(
        process('caught')
          .start('start')
          .service('work')
          .end('done')
          .boundary('harPlan', 'work', { error: 'HarPlan' })
          .service('clarify')
          .end('clarified'),
      );
      const instance = await when.started('caught', { a: 1 });
      await when.threwError('work', 'HarPlan', { planId: 'p1' });
      await then.active(['clarify'], instance);
      await then.variablesAre(instance, { a: 1 });
      await then.localVariablesAre('harPlan', { planId: 'p1' });
      await when.completed('clarify');
      await then.passed(['start', 'work', 'harPlan', 'clarify', 'clarified'], instance);
    },
  ),

  scenario('an output mapping on the error boundary event takes its variables on', async ({ given, when, then }) => {
    await given.deployed(
      process('mapped')
        .start('start')
        .service('work')
        .end('done')
        .boundary('caught', 'work', { error: 'E', output: { reason: '=why' } })
        .end('clarified'),
    );
    const instance = await when.started('mapped');
    await when.threwError('work', 'E', { why: 'because', other: 1 });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { reason: 'because' });
  }),

  scenario('in one scope the exact code beats catch-all', async ({ given, when, then }) => {
    await given.deployed(
      process('exact')
        .start('start')
        .service('work')
        .end('done')
        .boundary('any', 'work', { error: null })
        .end('endAny')
        .boundary('exactly', 'work', { error: 'E1' })
        .end('endExact'),
    );
    const one = await when.started('exact');
    await when.threwError('work', 'E1');
    await then.passed(['start', 'work', 'exactly', 'endExact'], one);
    const other = await when.started('exact');
    await when.threwError('work', 'E2');
    await then.passed(['start', 'work', 'any', 'endAny'], other);
  }),

  scenario('a near catch-all beats a far exact one', async ({ given, when, then }) => {
    await given.deployed(
      process('near')
        .start('start')
        .subprocess('sub', (inside) =>
          inside
            .start('begin')
            .service('work')
            .end('finish')
            .boundary('nearAny', 'work', { error: null })
            .end('endNear'),
        )
        .end('done')
        .boundary('farExact', 'sub', { error: 'E1' })
        .end('endFar'),
    );
    const instance = await when.started('near');
    await when.threwError('work', 'E1');
    await then.passed(['start', 'sub', 'begin', 'work', 'nearAny', 'endNear', 'done'], instance);
  }),

  scenario('an error climbs out of subprocesses to the boundary that knows it', async ({ given, when, then }) => {
    await given.deployed(
      process('climb')
        .start('start')
        .subprocess('outer', (outer) =>
          outer
            .start('beginOuter')
            .subprocess('inner', (inner) =>
              inner.start('beginInner').parallel('fork').user('task').end('e1').from('fork').service('work').end('e2'),
            )
            .end('endOuter'),
        )
        .end('done')
        .boundary('caught', 'outer', { error: 'E1' })
        .service('handle')
        .end('handled'),
    );
    const instance = await when.started('climb');
    await when.threwError('work', 'E1');
    await then.active(['handle'], instance);
    await then.taskIs('task', { state: 'CANCELED' });
  }),

  scenario(
    'an uncaught error is an UNHANDLED_ERROR_EVENT, and resolving makes the same job available again',
    async ({ given, when, then }) => {
      await given.deployed(process('uncaught').start('start').service('work').end('done'));
      const instance = await when.started('uncaught');
      const job = await when.taken('work');
      await when.threwError(job, 'Unknown');
      await then.incidentsAre(['work UNHANDLED_ERROR_EVENT']);
      await then.jobIs('work', { state: 'ERROR_THROWN', errorCode: 'Unknown' });
      await then.refused(409, 'INVALID_STATE', when.completed(job));
      await when.incidentResolved('work');
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'an error end event throws to the boundary around it and carries no variables',
    async ({ given, when, then }) => {
      await given.deployed(
        process('thrown')
          .start('start')
          .subprocess('sub', (inside) =>
            inside
              .start('begin')
              .service('work')
              .end('fail', { error: 'HarPlan', input: { x: '=1' } }),
          )
          .end('done')
          .boundary('caught', 'sub', { error: 'HarPlan' })
          .user('clarify')
          .end('clarified'),
      );
      const instance = await when.started('thrown');
      await when.completed('work', { a: 1 });
      await then.active(['clarify'], instance);
      await then.variablesAre(instance, { a: 1 });
      await when.taskCompleted('clarify');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('an uncaught error end event is an UNHANDLED_ERROR_EVENT', async ({ given, when, then }) => {
    await given.deployed(process('lonely').start('start').end('fail', { error: 'E9' }));
    const instance = await when.started('lonely');
    await then.incidentsAre(['fail UNHANDLED_ERROR_EVENT']);
    await then.instanceIs(instance, 'ACTIVE');
  }),

  scenario(
    'an error start event of an event subprocess merges the error variables up to the process',
    async ({ given, when, then }) => {
      await given.deployed(
        process('errorSub')
          .start('start')
          .service('work')
          .end('done')
          .eventSubprocess('onError', (inside) =>
            inside.start('failed', { error: 'E1' }).service('repair').end('repaired'),
          ),
      );
      const instance = await when.started('errorSub');
      await when.threwError('work', 'E1', { why: 'x' });
      await then.active(['onError', 'repair'], instance);
      await then.variablesAre(instance, { why: 'x' });
      await when.completed('repair');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('an event subprocess does not catch what its own body throws', async ({ given, when, then }) => {
    await given.deployed(
      process('ownBody')
        .start('start')
        .service('work')
        .end('done')
        .eventSubprocess('onError', (inside) =>
          inside.start('failed', { error: 'E1' }).service('repair').end('repaired'),
        ),
    );
    await when.started('ownBody');
    await when.threwError('work', 'E1');
    await when.threwError('repair', 'E1');
    await then.incidentsAre(['repair UNHANDLED_ERROR_EVENT']);
  }),

  scenario(
    'an error that leaves a called process brings none of its variables; the child is TERMINATED',
    async ({ given, when, then }) => {
      await given.deployed(
        process('caller')
          .start('start')
          .call('call', { process: 'child' })
          .end('done')
          .boundary('caught', 'call', { error: 'E1' })
          .end('handled'),
        process('child').start('begin').service('work').end('fail', { error: 'E1' }),
      );
      const instance = await when.started('caller', { a: 1 });
      await when.completed('work', { b: 2 });
      await then.instanceIs(instance, 'COMPLETED');
      await then.passed(['start', 'call', 'caught', 'handled'], instance);
      await then.instancesOf('child', { TERMINATED: 1 });
      await then.variablesAre(instance, { a: 1 });
    },
  ),

  scenario('the code of an error end event may be an expression', async ({ given, when, then }) => {
    await given.deployed(
      process('expression')
        .start('start')
        .subprocess('sub', (inside) => inside.start('begin').end('fail', { error: '=kode' }))
        .end('done')
        .boundary('caught', 'sub', { error: 'E7' })
        .end('handled'),
    );
    const instance = await when.started('expression', { kode: 'E7' });
    await then.passed(['start', 'sub', 'begin', 'fail', 'caught', 'handled'], instance);
    await when.started('expression', { kode: 7 });
    await then.incidentsAre(['fail EXTRACT_VALUE_ERROR']);
  }),

  scenario(
    'an event subprocess inside a subprocess catches before the boundary outside',
    async ({ given, when, then }) => {
      await given.deployed(
        process('inner')
          .start('start')
          .subprocess('sub', (inside) =>
            inside
              .start('begin')
              .service('work')
              .end('finish')
              .eventSubprocess('onError', (handler) =>
                handler.start('failed', { error: 'E' }).service('repair').end('repaired'),
              ),
          )
          .service('after')
          .end('done')
          .boundary('outside', 'sub', { error: 'E' })
          .end('handled'),
      );
      const instance = await when.started('inner');
      await when.threwError('work', 'E');
      await then.active(['onError', 'repair', 'sub'], instance);
      await when.completed('repair');
      await then.active(['after'], instance);
    },
  ),
);
