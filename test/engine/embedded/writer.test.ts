import { expect } from 'chai';
import type { EmbeddedCluster } from '../../../src/engine/embedded/index.ts';
import {
  activate,
  Bench,
  bpmn,
  call,
  complete,
  count,
  create,
  deploy,
  flow,
  oneJob,
  service,
  until,
} from './cluster.ts';

describe('Embedded cluster: single writer with group commit', function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.stop());

  const steer = (cluster: EmbeddedCluster, milliseconds: number): Promise<Response> =>
    cluster.fetch(
      new Request('http://engine.invalid/lab/advance', {
        method: 'POST',
        body: JSON.stringify({ milliseconds }),
        headers: { 'content-type': 'application/json' },
      }),
    );

  it('goes on after a restart with jobs, timers, messages, user tasks, incidents and variables from rows alone', async () => {
    const first = await bench.start();
    const xml = bpmn(
      'all',
      `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="g"/>${service('work', 'work')}
       <bpmn:intermediateCatchEvent id="timer"><bpmn:timerEventDefinition id="td"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
       <bpmn:receiveTask id="receive" messageRef="m"/>
       <bpmn:userTask id="person"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="anna"/></bpmn:extensionElements></bpmn:userTask>
       <bpmn:exclusiveGateway id="x"/><bpmn:endEvent id="e"/><bpmn:parallelGateway id="j"/>
       ${flow('f1', 's', 'g')}${flow('f2', 'g', 'work')}${flow('f3', 'g', 'timer')}${flow('f4', 'g', 'receive')}${flow('f5', 'g', 'person')}${flow('f6', 'g', 'x')}
       <bpmn:sequenceFlow id="f7" sourceRef="x" targetRef="j"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=ok</bpmn:conditionExpression></bpmn:sequenceFlow>
       ${flow('f8', 'work', 'j')}${flow('f9', 'timer', 'j')}${flow('f10', 'receive', 'j')}${flow('f11', 'person', 'j')}${flow('f12', 'j', 'e')}`,
      `<bpmn:message id="m" name="hello"><bpmn:extensionElements><zeebe:subscription correlationKey="=key"/></bpmn:extensionElements></bpmn:message>`,
    );
    expect((await deploy(first, ['all.bpmn', xml])).status).to.equal(200);
    const created = await create(first, 'all', { key: 'k1', æøå: { list: [1, null, 'x'] } });
    expect(created.status).to.equal(200);
    const instance = String(created.body['processInstanceKey']);
    await first.stop();

    const second = await bench.start();
    const [job] = await activate(second, 'work');
    expect(job?.variables).to.deep.equal({ key: 'k1', æøå: { list: [1, null, 'x'] } });
    if (!job) return;
    expect((await complete(second, job)).status).to.equal(204);
    const tasks = await call(second, 'POST', '/user-tasks/search', { filter: { processInstanceKey: instance } });
    const [task] = tasks.body['items'] as { userTaskKey: string; assignee: string }[];
    expect(task?.assignee).to.equal('anna');
    expect((await call(second, 'POST', `/user-tasks/${task?.userTaskKey}/completion`, {})).status).to.equal(204);
    expect(
      (await call(second, 'POST', '/messages/correlation', { name: 'hello', correlationKey: 'k1' })).status,
    ).to.equal(200);
    const incidents = await call(second, 'POST', '/incidents/search', {
      filter: { processInstanceKey: instance, state: 'ACTIVE' },
    });
    const [incident] = incidents.body['items'] as { incidentKey: string }[];
    await call(second, 'PUT', `/element-instances/${instance}/variables`, { variables: { ok: true } });
    expect((await call(second, 'POST', `/incidents/${incident?.incidentKey}/resolution`, {})).status).to.equal(204);
    await steer(second, 3_601_000);
    expect(await count(second, 'all', 'COMPLETED')).to.equal(1);
    expect(await bench.sql('select * from engine.instance')).to.deep.equal([]);
  });

  it('undoes a refused command alone when it shares a commit with others', async () => {
    const cluster = await bench.start();
    // the refusal comes after the definition was added: its start timer cannot be evaluated
    const broken = bpmn(
      'broken',
      `<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="td"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">=1 + 1</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent><bpmn:endEvent id="e"/>${flow('f', 's', 'e')}`,
    );
    const answers = await Promise.all([
      deploy(cluster, ['a.bpmn', oneJob('a', 'a')]),
      deploy(cluster, ['broken.bpmn', broken]),
      deploy(cluster, ['b.bpmn', oneJob('b', 'b')]),
    ]);
    expect(answers.map((a) => a.status)).to.deep.equal([200, 400, 200]);
    expect((await create(cluster, 'broken')).status).to.equal(404);
    const mixed = await Promise.all([
      ...Array.from({ length: 20 }, () => create(cluster, 'a')),
      call(cluster, 'POST', '/jobs/1/completion', {}),
      call(cluster, 'POST', '/messages/correlation', { name: 'nobody', correlationKey: 'x' }),
    ]);
    expect(mixed.map((a) => a.status)).to.deep.equal([...Array.from({ length: 20 }, () => 200), 404, 404]);
    expect(await activate(cluster, 'a')).to.have.length(20);
  });

  it('repeats commands on instances that are not loaded, and forgets instances when there are many', async () => {
    const cluster = await bench.start({ maxLoaded: 2 });
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    await Promise.all(Array.from({ length: 40 }, (_, i) => create(cluster, 'a', { i })));
    const jobs = await activate(cluster, 'a');
    expect(new Set(jobs.map((j) => j.variables['i'])).size).to.equal(40);
    const done = await Promise.all(jobs.map((job) => complete(cluster, job)));
    expect(done.every((a) => a.status === 204)).to.equal(true);
    expect(await count(cluster, 'a', 'COMPLETED')).to.equal(40);
    expect(cluster.metrics().live).to.equal(0);
  });

  it('finds the one command that cannot be stored, carries out the others, and goes on', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    await deploy(cluster, ['bad.bpmn', oneJob('bad', 'bad')]);
    await bench.sql(`alter table engine.job add constraint refuses check (type <> 'bad')`);
    const answers = await Promise.all([create(cluster, 'a'), create(cluster, 'bad'), create(cluster, 'a')]);
    expect(answers.map((a) => a.status)).to.deep.equal([200, 500, 200]);
    expect(await count(cluster, 'a')).to.equal(2);
    expect(await count(cluster, 'bad')).to.equal(0);
    const jobs = await activate(cluster, 'a');
    expect(jobs).to.have.length(2);
    await Promise.all(jobs.map((job) => complete(cluster, job)));
    expect(await count(cluster, 'a', 'COMPLETED')).to.equal(2);
    expect(cluster.metrics().failedCommits).to.be.greaterThan(0);
  });

  it('loses nothing that was answered when the connection is cut again and again', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const answered = new Set<string>();
    let cutting = true;
    const client = async (): Promise<void> => {
      while (cutting) {
        const answer = await create(cluster, 'a');
        if (answer.status === 200) answered.add(String(answer.body['processInstanceKey']));
        else {
          expect(answer.status).to.equal(503);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (i % 2 === 0) cluster.breakConnection();
      else
        await bench.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'engine-writer' and datname = current_database()`,
        );
      const before = i + 1;
      await until(() => cluster.isWriter() && cluster.metrics().takeOvers > before);
    }
    cutting = false;
    await Promise.all(clients);
    const stored = new Set(
      (await bench.sql('select key::text from engine.process_instance')).map((r) => String(r['key'])),
    );
    for (const key of answered) expect(stored.has(key), key).to.equal(true);
    expect(stored.size, 'a refused command leaves nothing behind').to.equal(answered.size);
    // An activation hands out a bounded number of jobs; who wants more asks again.
    const jobs = new Set<unknown>();
    for (let more = await activate(cluster, 'a', 10_000); more.length > 0; more = await activate(cluster, 'a', 10_000))
      for (const job of more) jobs.add(job['jobKey']);
    expect(jobs.size).to.equal(answered.size);
  });

  it('keeps a second process as a stand-by that refuses commands, and lets it take over', async () => {
    const first = await bench.start();
    await deploy(first, ['a.bpmn', oneJob('a', 'a')]);
    const second = await bench.start();
    expect([first.isWriter(), second.isWriter()]).to.deep.equal([true, false]);
    const refused = await create(second, 'a');
    expect(refused.status).to.equal(503);
    expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
    expect((await create(first, 'a')).status).to.equal(200);
    await first.stop();
    await until(() => second.isWriter());
    expect((await create(second, 'a')).status).to.equal(200);
    expect(await activate(second, 'a')).to.have.length(2);
  });

  it('never gives a job to a long poll that was aborted', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    for (let i = 0; i < 10; i++) {
      const gone = new AbortController();
      const poll = activate(cluster, 'a', 5, 5_000, gone.signal).catch(() => []);
      await new Promise((resolve) => setTimeout(resolve, 10));
      gone.abort();
      await create(cluster, 'a');
      await poll;
      const jobs = await activate(cluster, 'a');
      expect(jobs).to.have.length(1);
      for (const job of jobs) await complete(cluster, job);
    }
  });

  it('gives back a job that was taken in the moment in which the poll was aborted', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    for (let i = 0; i < 20; i++) {
      await create(cluster, 'a');
      const gone = new AbortController();
      const poll = activate(cluster, 'a', 5, 5_000, gone.signal).catch(() => []);
      // while the command is in its commit
      await new Promise((resolve) => setImmediate(resolve));
      gone.abort();
      await poll;
      await until(async () => {
        const [job] = await activate(cluster, 'a');
        return job !== undefined && (await complete(cluster, job)).status === 204;
      });
    }
  });

  it('wakes a long poll when work comes', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const poll = activate(cluster, 'a', 5, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = Date.now();
    await create(cluster, 'a');
    expect(await poll).to.have.length(1);
    expect(Date.now() - started).to.be.lessThan(2_000);
  });

  it('answers overload with 429 and Retry-After and recovers', async () => {
    const cluster = await bench.start({ maxQueue: 5 });
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const answers = await Promise.all(Array.from({ length: 100 }, () => create(cluster, 'a')));
    const refused = answers.filter((a) => a.status !== 200);
    expect(refused.length).to.be.greaterThan(0);
    for (const answer of refused) {
      expect(answer.status).to.equal(429);
      expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0);
    }
    expect((await create(cluster, 'a')).status).to.equal(200);
    expect(await count(cluster, 'a')).to.equal(answers.length - refused.length + 1);
  });

  it('does a loop without end piece by piece, so that others are served', async () => {
    const cluster = await bench.start();
    await deploy(cluster, ['a.bpmn', oneJob('a', 'a')]);
    const endless = bpmn(
      'endless',
      `<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:exclusiveGateway id="t"/>${flow('f1', 's', 'g')}${flow('f2', 'g', 't')}${flow('f3', 't', 'g')}`,
    );
    const told = await deploy(cluster, ['endless.bpmn', endless]);
    expect(told.body, JSON.stringify(told.body)).to.have.property('deployments');
    const created = await create(cluster, 'endless');
    expect(created.status).to.equal(200);
    expect((await create(cluster, 'a')).status).to.equal(200);
    const canceled = await call(
      cluster,
      'POST',
      `/process-instances/${String(created.body['processInstanceKey'])}/cancellation`,
      {},
    );
    expect(canceled.status).to.equal(204);
    await until(async () => (await count(cluster, 'endless', 'TERMINATED')) === 1);
  });
});
