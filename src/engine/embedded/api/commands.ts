/** Endpoints that change something: each becomes one command to the engine. */
import type {
  ActivatedJob,
  CommandKind,
  CommandMap,
  Corrections,
  EngineDoor,
  UpdateUserTaskCommand,
} from '../commands/types.ts';
import { isRejection } from '../commands/types.ts';
import type { FeelEnvironment } from '../feel/types.ts';
import { DeploymentRefusal, parseDeployment } from '../model/parse.ts';
import type { ResourceFile } from '../model/types.ts';
import { BOUNDS, boundCount, boundNumber, boundText, clampedDuration, clampedWait, shown } from './bounds.ts';
import { done, json, Problem, rejectionProblem } from './problem.ts';
import {
  bodiesOf,
  callerGone,
  keyOf,
  numberOf,
  objectOf,
  requireKey,
  requireNumber,
  requireText,
  textOf,
  textsOf,
  tooLarge,
  variablesOf,
} from './request.ts';
import type { Body, Call } from './request.ts';
import type { Routes } from './router.ts';

export const TENANT = '<default>';
/** How long a job activation waits for the first job, and a creation for the end of the instance, when the client names no time. */
const PATIENCE_MS = 10_000;

/** Adds the endpoints to the routes. */
export function commandRoutes(routes: Routes, door: EngineDoor): void {
  const env: FeelEnvironment = { now: () => door.now().getTime(), zone: door.zone };

  /** Submits a command; a refusal becomes the problem that Camunda's gateway would answer. */
  async function ask<K extends CommandKind>(
    kind: K,
    name: string,
    command: CommandMap[K]['in'],
    signal?: AbortSignal,
  ): Promise<CommandMap[K]['out']> {
    const answer = await door.submit(kind, command, signal);
    if (isRejection(answer)) throw rejectionProblem(name, answer);
    return answer;
  }

  let waiting = 0;
  /** As `ask`, for commands that may wait for something to happen: only so many do so at the same time. */
  async function askAndWait<K extends CommandKind>(
    kind: K,
    name: string,
    command: CommandMap[K]['in'],
    signal: AbortSignal,
  ): Promise<CommandMap[K]['out']> {
    if (waiting >= BOUNDS.waiting.limit)
      throw Problem.exhausted(`${BOUNDS.waiting.limit} requests wait already; try again shortly`);
    waiting += 1;
    const gone = callerGone(signal);
    try {
      // who has gone waits no more, whatever the engine still does with the command
      return await Promise.race([ask(kind, name, command, signal), gone.left]);
    } finally {
      waiting -= 1;
      gone.forget();
    }
  }

  routes.on('POST', '/v2/deployments', async (call) => {
    const files = await deployedFiles(call);
    let command: CommandMap['deploy']['in'];
    try {
      command = await parseDeployment(files, env);
    } catch (error) {
      if (error instanceof DeploymentRefusal)
        throw rejectionProblem('CREATE', { rejected: 'INVALID_ARGUMENT', message: error.message });
      throw error;
    }
    const result = await ask('deploy', 'CREATE', command, call.signal);
    return json({
      deploymentKey: String(result.deploymentKey),
      tenantId: TENANT,
      deployments: [
        ...result.processes.map((p) => ({
          processDefinition: {
            processDefinitionId: p.processDefinitionId,
            processDefinitionVersion: p.version,
            processDefinitionKey: String(p.processDefinitionKey),
            resourceName: p.resourceName,
            tenantId: TENANT,
          },
        })),
        ...result.forms.map((f) => ({
          form: {
            formId: f.formId,
            version: f.version,
            formKey: String(f.formKey),
            resourceName: f.resourceName,
            tenantId: TENANT,
          },
        })),
      ],
    });
  });

  routes.on('POST', '/v2/resources/{key}/deletion', async (call) => {
    reference(await call.body());
    await ask('deleteResource', 'DELETE', { resourceKey: call.key() }, call.signal);
    return done();
  });

  // ---- process instances -----------------------------------------------------------------------------------------------------

  routes.on('POST', '/v2/process-instances', async (call) => {
    const body = await call.requiredBody();
    const key = keyOf(body, 'processDefinitionKey');
    const id = textOf(body, 'processDefinitionId');
    if ((key === undefined) === (id === undefined)) {
      throw Problem.unreadable('Exactly one of [processDefinitionId, processDefinitionKey] is required');
    }
    if (id !== undefined) requireText(body, 'processDefinitionId');
    reference(body);
    tenant(body, 'Create Process Instance');
    const command: CommandMap['createInstance']['in'] = {
      variables: variablesOf(body),
      tags: tags(body),
      startInstructions: bodiesOf(body, 'startInstructions').map((start) => ({
        elementId: requireText(start, 'elementId'),
      })),
      terminateAfter: bodiesOf(body, 'runtimeInstructions').map((stop) => requireText(stop, 'afterElementId')),
    };
    if (key !== undefined) command.processDefinitionKey = key;
    else if (id !== undefined) {
      command.processDefinitionId = id;
      command.version = numberOf(body, 'processDefinitionVersion') ?? -1;
    }
    if (body['awaitCompletion'] === true) {
      const patience = numberOf(body, 'requestTimeout') ?? 0;
      command.await = {
        fetchVariables: textsOf(body, 'fetchVariables'),
        timeoutMs: patience > 0 ? clampedWait(patience) : PATIENCE_MS,
      };
    }
    const submit = command.await === undefined ? ask : askAndWait;
    const result = await submit('createInstance', 'CREATE', command, call.signal);
    return json({
      tenantId: TENANT,
      processDefinitionId: result.processDefinitionId,
      processDefinitionVersion: result.version,
      processDefinitionKey: String(result.processDefinitionKey),
      processInstanceKey: String(result.processInstanceKey),
      tags: result.tags,
      variables: result.variables ?? {},
    });
  });

  routes.on('POST', '/v2/process-instances/{key}/cancellation', async (call) => {
    reference(await call.body());
    await ask('cancelInstance', 'CANCEL', { processInstanceKey: call.key() }, call.signal);
    return done();
  });

  routes.on('POST', '/v2/process-instances/{key}/migration', async (call) => {
    const body = await call.requiredBody();
    reference(body);
    const mappings = bodiesOf(body, 'mappingInstructions').map((m) => ({
      sourceElementId: requireText(m, 'sourceElementId'),
      targetElementId: requireText(m, 'targetElementId'),
    }));
    if (mappings.length === 0) throw Problem.invalid('No mappingInstructions provided');
    const targetProcessDefinitionKey = requireKey(body, 'targetProcessDefinitionKey');
    await ask(
      'migrateInstance',
      'MIGRATE',
      { processInstanceKey: call.key(), targetProcessDefinitionKey, mappings },
      call.signal,
    );
    return done();
  });

  routes.on('POST', '/v2/process-instances/{key}/modification', async (call) => {
    const body = await call.requiredBody();
    reference(body);
    const activate = bodiesOf(body, 'activateInstructions').map((a) => {
      const ancestor = keyOf(a, 'ancestorElementInstanceKey');
      return {
        elementId: requireText(a, 'elementId'),
        ...(ancestor === undefined ? {} : { ancestorElementInstanceKey: ancestor }),
        variableInstructions: bodiesOf(a, 'variableInstructions').map((v) => ({
          scopeId: textOf(v, 'scopeId') ?? '',
          variables: variablesOf(v),
        })),
      };
    });
    const variables = activate.flatMap((a) => a.variableInstructions.map((v) => Object.keys(v.variables).length));
    boundCount(
      'activateInstructions.variableInstructions.variables',
      variables.reduce((sum, n) => sum + n, 0),
      'variables',
    );
    const terminate = bodiesOf(body, 'terminateInstructions').map((t) => ({
      elementInstanceKey: requireKey(t, 'elementInstanceKey'),
    }));
    await ask('modifyInstance', 'MODIFY', { processInstanceKey: call.key(), activate, terminate }, call.signal);
    return done();
  });

  routes.on('PUT', '/v2/element-instances/{key}/variables', async (call) => {
    const body = await call.requiredBody();
    reference(body);
    const variables = variablesOf(body);
    if (Object.keys(variables).length === 0) throw Problem.invalid('No variables provided');
    await ask(
      'setVariables',
      'UPDATE',
      { elementInstanceKey: call.key(), variables, local: body['local'] === true },
      call.signal,
    );
    return done();
  });

  routes.on('POST', '/v2/incidents/{key}/resolution', async (call) => {
    reference(await call.body());
    await ask('resolveIncident', 'RESOLVE', { incidentKey: call.key() }, call.signal);
    return done();
  });

  // ---- jobs ------------------------------------------------------------------------------------------------------------------

  routes.on('POST', '/v2/jobs/activation', async (call) => {
    const body = await call.requiredBody();
    for (const id of textsOf(body, 'tenantIds')) if (id !== TENANT) throw foreignTenant('Activate Jobs', id);
    const type = requireText(body, 'type');
    const timeout = requireNumber(body, 'timeout');
    const maxJobs = requireNumber(body, 'maxJobsToActivate');
    if (timeout < 1) throw Problem.invalid(`The value for timeout is '${timeout}' but must be greater than 0`);
    if (maxJobs < 1)
      throw Problem.invalid(`The value for maxJobsToActivate is '${maxJobs}' but must be greater than 0`);
    const patience = numberOf(body, 'requestTimeout') ?? 0;
    const result = await askAndWait(
      'activateJobs',
      'ACTIVATE',
      {
        type,
        worker: textOf(body, 'worker') ?? '',
        timeout: clampedDuration(timeout),
        maxJobs: Math.min(maxJobs, BOUNDS.jobsAtOnce.limit),
        fetchVariables: textsOf(body, 'fetchVariable'),
        requestTimeoutMs: patience === 0 ? PATIENCE_MS : clampedWait(patience),
      },
      call.signal,
    );
    return json({ jobs: result.jobs.map(activatedJob) });
  });

  routes.on('POST', '/v2/jobs/{key}/completion', async (call) => {
    const body = await call.body();
    const command: CommandMap['completeJob']['in'] = { jobKey: call.key(), variables: variablesOf(body) };
    const result = objectOf(body, 'result');
    if (result !== undefined) command.result = jobResult(result);
    await ask('completeJob', 'COMPLETE', command, call.signal);
    return done();
  });

  routes.on('POST', '/v2/jobs/{key}/failure', async (call) => {
    const body = await call.body();
    await ask(
      'failJob',
      'FAIL',
      {
        jobKey: call.key(),
        retries: numberOf(body, 'retries') ?? 0,
        retryBackOff: clampedDuration(numberOf(body, 'retryBackOff') ?? 0),
        errorMessage: textOf(body, 'errorMessage') ?? '',
        variables: variablesOf(body),
      },
      call.signal,
    );
    return done();
  });

  routes.on('POST', '/v2/jobs/{key}/error', async (call) => {
    const body = await call.requiredBody();
    await ask(
      'throwError',
      'THROW_ERROR',
      {
        jobKey: call.key(),
        errorCode: requireText(body, 'errorCode'),
        errorMessage: textOf(body, 'errorMessage') ?? '',
        variables: variablesOf(body),
      },
      call.signal,
    );
    return done();
  });

  routes.on('PATCH', '/v2/jobs/{key}', async (call) => {
    const body = await call.requiredBody();
    reference(body);
    const change = objectOf(body, 'changeset') ?? {};
    const retries = numberOf(change, 'retries');
    const timeout = numberOf(change, 'timeout');
    if (retries === undefined && timeout === undefined) {
      throw Problem.invalid('At least one of [retries, timeout] is required in the changeset');
    }
    await ask(
      'updateJob',
      'UPDATE',
      {
        jobKey: call.key(),
        ...(retries === undefined ? {} : { retries }),
        ...(timeout === undefined ? {} : { timeout: clampedDuration(timeout) }),
      },
      call.signal,
    );
    return done();
  });

  // ---- messages and signals --------------------------------------------------------------------------------------------------

  routes.on('POST', '/v2/messages/publication', async (call) => {
    const body = await call.requiredBody();
    tenant(body, 'Publish Message');
    const result = await ask(
      'publishMessage',
      'PUBLISH',
      {
        name: requireText(body, 'name'),
        correlationKey: textOf(body, 'correlationKey') ?? '',
        timeToLive: clampedDuration(numberOf(body, 'timeToLive') ?? 0),
        messageId: textOf(body, 'messageId') ?? '',
        variables: variablesOf(body),
      },
      call.signal,
    );
    return json({ messageKey: String(result.messageKey), tenantId: TENANT });
  });

  routes.on('POST', '/v2/messages/correlation', async (call) => {
    const body = await call.requiredBody();
    tenant(body, 'Correlate Message');
    const result = await ask(
      'correlateMessage',
      'CORRELATE',
      {
        name: requireText(body, 'name', 'messageName'),
        correlationKey: textOf(body, 'correlationKey') ?? '',
        variables: variablesOf(body),
      },
      call.signal,
    );
    return json({
      messageKey: String(result.messageKey),
      processInstanceKey: String(result.processInstanceKey),
      tenantId: TENANT,
    });
  });

  routes.on('POST', '/v2/signals/broadcast', async (call) => {
    const body = await call.requiredBody();
    tenant(body, 'Broadcast Signal');
    const command = { signalName: requireText(body, 'signalName'), variables: variablesOf(body) };
    const result = await ask('broadcastSignal', 'BROADCAST', command, call.signal);
    return json({ signalKey: String(result.signalKey), tenantId: TENANT });
  });

  // ---- user tasks ------------------------------------------------------------------------------------------------------------

  routes.on('POST', '/v2/user-tasks/{key}/completion', async (call) => {
    const body = await call.body();
    const command = {
      userTaskKey: call.key(),
      variables: variablesOf(body),
      action: textOf(body, 'action') ?? 'complete',
    };
    await ask('completeUserTask', 'COMPLETE', command, call.signal);
    return done();
  });

  routes.on('POST', '/v2/user-tasks/{key}/assignment', async (call) => {
    const body = await call.requiredBody();
    const allowOverride = body['allowOverride'] !== false;
    const command = {
      userTaskKey: call.key(),
      assignee: requireText(body, 'assignee'),
      action: textOf(body, 'action') ?? (allowOverride ? 'assign' : 'claim'),
      allowOverride,
    };
    await ask('assignUserTask', allowOverride ? 'ASSIGN' : 'CLAIM', command, call.signal);
    return done();
  });

  routes.on('DELETE', '/v2/user-tasks/{key}/assignee', async (call) => {
    await ask(
      'assignUserTask',
      'ASSIGN',
      { userTaskKey: call.key(), assignee: '', action: 'unassign', allowOverride: true },
      call.signal,
    );
    return done();
  });

  routes.on('PATCH', '/v2/user-tasks/{key}', async (call) => {
    const body = await call.body();
    const changes = taskChanges(objectOf(body, 'changeset') ?? {});
    const action = textOf(body, 'action');
    if (action === undefined && Object.keys(changes).length === 0) {
      throw Problem.invalid('No update data provided: give an action or at least one attribute in the changeset');
    }
    await ask(
      'updateUserTask',
      'UPDATE',
      { userTaskKey: call.key(), action: action ?? 'update', changes },
      call.signal,
    );
    return done();
  });

  // ---- clock and tests -------------------------------------------------------------------------------------------------------

  const controlled = (): void => {
    if (door.clock !== 'controlled') {
      throw new Problem(
        403,
        'FORBIDDEN',
        'The clock cannot be changed: the engine was not started with a controlled clock (ENGINE_CLOCK=controlled)',
      );
    }
  };
  routes.on('PUT', '/v2/clock', async (call) => {
    controlled();
    const timestamp = requireNumber(await call.requiredBody(), 'timestamp');
    if (timestamp < 0) throw Problem.invalid(`The value for timestamp is '${timestamp}' but must be not negative`);
    boundNumber('timestamp', timestamp, 'instant');
    await ask('pinClock', 'PIN', { timestamp }, call.signal);
    return done();
  });
  routes.on('POST', '/v2/clock/reset', async (call) => {
    controlled();
    await ask('resetClock', 'RESET', {}, call.signal);
    return done();
  });
  if (door.clock === 'controlled') {
    const now = (): Response => json({ now: door.now().getTime() });
    routes.on('POST', '/lab/advance', async (call) => {
      const body = await call.body();
      const milliseconds = numberOf(body, 'milliseconds') ?? 0;
      if (milliseconds < 0) throw Problem.invalid('The value for milliseconds must be not negative');
      boundNumber('milliseconds', door.now().getTime() + milliseconds, 'instant');
      await door.advance(milliseconds, body['leap'] === true);
      return now();
    });
    routes.on('POST', '/lab/settle', async () => {
      await door.settle();
      return now();
    });
    const { reset } = door;
    if (reset !== undefined) {
      routes.on('POST', '/lab/reset', async () => {
        await reset();
        return done();
      });
    }
  }
}

