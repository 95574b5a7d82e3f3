/**
 * The vocabulary of scenarios. `given` and `when` act on the engine through Camunda's client, `then` asks; every act and what it brought about
 * is written into a trace in which keys, times and the suffix of the run are replaced by stable names.
 */
import type { IncidentKey, ProcessDefinitionKey, ProcessInstanceKey } from '@camunda8/orchestration-cluster-api';
import {
  ElementId,
  ElementInstanceKey,
  JobKey,
  ProcessDefinitionId,
  UserTaskKey,
  Tag,
  type CamundaClient,
  type TagSet,
  type EnrichedActivatedJob,
} from '@camunda8/orchestration-cluster-api';
import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from './bpmn-builder.ts';
import type { Target } from './harness.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Variables = Record<string, Json>;
export type Job = EnrichedActivatedJob;

/** One act and what it brought about. */
export interface Step {
  act: string;
  answer: string;
  /** What the answer told, where it is more than a key. */
  told?: Json;
  /** Element instances that appeared or changed, in the order of their keys (only where one can wait for idleness). */
  changes?: string[];
}

/** An instance as searches show it at the end. */
export interface InstanceTrace {
  instance: string;
  state: string;
  elements: string[];
  flows: string[];
  variables: { [scope: string]: Variables };
  jobs: string[];
  userTasks: string[];
  incidents: string[];
  subscriptions: string[];
}

export interface Trace {
  steps: Step[];
  end: InstanceTrace[];
}

/** The answer of an act that was refused. */
export interface Refusal {
  status: number;
  title: string;
  detail: string;
}

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  constructor(act: string, refusal: Refusal, cause?: unknown) {
    super(`${act}: ${refusal.status} ${refusal.title}: ${refusal.detail}`, { cause });
    this.refusal = refusal;
  }
}

const NOW = { consistency: { waitUpToMs: 0 } };
const byKey = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0);

/** ISO 8601 of the simple kind that scenarios use, e.g. `PT1H30M`, `P2D`, in milliseconds. */
export function milliseconds(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration);
  if (!match) throw new Error(`not a simple duration: ${duration}`);
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
}

function asJson(value: unknown): Json {
  const text = JSON.stringify(value);
  if (text === undefined) return null;
  const parsed: Json = JSON.parse(text);
  return parsed;
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const text = (name: string): string => {
    const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? value : '';
  };
  return { status: error.status, title: text('title'), detail: text('detail') };
}

export interface DeployedResources {
  /** Key of the process definition with this id, as the scenario calls it. */
  key(processId: string): ProcessDefinitionKey;
  readonly versions: Record<string, number>;
}

export class World {
  readonly target: Target;
  readonly #suffix = `_r${randomBytes(4).toString('hex')}`;
  readonly #client: CamundaClient;
  readonly #calls = new AsyncLocalStorage<{ status: number }>();
  readonly #detached = new AsyncLocalStorage<Step[]>();
  readonly #steps: Step[] = [];
  readonly #definitionKeys: ProcessDefinitionKey[] = [];
  readonly #seen = new Map<string, string>();
  /** Tasks completed and incidents resolved here: a search that lags still shows them as open. */
  readonly #done = new Set<string>();
  readonly #mayMoveClock: boolean;

