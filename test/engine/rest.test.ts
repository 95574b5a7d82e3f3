/**
 * The REST handlers alone, in front of a scripted engine: which commands they make of requests, what they refuse before the engine is
 * asked, and what becomes of the engine's answers.
 */
import { expect } from 'chai';
import { createApi } from '../../src/engine/embedded/api/index.ts';
import { serveEngineApi } from '../../src/engine/embedded/api/http-server.ts';
import type { EngineApiServer } from '../../src/engine/embedded/api/http-server.ts';
import type { CommandKind, CommandMap, EngineDoor, Rejection } from '../../src/engine/embedded/commands/types.ts';

/** What the scripted engine was asked. */
interface Asked {
  kind: CommandKind;
  command: unknown;
  signal: AbortSignal | undefined;
}

const asked: Asked[] = [];
let answer: (kind: CommandKind) => object | Promise<object> = () => ({});

const door: EngineDoor = {
  submit<K extends CommandKind>(kind: K, command: CommandMap[K]['in'], signal?: AbortSignal) {
    asked.push({ kind, command, signal });
    return Promise.resolve(answer(kind)) as Promise<CommandMap[K]['out'] | Rejection>; // the script answers what the command gives
  },
  now: () => new Date(0),
  isWriter: () => true,
  clock: 'system',
  zone: 'Europe/Oslo',
  searchDelayMs: 0,
  // nobody listens there: searches find the database away
  connectionString: 'postgres://nobody@127.0.0.1:1/none',
  advance: () => Promise.resolve(),
  settle: () => Promise.resolve(),
};

