/*
 * npm run bench: figures as ratios within one run, on a database and a data folder of their own. Nothing here is asserted.
 *   1. ten-step process through the engine's REST door, with 1, 16 and 64 instances under way – against the same rows by bare pg
 *   2. from completing a task to the case's next task being visible, through the app's HTTP door – against one bare commit
 *   3. the task list at 100,000 open tasks – against the bare query of 50 rows by an index
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { OppgaveListe } from '../../src/contract/api.ts';
import { startEmbeddedCluster, type EmbeddedCluster } from '../../src/engine/embedded/index.ts';
import { startTestapp } from '../hjelp/app.ts';
import { lagTestdatabase } from '../hjelp/database.ts';
import { mochaHooks } from '../hjelp/oppsett.ts';
import { Sakskjoering } from '../hjelp/sakskjoering.ts';
import { difference, rowCounts, takeSamples, writeSameRows } from './rows.ts';

const quantile = (values: number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
};
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

// ---------------------------------------------------------------- 1. the engine
const STEPS = 10;

function tenSteps(): string {
  const tasks = Array.from({ length: STEPS }, (_, i) => {
    const n = i + 1;
    return `<bpmn:serviceTask id="t${n}"><bpmn:extensionElements><zeebe:taskDefinition type="bench"/></bpmn:extensionElements><bpmn:incoming>f${n}</bpmn:incoming><bpmn:outgoing>f${n + 1}</bpmn:outgoing></bpmn:serviceTask>`;
  });
  const nodes = ['s', ...Array.from({ length: STEPS }, (_, i) => `t${i + 1}`), 'e'];
  const flows = nodes
    .slice(1)
    .map((to, i) => `<bpmn:sequenceFlow id="f${i + 1}" sourceRef="${nodes[i]}" targetRef="${to}"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="bench" id="d">
<bpmn:process id="bench" isExecutable="true"><bpmn:startEvent id="s"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>${tasks.join('')}<bpmn:endEvent id="e"><bpmn:incoming>f${STEPS + 1}</bpmn:incoming></bpmn:endEvent>${flows.join('')}</bpmn:process></bpmn:definitions>`;
}

async function call<T>(cluster: EmbeddedCluster, path: string, body: unknown): Promise<T> {
  const answer = await cluster.fetch(
    new Request(`http://bench.invalid/v2${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? null : await answer.json()) as T; // the API's own shape
}

async function runInstances(
  cluster: EmbeddedCluster,
  underWay: number,
  seconds: number,
): Promise<{ instances: number; latencies: number[] }> {
  const latencies: number[] = [];
  const stepsLeft = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  let finished = 0;
  const create = async (): Promise<void> => {
    const { processInstanceKey } = await call<{ processInstanceKey: string }>(cluster, '/process-instances', {
      processDefinitionId: 'bench',
      variables: { a: 'tekst', b: 1, c: true },
    });
    stepsLeft.set(processInstanceKey, (stepsLeft.get(processInstanceKey) ?? 0) + STEPS);
  };
  await Promise.all(Array.from({ length: underWay }, create));
  let open = underWay;
  const complete = async (job: { jobKey: string; processInstanceKey: string }): Promise<void> => {
    const start = performance.now();
    await call(cluster, `/jobs/${job.jobKey}/completion`, { variables: { svar: start } });
    latencies.push(performance.now() - start);
    const left = (stepsLeft.get(job.processInstanceKey) ?? 0) - 1;
    stepsLeft.set(job.processInstanceKey, left);
    if (left > 0) return;
    stepsLeft.delete(job.processInstanceKey);
    finished++;
    open--;
    if (performance.now() < end) {
      open++;
      await create();
    }
  };
  const running = new Set<Promise<void>>();
  while (open > 0) {
    const { jobs } = await call<{ jobs: { jobKey: string; processInstanceKey: string }[] }>(
      cluster,
      '/jobs/activation',
      {
        type: 'bench',
        timeout: 60_000,
        maxJobsToActivate: Math.max(1, underWay),
        requestTimeout: 200,
      },
    );
    for (const job of jobs) {
      const one = complete(job).finally(() => running.delete(one));
      running.add(one);
    }
    if (running.size > 0) await Promise.race(running);
  }
  await Promise.all(running);
  return { instances: finished, latencies };
}

async function benchEngine(): Promise<void> {
  console.log(
    `\n1. A process of ${STEPS} service tasks through the engine's REST door (in process), every answer after COMMIT`,
  );
  for (const underWay of [1, 16, 64]) {
    const db = await lagTestdatabase();
    const cluster = await startEmbeddedCluster({ connectionString: db.url });
    const client = await connect(db.url);
    const form = new FormData();
    form.append('resources', new File([tenSteps()], 'bench.bpmn', { type: 'application/xml' }));
    await cluster.fetch(new Request('http://bench.invalid/v2/deployments', { method: 'POST', body: form }));
    await runInstances(cluster, underWay, 1); // warm up
    const commitsBefore = cluster.metrics().commits;
    await new Promise((ok) => setTimeout(ok, 1_200));
    const before = await rowCounts(client, 'engine');
    const start = performance.now();
    const sampled = new Promise((ok) => setTimeout(ok, 2_000)).then(() => takeSamples(client));
    const { instances, latencies } = await runInstances(cluster, underWay, 5);
    const samples = await sampled;
    const seconds = (performance.now() - start) / 1000;
    const commits = cluster.metrics().commits - commitsBefore;
    await cluster.stop();
    await new Promise((ok) => setTimeout(ok, 1_200));
    const counts = difference(before, await rowCounts(client, 'engine'));
    const rows = [...counts.values()].reduce((n, c) => n + c.inserted + c.updated + c.deleted, 0);
    const bare = await writeSameRows(client, counts, samples, commits);
    console.log(
      `   ${String(underWay).padStart(3)} under way: ${(instances / seconds).toFixed(0)} instances/s, ${((instances * STEPS) / seconds).toFixed(0)} steps/s, ` +
        `completion p50 ${ms(quantile(latencies, 0.5))} p99 ${ms(quantile(latencies, 0.99))}, ${commits} commits, ${(rows / instances).toFixed(0)} rows/instance; ` +
        `the same rows by bare pg in as many commits: ${bare.toFixed(2)} s against ${seconds.toFixed(2)} s = ratio ${(seconds / bare).toFixed(2)}`,
    );
    await client.end();
    await db.slett();
  }
}

// ---------------------------------------------------------------- 2. task to next task
async function bareCommit(url: string): Promise<number[]> {
  const client = await connect(url);
  await client.query('create table bench_commit (id uuid primary key, innhold jsonb)');
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const start = performance.now();
    await client.query('insert into bench_commit values ($1, $2)', [randomUUID(), JSON.stringify({ i })]);
    times.push(performance.now() - start);
  }
  await client.query('drop table bench_commit');
  await client.end();
  return times;
}

async function benchTasks(): Promise<void> {
  console.log(
    `\n2. From completing a task to the next task of the case, through the app's HTTP door (embedded engine, listeners, outbox and projection)`,
  );
  const t = await startTestapp({ motor: 'innebygd', miljoe: { ENGINE_CLOCK: 'system' } });
  const k = new Sakskjoering(t.adresse);
  const times: number[] = [];
  const measure = async (sakId: string, steg: 'avklar-instans' | 'informer-og-avklar'): Promise<void> => {
    const oppgave = await k.finnOppgave(sakId, steg);
    await (await k.som('ola-hansen')).send('POST', `/api/oppgaver/${oppgave.id}/ta`);
    const { STEGDATA } = await import('../hjelp/stegdata.ts');
    const start = performance.now();
    const svar = await k.fullfoer(oppgave.id, STEGDATA[steg], 'ola-hansen');
    if (svar.nesteOppgaveId) times.push(performance.now() - start);
  };
  for (let i = 0; i < 60; i++) {
    const sakId = await k.anmod((await k.nyPerson(`Måling ${i}`)).id);
    await measure(sakId, 'avklar-instans');
    await measure(sakId, 'informer-og-avklar');
  }
  const bare = await bareCommit(t.databaseUrl);
  console.log(
    `   ${times.length} of 120 answered with the next task: p50 ${ms(quantile(times, 0.5))} p99 ${ms(quantile(times, 0.99))}; one bare commit p50 ${ms(quantile(bare, 0.5))} ` +
      `= ratio ${(quantile(times, 0.5) / quantile(bare, 0.5)).toFixed(0)}`,
  );

  // ---------------------------------------------------------------- 3. the list
  console.log('\n3. The task list at 100,000 open tasks of one unit');
  const client = await connect(t.databaseUrl);
  await client.query(
    `insert into oppgave (id, type, steg_id, tittel, sak_id, saksnummer, person_id, person_navn, rutine_navn, fase, gruppe, enhet_id, status, frist, opprettet)
     select gen_random_uuid(), 'steg', 'kartlegg-og-vurder', 'Kartlegg og vurder', s.id, s.saksnummer, s.person_id, 'Person ' || n, 'Saksbehandle', 'Utredning',
            'saksbehandler:hsk-hillevaag', 'hsk-hillevaag', 'aapen', now() + (n % 4000) * interval '1 hour' - interval '20 days', now()
       from generate_series(1, 100000) n, (select id, saksnummer, person_id from sak limit 1) s`,
  );
  await client.query('analyze oppgave');
  const klient = await k.som('ola-hansen');
  for (const sti of [
    'fane=ledige',
    'fane=ledige&fra=50000',
    'fane=ledige&sok=Person%2099999',
    'fane=ledige&sorter=navn',
  ]) {
    const tider: number[] = [];
    let totalt = 0;
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      const svar = await klient.hent<OppgaveListe>(`/api/oppgaver?${sti}&antall=50`);
      tider.push(performance.now() - start);
      totalt = svar.kropp.totalt;
    }
    const bareTider: number[] = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      await client.query(
        `select * from oppgave where status = 'aapen' and eier_id is null and gruppe = 'saksbehandler:hsk-hillevaag' order by frist, loepenr limit 50`,
      );
      bareTider.push(performance.now() - start);
    }
    console.log(
      `   ${sti}: ${totalt} rows, p50 ${ms(quantile(tider, 0.5))} p99 ${ms(quantile(tider, 0.99))}; bare query of 50 rows p50 ${ms(quantile(bareTider, 0.5))} ` +
        `= ratio ${(quantile(tider, 0.5) / quantile(bareTider, 0.5)).toFixed(1)}`,
    );
  }
  await client.end();
  await t.stopp();
}

console.log(
  `Node ${process.version}, ${process.platform}, PostgreSQL ${process.env['TEST_DATABASE_URL'] ? 'of TEST_DATABASE_URL' : 'embedded'}, durable commits`,
);
await benchEngine();
await benchTasks();
await mochaHooks.afterAll();
process.exit(0);