// ---- what several requests may not do ----------------------------------------------------------------------------------------------

function reference(body: Body): void {
  const value = numberOf(body, 'operationReference');
  if (value !== undefined && value < 1) {
    throw Problem.invalid(`The value for operationReference is '${value}' but must be greater than 0`);
  }
}

function tenant(body: Body, command: string): void {
  const id = textOf(body, 'tenantId') ?? '';
  if (id.trim() !== '' && id !== TENANT) throw foreignTenant(command, id);
}

function foreignTenant(command: string, id: string): Problem {
  return Problem.invalid(
    `Expected to handle request ${command} with tenant identifier '${shown(id)}', but multi-tenancy is disabled`,
  );
}

function tags(body: Body): string[] {
  const list = [...new Set(textsOf(body, 'tags'))];
  for (const tag of list) {
    if (!/^[A-Za-z][A-Za-z0-9_\-:.]{0,99}$/.test(tag)) throw Problem.invalid(`The tag '${shown(tag)}' is not valid`);
  }
  return list;
}

// ---- parts of bodies -------------------------------------------------------------------------------------------------------------

/** The parts of a form; their number is bounded before each becomes an object. */
async function readForm(request: Request, type: string): Promise<FormData> {
  const unreadable = (): Problem => Problem.unreadable('Failed to parse multipart servlet request');
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw unreadable();
  let body: Buffer<ArrayBuffer>;
  try {
    body = Buffer.from(await request.arrayBuffer());
  } catch (error) {
    throw error instanceof Problem ? error : unreadable();
  }
  if (body.length > BOUNDS.bodyBytes.limit) throw tooLarge();
  let parts = -1; // the last mark ends the form
  for (let at = body.indexOf(`--${mark}`); at >= 0; at = body.indexOf(`--${mark}`, at + mark.length + 2)) parts += 1;
  boundCount('resources', parts, 'resources');
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw unreadable();
  }
}