const api = createApi(door);

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<{ status: number; type: string | null; body: Record<string, unknown>; retryAfter: string | null }> {
  const response = await api.fetch(
    new Request(`http://engine${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), // the API answers JSON objects
    retryAfter: response.headers.get('retry-after'),
  };
}

describe('REST handlers of the embedded cluster', () => {
  beforeEach(() => {
    asked.length = 0;
    answer = () => ({});
  });
  after(() => api.close());

  it('make a command of a request, with the defaults of the API', async () => {
    answer = () => ({
      processInstanceKey: 7,
      processDefinitionKey: 6,
      processDefinitionId: 'p',
      version: 3,
      tags: ['a'],
    });
    const created = await send('POST', '/v2/process-instances', {
      processDefinitionId: 'p',
      variables: { x: 1 },
      tags: ['a'],
    });
    expect(asked[0]).to.deep.include({
      kind: 'createInstance',
      command: {
        processDefinitionId: 'p',
        version: -1,
        variables: { x: 1 },
        tags: ['a'],
        startInstructions: [],
        terminateAfter: [],
      },
    });
    expect(created.body).to.deep.equal({
      tenantId: '<default>',
      processDefinitionId: 'p',
      processDefinitionVersion: 3,
      processDefinitionKey: '6',
      processInstanceKey: '7',
      tags: ['a'],
      variables: {},
    });
  });

  it('tell a claim from an assignment, and an unassignment from both', async () => {
    await send('POST', '/v2/user-tasks/5/assignment', { assignee: 'kari' });
    await send('POST', '/v2/user-tasks/5/assignment', { assignee: 'kari', allowOverride: false });
    await send('DELETE', '/v2/user-tasks/5/assignee');
    expect(asked.map((a) => a.command)).to.deep.equal([
      { userTaskKey: 5, assignee: 'kari', action: 'assign', allowOverride: true },
      { userTaskKey: 5, assignee: 'kari', action: 'claim', allowOverride: false },
      { userTaskKey: 5, assignee: '', action: 'unassign', allowOverride: true },
    ]);
  });

  it('hand on corrections of a listener, and only those given', async () => {
    await send('POST', '/v2/jobs/5/completion', {
      result: { type: 'userTask', corrections: { assignee: '', candidateGroups: [], priority: 0, dueDate: null } },
    });
    expect(asked[0]?.command).to.deep.equal({
      jobKey: 5,
      variables: {},
      result: { denied: false, deniedReason: '', corrections: { assignee: '', candidateGroups: [], priority: 0 } },
    });
  });

  it('hand on the signal of the request, so that an aborted poll takes no job', async () => {
    const gone = new AbortController();
    answer = () => new Promise((resolve) => gone.signal.addEventListener('abort', () => resolve({ jobs: [] })));
    const polling = api.fetch(
      new Request('http://engine/v2/jobs/activation', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"type":"x","timeout":1000,"maxJobsToActivate":1}',
        signal: gone.signal,
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked[0]?.signal?.aborted).to.equal(false);
    gone.abort();
    await polling;
    expect(asked[0]?.signal?.aborted).to.equal(true);
  });

  it('a long poll without a time of its own waits ten seconds, a negative time does not wait', async () => {
    answer = () => ({ jobs: [] });
    const poll = { type: 'x', timeout: 1000, maxJobsToActivate: 1 };
    await send('POST', '/v2/jobs/activation', poll);
    await send('POST', '/v2/jobs/activation', { ...poll, requestTimeout: 0 });
    await send('POST', '/v2/jobs/activation', { ...poll, requestTimeout: -1 });
    await send('POST', '/v2/jobs/activation', { ...poll, requestTimeout: 500 });
    expect(asked.map((a) => Reflect.get(Object(a.command), 'requestTimeoutMs'))).to.deep.equal([
      10_000, 10_000, -1, 500,
    ]);
  });

  const refusals: [title: string, method: string, path: string, body: unknown, expected: string][] = [
    ['a property that does not exist', 'POST', '/v2/jobs/5/completion', { variabler: {} }, '400 Bad Request'],
    [
      'a property inside a property that does not exist',
      'PATCH',
      '/v2/jobs/5',
      { changeset: { retry: 1 } },
      '400 Bad Request',
    ],
    ['a number as text', 'POST', '/v2/jobs/5/failure', { retries: '1' }, '400 Bad Request'],
    ['a number with decimals', 'POST', '/v2/jobs/5/failure', { retries: 1.5 }, '400 Bad Request'],
    ['a number beyond 32 bits', 'POST', '/v2/jobs/5/failure', { retries: 4294967296 }, '400 Bad Request'],
    ['a list as variables', 'POST', '/v2/jobs/5/completion', { variables: [] }, '400 Bad Request'],
    ['a key as a number', 'POST', '/v2/process-instances', { processDefinitionKey: 5 }, '400 Bad Request'],
    ['a body that is a list', 'POST', '/v2/process-instances', [], '400 Bad Request'],
    ['a body that is no JSON', 'POST', '/v2/process-instances', '{', '400 Bad Request'],
    ['a missing body', 'POST', '/v2/process-instances', undefined, '400 Bad Request'],
    ['a path without key', 'POST', '/v2/jobs/x/completion', {}, '400 Bad Request'],
    ['an unknown operator', 'POST', '/v2/jobs/search', { filter: { type: { $regex: 'x' } } }, '400 Bad Request'],
    ['an unknown sort field', 'POST', '/v2/user-tasks/search', { sort: [{ field: 'elementId' }] }, '400 Bad Request'],
    [
      'an unknown word in a list of words',
      'POST',
      '/v2/jobs/search',
      { filter: { state: { $in: ['CREATED', 'X'] } } },
      '400 Bad Request',
    ],
    ['two ways of paging', 'POST', '/v2/jobs/search', { page: { from: 1, before: 'x' } }, '400 Bad Request'],
    ['a page of nothing', 'POST', '/v2/jobs/search', { page: { limit: 0 } }, '400 INVALID_ARGUMENT'],
    ['a foreign cursor', 'POST', '/v2/jobs/search', { page: { after: 'x' } }, '400 INVALID_ARGUMENT'],
    [
      'a date that is none',
      'POST',
      '/v2/jobs/search',
      { filter: { deadline: { $gt: 'i går' } } },
      '400 INVALID_ARGUMENT',
    ],
    [
      'a variable filter without value',
      'POST',
      '/v2/process-instances/search',
      { filter: { variables: [{ name: 'a' }] } },
      '400 INVALID_ARGUMENT',
    ],
    [
      'both id and key',
      'POST',
      '/v2/process-instances',
      { processDefinitionKey: '5', processDefinitionId: 'x' },
      '400 Bad Request',
    ],
    [
      'a blank type',
      'POST',
      '/v2/jobs/activation',
      { type: ' ', timeout: 1, maxJobsToActivate: 1 },
      '400 INVALID_ARGUMENT',
    ],
    [
      'no jobs wanted',
      'POST',
      '/v2/jobs/activation',
      { type: 'x', timeout: 1, maxJobsToActivate: 0 },
      '400 INVALID_ARGUMENT',
    ],
    ['a priority above 100', 'PATCH', '/v2/user-tasks/5', { changeset: { priority: 101 } }, '400 INVALID_ARGUMENT'],
    [
      'a date without zone',
      'PATCH',
      '/v2/user-tasks/5',
      { changeset: { dueDate: '2030-01-01' } },
      '400 INVALID_ARGUMENT',
    ],
    ['an update of nothing', 'PATCH', '/v2/user-tasks/5', { changeset: {} }, '400 INVALID_ARGUMENT'],
    ['no variables to set', 'PUT', '/v2/element-instances/5/variables', { variables: {} }, '400 INVALID_ARGUMENT'],
    [
      'a foreign tenant',
      'POST',
      '/v2/signals/broadcast',
      { signalName: 'x', tenantId: 'other' },
      '400 INVALID_ARGUMENT',
    ],
    [
      'eleven tags',
      'POST',
      '/v2/process-instances',
      { processDefinitionId: 'x', tags: 'abcdefghijk'.split('') },
      '400 INVALID_ARGUMENT',
    ],
    ['a clock that is not controlled', 'PUT', '/v2/clock', { timestamp: 0 }, '403 FORBIDDEN'],
    ['an endpoint we have not', 'POST', '/v2/decision-definitions/evaluation', {}, '501 Not Implemented'],
    ['an endpoint nobody has', 'GET', '/v3/topology', undefined, '404 Not Found'],
    ['the test endpoints without a controlled clock', 'POST', '/lab/advance', {}, '404 Not Found'],
    ['another method', 'PUT', '/v2/user-tasks/5', {}, '405 Method Not Allowed'],
  ];
  for (const [title, method, path, body, expected] of refusals) {
    it(`refuse ${title}`, async () => {
      const response = await send(method, path, body);
      expect(`${response.status} ${String(response.body['title'])}`).to.equal(expected);
      expect(response.type).to.equal('application/problem+json');
      expect(response.body)
        .to.include({ type: 'about:blank', status: response.status, instance: path })
        .and.to.include.keys('detail');
      expect(asked).to.deep.equal([]);
    });
  }

  it('refuse another content type and too large a body', async () => {
    expect(
      (await send('POST', '/v2/jobs/5/completion', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }))
        .status,
    ).to.equal(415);
    expect((await send('POST', '/v2/deployments', {})).status).to.equal(415);
    const large = JSON.stringify({ variables: { a: 'x'.repeat(5 * 1024 * 1024) } });
    expect((await send('POST', '/v2/jobs/5/completion', large)).status).to.equal(413);
    expect(asked).to.deep.equal([]);
  });

  it('take what says nothing: nulls and empty bodies', async () => {
    expect((await send('POST', '/v2/jobs/5/completion', { variables: null, result: null })).status).to.equal(204);
    expect((await send('POST', '/v2/jobs/5/completion')).status).to.equal(204);
    expect((await send('POST', '/v2/process-instances/5/cancellation', '')).status).to.equal(204);
  });

  const rejections: [kind: Rejection['rejected'], expected: string, retryAfter: string | null][] = [
    ['NOT_FOUND', '404 NOT_FOUND', null],
    ['INVALID_STATE', '409 INVALID_STATE', null],
    ['ALREADY_EXISTS', '409 ALREADY_EXISTS', null],
    ['INVALID_ARGUMENT', '400 INVALID_ARGUMENT', null],
    ['EXHAUSTED', '429 RESOURCE_EXHAUSTED', '1'],
    ['UNAVAILABLE', '503 UNAVAILABLE', '1'],
    ['TIMEOUT', '504 DEADLINE_EXCEEDED', null],
    ['INTERNAL', '500 INTERNAL_ERROR', null],
  ];
  for (const [rejected, expected, retryAfter] of rejections) {
    it(`answer ${expected} when the engine refuses with ${rejected}`, async () => {
      answer = () => ({ rejected, message: 'because' });
      const response = await send('POST', '/v2/jobs/5/completion', {});
      expect(`${response.status} ${String(response.body['title'])}`).to.equal(expected);
      expect(response.body['detail']).to.include('because');
      expect(response.retryAfter).to.equal(retryAfter);
    });
  }

  it('answer 503 with Retry-After when the database is away, and say nothing of its address', async () => {
    const response = await send('POST', '/v2/user-tasks/search', {});
    expect(response.status).to.equal(503);
    expect(response.retryAfter).to.equal('1');
    expect(JSON.stringify(response.body)).not.to.include('127.0.0.1');
  });

  it('answer 500 without details when something is broken', async () => {
    answer = () => Promise.reject(new Error('secret detail'));
    const response = await send('POST', '/v2/jobs/5/completion', {});
    expect(response.status).to.equal(500);
    expect(JSON.stringify(response.body)).not.to.include('secret');
  });
});

describe('the engine API over HTTP', () => {
  const token = 'a-token-of-some-length';
  let server: EngineApiServer;
  let seen: Request[] = [];
  let respond: (request: Request) => Promise<Response> = () => Promise.resolve(new Response('{}'));

  before(async () => {
    server = await serveEngineApi({
      fetch: (request) => {
        seen.push(request);
        return respond(request);
      },
      port: 0,
      token,
    });
  });
  beforeEach(() => {
    seen = [];
    respond = () => Promise.resolve(new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } }));
  });
  after(() => server.close());

  const get = (headers: Record<string, string>, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}/v2/topology?a=1`, { ...init, headers });
  const basic = (password: string): string => `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;

  it('takes the token as Bearer and as the password of Basic', async () => {
    expect((await get({ authorization: `Bearer ${token}` })).status).to.equal(200);
    expect((await get({ authorization: basic(token) })).status).to.equal(200);
    expect(seen.map((r) => new URL(r.url).pathname + new URL(r.url).search)).to.deep.equal([
      '/v2/topology?a=1',
      '/v2/topology?a=1',
    ]);
    // the token stays outside
    expect(seen[0]?.headers.get('authorization')).to.equal(null);
  });

  it('answers 401 to everything else, before it looks at the request', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', basic('wrong'), `Digest ${token}`, token]) {
      const response = await get({ authorization });
      expect(response.status, authorization).to.equal(401);
      expect(response.headers.get('www-authenticate')).to.include('Basic');
      expect(response.headers.get('content-type')).to.equal('application/problem+json');
    }
    expect(seen).to.deep.equal([]);
  });

  it('refuses a body above 4 MB with a problem document', async () => {
    const response = await get(
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) },
    );
    expect(response.status).to.equal(413);
    expect(await response.json()).to.include({ status: 413 });
    expect(seen).to.deep.equal([]);
  });

  it('tells the handler when the client goes away', async () => {
    const client = new AbortController();
    let aborted = false;
    const left = new Promise<void>((resolve) => {
      respond = (request) =>
        new Promise((answered) => {
          request.signal.addEventListener('abort', () => {
            aborted = true;
            answered(new Response('{}'));
            resolve();
          });
          client.abort();
        });
    });
    await get({ authorization: `Bearer ${token}` }, { signal: client.signal }).catch(() => undefined);
    await left;
    expect(aborted).to.equal(true);
  });

  it('wants a token of some length', async () => {
    let problem = '';
    await serveEngineApi({ fetch: () => Promise.resolve(new Response()), port: 0, token: 'short' }).catch(
      (error: Error) => (problem = error.message),
    );
    expect(problem).to.include('ENGINE_API_TOKEN');
  });
});
