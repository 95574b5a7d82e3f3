import { expect } from 'chai';
import type { EmbeddedCluster } from '../../../src/engine/embedded/index.ts';
import { failureOf } from '../../../src/engine/embedded/state/failures.ts';
import { activate, Bench, bpmn, call, count, create, deploy, flow, oneJob, service, until } from './cluster.ts';

const timer = (kind: string, text: string): string =>
  `<bpmn:timerEventDefinition id="td_${Math.random().toString(36).slice(2)}"><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}></bpmn:timerEventDefinition>`;
const startTimer = (id: string, cycle: string): string =>
  bpmn(
    id,
    `<bpmn:startEvent id="s">${timer('timeCycle', cycle)}</bpmn:startEvent><bpmn:endEvent id="e"/>${flow('f', 's', 'e')}`,
  );
const script = (id: string, expression: string): string =>
  bpmn(
    id,
    `<bpmn:startEvent id="s"/><bpmn:scriptTask id="t"><bpmn:extensionElements><zeebe:script expression="${expression}" resultVariable="r"/></bpmn:extensionElements></bpmn:scriptTask><bpmn:endEvent id="e"/>${flow('f1', 's', 't')}${flow('f2', 't', 'e')}`,
  );

/** How long it takes until it is answered, and that it is. */
async function timed(what: Promise<{ status: number; body: object }>, status = 200): Promise<number> {
  const started = performance.now();
  const answer = await what;
  expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
  return performance.now() - started;
}

interface FoundIncident {
  errorType: string;
  errorMessage: string;
}
async function incidents(cluster: EmbeddedCluster, processDefinitionId: string): Promise<FoundIncident[]> {
  const answer = await call(cluster, 'POST', '/incidents/search', { filter: { processDefinitionId } });
  return answer.body['items'] as FoundIncident[]; // by the API
}