async function deployedFiles(call: Call): Promise<ResourceFile[]> {
  const type = call.request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data/i.test(type)) {
    throw new Problem(415, 'Unsupported Media Type', `Content-Type '${shown(type)}' is not supported.`);
  }
  const form = await readForm(call.request, type);
  const files: ResourceFile[] = [];
  for (const [name, part] of form.entries()) {
    if (typeof part !== 'string') {
      boundText('file name', part.name, 'name');
      files.push({ name: part.name, content: new Uint8Array(await part.arrayBuffer()) });
    } else if (name === 'tenantId') tenant({ tenantId: part }, 'Deploy Resources');
  }
  if (files.length === 0) throw Problem.unreadable("Required part 'resources' is not present.");
  return files;
}

function jobResult(body: Body): { denied: boolean; deniedReason: string; corrections: Corrections } {
  if (textOf(body, 'type') === 'adHocSubProcess')
    throw Problem.notImplemented('Ad-hoc subprocesses are not supported by the embedded cluster');
  const wanted = objectOf(body, 'corrections') ?? {};
  const corrections: Corrections = {};
  const assignee = textOf(wanted, 'assignee');
  if (assignee !== undefined) corrections.assignee = assignee;
  for (const name of ['dueDate', 'followUpDate'] as const) {
    const value = textOf(wanted, name);
    if (value !== undefined) corrections[name] = value;
  }
  for (const name of ['candidateGroups', 'candidateUsers'] as const)
    if (wanted[name] != null) corrections[name] = textsOf(wanted, name);
  const priority = numberOf(wanted, 'priority');
  if (priority !== undefined) corrections.priority = priority;
  return { denied: body['denied'] === true, deniedReason: textOf(body, 'deniedReason') ?? '', corrections };
}

