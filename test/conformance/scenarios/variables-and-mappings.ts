/** Scopes, input and output mappings, scripts. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const variablesAndMappings = theme(
  'variables-and-mappings',

  scenario('later input mappings see earlier top-level targets', async ({ given, when, then }) => {
    await given.deployed(
      process('chain')
        .start('start')
        .service('work', { input: { a: '=x + 1', b: '=a + 1' } })
        .end('done'),
    );
    await when.started('chain', { x: 1 });
    await then.localVariablesAre('work', { a: 2, b: 3 });
  }),

  scenario(
    'nested input targets build a new object that inherits nothing, and while it is built the name means the outer one',
    async ({ given, when, then }) => {
      await given.deployed(
        process('nestedIn')
          .start('start')
          .service('work', { input: { 'o.x': '=1', 'o.y': '=2', z: '=o.x', w: '=o.old' } })
          .end('done'),
      );
      await when.started('nestedIn', { o: { old: true } });
      await then.holds(
        () => when.taken('work'),
        () => undefined,
      );
    },
  ),

  scenario('an output mapping to a nested target merges into the existing object', async ({ given, when, then }) => {
    await given.deployed(
      process('nestedOut')
        .start('start')
        .service('work', { output: { 'o.b': '=r' } })
        .end('done'),
    );
    const instance = await when.started('nestedOut', { o: { a: 1 } });
    await when.completed('work', { r: 2 });
    await then.variablesAre(instance, { o: { a: 1, b: 2 } });
  }),

  scenario(
    'a failing input mapping is an IO_MAPPING_ERROR and none applies; resolving without mending raises a new one',
    async ({ given, when, then }) => {
      await given.deployed(
        process('badIn')
          .start('start')
          .service('work', { input: { a: '=1', b: '=assert(x, x != null)' } })
          .end('done'),
      );
      const instance = await when.started('badIn');
      await then.incidentsAre(['work IO_MAPPING_ERROR']);
      await then.localVariablesAre('work', {});
      await when.incidentResolved('work');
      await then.incidentsAre(['work IO_MAPPING_ERROR']);
      await when.variablesSet(instance, { x: 1 });
      await when.incidentResolved('work');
      await then.localVariablesAre('work', { a: 1, b: 1 });
      await when.completed('work');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario(
    'a failing output mapping leaves the job completed and is tried again after resolution',
    async ({ given, when, then }) => {
      await given.deployed(
        process('badOut')
          .start('start')
          .service('work', { output: { y: '=assert(x, x != null)' } })
          .end('done'),
      );
      const instance = await when.started('badOut');
      await when.completed('work', { r: 1 });
      await then.jobIs('work', { state: 'COMPLETED' });
      await then.incidentsAre(['work IO_MAPPING_ERROR']);
      await when.variablesSet(instance, { x: 7 });
      await when.incidentResolved('work');
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { x: 7, y: 7 });
    },
  ),

  scenario(
    'a known name goes to the nearest scope that holds it, a new one to the process',
    async ({ given, when, then }) => {
      await given.deployed(
        process('nearest')
          .start('start')
          .subprocess(
            'sub',
            (inside) =>
              inside
                .start('begin')
                .service('work', { input: { own: '=1' } })
                .user('look')
                .end('finish'),
            { input: { mid: '=1' } },
          )
          .end('done'),
      );
      const instance = await when.started('nearest', { top: 1 });
      await when.completed('work', { top: 2, mid: 2, own: 2, fresh: 2 });
      await then.variablesAre(instance, { top: 2, fresh: 2 });
      await then.localVariablesAre('sub', { mid: 2 });
      await then.localVariablesAre('work', { own: 2 });
    },
  ),

  scenario(
    'a script result goes to the process, but stays local when the task has output mappings',
    async ({ given, when, then }) => {
      await given.deployed(
        process('scripts')
          .start('start')
          .script('free', { expression: '=n * 2', result: 'double' })
          .script('held', { expression: '=n * 3', result: 'triple', output: { six: '=triple * 2' } })
          .end('done'),
      );
      const instance = await when.started('scripts', { n: 1 });
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { n: 1, double: 2, six: 6 });
    },
  ),

  scenario('a failing script is an EXTRACT_VALUE_ERROR', async ({ given, when, then }) => {
    await given.deployed(
      process('badScript').start('start').script('sum', { expression: '=assert(n, n > 0)', result: 'r' }).end('done'),
    );
    const instance = await when.started('badScript', { n: 0 });
    await then.incidentsAre(['sum EXTRACT_VALUE_ERROR']);
    await when.variablesSet(instance, { n: 1 });
    await when.incidentResolved('sum');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('setting variables propagates upward, or stays local when asked', async ({ given, when, then }) => {
    await given.deployed(
      process('setting')
        .start('start')
        .service('work', { input: { own: '=1' } })
        .end('done'),
    );
    const instance = await when.started('setting', { top: 1 });
    const element = await then.elementKey(instance, 'work');
    await when.variablesSet(element, { own: 2, top: 2, fresh: 2 });
    await then.localVariablesAre('work', { own: 2 });
    await then.variablesAre(instance, { top: 2, fresh: 2 });
    await when.variablesSet(element, { top: 3, here: 3 }, true);
    await then.localVariablesAre('work', { own: 2, top: 3, here: 3 });
    await then.variablesAre(instance, { top: 2, fresh: 2 });
  }),

  scenario('expressions that routines use: strings, lists, contexts, dates and durations', async ({ given, when }) => {
    const expressions: Record<string, string> = {
      concat: '="sak-" + string(n)',
      member: '=o.navn',
      missingMember: '=o.finnesIkke',
      missingName: '=finnesIkke',
      condition: '=if n > 2 then "stor" else "liten"',
      list: '=[1, n, "x"]',
      context: '={a: n, b: {c: "d"}}',
      filter: '=liste[item > 1]',
      first: '=liste[1]',
      each: '=for x in liste return x * 2',
      some: '=some x in liste satisfies x > 2',
      every: '=every x in liste satisfies x > 2',
      count: '=count(liste)',
      sum: '=sum(liste)',
      contains: '=list contains(liste, 2)',
      append: '=append(liste, 4)',
      concatLists: '=concatenate(liste, [9])',
      upper: '=upper case("abc")',
      length: '=string length("abc")',
      matches: '=matches("abc", "a.c")',
      between: '=n between 1 and 5',
      inList: '=n in (1, 3)',
      and: '=n > 1 and n < 5',
      nullSafe: '=get or else(finnesIkke, "annet")',
      notNull: '=n != null',
      addDuration: '=date and time("2030-01-01T00:00:00Z") + duration("P1D")',
      dateText: '=string(date("2030-01-31"))',
      month: '=string(duration("P1M"))',
      divide: '=7 / 2',
      round: '=round half up(2.5, 0)',
      modulo: '=modulo(7, 3)',
      getValue: '=get value(o, "navn")',
      isDefined: '=is defined(finnesIkke)',
      not: '=not(true)',
      split: '=split("a,b", ",")',
      joined: '=string join(["a", "b"], "-")',
      sorted: '=sort(liste, function(x, y) x > y)',
      instanceOf: '=n instance of number',
      putValue: '=context put(o, "alder", 6)',
      merged: '=context merge([o, {b: 1}])',
    };
    const diagram = process('feel').start('start');
    for (const [name, expression] of Object.entries(expressions))
      diagram.script(`s_${name}`, { expression, result: name });
    await given.deployed(diagram.end('done'));
    await when.startedAndAwaited('feel', { n: 3, o: { navn: 'Ida' }, liste: [1, 2, 3] });
  }),

  scenario('large and odd values survive: unicode, long text, deep nesting, numbers', async ({ given, when, then }) => {
    await given.deployed(process('values').start('start').service('work').end('done'));
    const values = {
      norsk: 'æøå ÆØÅ 🎈 "quotes" \\ <&>',
      tall: 1.5,
      stor: 9_007_199_254_740_991,
      negativ: -3,
      tom: '',
      liste: [],
      kontekst: {},
      usann: false,
    };
    const instance = await when.started('values', values);
    await when.completed('work', { lang: 'x'.repeat(3000) });
    await then.variablesAre(instance, { ...values, lang: 'x'.repeat(3000) });
  }),
);