describe('Embedded cluster: everybody gets a turn', function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.stop());

  /** A command that must be alone and one that need not be are answered, and the engine's own work goes on. */
  async function serves(cluster: EmbeddedCluster, name: string): Promise<void> {
    expect(await timed(deploy(cluster, [`${name}.bpmn`, oneJob(name, name)]))).to.be.lessThan(5_000);
    expect(await timed(create(cluster, name))).to.be.lessThan(5_000);
  }

  it('serves others beside a start timer that is always due, which fires ten times a second, also after a restart', async () => {
    const first = await bench.start({ clock: 'system' });
    await deploy(first, ['zero.bpmn', startTimer('zero', 'R/PT0S')]);
    await serves(first, 'a');
    const before = await count(first, 'zero');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const fired = (await count(first, 'zero')) - before;
    expect(fired).to.be.greaterThan(1);
    expect(fired).to.be.lessThan(20);
    await first.stop();
    const second = await bench.start({ clock: 'system' });
    await serves(second, 'b');
  });

  it('serves others beside every kind of work that never ends', async () => {
    const cluster = await bench.start({ clock: 'system' });
    const endless: Record<string, string> = {
      fast: startTimer('fast', 'R/PT0.001S'),
      backwards: startTimer('backwards', 'R/-PT1H'),
      boundary: bpmn(
        'boundary',
        `<bpmn:startEvent id="s"/>${service('w', 'nobody')}<bpmn:boundaryEvent id="b" attachedToRef="w" cancelActivity="false">${timer('timeCycle', 'R/PT0S')}</bpmn:boundaryEvent><bpmn:endEvent id="e"/>${flow('f1', 's', 'w')}${flow('f2', 'b', 'e')}`,
      ),
      // due at once again and again, one after another
      circle: bpmn(
        'circle',
        `<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:intermediateCatchEvent id="c">${timer('timeDuration', 'P0D')}</bpmn:intermediateCatchEvent>${flow('f1', 's', 'g')}${flow('f2', 'g', 'c')}${flow('f3', 'c', 'g')}`,
      ),
      // each command leaves work over
      gateways: bpmn(
        'gateways',
        `<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:exclusiveGateway id="h"/>${flow('f1', 's', 'g')}${flow('f2', 'g', 'h')}${flow('f3', 'h', 'g')}`,
      ),
      signal: bpmn(
        'signal',
        `<bpmn:startEvent id="s"/><bpmn:endEvent id="e"><bpmn:signalEventDefinition id="sd1" signalRef="again"/></bpmn:endEvent><bpmn:startEvent id="s2"><bpmn:signalEventDefinition id="sd2" signalRef="again"/></bpmn:startEvent>${flow('f1', 's', 'e')}${flow('f2', 's2', 'e')}`,
        '<bpmn:signal id="again" name="again"/>',
      ),
      itself: bpmn(
        'itself',
        `<bpmn:startEvent id="s"/><bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="=&quot;itself&quot;"/></bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="e"/>${flow('f1', 's', 'c')}${flow('f2', 'c', 'e')}`,
      ),
    };
    for (const [name, xml] of Object.entries(endless))
      expect((await deploy(cluster, [`${name}.bpmn`, xml])).status, name).to.equal(200);
    for (const name of ['boundary', 'circle', 'gateways', 'signal', 'itself'])
      expect((await create(cluster, name)).status, name).to.equal(200);
    for (let i = 0; i < 3; i++) await serves(cluster, `other${i}`);
    expect(await activate(cluster, 'other0')).to.have.length(1);
  });

  it('does what is due beside deployments without end', async () => {
    const cluster = await bench.start({ clock: 'system' });
    const xml = (id: string): string =>
      bpmn(
        id,
        `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="c">${timer('timeDuration', 'PT0.1S')}</bpmn:intermediateCatchEvent>${service('w', 'after')}${flow('f1', 's', 'c')}${flow('f2', 'c', 'w')}`,
      );
    await deploy(cluster, ['wait.bpmn', xml('wait')]);
    await create(cluster, 'wait');
    let going = true;
    const clients = Array.from({ length: 4 }, async (_, i) => {
      for (let n = 0; going; n++) await deploy(cluster, [`d${i}.bpmn`, oneJob(`d${i}`, `type${n}`)]);
    });
    await until(async () => (await activate(cluster, 'after')).length === 1);
    going = false;
    await Promise.all(clients);
  });

  it('tries work of its own again that cannot be stored, later and alone, and does the rest', async () => {
    const cluster = await bench.start({ clock: 'system' });
    const cycle = (id: string, type: string): string =>
      bpmn(
        id,
        `<bpmn:startEvent id="s">${timer('timeCycle', 'R/PT0.2S')}</bpmn:startEvent>${service('w', type)}${flow('f', 's', 'w')}`,
      );
    await bench.sql('select 1');
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    await bench.sql(`alter table engine.job add constraint refuses check (type <> 'bad')`);
    await deploy(cluster, ['bad.bpmn', cycle('bad', 'bad')], ['good.bpmn', cycle('good', 'good')]);
    await until(async () => (await count(cluster, 'good')) > 5);
    expect(await count(cluster, 'bad')).to.equal(0);
    expect((await create(cluster, 'a')).status).to.equal(200);
    expect(cluster.metrics().failedCommits, 'it is not tried at every turn').to.be.lessThan(4);
    await bench.sql('alter table engine.job drop constraint refuses');
    await until(async () => (await count(cluster, 'bad')) > 0, 20_000);
  });
});

