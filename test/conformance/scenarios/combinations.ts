/** Elements put together: where scopes, loops, events and listeners meet. What the traces record is the statement. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const combinations = theme(
  'combinations',
  scenario(
    'items of a loop have their own mappings, and the collection takes what they leave',
    async ({ given, when }) => {
      await given.deployed(
        process('mi1')
          .start('s')
          .service('work', {
            each: { collection: '=[1,2]', element: 'x', outputCollection: 'res', outputElement: '=r' },
            input: { loc: '=x*10' },
            output: { outv: '=loc + 1', r: '=loc' },
          })
          .end('e'),
      );
      await when.started('mi1', { outv: 0 });
      await when.completed('work', { other: 1 });
      await when.completed('work', { other: 2 });
    },
  ),
  scenario(
    'execution listeners run for each item of a loop, and what an end listener sets stays on the body',
    async ({ given, when }) => {
      await given.deployed(
        process('mi2')
          .start('s')
          .service('work', { each: { collection: '=[1,2]', element: 'x' }, onStart: ['ls'], onEnd: ['le'] })
          .end('e'),
      );
      await when.started('mi2');
      await when.completed('ls', { a: 1 });
      await when.completed('ls', { a: 2 });
      await when.completed('work');
      await when.completed('work');
      await when.completed('le', { b: 1 });
      await when.completed('le', { b: 2 });
    },
  ),
  scenario('an exact code on the boundary beats a catch-all event subprocess inside', async ({ given, when }) => {
    await given.deployed(
      process('er1')
        .start('s')
        .subprocess('sub', (i) =>
          i
            .start('b')
            .service('work')
            .end('e2')
            .eventSubprocess('es', (x) => x.start('es1', { error: null }).manual('m').end('e3')),
        )
        .end('e')
        .boundary('bd', 'sub', { error: 'A' })
        .manual('mm')
        .end('e4'),
    );
    await when.started('er1');
    await when.threwError('work', 'A', { q: 1 });
  }),
  scenario(
    'what an interrupting event subprocess throws is not caught on the boundary of its scope',
    async ({ given, when }) => {
      await given.deployed(
        process('er2')
          .start('s')
          .subprocess('sub', (i) =>
            i
              .start('b')
              .service('work')
              .end('e2')
              .eventSubprocess('es', (x) => x.start('es1', { error: 'A' }).service('inner').end('e3')),
          )
          .end('e')
          .boundary('bd', 'sub', { error: 'A' })
          .manual('mm')
          .end('e4'),
      );
      await when.started('er2');
      await when.threwError('work', 'A', { q: 1 });
      await when.threwError('inner', 'A', { q: 2 });
    },
  ),
  scenario(
    'what a non-interrupting event subprocess throws is caught on the boundary of its scope',
    async ({ given, when }) => {
      await given.deployed(
        process('er3')
          .start('s')
          .subprocess('sub', (i) =>
            i
              .start('b')
              .service('work')
              .end('e2')
              .eventSubprocess('es', (x) =>
                x.start('es1', { message: 'm', key: '="k"', interrupting: false }).service('inner').end('e3'),
              ),
          )
          .end('e')
          .boundary('bd', 'sub', { error: 'A' })
          .manual('mm')
          .end('e4'),
      );
      await when.started('er3');
      await when.published('m', 'k', { variables: { z: 1 } });
      await when.threwError('inner', 'A', { q: 2 });
    },
  ),
  scenario(
    'receive tasks in a loop wait for one message each, and a known name stays inside',
    async ({ given, when }) => {
      await given.deployed(
        process('mi3')
          .start('s')
          .receive('rec', {
            message: 'm',
            key: '=x',
            each: { collection: '=["a","b"]', element: 'x', outputCollection: 'o', outputElement: '=x' },
          })
          .end('e'),
      );
      await when.started('mi3');
      await when.published('m', 'b', { variables: { z: 1 } });
      await when.published('m', 'a', { variables: { x: 'q' } });
    },
  ),
  scenario(
    'a reminder that repeats twice beside a task fires twice',
    async ({ given, when }) => {
      await given.deployed(
        process('ti1')
          .start('s')
          .user('u')
          .end('e')
          .boundary('bd', 'u', { cycle: 'R2/PT10M', interrupting: false })
          .service('rem')
          .end('e4'),
      );
      await when.started('ti1');
      await when.timePassed('PT35M');
      await when.completed('rem');
      await when.taskCompleted('u');
    },
    { clock: true },
  ),
  scenario(
    'a timer event subprocess repeats until its scope ends',
    async ({ given, when }) => {
      await given.deployed(
        process('ti2')
          .start('s')
          .user('u')
          .end('e')
          .eventSubprocess('es', (x) =>
            x.start('es1', { cycle: 'R/PT10M', interrupting: false }).service('rem').end('e3'),
          ),
      );
      const i = await when.started('ti2');
      await when.timePassed('PT25M');
      await when.completed('rem');
      await when.cancelled(i);
    },
    { clock: true },
  ),
  scenario('an inclusive join waits for two of three branches', async ({ given, when }) => {
    await given.deployed(
      process('in1')
        .start('s')
        .inclusive('f')
        .when('=a')
        .service('w1')
        .inclusive('j')
        .service('after')
        .end('e')
        .from('f')
        .when('=b')
        .service('w2')
        .to('j')
        .from('f')
        .when('=c')
        .service('w3')
        .to('j'),
    );
    await when.started('in1', { a: true, b: true, c: false });
    await when.completed('w1');
    await when.completed('w2');
    await when.completed('after');
  }),
  scenario('an inclusive join waits for a branch that goes on from a boundary event', async ({ given, when }) => {
    await given.deployed(
      process('in2')
        .start('s')
        .parallel('f')
        .service('w1')
        .inclusive('j')
        .service('after')
        .end('e')
        .from('f')
        .user('w2')
        .to('j')
        .boundary('bd', 'w2', { message: 'm', key: '="k"' })
        .service('w3')
        .to('j'),
    );
    await when.started('in2', {});
    await when.completed('w1');
    await when.published('m', 'k');
    await when.completed('w3');
    await when.completed('after');
  }),
  scenario(
    'an escalation to an event subprocess goes on beside, one to an interrupting boundary ends the subprocess',
    async ({ given, when }) => {
      await given.deployed(
        process('es1')
          .start('s')
          .subprocess('sub', (i) =>
            i
              .start('b')
              .throws('t1', { escalation: 'A' })
              .service('work')
              .end('t2', { escalation: 'B' })
              .eventSubprocess('es', (x) =>
                x.start('es1s', { escalation: 'A', interrupting: false }).service('h').end('e3'),
              ),
          )
          .end('e')
          .boundary('bd', 'sub', { escalation: 'B' })
          .manual('mm')
          .end('e4'),
      );
      await when.started('es1');
      await when.completed('work');
    },
  ),
  scenario(
    'an interrupting event subprocess ends tasks and called instances before it runs',
    async ({ given, when }) => {
      await given.deployed(
        process('kid').start('ks').user('ku').end('ke'),
        process('ip1')
          .start('s')
          .parallel('f')
          .user('u')
          .end('e')
          .from('f')
          .call('c', { process: 'kid' })
          .end('e2')
          .eventSubprocess('es', (x) => x.start('st', { message: 'm', key: '="k"' }).service('h').end('e3')),
      );
      await when.started('ip1');
      await when.published('m', 'k', { variables: { v: 1 } });
      await when.completed('h');
    },
  ),
  scenario('a terminate end ends a called instance', async ({ given, when }) => {
    await given.deployed(
      process('kid2').start('ks').user('ku').end('ke'),
      process('ip2')
        .start('s')
        .parallel('f')
        .service('w')
        .end('e', { terminate: true })
        .from('f')
        .call('c', { process: 'kid2' })
        .end('e2'),
    );
    await when.started('ip2');
    await when.completed('w');
  }),
  scenario('variables of a failure are local to the task and an output mapping sees them', async ({ given, when }) => {
    await given.deployed(
      process('fv')
        .start('s')
        .service('w', { output: { o: '=f' } })
        .end('e'),
    );
    await when.started('fv');
    const j = await when.taken('w');
    await when.failed(j, { retries: 1, variables: { f: 5 } });
    await when.completed('w', {});
  }),
  scenario('listeners of start, task and end see and set the variables of their moment', async ({ given, when }) => {
    await given.deployed(
      process('li')
        .start('s', { onEnd: ['sl'] })
        .service('w', { input: { loc: '=1' }, output: { o: '=loc' }, onStart: ['a'], onEnd: ['b'] })
        .end('e', { onStart: ['c'] }),
    );
    await when.started('li');
    await when.completed('sl', { x1: 1 });
    await when.completed('a', { loc: 2, y1: 1 });
    await when.completed('w', { r: 1 });
    await when.completed('b', { loc: 3, zz: 3 });
    await when.completed('c', { cc: 1 });
  }),
  scenario('listeners of a subprocess run around its content', async ({ given, when }) => {
    await given.deployed(
      process('li2')
        .start('s')
        .subprocess('sub', (i) => i.start('b').service('w').end('be'), {
          input: { a: '=1' },
          output: { o: '=a' },
          onStart: ['x'],
          onEnd: ['y'],
        })
        .end('e'),
    );
    await when.started('li2');
    await when.completed('x', { k: 1 });
    await when.completed('w', { a: 9, n: 1 });
    await when.completed('y', { yy: 1 });
  }),
  scenario('a sequential subprocess ends when its condition holds', async ({ given, when }) => {
    await given.deployed(
      process('mi4')
        .start('s')
        .subprocess('sub', (i) => i.start('b').service('w').end('be'), {
          each: {
            collection: '=[1,2,3]',
            element: 'x',
            sequential: true,
            outputCollection: 'o',
            outputElement: '=r',
            until: '=r = 2',
          },
        })
        .end('e'),
    );
    await when.started('mi4');
    await when.completed('w', { r: 1 });
    await when.completed('w', { r: 2 });
  }),
  scenario(
    'a completion condition sees how many instances there are, are active and are done',
    async ({ given, when }) => {
      await given.deployed(
        process('mi5')
          .start('s')
          .service('w', {
            each: {
              collection: '=[1,2,3,4]',
              element: 'x',
              until: '=numberOfCompletedInstances >= 2 and numberOfActiveInstances = 2 and numberOfInstances = 4',
            },
          })
          .end('e'),
      );
      await when.started('mi5');
      await when.completed('w');
      await when.completed('w');
    },
  ),
  scenario('loops within loops collect their results', async ({ given, when }) => {
    await given.deployed(
      process('mi6')
        .start('s')
        .subprocess(
          'sub',
          (i) =>
            i
              .start('b')
              .script('sc', {
                expression: '=x * y',
                result: 'r',
                each: { collection: '=[1,2]', element: 'y', outputCollection: 'rs', outputElement: '=r' },
              })
              .end('be'),
          { each: { collection: '=[10,20]', element: 'x', outputCollection: 'o', outputElement: '=rs' } },
        )
        .end('e'),
    );
    await when.started('mi6');
  }),
  scenario('a signal reaches a boundary and an event subprocess every time', async ({ given, when }) => {
    await given.deployed(
      process('sg')
        .start('s')
        .user('u')
        .end('e')
        .boundary('bd', 'u', { signal: 'S', interrupting: false })
        .manual('m')
        .end('e1')
        .eventSubprocess('es', (x) => x.start('st', { signal: 'S', interrupting: false }).manual('m2').end('e3')),
    );
    const i = await when.started('sg');
    await when.signalled('S', { a: 1 });
    await when.signalled('S', { a: 2 });
    await when.cancelled(i);
  }),
  scenario('an event-based gateway takes a signal and maps its variables', async ({ given, when }) => {
    await given.deployed(
      process('eg')
        .start('s')
        .eventBased('g')
        .catches('c1', { signal: 'S', output: { q: '=a' } })
        .end('e1')
        .from('g')
        .catches('c2', { duration: 'PT1H' })
        .end('e2'),
    );
    await when.started('eg');
    await when.signalled('S', { a: 1 });
  }),
  scenario('two tokens in one task have a subscription each', async ({ given, when }) => {
    await given.deployed(
      process('tt')
        .start('s')
        .parallel('f')
        .exclusive('m')
        .user('u')
        .end('e')
        .from('f')
        .to('m')
        .boundary('bd', 'u', { message: 'm', key: '="k"' })
        .end('e2'),
    );
    await when.started('tt');
    await when.published('m', 'k');
  }),
  scenario(
    'a failing input mapping leaves the boundary timer closed',
    async ({ given, when }) => {
      await given.deployed(
        process('im')
          .start('s')
          .service('w', { input: { a: '=1 + missing.x.y', b: '=date("x")' } })
          .end('e')
          .boundary('bd', 'w', { duration: 'PT1M' })
          .end('e2'),
      );
      await when.started('im');
      await when.timePassed('PT2M');
    },
    { clock: true },
  ),
  scenario('a message on a boundary writes past what is local to the task', async ({ given, when }) => {
    await given.deployed(
      process('mb')
        .start('s')
        .service('w', { input: { v: '=1' } })
        .end('e')
        .boundary('bd', 'w', { message: 'm', key: '="k"' })
        .service('n')
        .end('e2'),
    );
    await when.started('mb', {});
    await when.published('m', 'k', { variables: { v: 2, n: 1 } });
    await when.completed('n');
  }),
  scenario(
    'an error end in a called process is caught on the call, with an output mapping',
    async ({ given, when }) => {
      await given.deployed(
        process('kid3').start('ks').service('kw').end('ke', { error: 'X' }),
        process('cx')
          .start('s')
          .call('c', { process: 'kid3', output: { p: '=v' } })
          .end('e2')
          .boundary('b', 'c', { error: 'X', output: { code: '="x"' } })
          .manual('m')
          .end('e3'),
      );
      await when.started('cx');
      await when.completed('kw', { v: 1 });
    },
  ),
  scenario('a variable set locally on a task takes what the job brings', async ({ given, when }) => {
    await given.deployed(process('sv').start('s').service('wo').end('e'));
    await when.started('sv', { a: 1 });
    const j = await when.taken('wo');
    await when.variablesSet(String(j.elementInstanceKey), { a: 2, l: 1 }, true);
    await when.variablesSet(String(j.elementInstanceKey), { a: 3, g: 1 }, false);
    await when.completed(j, { a: 4, l: 2, z: 1 });
  }),
  scenario('a modification starts in the middle of a subprocess beside what is active', async ({ given, when }) => {
    await given.deployed(
      process('mo')
        .start('s')
        .user('first')
        .subprocess('sub', (i) => i.start('b').service('w1').service('w2').end('be'), { input: { si: '=1' } })
        .end('e'),
    );
    const i = await when.started('mo');
    await when.modified(i, { activate: [{ element: 'w2', variables: { mv: 1 } }] });
    await when.completed('w2');
    await when.taskCompleted('first');
    await when.completed('w1');
    await when.completed('w2');
  }),
);