function taskChanges(change: Body): UpdateUserTaskCommand['changes'] {
  const changes: UpdateUserTaskCommand['changes'] = {};
  for (const name of ['dueDate', 'followUpDate'] as const) {
    const value = textOf(change, name);
    if (value === undefined) continue;
    if (value !== '' && !isZonedDate(value)) {
      throw Problem.invalid(
        `The provided ${name} '${value}' cannot be parsed as a date according to RFC 3339, section 5.6`,
      );
    }
    changes[name] = value;
  }
  for (const name of ['candidateGroups', 'candidateUsers'] as const)
    if (change[name] != null) changes[name] = textsOf(change, name);
  const priority = numberOf(change, 'priority');
  if (priority !== undefined) {
    if (priority < 0 || priority > 100)
      throw Problem.invalid(`Priority field must be an integer between 0 and 100, not '${priority}'`);
    changes.priority = priority;
  }
  return changes;
}

function isZonedDate(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))
  );
}

function activatedJob(job: ActivatedJob): object {
  const task = job.userTask;
  return {
    jobKey: String(job.jobKey),
    type: job.type,
    processInstanceKey: String(job.processInstanceKey),
    processDefinitionId: job.processDefinitionId,
    processDefinitionVersion: job.processDefinitionVersion,
    processDefinitionKey: String(job.processDefinitionKey),
    elementId: job.elementId,
    elementInstanceKey: String(job.elementInstanceKey),
    worker: job.worker,
    retries: job.retries,
    deadline: job.deadline,
    tenantId: TENANT,
    kind: job.kind,
    listenerEventType: job.listenerEventType,
    variables: job.variables,
    customHeaders: job.customHeaders,
    tags: job.tags,
    // what is absent or empty is left out
    userTask:
      task === undefined
        ? undefined
        : {
            ...task,
            action: task.action === '' ? undefined : task.action,
            assignee: task.assignee === '' ? undefined : task.assignee,
            userTaskKey: String(task.userTaskKey),
            formKey: task.formKey === undefined ? undefined : String(task.formKey),
          },
  };
}