describe('Embedded cluster: what the database refuses', function () {
  this.timeout(60_000);
  let bench: Bench;
  let cluster: EmbeddedCluster;
  before(async () => {
    bench = await Bench.open();
    cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')], ['bad.bpmn', oneJob('bad', 'bad')]);
    await bench.sql(`create function engine.fails() returns trigger language plpgsql as
      $$ begin raise exception 'marked text of a person' using errcode = current_setting('fails.code'); end $$`);
    await bench.sql(
      `create trigger fails before insert on engine.job for each row when (new.type = 'bad') execute function engine.fails()`,
    );
  });
  after(() => bench.stop());

  const failWith = (code: string): Promise<unknown> =>
    bench.sql(`create or replace function engine.fails() returns trigger language plpgsql as
      $$ begin raise exception 'marked text of a person' using errcode = '${code}'; end $$`);

  for (const code of ['22021', '22P05', '22003', '22008', '54000', '23514', '22001'])
    it(`undoes one command alone when its data is refused with ${code}, and is no lost connection`, async () => {
      await failWith(code);
      const { takeOvers } = cluster.metrics();
      const answers = await Promise.all([create(cluster, 'a'), create(cluster, 'bad'), create(cluster, 'a')]);
      expect(answers.map((a) => a.status)).to.deep.equal([200, 500, 200]);
      expect(JSON.stringify(answers[1]?.body)).to.contain(code).and.not.contain('marked text');
      expect(cluster.metrics().takeOvers).to.equal(takeOvers);
      expect(cluster.isWriter()).to.equal(true);
    });

  for (const code of ['53100', '53200', '57014', '58030', '40P01'])
    it(`answers 503 to the whole batch when the server fails with ${code}, and goes on`, async () => {
      await failWith(code);
      const { takeOvers } = cluster.metrics();
      const refused = await create(cluster, 'bad');
      expect(refused.status).to.equal(503);
      expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
      expect(JSON.stringify(refused.body)).to.contain(code).and.not.contain('marked text');
      expect((await create(cluster, 'a')).status).to.equal(200);
      expect(cluster.metrics().takeOvers).to.equal(takeOvers);
    });

  it('takes only a lost connection or server for an unknown outcome', () => {
    const error = (code?: string): Error => Object.assign(new Error('x'), code === undefined ? {} : { code });
    for (const code of [
      undefined,
      '08006',
      '08P01',
      '57P01',
      '57P02',
      '57P03',
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      'EAI_AGAIN',
    ])
      expect(failureOf(error(code)), code).to.equal(undefined);
    for (const code of ['22021', '22P02', '54000', '23505', '42P01', 'ERR_STRING_TOO_LONG'])
      expect(failureOf(error(code))?.kind, code).to.equal('data');
    for (const code of ['53100', '53300', '57014', '25006', '58030', 'XX000', '40001', '55P03'])
      expect(failureOf(error(code))?.kind, code).to.equal('server');
    expect(failureOf(new RangeError('Invalid string length'))?.kind).to.equal('data');
  });
});

