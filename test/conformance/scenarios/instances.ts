/** Instances as a whole: cancelling, starting elsewhere, modifying, migrating; and searches. */
import { expect } from 'chai';
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';
import type { Json, World } from '../world.ts';

/** The items of a search by plain request, each reduced to some fields. */
async function found(world: World, kind: string, query: object, ...fields: string[]): Promise<Json[]> {
  const { body, status } = await world.sent('POST', `/v2/${kind}/search`, query);
  expect(status, JSON.stringify(body)).to.equal(200);
  const items = typeof body === 'object' && body !== null && !Array.isArray(body) ? body['items'] : undefined;
  if (!Array.isArray(items)) throw new Error('a search answers with items');
  return items.map((item) => {
    const row = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {};
    return fields.length === 1 ? (row[String(fields[0])] ?? null) : fields.map((name) => row[name] ?? null);
  });
}

export const instances = theme(
  'instances',

  scenario('cancelling ends everything that is active', async ({ given, when, then }) => {
    await given.deployed(
      process('cancel')
        .start('start')
        .parallel('fork')
        .subprocess('sub', (inside) => inside.start('begin').user('task').end('finish'))
        .end('e1')
        .from('fork')
        .receive('wait', { message: 'M', key: '=id' })
        .end('e2'),
    );
    const instance = await when.started('cancel', { id: 'x' });
    await when.cancelled(instance);
    await then.instanceIs(instance, 'TERMINATED');
    await then.active([], instance);
  }),

  scenario('with a start instruction the start event never exists', async ({ given, when, then }) => {
    await given.deployed(process('middle').start('start').service('first').service('second').end('done'));
    const instance = await when.started('middle', { a: 1 }, { startAt: ['second'] });
    await then.passed(['second'], instance);
    await when.completed('second');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('a modification moves the token: one element ends, another begins', async ({ given, when, then }) => {
    await given.deployed(process('moved').start('start').user('first').user('second').end('done'));
    const instance = await when.started('moved');
    await when.modified(instance, {
      activate: [{ element: 'second', variables: { hvorfor: 'flyttet' } }],
      terminate: ['first'],
    });
    await then.active(['second'], instance);
    await then.taskIs('first', { state: 'CANCELED' });
    await when.taskCompleted('second');
    await then.instanceIs(instance, 'COMPLETED');
  }),

  scenario('terminating every element makes the instance TERMINATED', async ({ given, when, then }) => {
    await given.deployed(process('ended').start('start').user('only').end('done'));
    const instance = await when.started('ended');
    await when.modified(instance, { terminate: ['only'] });
    await then.instanceIs(instance, 'TERMINATED');
  }),

  scenario('a modification opens missing scopes without their input mappings', async ({ given, when, then }) => {
    await given.deployed(
      process('opened')
        .start('start')
        .user('first')
        .subprocess('sub', (inside) => inside.start('begin').user('inner').end('finish'), { input: { local: '=1' } })
        .end('done'),
    );
    const instance = await when.started('opened');
    await when.modified(instance, { activate: [{ element: 'inner' }] });
    await then.active(['first', 'inner', 'sub'], instance);
    await then.localVariablesAre('sub', {});
    await then.refused(400, 'INVALID_ARGUMENT', when.modified(instance, { activate: [{ element: 'unknown' }] }));
  }),

  scenario('migration keeps the task and its key', async ({ given, when, then }) => {
    await given.deployed(process('old').start('start').user('a').end('done'));
    const target = await given.deployed(
      process('next').start('start').user('b', { priority: '90' }).service('after').end('done'),
    );
    const instance = await when.started('old', { x: 1 });
    const key = await when.taskKey('a');
    await when.migrated(instance, target.key('next'), { a: 'b' });
    await then.holds(
      () => when.taskKey('b'),
      (found) => expect(found).to.equal(key),
    );
    await when.taskCompleted('b');
    await then.active(['after'], instance);
  }),

  scenario(
    'migration is refused when an active element is not mapped or kinds differ',
    async ({ given, when, then }) => {
      await given.deployed(process('old').start('start').user('a').end('done'));
      const target = await given.deployed(process('next').start('start').user('b').service('after').end('done'));
      const instance = await when.started('old');
      await then.refused(409, 'INVALID_STATE', when.migrated(instance, target.key('next'), { start: 'start' }));
      await then.refused(409, 'INVALID_STATE', when.migrated(instance, target.key('next'), { a: 'after' }));
      await then.active(['a'], instance);
    },
  ),

  scenario(
    'migration closes boundary timers without mapping and opens new subscriptions',
    async ({ given, when, then }) => {
      await given.deployed(
        process('old').start('start').user('a').end('done').boundary('late', 'a', { duration: 'PT1H' }).end('gone'),
      );
      const target = await given.deployed(
        process('next')
          .start('start')
          .user('a')
          .end('done')
          .boundary('stop', 'a', { message: 'Stop', key: '=id' })
          .service('after')
          .end('stopped'),
      );
      const instance = await when.started('old', { id: 'x' });
      await when.migrated(instance, target.key('next'), { a: 'a' });
      await when.timePassed('PT2H');
      await then.active(['a'], instance);
      await when.published('Stop', 'x');
      await then.active(['after'], instance);
    },
    { clock: true },
  ),

  scenario(
    'a modification may leave several tokens, and the instance ends with the last',
    async ({ given, when, then }) => {
      await given.deployed(process('tokens').start('start').user('first').user('second').end('done'));
      const instance = await when.started('tokens');
      await when.modified(instance, { activate: [{ element: 'second' }] });
      await then.active(['first', 'second'], instance);
      await when.taskCompleted('second');
      await then.instanceIs(instance, 'ACTIVE');
      await when.taskCompleted('first');
      await when.taskCompleted('second');
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),
);

export const searches = theme(
  'searches',

  scenario('user tasks by group, assignee, state, priority and due date, sorted and paged', async (world) => {
    const { given, when, then } = world;
    await given.deployed(
      process('list')
        .start('start')
        .user('task', { groups: '=grupper', priority: '=p', due: '=frist', assignee: '=hvem' })
        .end('done'),
    );
    const people = ['', 'kari', 'ola', 'kari'];
    for (const [n, hvem] of people.entries()) {
      await when.started('list', {
        grupper: n % 2 === 0 ? ['ke'] : ['nav', 'ke'],
        p: n * 10,
        frist: `203${n}-01-01T00:00:00Z`,
        hvem,
      });
    }
    await then.holds(
      () => world.taskKeys('task'),
      (keys) => expect(keys).to.have.lengthOf(4),
    );
    const processDefinitionId = world.unique('list');
    const tasks = (filter: object, rest: object = {}, ...fields: string[]): Promise<Json[]> =>
      found(world, 'user-tasks', { filter: { processDefinitionId, ...filter }, ...rest }, ...fields);
    const byPriority = { sort: [{ field: 'priority', order: 'ASC' }] };
    await then.holds(
      () => tasks({ candidateGroup: 'nav' }, byPriority, 'priority'),
      (list) => expect(list).to.deep.equal([10, 30]),
    );
    expect(await tasks({ candidateGroup: { $in: ['nav', 'x'] } }, byPriority, 'priority')).to.deep.equal([10, 30]);
    expect(
      await tasks({ assignee: 'kari' }, { sort: [{ field: 'priority', order: 'DESC' }] }, 'priority'),
    ).to.deep.equal([30, 10]);
    expect(await tasks({ assignee: { $exists: false } }, byPriority, 'priority')).to.deep.equal([0]);
    expect(await tasks({ assignee: { $neq: 'ola' } }, byPriority, 'priority')).to.deep.equal([0, 10, 30]);
    expect(await tasks({ priority: { $gt: 10, $lte: 30 } }, byPriority, 'priority')).to.deep.equal([20, 30]);
    expect(await tasks({ priority: 20 }, byPriority, 'priority')).to.deep.equal([20]);
    expect(
      await tasks(
        { dueDate: { $lt: '2031-06-01T00:00:00Z' } },
        { sort: [{ field: 'dueDate', order: 'DESC' }] },
        'priority',
      ),
    ).to.deep.equal([10, 0]);
    expect(
      await tasks({ state: 'CREATED', elementId: 'task' }, { ...byPriority, page: { limit: 2 } }, 'priority'),
    ).to.deep.equal([0, 10]);
    expect(await tasks({}, { ...byPriority, page: { from: 2, limit: 5 } }, 'priority')).to.deep.equal([20, 30]);
    expect(await tasks({ state: { $in: ['COMPLETED', 'CANCELED'] } }, {}, 'priority')).to.deep.equal([]);
    expect(await tasks({ processInstanceVariables: [{ name: 'hvem', value: '"ola"' }] }, {}, 'priority')).to.deep.equal(
      [20],
    );
  }),

  scenario('cursors walk through all pages without loss or repetition', async (world) => {
    const { given, when, then } = world;
    await given.deployed(process('pages').start('start').user('task').end('done'));
    for (let n = 0; n < 5; n++) await when.started('pages', { n });
    await then.instancesOf('pages', { ACTIVE: 5 });
    const filter = { processDefinitionId: world.unique('pages') };
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 4; page++) {
      const answer = await world.target.raw(
        'POST',
        '/v2/process-instances/search',
        JSON.stringify({
          filter,
          sort: [{ field: 'processInstanceKey', order: 'ASC' }],
          page: { limit: 2, ...(after === undefined ? {} : { after }) },
        }),
      );
      const body: { items: { processInstanceKey: string }[]; page: { endCursor?: string; totalItems: number } } =
        JSON.parse(await answer.text());
      expect(body.page.totalItems).to.equal(5);
      seen.push(...body.items.map((item) => item.processInstanceKey));
      if (body.items.length < 2) break;
      after = body.page.endCursor;
    }
    expect(new Set(seen).size).to.equal(5);
    expect(seen).to.have.lengthOf(5);
  }),

  scenario('process instances by state, variables, tags and $or', async (world) => {
    const { given, when, then } = world;
    await given.deployed(process('many', { name: 'Mange' }).start('start').service('work').end('done'));
    await when.started('many', { sakId: 'a', n: 1 }, { tags: ['rod'] });
    await when.started('many', { sakId: 'b', n: 2 });
    await when.completed('work');
    await then.instancesOf('many', { ACTIVE: 1, COMPLETED: 1 });
    const processDefinitionId = world.unique('many');
    const search = (filter: object): Promise<Json[]> =>
      found(
        world,
        'process-instances',
        { filter: { processDefinitionId, ...filter } },
        'state',
        'processDefinitionName',
      );
    expect(await search({ state: 'ACTIVE' })).to.deep.equal([['ACTIVE', 'Mange']]);
    expect(await search({ state: { $in: ['COMPLETED'] } })).to.deep.equal([['COMPLETED', 'Mange']]);
    expect(await search({ variables: [{ name: 'sakId', value: '"b"' }] })).to.deep.equal([['ACTIVE', 'Mange']]);
    expect(await search({ variables: [{ name: 'n', value: '1' }] })).to.deep.equal([['COMPLETED', 'Mange']]);
    expect(await search({ tags: ['rod'] })).to.deep.equal([['COMPLETED', 'Mange']]);
    expect(await search({ $or: [{ state: 'ACTIVE' }, { tags: ['rod'] }] })).to.have.lengthOf(2);
    expect(await search({ hasIncident: true })).to.deep.equal([]);
    expect(await search({ endDate: { $exists: true } })).to.have.lengthOf(1);
    expect(await search({ parentProcessInstanceKey: { $exists: false } })).to.have.lengthOf(2);
  }),

  scenario('definitions: the newest version, the XML as it was deployed, statistics of elements', async (world) => {
    const { given, when, then } = world;
    const diagram = process('defined', { name: 'Definert', versionTag: 'v7' }).start('start').user('task').end('done');
    await given.deployed(process('defined').start('start').end('done'));
    const deployed = await given.deployed(diagram);
    await when.started('defined');
    await when.started('defined');
    await when.taskKeys('task');
    const processDefinitionId = world.unique('defined');
    await then.holds(
      () =>
        found(
          world,
          'process-definitions',
          { filter: { processDefinitionId, isLatestVersion: true } },
          'version',
          'name',
          'versionTag',
          'resourceName',
        ),
      (list) => expect(list).to.deep.equal([[2, 'Definert', 'v7', 'defined.bpmn']]),
    );
    const key = deployed.key('defined');
    const xml = await (await world.target.raw('GET', `/v2/process-definitions/${key}/xml`)).text();
    expect(xml).to.contain(`id="${processDefinitionId}"`).and.to.contain('v7');
    const { body } = await when.sent('POST', `/v2/process-definitions/${key}/statistics/element-instances`, {});
    expect(JSON.stringify(body)).to.contain('"elementId":"task","active":2');
  }),

  scenario('element instances and jobs by element, type and state', async (world) => {
    const { given, when, then } = world;
    await given.deployed(process('parts').start('start').service('a').user('b', { name: 'Bee' }).end('done'));
    await when.started('parts');
    await when.completed('a');
    await then.active(['b']);
    const processDefinitionId = world.unique('parts');
    const elements = (filter: object): Promise<Json[]> =>
      found(
        world,
        'element-instances',
        { filter: { processDefinitionId, ...filter }, sort: [{ field: 'elementInstanceKey', order: 'ASC' }] },
        'elementId',
        'elementName',
        'type',
        'state',
      );
    expect(await elements({ state: 'ACTIVE' })).to.deep.equal([['b', 'Bee', 'USER_TASK', 'ACTIVE']]);
    expect(await elements({ type: 'SERVICE_TASK' })).to.deep.equal([['a', 'a', 'SERVICE_TASK', 'COMPLETED']]);
    expect(await elements({ elementId: 'start' })).to.have.lengthOf(1);
    expect(
      await found(world, 'jobs', { filter: { processDefinitionId, state: 'COMPLETED' } }, 'elementId', 'kind'),
    ).to.deep.equal([['a', 'BPMN_ELEMENT']]);
    expect(
      await found(world, 'jobs', { filter: { processDefinitionId, type: { $like: 'a*' } } }, 'elementId'),
    ).to.deep.equal(['a']);
  }),

  scenario('variables by name and value, and those a task sees', async (world) => {
    const { given, when, then } = world;
    await given.deployed(
      process('vars')
        .start('start')
        .user('task', { input: { egen: '=1' } })
        .end('done'),
    );
    const instance = await when.started('vars', { a: 'x', egen: 0 });
    const task = await when.taskKey('task');
    const variables = (filter: object): Promise<Json[]> =>
      found(
        world,
        'variables',
        { filter: { processInstanceKey: instance, ...filter }, sort: [{ field: 'value', order: 'ASC' }] },
        'name',
        'value',
      );
    await then.holds(
      () => variables({ name: 'egen' }),
      (list) =>
        expect(list).to.deep.equal([
          ['egen', '0'],
          ['egen', '1'],
        ]),
    );
    expect(await variables({ value: '"x"' })).to.deep.equal([['a', '"x"']]);
    expect(await variables({ name: { $in: ['a', 'b'] } })).to.deep.equal([['a', '"x"']]);
    const seen = await found(
      world,
      `user-tasks/${task}/effective-variables`,
      { sort: [{ field: 'name' }] },
      'name',
      'value',
    );
    expect(seen).to.deep.equal([
      ['a', '"x"'],
      ['egen', '1'],
    ]);
  }),
);
