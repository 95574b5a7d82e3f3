/** Where tokens meet: parallel and inclusive joins and their traps. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const joins = theme(
  'joins',

  scenario('a parallel join waits for all flows and fires once', async ({ given, when, then }) => {
    await given.deployed(
      process('both')
        .start('start')
        .parallel('fork')
        .service('a')
        .parallel('join')
        .service('after')
        .end('done')
        .from('fork')
        .service('b')
        .to('join'),
    );
    const instance = await when.started('both');
    await when.completed('a', { fromA: 1 });
    await then.active(['b'], instance);
    await when.completed('b', { fromB: 2 });
    await then.active(['after'], instance);
    await when.completed('after');
    await then.instanceIs(instance, 'COMPLETED');
    await then.passed(['start', 'fork', 'b', 'a', 'join', 'after', 'done'], instance);
  }),

  scenario(
    'a parallel join counts flows, not tokens: two tokens on one flow do not fire it',
    async ({ given, when, then }) => {
      await given.deployed(
        process('count')
          .start('start')
          .parallel('fork')
          .manual('one')
          .exclusive('merge')
          .parallel('join')
          .end('done')
          .from('fork')
          .manual('two')
          .to('merge')
          .from('fork')
          .service('slow')
          .to('join'),
      );
      const instance = await when.started('count');
      await then.active(['slow'], instance);
      await when.completed('slow');
      // it fired once; the second token on the merged flow stays and keeps the instance open for ever
      await then.passed(['start', 'fork', 'slow', 'two', 'one', 'merge', 'merge', 'join', 'done'], instance);
      await then.instanceIs(instance, 'ACTIVE');
      await then.incidentsAre([]);
      await then.active([], instance);
    },
  ),

  scenario('a parallel join that can never fire gives no incident', async ({ given, when, then }) => {
    await given.deployed(
      process('never')
        .start('start')
        .exclusive('choice')
        .when('=left')
        .manual('a')
        .parallel('join')
        .end('done')
        .from('choice')
        .otherwise()
        .manual('b')
        .to('join'),
    );
    const instance = await when.started('never', { left: true });
    await then.instanceIs(instance, 'ACTIVE');
    await then.incidentsAre([]);
    await then.active([], instance);
  }),

  scenario('a parallel join works round after round in a loop', async ({ given, when, then }) => {
    await given.deployed(
      process('rounds')
        .start('start')
        .exclusive('merge')
        .parallel('fork')
        .manual('a')
        .parallel('join')
        .service('judge')
        .exclusive('enough')
        .when('=ok')
        .end('done')
        .from('fork')
        .manual('b')
        .to('join')
        .from('enough')
        .otherwise()
        .to('merge'),
    );
    const instance = await when.started('rounds');
    await when.completed('judge', { ok: false });
    await when.completed('judge', { ok: true });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('an inclusive join waits for the branches that were taken and no others', async ({ given, when, then }) => {
    await given.deployed(
      process('incl')
        .start('start')
        .inclusive('split')
        .when('=a')
        .service('wa')
        .inclusive('join')
        .end('done')
        .from('split')
        .when('=b')
        .service('wb')
        .to('join')
        .from('split')
        .when('=c')
        .service('wc')
        .to('join'),
    );
    const instance = await when.started('incl', { a: true, b: true, c: false });
    await when.completed('wa');
    await then.active(['wb'], instance);
    await when.completed('wb');
    await then.instanceIs(instance, 'COMPLETED');
    await then.passed(['start', 'split', 'wb', 'wa', 'join', 'done'], instance);
  }),

  scenario(
    'an inclusive join fires when the other branch has ended before the token arrives',
    async ({ given, when, then }) => {
      await given.deployed(
        process('left')
          .start('start')
          .inclusive('split')
          .when('=true')
          .service('wa')
          .inclusive('join')
          .end('done')
          .from('split')
          .when('=true')
          .service('wb')
          .exclusive('leave')
          .when('=out')
          .end('out')
          .from('leave')
          .otherwise()
          .to('join'),
      );
      const instance = await when.started('left');
      await when.completed('wb', { out: true });
      await when.completed('wa');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'an inclusive join hangs without incident when the other branch leaves after the token has arrived',
    async ({ given, when, then }) => {
      await given.deployed(
        process('hangs')
          .start('start')
          .inclusive('split')
          .when('=true')
          .service('wa')
          .inclusive('join')
          .end('done')
          .from('split')
          .when('=true')
          .service('wb')
          .exclusive('leave')
          .when('=out')
          .end('out')
          .from('leave')
          .otherwise()
          .to('join'),
      );
      const instance = await when.started('hangs');
      await when.completed('wa');
      await when.completed('wb', { out: true });
      await then.instanceIs(instance, 'ACTIVE');
      await then.incidentsAre([]);
      await then.active([], instance);
    },
  ),

  scenario('an inclusive join works round after round in a loop', async ({ given, when, then }) => {
    await given.deployed(
      process('inclusiveRounds')
        .start('start')
        .exclusive('merge')
        .inclusive('split')
        .when('=true')
        .manual('a')
        .inclusive('join')
        .service('judge')
        .exclusive('enough')
        .when('=ok')
        .end('done')
        .from('split')
        .when('=true')
        .manual('b')
        .to('join')
        .from('enough')
        .otherwise()
        .to('merge'),
    );
    const instance = await when.started('inclusiveRounds');
    await when.completed('judge', { ok: false });
    await when.completed('judge', { ok: true });
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario(
    'branches inside a subprocess join there, and the subprocess ends with the last of them',
    async ({ given, when, then }) => {
      await given.deployed(
        process('nested')
          .start('start')
          .subprocess('sub', (inside) =>
            inside.start('begin').parallel('fork').service('a').end('endA').from('fork').service('b').end('endB'),
          )
          .service('after')
          .end('done'),
      );
      const instance = await when.started('nested');
      await when.completed('a');
      await then.active(['b', 'sub'], instance);
      await when.completed('b');
      await then.active(['after'], instance);
    },
  ),
);