describe('Embedded cluster: what is out of bounds', function () {
  this.timeout(120_000);
  let bench: Bench;
  let cluster: EmbeddedCluster;
  before(async () => {
    bench = await Bench.open();
    cluster = await bench.start();
  });
  after(async () => {
    expect(cluster.metrics().failedCommits, 'nothing of all this reached the database to be refused there').to.equal(0);
    await bench.stop();
  });

  it('keeps times that lie beyond the calendar as the last there is', async () => {
    const far = bpmn(
      'far',
      `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="c">${timer('timeDuration', '=span')}</bpmn:intermediateCatchEvent>${flow('f1', 's', 'c')}`,
    );
    await deploy(cluster, ['far.bpmn', far], ['a.bpmn', oneJob('a', 'a')]);
    for (const span of ['P300000Y', 'P2147483647Y', 'P2147483647M', 'P2147483647D', 'PT2147483647000H', '-P300000Y'])
      expect((await create(cluster, 'far', { span })).status, span).to.equal(200);
    expect(await incidents(cluster, 'far')).to.deep.equal([]);
    for (const span of ['P99999999999Y', 'PT99999999999999999999S', `P${'1'.repeat(5000)}D`])
      expect((await create(cluster, 'far', { span })).status, span).to.equal(200);
    expect((await incidents(cluster, 'far')).map((i) => i.errorType)).to.deep.equal(
      Array.from({ length: 3 }, () => 'EXTRACT_VALUE_ERROR'),
    );
    await create(cluster, 'a');
    const longest = 2 ** 53 - 1;
    const published = { name: 'm', correlationKey: 'k', timeToLive: longest };
    expect((await call(cluster, 'POST', '/messages/publication', published)).status).to.equal(200);
    const taken = await call(cluster, 'POST', '/jobs/activation', {
      type: 'a',
      timeout: longest,
      maxJobsToActivate: 1,
      requestTimeout: -1,
    });
    const [job] = taken.body['jobs'] as { jobKey: string }[];
    const failed = { retries: 1, retryBackOff: longest };
    expect((await call(cluster, 'POST', `/jobs/${job?.jobKey}/failure`, failed)).status).to.equal(204);
  });

  it('refuses a cycle that repeats more often than an integer counts', async () => {
    for (const cycle of ['R9223372036854775807/PT1S', 'R2147483648/PT1S']) {
      const told = await deploy(cluster, ['often.bpmn', startTimer('often', cycle)]);
      expect(told.status, cycle).to.equal(400);
      expect(told.body['detail']).to.contain('timer cycle');
    }
  });

  it('makes numbers and names from expressions that do not fit incidents, each by its name', async () => {
    const job = (id: string, type: string, retries: string): string =>
      bpmn(
        id,
        `<bpmn:startEvent id="s"/><bpmn:serviceTask id="w"><bpmn:extensionElements><zeebe:taskDefinition type="${type}" retries="${retries}"/></bpmn:extensionElements></bpmn:serviceTask>${flow('f', 's', 'w')}`,
      );
    const task = bpmn(
      'person',
      `<bpmn:startEvent id="s"/><bpmn:userTask id="u"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="=who"/></bpmn:extensionElements></bpmn:userTask>${flow('f', 's', 'u')}`,
    );
    const message = bpmn(
      'keyed',
      `<bpmn:startEvent id="s"/><bpmn:receiveTask id="r" messageRef="m"/>${flow('f', 's', 'r')}`,
      `<bpmn:message id="m" name="hello"><bpmn:extensionElements><zeebe:subscription correlationKey="=key"/></bpmn:extensionElements></bpmn:message>`,
    );
    await deploy(cluster, ['r.bpmn', job('retries', 'x', '=10 ** 12')], ['t.bpmn', job('type', '=type', '1')]);
    await deploy(cluster, ['p.bpmn', task], ['k.bpmn', message]);
    const long = 'x'.repeat(5000);
    await create(cluster, 'retries');
    await create(cluster, 'type', { type: long });
    for (const who of [long, 'a\0b', 'half \ud800']) await create(cluster, 'person', { who });
    for (const key of [long, 'a\0b', 'half \ud800']) await create(cluster, 'keyed', { key });
    const words = async (id: string): Promise<string[]> =>
      (await incidents(cluster, id)).map((i) => `${i.errorType}: ${i.errorMessage}`);
    expect((await words('retries')).join()).to.match(/EXTRACT_VALUE_ERROR.*'10 \*\* 12'.*range of an integer/);
    expect((await words('type')).join()).to.match(/EXTRACT_VALUE_ERROR.*'type'.*longer than 400 characters/);
    for (const id of ['person', 'keyed']) {
      const told = await words(id);
      expect(told, id).to.have.length(3);
      expect(told.filter((t) => t.includes('longer than 400'))).to.have.length(1);
      expect(told.filter((t) => t.includes('NUL or half of a surrogate pair'))).to.have.length(2);
    }
  });

  it('refuses a long assignee by name', async () => {
    const task = bpmn(
      'free',
      `<bpmn:startEvent id="s"/><bpmn:userTask id="u"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>${flow('f', 's', 'u')}`,
    );
    await deploy(cluster, ['free.bpmn', task]);
    await create(cluster, 'free');
    const found = await call(cluster, 'POST', '/user-tasks/search', { filter: { processDefinitionId: 'free' } });
    const [one] = found.body['items'] as { userTaskKey: string }[];
    const told = await call(cluster, 'POST', `/user-tasks/${one?.userTaskKey}/assignment`, {
      assignee: 'x'.repeat(3000),
    });
    expect(told.status).to.equal(400);
    expect(told.body['detail']).to.contain('assignee');
  });

  it('keeps NUL and halves of surrogate pairs inside of variables, also after a restart', async () => {
    await deploy(cluster, ['odd.bpmn', oneJob('odd', 'odd')]);
    const odd = { text: 'a\0b', half: '\ud800x', list: ['\udfff', { '\0': '\0' }] };
    await create(cluster, 'odd', { odd });
    await cluster.stop();
    cluster = await bench.start();
    const [job] = await activate(cluster, 'odd');
    expect(job?.variables).to.deep.equal({ odd });
  });

  it('ends an expression that takes too long as an incident, and leaves others their turn', async () => {
    await deploy(cluster, ['grid.bpmn', script('grid', '=sum(for x in 1..400, y in 1..400 return x * y)')]);
    await deploy(cluster, [
      'long.bpmn',
      script('long', '=count(for x in 1..1000, y in 1..1000, z in 1..1000 return x * y * z)'),
    ]);
    expect(await timed(create(cluster, 'grid'))).to.be.lessThan(10_000);
    expect(await count(cluster, 'grid', 'COMPLETED')).to.equal(1);
    expect(await timed(create(cluster, 'long'))).to.be.lessThan(10_000);
    const [incident] = await incidents(cluster, 'long');
    expect(incident?.errorType).to.equal('EXTRACT_VALUE_ERROR');
    expect(incident?.errorMessage).to.contain('more than 500000 steps');
  });

  it('takes loops of up to 10,000 items in slices and makes more an incident', async () => {
    const loop = bpmn(
      'items',
      `<bpmn:startEvent id="s"/><bpmn:manualTask id="m"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=list"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:manualTask><bpmn:endEvent id="e"/>${flow('f1', 's', 'm')}${flow('f2', 'm', 'e')}`,
    );
    await deploy(cluster, ['items.bpmn', loop], ['b.bpmn', oneJob('b', 'b')]);
    await create(cluster, 'items', { list: Array.from({ length: 3000 }, (_, i) => i) });
    expect(await timed(create(cluster, 'b'))).to.be.lessThan(5_000);
    await create(cluster, 'items', { list: Array.from({ length: 10_001 }, () => 1) });
    const [incident] = await incidents(cluster, 'items');
    expect(incident?.errorMessage).to.contain('10001 items').and.contain('at most 10000');
    await until(async () => (await count(cluster, 'items', 'COMPLETED')) === 1, 60_000);
  });

  it('stops processes that call themselves at the depth of a thousand', async () => {
    const itself = bpmn(
      'deep',
      `<bpmn:startEvent id="s"/><bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="=&quot;deep&quot;"/></bpmn:extensionElements></bpmn:callActivity>${flow('f1', 's', 'c')}`,
    );
    await deploy(cluster, ['deep.bpmn', itself]);
    const root = String((await create(cluster, 'deep')).body['processInstanceKey']);
    await until(async () => (await incidents(cluster, 'deep')).length === 1, 60_000);
    const [incident] = await incidents(cluster, 'deep');
    expect(incident?.errorType).to.equal('CALLED_ELEMENT_ERROR');
    expect(incident?.errorMessage).to.contain('maximum depth of 1000');
    expect(await count(cluster, 'deep')).to.equal(1000);
    expect((await call(cluster, 'POST', `/process-instances/${root}/cancellation`, {})).status).to.equal(204);
    await until(async () => (await count(cluster, 'deep', 'TERMINATED')) === 1000, 60_000);
  });

  it('hands out jobs with large variables a few at a time, and loses none', async () => {
    await deploy(cluster, ['large.bpmn', oneJob('large', 'large')]);
    for (let i = 0; i < 8; i++) await create(cluster, 'large', { text: 'x'.repeat(1_500_000) });
    const sizes: number[] = [];
    for (let jobs = await activate(cluster, 'large'); jobs.length > 0; jobs = await activate(cluster, 'large'))
      sizes.push(jobs.length);
    expect(sizes).to.deep.equal([2, 2, 2, 2]);
  });

  it('does not let an instance grow without end', async () => {
    await deploy(cluster, ['grow.bpmn', oneJob('grow', 'grow')]);
    const key = String((await create(cluster, 'grow')).body['processInstanceKey']);
    const statuses: number[] = [];
    let detail = '';
    for (let i = 0; i < 12; i++) {
      const told = await call(cluster, 'PUT', `/element-instances/${key}/variables`, {
        variables: { [`v${i}`]: 'x'.repeat(3_500_000) },
      });
      statuses.push(told.status);
      detail = String(told.body['detail']);
    }
    expect(statuses.filter((s) => s === 204).length).to.be.within(8, 10);
    expect(statuses.at(-1)).to.equal(400);
    expect(detail).to.contain('would hold more than');
    expect((await call(cluster, 'POST', `/process-instances/${key}/cancellation`, {})).status).to.equal(204);
  });

  it('refuses diagrams that are too large, too deep or full of mistakes, with what is wrong', async () => {
    const refused = async (body: string, words: string): Promise<void> => {
      const started = performance.now();
      const told = await deploy(cluster, ['x.bpmn', body]);
      expect(performance.now() - started, words).to.be.lessThan(5_000);
      expect(told.status, words).to.equal(400);
      expect(String(told.body['detail'])).to.contain(words);
      expect(String(told.body['detail']).length, words).to.be.lessThan(100_000);
    };
    const start = '<bpmn:startEvent id="s"/>';
    await refused(bpmn('x', '<bpmn:subProcess>'.repeat(20_000)), 'nested more than 100 deep');
    await refused(bpmn('x', start + '<bpmn:task/>'.repeat(50_000)), 'more than 10000 XML elements');
    await refused(
      bpmn('x', `<bpmn:startEvent id="s" name="${'x'.repeat(200_000)}"/>`),
      'longer than 100000 characters',
    );
    await refused(bpmn('x', `<bpmn:startEvent id="s" name="${'x'.repeat(5_000)}"/>`), 'The name must not be longer');
    await refused(bpmn('x', `<bpmn:startEvent id="${'x'.repeat(500)}"/>`), 'The id must not be longer than 400');
    await refused(`<?xml version="1.0"${' '.repeat(100_000)}x`, 'unparsable content');
    await refused(bpmn('x', `${start}${' '.repeat(100_000)}<`), 'x.bpmn');
    await refused(bpmn('x', start + '<bpmn:task id="a"/>'.repeat(5_000)), 'many ids are used twice');
    await refused(bpmn('x', start + '<bpmn:foo/>'.repeat(5_000)), 'unknown type');
    await refused(bpmn('x', start + 'x<bpmn:task/>'.repeat(5_000)), 'text stands in elements that hold none');
    await refused(
      bpmn('x', `${start}${Array.from({ length: 3000 }, (_, i) => `<bpmn:serviceTask id="a${i}"/>`).join('')}`),
      'and 2900 more',
    );
    await refused(script('x', `=${'1+'.repeat(5000)}1`), 'more than 1500 words and signs');
    await refused(script('x', `=${'['.repeat(100)}${']'.repeat(100)}`), 'brackets are nested more than 50 deep');
    await refused(
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${bpmn('x', start)}`,
      'a document type definition is not allowed',
    );
  });

  it('finds loops in large diagrams without trying each way', async () => {
    const n = 3000;
    const steps = Array.from(
      { length: n },
      (_, i) => `<bpmn:task id="t${i}"/>${flow(`f${i}`, i === 0 ? 's' : `t${i - 1}`, `t${i}`)}`,
    ).join('');
    const straight = bpmn('straight', `<bpmn:startEvent id="s"/>${steps}`);
    const started = performance.now();
    expect((await deploy(cluster, ['straight.bpmn', straight])).status).to.equal(200);
    expect(performance.now() - started).to.be.lessThan(5_000);
    const round = bpmn('round', `<bpmn:startEvent id="s"/>${steps}${flow('back', `t${n - 1}`, 't7')}`);
    const told = await deploy(cluster, ['round.bpmn', round]);
    expect(told.status).to.equal(400);
    expect(told.body['detail']).to.contain('straight-through processing loop: t7 > t8');
  });
});

describe('Embedded cluster: batches and the queue', function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.stop());

  it('commits few large commands together', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const text = 'x'.repeat(3_000_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(cluster, 'a', { text })));
    expect(answers.map((a) => a.status)).to.deep.equal(Array.from({ length: 12 }, () => 200));
    expect(cluster.metrics().largestBatch).to.be.lessThan(4);
  });

  it('answers 429 when what waits is large, and recovers', async () => {
    const cluster = await bench.start({ maxQueueSize: 4_000_000 });
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const text = 'x'.repeat(1_500_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(cluster, 'a', { text })));
    const refused = answers.filter((a) => a.status === 429);
    expect(refused.length).to.be.within(1, 11);
    for (const answer of refused) expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0);
    expect(answers.filter((a) => a.status === 200).length + refused.length).to.equal(12);
    expect((await create(cluster, 'a', { text })).status).to.equal(200);
    expect(cluster.metrics().queueSize).to.equal(0);
  });
});