  constructor(target: Target, mayMoveClock: boolean) {
    this.target = target;
    this.#mayMoveClock = mayMoveClock;
    this.#client = target.client((status) => {
      const call = this.#calls.getStore();
      if (call) call.status = status;
    });
  }

  /** The name that is unique to this run, where a scenario has to hand it over itself (e.g. in a variable). */
  unique(name: string): string {
    return name + this.#suffix;
  }

  #plain(text: string): string {
    return text.replaceAll(this.#suffix, '').replace(/\b\d{16,}\b/g, '<key>');
  }

  #plainJson(value: unknown): Json {
    const walk = (one: Json): Json => {
      if (typeof one === 'string') return this.#plain(one);
      if (Array.isArray(one)) return one.map(walk);
      if (typeof one === 'object' && one !== null) {
        return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, walk(inner)]));
      }
      return one;
    };
    return walk(asJson(value));
  }

  async #act<T>(act: string, run: () => Promise<T>, tell?: (result: T) => unknown): Promise<T> {
    const step: Step = { act: this.#plain(act), answer: '' };
    const call = { status: 0 };
    try {
      const result = await this.#calls.run(call, run);
      step.answer = String(call.status);
      if (tell) step.told = this.#plainJson(tell(result));
      return result;
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      step.answer = `${refusal.status} ${refusal.title}`;
      throw new RefusedError(act, refusal, error);
    } finally {
      const detached = this.#detached.getStore();
      if (detached) detached.push(step);
      else {
        this.#steps.push(step);
        await this.#noteChanges(step);
      }
    }
  }

  // ---- acts --------------------------------------------------------------------------------

  readonly given = this;
  readonly when = this;
  readonly then = this;

  /** Deploys files together, as one bundle. */
  async deployed(...resources: Resource[]): Promise<DeployedResources> {
    const files = resources.map((one) => new File([one.content(this.#suffix)], one.fileName));
    const result = await this.#act(
      `deploy ${resources.map((one) => one.fileName).join(', ')}`,
      () => this.#client.createDeployment({ resources: files }),
      (answer) =>
        answer.deployments.map((one) =>
          one.processDefinition
            ? `${one.processDefinition.processDefinitionId} v${one.processDefinition.processDefinitionVersion}`
            : one.form
              ? `form ${one.form.formId} v${one.form.version}`
              : 'other',
        ),
    );
    const keys = new Map<string, ProcessDefinitionKey>();
    const versions: Record<string, number> = {};
    for (const { processDefinition } of result.deployments) {
      if (!processDefinition) continue;
      const id = this.#plain(processDefinition.processDefinitionId);
      keys.set(id, processDefinition.processDefinitionKey);
      versions[id] = processDefinition.processDefinitionVersion;
      if (!this.#definitionKeys.includes(processDefinition.processDefinitionKey)) {
        this.#definitionKeys.push(processDefinition.processDefinitionKey);
      }
    }
    return {
      versions,
      key: (id) => {
        const key = keys.get(id);
        if (key === undefined) throw new Error(`${id} was not deployed`);
        return key;
      },
    };
  }

  async started(
    processId: string,
    variables: Variables = {},
    options: { version?: number; startAt?: string[]; tags?: string[] } = {},
  ): Promise<ProcessInstanceKey> {
    const { processInstanceKey } = await this.#act(
      `start ${processId} ${JSON.stringify({ ...variables, ...(options.startAt && { startAt: options.startAt }) })}`,
      () =>
        this.#client.createProcessInstance({
          processDefinitionId: ProcessDefinitionId.assumeExists(this.unique(processId)),
          variables,
          ...(options.version !== undefined && { processDefinitionVersion: options.version }),
          ...(options.startAt && {
            startInstructions: options.startAt.map((id) => ({ elementId: ElementId.assumeExists(id) })),
          }),
          ...(options.tags && { tags: tagSet(options.tags) }),
        }),
    );
    return processInstanceKey;
  }

  /** Starts and waits for the end; gives the variables of the answer. */
  startedAndAwaited(
    processId: string,
    variables: Variables = {},
    options: { fetchVariables?: string[]; requestTimeout?: number } = {},
  ): Promise<Variables> {
    return this.#act(
      `start ${processId} ${JSON.stringify(variables)} and await its end`,
      async () => {
        const answer = await this.#client.createProcessInstance({
          processDefinitionId: ProcessDefinitionId.assumeExists(this.unique(processId)),
          variables,
          awaitCompletion: true,
          requestTimeout: options.requestTimeout ?? 20_000,
          ...(options.fetchVariables && { fetchVariables: options.fetchVariables }),
        });
        return this.#plainJson(answer.variables) as Variables;
      },
      (answer) => answer,
    );
  }

  /** Takes one job of the type; waits for it. */
  async taken(type: string, options: { timeout?: number; fetch?: string[] } = {}): Promise<Job> {
    const [job] = await this.takenAll(type, 1, options);
    if (!job) throw new Error(`no job of type ${type}`);
    return job;
  }

  /** Takes exactly `count` jobs of the type, one after another; fails when there are fewer. */
  async takenAll(type: string, count: number, options: { timeout?: number; fetch?: string[] } = {}): Promise<Job[]> {
    return this.#act(
      `take ${count === 1 ? 'a job' : `${count} jobs`} of ${type}`,
      async () => {
        const jobs: Job[] = [];
        const until = Date.now() + this.target.patienceMs;
        while (jobs.length < count) {
          const answer = await this.#client.activateJobs({
            type: this.unique(type),
            worker: 'conformance',
            timeout: options.timeout ?? 600_000,
            maxJobsToActivate: 1,
            requestTimeout: Math.max(100, until - Date.now()),
            ...(options.fetch && { fetchVariable: options.fetch }),
          });
          jobs.push(...answer.jobs);
          if (answer.jobs.length === 0 && Date.now() > until) {
            throw new Error(`wanted ${count} jobs of ${type}, there are ${jobs.length}`);
          }
        }
        return jobs;
      },
      (jobs) => jobs.map((job) => this.#aboutJob(job)),
    );
  }

  #aboutJob(job: Job): object {
    const headers = Object.entries(job.customHeaders).filter(([name]) => !name.startsWith('io.camunda'));
    const { userTaskKey, ...userTask } = job.userTask ?? {};
    return {
      element: job.elementId,
      variables: job.variables,
      ...(job.kind !== 'BPMN_ELEMENT' && { kind: `${job.kind} ${job.listenerEventType}` }),
      ...(job.retries !== 3 && { retries: job.retries }),
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
      ...(job.tags && [...job.tags].length > 0 && { tags: [...job.tags] }),
      ...(userTaskKey !== undefined && { userTask }),
    };
  }

  async #jobFor(job: Job | string): Promise<Job> {
    return typeof job === 'string' ? this.taken(job) : job;
  }

  /** Completes a job, or takes one of the type first. */
  async completed(job: Job | string, variables: Variables = {}): Promise<void> {
    const { jobKey, elementId } = await this.#jobFor(job);
    await this.#act(`complete job of ${elementId} ${JSON.stringify(variables)}`, () =>
      this.#client.completeJob({ jobKey, variables }),
    );
  }

  /** Completes a user-task listener's job with corrections or a denial. */
  async listenerAnswered(
    job: Job | string,
    result: {
      denied?: boolean;
      deniedReason?: string;
      corrections?: {
        assignee?: string;
        dueDate?: string;
        followUpDate?: string;
        candidateGroups?: string[];
        candidateUsers?: string[];
        priority?: number;
      };
    } = {},
    variables: Variables = {},
  ): Promise<void> {
    const { jobKey, elementId } = await this.#jobFor(job);
    await this.#act(`listener of ${elementId} answers ${JSON.stringify(result)}`, () =>
      this.#client.completeJob({ jobKey, variables, result: { type: 'userTask', ...result } }),
    );
  }

  async failed(
    job: Job | string,
    about: { retries: number; message?: string; backOff?: number; variables?: Variables },
  ): Promise<void> {
    const { jobKey, elementId } = await this.#jobFor(job);
    await this.#act(`fail job of ${elementId} with ${about.retries} retries left`, () =>
      this.#client.failJob({
        jobKey,
        retries: about.retries,
        errorMessage: about.message ?? 'did not work',
        ...(about.backOff !== undefined && { retryBackOff: about.backOff }),
        ...(about.variables && { variables: about.variables }),
      }),
    );
  }

  async threwError(job: Job | string, errorCode: string, variables: Variables = {}): Promise<void> {
    const { jobKey, elementId } = await this.#jobFor(job);
    await this.#act(`job of ${elementId} throws ${errorCode} ${JSON.stringify(variables)}`, () =>
      this.#client.throwJobError({ jobKey, errorCode, errorMessage: 'thrown', variables }),
    );
  }

  async jobUpdated(job: Job, changeset: { retries?: number; timeout?: number }): Promise<void> {
    await this.#act(`update job of ${job.elementId} ${JSON.stringify(changeset)}`, () =>
      this.#client.updateJob({ jobKey: job.jobKey, changeset }),
    );
  }

  /** Publishes a message. Time to live one hour unless said otherwise. */
  async published(
    name: string,
    correlationKey: string,
    options: { variables?: Variables; ttl?: number; id?: string } = {},
  ): Promise<void> {
    const { variables = {}, ttl = 3_600_000, id } = options;
    await this.#act(`publish ${name}(${correlationKey}) ${JSON.stringify(variables)}`, () =>
      this.#client.publishMessage({
        name: this.unique(name),
        correlationKey,
        timeToLive: ttl,
        variables,
        ...(id !== undefined && { messageId: id }),
      }),
    );
  }

  async correlated(name: string, correlationKey: string, variables: Variables = {}): Promise<void> {
    await this.#act(`correlate ${name}(${correlationKey}) ${JSON.stringify(variables)}`, () =>
      this.#client.correlateMessage({ name: this.unique(name), correlationKey, variables }),
    );
  }

  async signalled(name: string, variables: Variables = {}): Promise<void> {
    await this.#act(`broadcast ${name} ${JSON.stringify(variables)}`, () =>
      this.#client.broadcastSignal({ signalName: this.unique(name), variables }),
    );
  }

  /** Key of the one open user task of this element; waits until it is CREATED. */
  async taskKey(elementId: string, instance?: ProcessInstanceKey): Promise<UserTaskKey> {
    return this.#eventually(async () => {
      const tasks = (await this.#userTasks()).filter(
        (task) =>
          task.elementId === elementId &&
          task.state === 'CREATED' &&
          !this.#done.has(task.userTaskKey) &&
          (instance === undefined || task.processInstanceKey === instance),
      );
      expect(tasks, `open user tasks of ${elementId}`).to.have.lengthOf(1);
      const [task] = tasks;
      if (!task) throw new Error('unreachable: the length was checked');
      return task.userTaskKey;
    });
  }

  /** Keys of all user tasks of this element, in any state, oldest first. */
  async taskKeys(elementId: string): Promise<UserTaskKey[]> {
    const tasks = (await this.#userTasks()).filter((task) => task.elementId === elementId);
    return tasks.map((task) => task.userTaskKey);
  }

  async #taskFor(task: UserTaskKey | string): Promise<UserTaskKey> {
    return /^\d+$/.test(task) ? UserTaskKey.assumeExists(task) : this.taskKey(task);
  }

  /** Completes a user task, given by key or by element id. */
  async taskCompleted(task: UserTaskKey | string, variables: Variables = {}, action?: string): Promise<void> {
    const userTaskKey = await this.#taskFor(task);
    await this.#act(`complete user task ${task} ${JSON.stringify(variables)}`, () =>
      this.#client.completeUserTask({ userTaskKey, variables, ...(action !== undefined && { action }) }),
    );
    this.#done.add(userTaskKey);
  }

  /**
   * Does an act whose answer waits for something else (a listener): returns when the engine has begun with it. In the trace it stands
   * where `answer` is awaited, since two things that end together end in no fixed order.
   */
  async later(act: () => Promise<unknown>): Promise<{ answer: () => Promise<void> }> {
    const detached: Step[] = [];
    const done = this.#detached.run(detached, act);
    // a refusal is looked at by whoever awaits the answer, which may be a while from now
    done.catch(() => undefined);
    await sleep(this.target.name === 'cluster' ? 1000 : 50);
    await this.target.settle();
    return {
      answer: async () => {
        try {
          await done;
        } finally {
          for (const step of detached) {
            this.#steps.push(step);
            await this.#noteChanges(step);
          }
        }
      },
    };
  }

  /** Completes a user task with `completing` listeners. */
  async taskCompletedLater(
    task: UserTaskKey | string,
    variables: Variables = {},
  ): Promise<{ answer: () => Promise<void> }> {
    const userTaskKey = await this.#taskFor(task);
    return this.later(() => this.taskCompleted(userTaskKey, variables));
  }

  async taskAssigned(
    task: UserTaskKey | string,
    assignee: string,
    options: { allowOverride?: boolean; action?: string } = {},
  ): Promise<void> {
    const userTaskKey = await this.#taskFor(task);
    await this.#act(`assign user task ${task} to ${assignee} ${JSON.stringify(options)}`, () =>
      this.#client.assignUserTask({ userTaskKey, assignee, ...options }),
    );
  }

  async taskUnassigned(task: UserTaskKey | string): Promise<void> {
    const userTaskKey = await this.#taskFor(task);
    await this.#act(`unassign user task ${task}`, () => this.#client.unassignUserTask({ userTaskKey }));
  }

  async taskUpdated(
    task: UserTaskKey | string,
    changeset: {
      dueDate?: string;
      followUpDate?: string;
      candidateGroups?: string[];
      candidateUsers?: string[];
      priority?: number;
    },
    action?: string,
  ): Promise<void> {
    const userTaskKey = await this.#taskFor(task);
    await this.#act(`update user task ${task} ${JSON.stringify(changeset)}`, () =>
      this.#client.updateUserTask({ userTaskKey, changeset, ...(action !== undefined && { action }) }),
    );
  }

  async cancelled(instance: ProcessInstanceKey): Promise<void> {
    await this.#act('cancel the instance', () => this.#client.cancelProcessInstance({ processInstanceKey: instance }));
  }

  /** Sets variables on an element instance or a process instance. */
  async variablesSet(scope: string, variables: Variables, local = false): Promise<void> {
    await this.#act(`set ${JSON.stringify(variables)}${local ? ' locally' : ''}`, () =>
      this.#client.createElementInstanceVariables({
        elementInstanceKey: ElementInstanceKey.assumeExists(scope),
        variables,
        local,
      }),
    );
  }

  /** Resolves the one active incident on this element. */
  async incidentResolved(elementId: string): Promise<void> {
    const incidentKey = await this.incidentKey(elementId);
    await this.#act(`resolve the incident of ${elementId}`, () => this.#client.resolveIncident({ incidentKey }));
    this.#done.add(incidentKey);
  }

  async incidentKey(elementId: string): Promise<IncidentKey> {
    return this.#eventually(async () => {
      const incidents = (await this.#incidents()).filter(
        (one) => one.elementId === elementId && one.state === 'ACTIVE' && !this.#done.has(String(one.incidentKey)),
      );
      expect(incidents, `active incidents of ${elementId}`).to.have.lengthOf(1);
      const [incident] = incidents;
      if (incident?.incidentKey === undefined) throw new Error('an incident without a key');
      return incident.incidentKey;
    });
  }

  /** Time passes, stopping at everything due on the way. */
  async timePassed(duration: string): Promise<void> {
    await this.#moveClock(duration, false);
  }

  /** The clock jumps in one go: what is overdue sees only the new time. */
  async timeLeapt(duration: string): Promise<void> {
    await this.#moveClock(duration, true);
  }

  async #moveClock(duration: string, leap: boolean): Promise<void> {
    if (!this.#mayMoveClock)
      throw new Error('a scenario that moves the clock must say so: scenario(title, run, { clock: true })');
    const step: Step = { act: `${leap ? 'time leaps' : 'time passes'} ${duration}`, answer: '' };
    this.#steps.push(step);
    await this.target.advance(milliseconds(duration), leap);
    await this.#noteChanges(step);
  }

  async migrated(
    instance: ProcessInstanceKey,
    to: ProcessDefinitionKey,
    mapping: Record<string, string>,
  ): Promise<void> {
    await this.#act(`migrate ${JSON.stringify(mapping)}`, () =>
      this.#client.migrateProcessInstance({
        processInstanceKey: instance,
        targetProcessDefinitionKey: to,
        mappingInstructions: Object.entries(mapping).map(([source, target]) => ({
          sourceElementId: ElementId.assumeExists(source),
          targetElementId: ElementId.assumeExists(target),
        })),
      }),
    );
  }

  async modified(
    instance: ProcessInstanceKey,
    changes: { activate?: { element: string; variables?: Variables }[]; terminate?: string[] },
  ): Promise<void> {
    const terminated: { elementInstanceKey: ElementInstanceKey }[] = [];
    for (const id of changes.terminate ?? []) {
      terminated.push({ elementInstanceKey: ElementInstanceKey.assumeExists(await this.elementKey(instance, id)) });
    }
    await this.#act(`modify ${JSON.stringify(changes)}`, () =>
      this.#client.modifyProcessInstance({
        processInstanceKey: instance,
        activateInstructions: (changes.activate ?? []).map(({ element, variables }) => ({
          elementId: ElementId.assumeExists(element),
          ...(variables && { variableInstructions: [{ variables }] }),
        })),
        terminateInstructions: terminated,
      }),
    );
  }

  async resourceDeleted(key: ProcessDefinitionKey): Promise<void> {
    await this.#act('delete the definition', () => this.#client.deleteResource({ resourceKey: key }));
  }

  /** A request as bytes, past the client. Gives status, and the answer as JSON (null without one). */
  async sent(
    method: string,
    path: string,
    body?: unknown,
    options: { contentType?: string; note?: string } = {},
  ): Promise<{ status: number; body: Json }> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const step: Step = {
      act: this.#plain(`${method} ${path}${text === undefined ? '' : ` ${options.note ?? text}`}`),
      answer: '',
    };
    this.#steps.push(step);
    const answer = await this.target.raw(method, path, text, options.contentType);
    const read = await answer.text();
    let told: Json = null;
    if (read !== '' && (answer.headers.get('content-type') ?? '').includes('json'))
      told = this.#plainJson(JSON.parse(read));
    const title =
      answer.status >= 400 && typeof told === 'object' && told !== null && !Array.isArray(told)
        ? ` ${String(told['title'])}`
        : '';
    step.answer = `${answer.status}${title}`;
    await this.#noteChanges(step);
    return { status: answer.status, body: told };
  }

  /** Camunda's client itself, for what has no word here; what it does is not in the trace. */
  get client(): CamundaClient {
    return this.#client;
  }

  // ---- questions ---------------------------------------------------------------------------

  /** Runs the question until it holds, at most as long as the target needs for its searches to catch up. */
  async #eventually<T>(question: () => Promise<T>): Promise<T> {
    await this.target.settle();
    const until = Date.now() + this.target.patienceMs;
    for (;;) {
      try {
        return await question();
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(this.target.grain === 'steps' ? 30 : 250);
      }
    }
  }

  /** States a fact about what a question gives, asking again while searches may lag. */
  async holds<T>(question: () => Promise<T>, fact: (answer: T) => void): Promise<void> {
    await this.#eventually(async () => fact(await question()));
  }

  async elementKey(instance: ProcessInstanceKey, elementId: string): Promise<string> {
    return this.#eventually(async () => {
      const found = (await this.#elements()).filter(
        (one) => one.processInstanceKey === instance && one.elementId === elementId && one.state === 'ACTIVE',
      );
      expect(found.length, `active instances of ${elementId}`).to.be.at.least(1);
      return String(found[0]?.elementInstanceKey);
    });
  }

  async instanceIs(instance: ProcessInstanceKey, state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED'): Promise<void> {
    await this.holds(
      async () => (await this.#instances()).find((one) => one.processInstanceKey === instance)?.state,
      (found) => expect(found, 'state of the instance').to.equal(state),
    );
  }

  /** Number of instances of a process by state. */
  async instancesOf(
    processId: string,
    states: Partial<Record<'ACTIVE' | 'COMPLETED' | 'TERMINATED', number>>,
  ): Promise<void> {
    await this.holds(
      async () => {
        const counts: Record<string, number> = {};
        for (const one of await this.#instances()) {
          if (this.#plain(one.processDefinitionId) === processId) counts[one.state] = (counts[one.state] ?? 0) + 1;
        }
        return counts;
      },
      (counts) => expect(counts, `instances of ${processId}`).to.deep.equal(states),
    );
  }

  /** Keys of the instances of a process, oldest first. */
  async instanceKeys(processId: string, count: number): Promise<ProcessInstanceKey[]> {
    return this.#eventually(async () => {
      const found = (await this.#instances()).filter((one) => this.#plain(one.processDefinitionId) === processId);
      expect(found, `instances of ${processId}`).to.have.lengthOf(count);
      return found.map((one) => one.processInstanceKey);
    });
  }

  /** The ids of all element instances of the instance (of every instance when absent), in the order they came to be. */
  async passed(expected: string[], instance?: ProcessInstanceKey): Promise<void> {
    await this.holds(
      async () =>
        (await this.#elements())
          .filter((one) => instance === undefined || one.processInstanceKey === instance)
          .map((one) => one.elementId),
      (ids) => expect(ids, 'elements in order').to.deep.equal(expected),
    );
  }

  /** The ids of the elements that are active now (of one instance, or of all), sorted. */
  async active(expected: string[], instance?: ProcessInstanceKey): Promise<void> {
    await this.holds(
      async () =>
        (await this.#elements())
          .filter((one) => one.state === 'ACTIVE' && (instance === undefined || one.processInstanceKey === instance))
          .map((one) => String(one.elementId))
          .sort(),
      (ids) => expect(ids, 'active elements').to.deep.equal([...expected].sort()),
    );
  }

  /** Exactly these variables stand on the process instance itself. */
  async variablesAre(instance: ProcessInstanceKey, expected: Variables): Promise<void> {
    await this.holds(
      async () => this.#variablesOf(String(instance)),
      (found) => expect(found, 'variables of the process instance').to.deep.equal(expected),
    );
  }

  async #variablesOf(scope: string): Promise<Variables> {
    const found: Variables = {};
    for (const one of await this.#variables()) {
      if (String(one.scopeKey) !== scope) continue;
      const value: Json = JSON.parse(one.value ?? 'null');
      found[String(one.name)] = value;
    }
    return found;
  }

  /** The local variables of the first instance of an element (its newest when several). */
  async localVariablesAre(elementId: string, expected: Variables): Promise<void> {
    await this.holds(
      async () => {
        const element = (await this.#elements()).findLast((one) => one.elementId === elementId);
        return element ? this.#variablesOf(String(element.elementInstanceKey)) : undefined;
      },
      (found) => expect(found, `local variables of ${elementId}`).to.deep.equal(expected),
    );
  }

  /** The active incidents as `element ERROR_TYPE`, oldest first. */
  async incidentsAre(expected: string[]): Promise<void> {
    await this.holds(
      async () =>
        (await this.#incidents())
          .filter((one) => one.state === 'ACTIVE')
          .map((one) => `${one.elementId} ${one.errorType}`),
      (found) => expect(found, 'active incidents').to.deep.equal(expected),
    );
  }

  /** The newest user task of an element has at least these properties. */
  async taskIs(elementId: string, expected: Record<string, unknown>): Promise<void> {
    await this.holds(
      async () => asJson((await this.#userTasks()).findLast((one) => one.elementId === elementId)),
      (found) => {
        expect(found, `user task of ${elementId}`).to.be.an('object');
        for (const [name, value] of Object.entries(expected)) {
          const have = typeof found === 'object' && found !== null && !Array.isArray(found) ? found[name] : undefined;
          expect(have, `${name} of the user task`).to.deep.equal(value);
        }
      },
    );
  }

  /** The newest job of an element has this state. */
  async jobIs(elementId: string, expected: Record<string, unknown>): Promise<void> {
    await this.holds(
      async () => asJson((await this.#jobs()).findLast((one) => one.elementId === elementId)),
      (found) => {
        expect(found, `job of ${elementId}`).to.be.an('object');
        for (const [name, value] of Object.entries(expected)) {
          const have = typeof found === 'object' && found !== null && !Array.isArray(found) ? found[name] : undefined;
          expect(have, `${name} of the job`).to.deep.equal(value);
        }
      },
    );
  }

  /** No job of this type can be taken now. */
  async nothingToDo(type: string): Promise<void> {
    await this.target.settle();
    if (this.target.name === 'cluster') await sleep(1000);
    const { jobs } = await this.#client.activateJobs({
      type: this.unique(type),
      worker: 'conformance',
      timeout: 1000,
      maxJobsToActivate: 1,
      requestTimeout: -1,
    });
    expect(
      jobs.map((job) => job.elementId),
      `jobs of ${type}`,
    ).to.deep.equal([]);
  }

  /** The act answers with this status and title, and changes nothing that the act's own words do not say. */
  async refused(status: number, title: string, act: Promise<unknown>): Promise<Refusal> {
    try {
      await act;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      expect(`${error.refusal.status} ${error.refusal.title}`, error.refusal.detail).to.equal(`${status} ${title}`);
      return error.refusal;
    }
    throw new Error(`expected ${status} ${title}, but it was accepted`);
  }

  // ---- reading -----------------------------------------------------------------------------

  async #perDefinition<T>(read: (key: ProcessDefinitionKey) => Promise<T[]>): Promise<T[]> {
    const all: T[] = [];
    for (const key of this.#definitionKeys) all.push(...(await read(key)));
    return all;
  }

  readonly #page = { limit: 500 };

  async #instances() {
    const items = await this.#perDefinition(
      async (processDefinitionKey) =>
        (await this.#client.searchProcessInstances({ filter: { processDefinitionKey }, page: this.#page }, NOW))
          .items ?? [],
    );
    return items.sort((a, b) => byKey(a.processInstanceKey, b.processInstanceKey));
  }

  async #elements() {
    const items = await this.#perDefinition(
      async (processDefinitionKey) =>
        (await this.#client.searchElementInstances({ filter: { processDefinitionKey }, page: this.#page }, NOW))
          .items ?? [],
    );
    return items.sort((a, b) => byKey(a.elementInstanceKey, b.elementInstanceKey));
  }

  async #userTasks() {
    const items = await this.#perDefinition(
      async (processDefinitionKey) =>
        (await this.#client.searchUserTasks({ filter: { processDefinitionKey }, page: this.#page }, NOW)).items ?? [],
    );
    return items.sort((a, b) => byKey(a.userTaskKey, b.userTaskKey));
  }

  async #jobs() {
    const items = await this.#perDefinition(
      async (processDefinitionKey) =>
        (await this.#client.searchJobs({ filter: { processDefinitionKey }, page: this.#page }, NOW)).items ?? [],
    );
    return items.sort((a, b) => byKey(a.jobKey, b.jobKey));
  }

  async #incidents() {
    const items = await this.#perDefinition(
      async (processDefinitionKey) =>
        (await this.#client.searchIncidents({ filter: { processDefinitionKey }, page: this.#page }, NOW)).items ?? [],
    );
    return items.sort((a, b) => byKey(String(a.incidentKey), String(b.incidentKey)));
  }

  async #variables() {
    const keys = (await this.#instances()).map((one) => one.processInstanceKey);
    const all = [];
    for (const processInstanceKey of keys) {
      const answer = await this.#client.searchVariables({ filter: { processInstanceKey }, page: this.#page }, NOW);
      all.push(...(answer.items ?? []));
    }
    return all;
  }

  async #subscriptions(processInstanceKey: ProcessInstanceKey) {
    const answer = await this.#client.searchMessageSubscriptions(
      { filter: { processInstanceKey }, page: this.#page },
      NOW,
    );
    return (answer.items ?? []).sort((a, b) =>
      byKey(String(a.messageSubscriptionKey), String(b.messageSubscriptionKey)),
    );
  }

  // ---- the trace ---------------------------------------------------------------------------

  /** A name for each instance: its process id, numbered from the second on. */
  #labels(instances: { processInstanceKey: ProcessInstanceKey; processDefinitionId: string }[]): Map<string, string> {
    const counts = new Map<string, number>();
    const labels = new Map<string, string>();
    for (const one of instances) {
      const id = this.#plain(one.processDefinitionId);
      const number = (counts.get(id) ?? 0) + 1;
      counts.set(id, number);
      labels.set(one.processInstanceKey, number === 1 ? id : `${id}#${number}`);
    }
    return labels;
  }

  async #noteChanges(step: Step): Promise<void> {
    if (this.target.grain !== 'steps') return;
    await this.target.settle();
    const instances = await this.#instances();
    const labels = this.#labels(instances);
    const changes: string[] = [];
    const note = (key: string, what: string, state: string): void => {
      if (this.#seen.get(key) === state) return;
      this.#seen.set(key, state);
      changes.push(`${what} ${state}`);
    };
    for (const one of instances) note(one.processInstanceKey, String(labels.get(one.processInstanceKey)), one.state);
    for (const one of await this.#elements()) {
      const mark = one.hasIncident && one.state === 'ACTIVE' ? ' with incident' : '';
      note(
        one.elementInstanceKey,
        `${labels.get(one.processInstanceKey)}/${one.elementId} ${one.type}`,
        `${one.state}${mark}`,
      );
    }
    for (const one of await this.#userTasks()) {
      note(
        one.userTaskKey,
        `user task ${one.elementId}`,
        `${one.state}${one.assignee === undefined ? '' : ` of ${one.assignee}`}`,
      );
    }
    if (changes.length > 0) step.changes = changes;
  }

  /** The final state as searches show it. */
  async #end(): Promise<InstanceTrace[]> {
    const instances = await this.#instances();
    const labels = this.#labels(instances);
    const elements = await this.#elements();
    const jobs = await this.#jobs();
    const tasks = await this.#userTasks();
    const incidents = await this.#incidents();
    const variables = await this.#variables();
    const end: InstanceTrace[] = [];
    for (const instance of instances) {
      const key = instance.processInstanceKey;
      const own = elements.filter((one) => one.processInstanceKey === key);
      const counts = new Map<string, number>();
      const names = new Map<string, string>([[key, '·']]);
      for (const one of own) {
        const number = (counts.get(one.elementId) ?? 0) + 1;
        counts.set(one.elementId, number);
        names.set(one.elementInstanceKey, number === 1 ? one.elementId : `${one.elementId}#${number}`);
      }
      const scopes: { [scope: string]: Variables } = {};
      for (const one of variables) {
        if (one.processInstanceKey !== key) continue;
        const scope = names.get(String(one.scopeKey)) ?? '?';
        const value = this.#plainJson(JSON.parse(one.value ?? 'null'));
        (scopes[scope] ??= {})[String(one.name)] = value;
      }
      const { items: flows } = await this.#client.getProcessInstanceSequenceFlows({ processInstanceKey: key }, NOW);
      const parent = instance.parentProcessInstanceKey;
      end.push({
        instance: `${labels.get(key)}${parent === undefined ? '' : ` called by ${labels.get(parent)}`}`,
        state: `${instance.state}${instance.hasIncident ? ' with incident' : ''}`,
        elements: own.map(
          (one) => `${one.elementId} ${one.type} ${one.state}${one.hasIncident ? ' with incident' : ''}`,
        ),
        flows: [...new Set((flows ?? []).map((one) => String(one.elementId)))].sort(),
        variables: sortedDeep(scopes),
        jobs: jobs
          .filter((one) => one.processInstanceKey === key)
          .map((one) =>
            [
              this.#plain(one.elementId),
              this.#plain(one.type),
              one.kind === 'BPMN_ELEMENT' ? '' : `${one.kind} ${one.listenerEventType}`,
              one.state,
              `retries ${one.retries}`,
              one.errorCode === undefined ? '' : `error ${one.errorCode}`,
              one.isDenied ? `denied: ${one.deniedReason ?? ''}` : '',
              one.hasFailedWithRetriesLeft ? 'failed with retries left' : '',
            ]
              .filter((part) => part !== '')
              .join(', '),
          ),
        userTasks: tasks
          .filter((one) => one.processInstanceKey === key)
          .map((one) =>
            [
              `${one.elementId} '${one.name}'`,
              one.state,
              one.assignee === undefined ? '' : `assignee ${one.assignee}`,
              `groups ${(one.candidateGroups ?? []).join('|')}`,
              `users ${(one.candidateUsers ?? []).join('|')}`,
              `priority ${one.priority}`,
              one.dueDate === undefined ? '' : `due ${fixedDate(one.dueDate)}`,
              one.followUpDate === undefined ? '' : `follow up ${fixedDate(one.followUpDate)}`,
              one.formKey === undefined ? '' : 'has form',
              one.externalFormReference === undefined ? '' : `form ${one.externalFormReference}`,
            ]
              .filter((part) => part !== '')
              .join(', '),
          ),
        incidents: incidents
          .filter((one) => one.processInstanceKey === key)
          .map(
            (one) =>
              `${this.#plain(one.elementId ?? '')} ${one.errorType} ${one.state}${one.jobKey === undefined ? '' : ' about a job'}`,
          ),
        subscriptions: (await this.#subscriptions(key)).map(
          (one) =>
            `${one.elementId} ${this.#plain(one.messageName ?? '')}(${one.correlationKey}) ${one.messageSubscriptionState}`,
        ),
      });
    }
    return end;
  }

  /** The trace so far. Where searches lag, waits until the end state equals the expected one, or patience ends. */
  async trace(expected?: Trace): Promise<Trace> {
    await this.target.settle();
    const until = Date.now() + this.target.patienceMs;
    for (;;) {
      const end = await this.#end();
      if (this.target.grain === 'steps' || !expected || Date.now() > until) return { steps: this.#steps, end };
      try {
        expect(end).to.deep.equal(expected.end);
        return { steps: this.#steps, end };
      } catch {
        await sleep(250);
      }
    }
  }

  /**
   * Cancels what is left of the scenario and deletes its definitions; again when a buffered message has started another instance in
   * between. Never fails.
   * @returns what could not be removed, in words
   */
  async cleanUp(): Promise<string[]> {
    let left: string[] = [];
    const silently = (run: Promise<unknown>): Promise<unknown> => run.catch(() => undefined);
    const gone = new Set<string>();
    for (let round = 0; round < 4 && gone.size < this.#definitionKeys.length; round++) {
      left = [];
      await silently(this.#cancelAll());
      for (const key of this.#definitionKeys) {
        if (gone.has(key)) continue;
        try {
          await this.#client.deleteResource({ resourceKey: key });
          gone.add(key);
        } catch (error) {
          if (refusalOf(error)?.status === 404) gone.add(key);
          else left.push(`definition ${key}: ${refusalOf(error)?.detail ?? String(error)}`);
        }
      }
    }
    return left;
  }

  async #cancelAll(): Promise<void> {
    const silently = (run: Promise<unknown>): Promise<unknown> => run.catch(() => undefined);
    const open = (await this.#instances()).filter(
      (one) => one.state === 'ACTIVE' && one.parentProcessInstanceKey === undefined,
    );
    for (const one of open) {
      await silently(this.#client.cancelProcessInstance({ processInstanceKey: one.processInstanceKey }));
    }
    if (open.length === 0) return;
    await this.target.settle();
    // a user task with canceling listeners ends when they have answered
    for (let round = 0; round < 5; round++) {
      if (this.target.name === 'cluster') await sleep(1000);
      const waiting = (await this.#jobs()).filter(
        (job) => job.kind !== 'BPMN_ELEMENT' && ['CREATED', 'FAILED', 'TIMED_OUT'].includes(job.state),
      );
      if (waiting.length === 0) break;
      for (const job of waiting) await silently(this.#client.completeJob({ jobKey: JobKey.assumeExists(job.jobKey) }));
      await this.target.settle();
    }
  }
}

/** The client types a set of tags by its length, which no ordinary array has. */
const tagSet = (tags: string[]): TagSet => tags.map((tag) => Tag.fromString(tag)) as Tag[] & TagSet;

/** Dates that a scenario wrote itself are far away and stay; the others depend on the clock. */
const fixedDate = (date: string): string =>
  date.startsWith('2') && Number(date.slice(0, 4)) >= 2030 ? date : '<date>';

function sortedDeep<T extends { [name: string]: Variables }>(scopes: T): { [scope: string]: Variables } {
  const result: { [scope: string]: Variables } = {};
  for (const scope of Object.keys(scopes).sort()) {
    const variables: Variables = {};
    for (const name of Object.keys(scopes[scope] ?? {}).sort()) variables[name] = scopes[scope]?.[name] ?? null;
    result[scope] = variables;
  }
  return result;
}
