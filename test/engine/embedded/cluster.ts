/** Small help for tests of the embedded cluster through its public door, `fetch`. */
import { expect } from 'chai';
import pg from 'pg';
import {
  startEmbeddedCluster,
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
} from '../../../src/engine/embedded/index.ts';
import { startTestDatabase, type TestDatabase } from '../../conformance/database.ts';

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/** Calls the API. @param signal aborts the request, as a client that goes away does */
export async function call(
  cluster: EmbeddedCluster,
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await cluster.fetch(
    new Request(`http://engine.invalid/v2${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    }),
  );
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  expect(parsed).to.be.an('object');
  return { status: response.status, headers: response.headers, body: parsed as Record<string, unknown> }; // just checked
}

/** Deploys diagrams. */
export async function deploy(cluster: EmbeddedCluster, ...files: [name: string, xml: string][]): Promise<Answer> {
  const form = new FormData();
  for (const [name, xml] of files) form.append('resources', new Blob([xml]), name);
  const response = await cluster.fetch(
    new Request('http://engine.invalid/v2/deployments', { method: 'POST', body: form }),
  );
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }; // JSON object by the API
}

/** A process as text: `body` holds elements and flows, without `incoming` and `outgoing`. */
export const bpmn = (id: string, body: string, root = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions-${id}" targetNamespace="http://example.org">
${root}<bpmn:process id="${id}" isExecutable="true">${body}</bpmn:process></bpmn:definitions>`;

export const service = (id: string, type: string): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><zeebe:taskDefinition type="${type}"/></bpmn:extensionElements></bpmn:serviceTask>`;
export const flow = (id: string, from: string, to: string): string =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"/>`;

/** start → service task of this job type → end. */
export const oneJob = (id: string, type: string): string =>
  bpmn(
    id,
    `<bpmn:startEvent id="s"/>${service('work', type)}<bpmn:endEvent id="e"/>${flow('f1', 's', 'work')}${flow('f2', 'work', 'e')}`,
  );

export const create = (
  cluster: EmbeddedCluster,
  processDefinitionId: string,
  variables: object = {},
): Promise<Answer> => call(cluster, 'POST', '/process-instances', { processDefinitionId, variables });

export interface FoundJob {
  jobKey: string;
  processInstanceKey: string;
  variables: Record<string, unknown>;
}

/** Takes jobs; answers at once unless `wait` says how long to wait. */
export async function activate(
  cluster: EmbeddedCluster,
  type: string,
  max = 100,
  wait = -1,
  signal?: AbortSignal,
): Promise<FoundJob[]> {
  const answer = await call(
    cluster,
    'POST',
    '/jobs/activation',
    { type, timeout: 60_000, maxJobsToActivate: max, worker: 'test', requestTimeout: wait },
    signal,
  );
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  return answer.body['jobs'] as FoundJob[]; // by the API
}

export const complete = (cluster: EmbeddedCluster, job: FoundJob, variables: object = {}): Promise<Answer> =>
  call(cluster, 'POST', `/jobs/${job.jobKey}/completion`, { variables });

/** How many process instances of a definition are in a state. */
export async function count(cluster: EmbeddedCluster, processDefinitionId: string, state?: string): Promise<number> {
  const answer = await call(cluster, 'POST', '/process-instances/search', {
    filter: { processDefinitionId, ...(state ? { state } : {}) },
  });
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  return (answer.body['page'] as { totalItems: number }).totalItems; // by the API
}

/** A database with clusters on it, all stopped by `stop`. */
export class Bench {
  readonly database: TestDatabase;
  readonly #clusters: EmbeddedCluster[] = [];
  constructor(database: TestDatabase) {
    this.database = database;
  }
  static async open(): Promise<Bench> {
    return new Bench(await startTestDatabase());
  }
  async start(options: Partial<EmbeddedClusterOptions> = {}): Promise<EmbeddedCluster> {
    const cluster = await startEmbeddedCluster({
      connectionString: this.database.connectionString,
      clock: 'controlled',
      ...options,
    });
    this.#clusters.push(cluster);
    return cluster;
  }
  /** Runs SQL beside the engine. */
  async sql(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.database.connectionString });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }
  async stop(): Promise<void> {
    for (const cluster of this.#clusters) await cluster.stop();
    await this.database.stop();
  }
}

/** Asks until it is true. */
export async function until(what: () => boolean | Promise<boolean>, millis = 10_000): Promise<void> {
  const end = Date.now() + millis;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
