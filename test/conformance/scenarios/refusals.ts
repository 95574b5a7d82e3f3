/** What the REST API refuses, and how: bodies, keys, endpoints, diagrams. */
import { expect } from 'chai';
import { file, process, type Diagram } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';
import type { World } from '../world.ts';

const UNKNOWN = '2251799813999999';

async function refusedEach(
  world: World,
  requests: [method: string, path: string, body: unknown, expected: string][],
): Promise<void> {
  for (const [method, path, body, expected] of requests) {
    const { status, body: problem } = await world.sent(method, path, body);
    const title =
      typeof problem === 'object' && problem !== null && !Array.isArray(problem) ? problem['title'] : undefined;
    expect(`${status} ${String(title)}`, `${method} ${path} ${JSON.stringify(body)}`).to.equal(expected);
    expect(problem, 'problem details').to.include.keys('type', 'title', 'status', 'detail');
  }
}

const refusedDeployment = (title: string, diagram: () => Diagram) =>
  scenario(`refused at deployment: ${title}`, async ({ given, then }) => {
    await then.refused(400, 'INVALID_ARGUMENT', given.deployed(diagram()));
  });

export const restRefusals = theme(
  'rest-refusals',

  scenario('an unknown property, a value of another type and a missing body are Bad Request', async (world) => {
    await refusedEach(world, [
      ['POST', '/v2/process-instances', { processDefinitionId: 'x', ukjent: 1 }, '400 Bad Request'],
      ['POST', '/v2/process-instances', { processDefinitionId: 5 }, '400 Bad Request'],
      ['POST', '/v2/process-instances', { processDefinitionKey: 2251799813685250 }, '400 Bad Request'],
      ['POST', '/v2/process-instances', { processDefinitionId: 'x', variables: [1] }, '400 Bad Request'],
      ['POST', '/v2/process-instances', undefined, '400 Bad Request'],
      ['POST', '/v2/process-instances', '{"processDefinitionId": ', '400 Bad Request'],
      ['POST', '/v2/process-instances', {}, '400 Bad Request'],
      ['POST', '/v2/process-instances', { processDefinitionId: 'x', processDefinitionKey: '1' }, '400 Bad Request'],
      ['POST', '/v2/jobs/activation', { type: 'x', timeout: '1000', maxJobsToActivate: 1 }, '400 Bad Request'],
      ['POST', '/v2/user-tasks/search', { filter: { state: 'OPEN' } }, '400 Bad Request'],
      ['POST', '/v2/user-tasks/search', { sort: [{ field: 'assignee' }] }, '400 Bad Request'],
      ['POST', '/v2/user-tasks/search', { page: { from: 0, after: 'MQ==' } }, '400 Bad Request'],
      ['POST', '/v2/process-instances/search', { filter: { state: { $nesten: 'ACTIVE' } } }, '400 Bad Request'],
      ['GET', '/v2/process-instances/abc', undefined, '400 Bad Request'],
      ['PUT', '/v2/clock', {}, '400 INVALID_ARGUMENT'],
    ]);
  }),

  scenario('a value that breaks a rule is INVALID_ARGUMENT', async (world) => {
    await refusedEach(world, [
      ['POST', '/v2/jobs/activation', { type: 'x', timeout: 0, maxJobsToActivate: 1 }, '400 INVALID_ARGUMENT'],
      ['POST', '/v2/jobs/activation', { type: 'x', timeout: 1000, maxJobsToActivate: 0 }, '400 INVALID_ARGUMENT'],
      ['POST', '/v2/jobs/activation', { timeout: 1000, maxJobsToActivate: 1 }, '400 INVALID_ARGUMENT'],
      ['POST', '/v2/messages/publication', { correlationKey: 'x' }, '400 INVALID_ARGUMENT'],
      [
        'POST',
        '/v2/messages/publication',
        { name: 'x', correlationKey: 'x', tenantId: 'other' },
        '400 INVALID_ARGUMENT',
      ],
      ['POST', '/v2/signals/broadcast', {}, '400 INVALID_ARGUMENT'],
      ['POST', `/v2/user-tasks/${UNKNOWN}/assignment`, {}, '400 INVALID_ARGUMENT'],
      ['PATCH', `/v2/user-tasks/${UNKNOWN}`, { changeset: { priority: 101 } }, '400 INVALID_ARGUMENT'],
      ['PATCH', `/v2/user-tasks/${UNKNOWN}`, {}, '400 INVALID_ARGUMENT'],
      ['PATCH', `/v2/jobs/${UNKNOWN}`, { changeset: {} }, '400 INVALID_ARGUMENT'],
      ['POST', `/v2/jobs/${UNKNOWN}/error`, {}, '400 INVALID_ARGUMENT'],
      ['PUT', `/v2/element-instances/${UNKNOWN}/variables`, { variables: {} }, '400 INVALID_ARGUMENT'],
      ['POST', '/v2/process-instances/search', { page: { limit: 0 } }, '400 INVALID_ARGUMENT'],
      ['POST', `/v2/process-instances/${UNKNOWN}/cancellation`, { operationReference: 0 }, '400 INVALID_ARGUMENT'],
    ]);
  }),

  scenario('an unknown key answers 404', async (world) => {
    await refusedEach(world, [
      ['GET', `/v2/process-instances/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/user-tasks/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/process-definitions/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/process-definitions/${UNKNOWN}/xml`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/element-instances/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/incidents/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['GET', `/v2/variables/${UNKNOWN}`, undefined, '404 NOT_FOUND'],
      ['POST', '/v2/process-instances', { processDefinitionId: 'finnes-ikke-noe-sted' }, '404 NOT_FOUND'],
      ['POST', '/v2/process-instances', { processDefinitionKey: UNKNOWN }, '404 NOT_FOUND'],
      ['POST', `/v2/process-instances/${UNKNOWN}/cancellation`, undefined, '404 NOT_FOUND'],
      ['POST', `/v2/jobs/${UNKNOWN}/completion`, {}, '404 NOT_FOUND'],
      ['POST', `/v2/jobs/${UNKNOWN}/failure`, {}, '404 NOT_FOUND'],
      ['POST', `/v2/jobs/${UNKNOWN}/error`, { errorCode: 'E' }, '404 NOT_FOUND'],
      ['PATCH', `/v2/jobs/${UNKNOWN}`, { changeset: { retries: 1 } }, '404 NOT_FOUND'],
      ['POST', `/v2/user-tasks/${UNKNOWN}/completion`, {}, '404 NOT_FOUND'],
      ['POST', `/v2/user-tasks/${UNKNOWN}/variables/search`, {}, '404 NOT_FOUND'],
      ['POST', `/v2/incidents/${UNKNOWN}/resolution`, undefined, '404 NOT_FOUND'],
      ['PUT', `/v2/element-instances/${UNKNOWN}/variables`, { variables: { a: 1 } }, '404 NOT_FOUND'],
      ['POST', `/v2/resources/${UNKNOWN}/deletion`, undefined, '404 NOT_FOUND'],
    ]);
  }),

  scenario('a body that is not JSON is 415', async (world) => {
    const { status } = await world.sent('POST', '/v2/process-instances', 'processDefinitionId=x', {
      contentType: 'application/x-www-form-urlencoded',
    });
    expect(status).to.equal(415);
  }),

  scenario('what says nothing is accepted: empty $in, $or, tags, a blank tenant', async ({ given, when }) => {
    await given.deployed(process('nothing').start('start').end('done'));
    await when.started('nothing');
    const search = await when.sent('POST', '/v2/process-instances/search', {
      filter: {
        processDefinitionId: { $eq: when.unique('nothing'), $in: [], $notIn: [] },
        $or: [],
        tags: [],
        variables: [],
      },
    });
    expect(search.status).to.equal(200);
    const publish = await when.sent('POST', '/v2/messages/publication', {
      name: when.unique('m'),
      correlationKey: '',
      timeToLive: 0,
      tenantId: '',
    });
    expect(publish.status).to.equal(200);
  }),

  scenario('a definition with running instances cannot be deleted', async ({ given, when, then }) => {
    const deployed = await given.deployed(process('kept').start('start').user('task').end('done'));
    const instance = await when.started('kept');
    await then.refused(409, 'INVALID_STATE', when.resourceDeleted(deployed.key('kept')));
    await when.cancelled(instance);
    await when.resourceDeleted(deployed.key('kept'));
    await then.refused(404, 'NOT_FOUND', when.started('kept'));
    // 8.8 does not take it out of the searches
    const { status } = await when.sent('GET', `/v2/process-definitions/${deployed.key('kept')}`);
    expect(status).to.equal(200);
  }),
);

export const deploymentRefusals = theme(
  'deployment-refusals',

  scenario(
    'the same file and content deploys to the same version, a change makes a new one',
    async ({ given, when }) => {
      const first = process('same').start('start').service('a').end('done');
      expect((await given.deployed(first)).versions).to.deep.equal({ same: 1 });
      expect((await given.deployed(first)).versions).to.deep.equal({ same: 1 });
      expect((await given.deployed(process('same').start('start').service('b').end('done'))).versions).to.deep.equal({
        same: 2,
      });
      await when.started('same', {}, { version: 1 });
      await when.completed('a');
      await when.started('same');
      await when.completed('b');
    },
  ),

  scenario('one bad file refuses the whole bundle', async ({ given, when, then }) => {
    await then.refused(
      400,
      'INVALID_ARGUMENT',
      given.deployed(process('good').start('start').end('done'), file('bad.bpmn', '<not-bpmn/>')),
    );
    await then.refused(404, 'NOT_FOUND', when.started('good'));
  }),

  scenario('two files with one process id are refused', async ({ given, then }) => {
    await then.refused(
      400,
      'INVALID_ARGUMENT',
      given.deployed(
        process('twin', { file: 'one' }).start('start').end('done'),
        process('twin', { file: 'two' }).start('start').manual('m').end('done'),
      ),
    );
  }),

  scenario('broken XML is refused', async ({ given, then }) => {
    await then.refused(400, 'INVALID_ARGUMENT', given.deployed(file('broken.bpmn', '<bpmn:definitions')));
    await then.refused(400, 'INVALID_ARGUMENT', given.deployed(file('unknown.txt.bpmn', 'hei')));
  }),

  refusedDeployment('an interrupting boundary timer with a cycle', () =>
    process('cycle').start('start').user('task').end('done').boundary('late', 'task', { cycle: 'R3/PT1H' }).end('gone'),
  ),
  refusedDeployment('an expression that cannot be parsed', () =>
    process('unparsable').start('start').exclusive('gate').when('=a >').end('e1').from('gate').otherwise().end('e2'),
  ),
  refusedDeployment('a flow out of an exclusive gateway without condition that is not the default', () =>
    process('unconditional').start('start').exclusive('gate').when('=a').end('e1').from('gate').end('e2'),
  ),
  refusedDeployment('a service task without a type', () =>
    process('typeless').start('start').end('done').verbatim('<bpmn:serviceTask id="work" />'),
  ),
  refusedDeployment('an event subprocess with a none start event', () =>
    process('noneStart')
      .start('start')
      .end('done')
      .eventSubprocess('sub', (inside) => inside.start('begin').end('finish')),
  ),
  refusedDeployment('two none start events', () => process('twoStarts').start('s1').end('e1').start('s2').end('e2')),
  refusedDeployment('a message catch without a correlation key', () =>
    process('keyless').start('start').catches('wait', { message: 'M' }).end('done'),
  ),
  refusedDeployment('an event-based gateway that leads to a task', () =>
    process('badRace')
      .start('start')
      .eventBased('race')
      .catches('a', { duration: 'PT1H' })
      .end('e1')
      .from('race')
      .user('b')
      .end('e2'),
  ),
  refusedDeployment('two boundary events for the same message on one activity', () =>
    process('twoMessages')
      .start('start')
      .user('task')
      .end('done')
      .boundary('m1', 'task', { message: 'M', key: '=id' })
      .end('e1')
      .boundary('m2', 'task', { message: 'M', key: '=id' })
      .end('e2'),
  ),
  refusedDeployment('two boundary events for the same error on one activity', () =>
    process('twoErrors')
      .start('start')
      .service('work')
      .end('done')
      .boundary('x1', 'work', { error: 'E' })
      .end('e1')
      .boundary('x2', 'work', { error: 'E' })
      .end('e2'),
  ),
  refusedDeployment('a link without its target', () =>
    process('unlinked').start('start').throws('jump', { link: 'nowhere' }),
  ),
  refusedDeployment('a bad fixed duration', () =>
    process('badDuration').start('start').catches('wait', { duration: 'ti dager' }).end('done'),
  ),
  refusedDeployment('a user task with a priority above 100', () =>
    process('badPriority').start('start').user('task', { priority: '500' }).end('done'),
  ),
  refusedDeployment('a process that is not executable, alone', () =>
    process('inert', { executable: false }).start('start').end('done'),
  ),

  refusedDeployment('an id that is used twice', () =>
    process('twice').start('start').end('done').verbatim('<bpmn:manualTask id="start" />'),
  ),
  refusedDeployment('a boundary event on an element that does not exist', () =>
    process('floating')
      .start('start')
      .user('task')
      .end('done')
      .boundary('late', 'nowhere', { duration: 'PT1H' })
      .end('gone'),
  ),
  refusedDeployment('a call activity without a process id', () =>
    process('uncalled').start('start').end('done').verbatim('<bpmn:callActivity id="call" />'),
  ),
  refusedDeployment('a sequence flow to an element that does not exist', () =>
    process('dangling')
      .start('start')
      .end('done')
      .verbatim('<bpmn:sequenceFlow id="f" sourceRef="start" targetRef="nowhere" />'),
  ),
  refusedDeployment('an input mapping without a target', () =>
    process('untargeted')
      .start('start')
      .service('work', { input: { '': '=1' } })
      .end('done'),
  ),
  refusedDeployment('an error event subprocess that does not interrupt', () =>
    process('softError')
      .start('start')
      .end('done')
      .eventSubprocess('sub', (inside) => inside.start('failed', { error: 'E', interrupting: false }).end('finish')),
  ),
  refusedDeployment('a message start event in a subprocess that is not an event subprocess', () =>
    process('wrongStart')
      .start('start')
      .subprocess('sub', (inside) => inside.start('begin', { message: 'M', key: '=id' }).end('finish'))
      .end('done'),
  ),
);
