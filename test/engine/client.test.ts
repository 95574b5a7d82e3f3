/**
 * Camunda's own TypeScript client on the embedded cluster, with its strictest check of every answer against the API's description: each
 * endpoint that the application, its tools or the conformance scenarios use, once.
 */
import { createCamundaClient, ElementId, Tag, type CamundaClient } from '@camunda8/orchestration-cluster-api';
import { expect } from 'chai';
import { startEmbeddedCluster, type EmbeddedCluster } from '../../src/engine/embedded/index.ts';
import { startTestDatabase, type TestDatabase } from '../conformance/database.ts';

const extensions = (inner: string): string => `<bpmn:extensionElements>${inner}</bpmn:extensionElements>`;
const DIAGRAM = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">
  <bpmn:process id="p" name="Prosess" isExecutable="true">
    ${extensions('<zeebe:versionTag value="v1" />')}
    <bpmn:startEvent id="start">${extensions('<zeebe:formDefinition formId="skjema" />')}</bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="work" />
    <bpmn:serviceTask id="work" name="Arbeid">${extensions('<zeebe:taskDefinition type="work" /><zeebe:taskHeaders><zeebe:header key="a" value="b" /></zeebe:taskHeaders>')}</bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="task" />
    <bpmn:userTask id="task" name="Oppgave">${extensions('<zeebe:userTask /><zeebe:formDefinition formId="skjema" /><zeebe:assignmentDefinition candidateGroups="g1, g2" /><zeebe:taskSchedule dueDate="2030-01-01T00:00:00Z" /><zeebe:taskListeners><zeebe:taskListener eventType="completing" type="listen" /></zeebe:taskListeners>')}</bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="task" targetRef="catch" />
    <bpmn:intermediateCatchEvent id="catch"><bpmn:messageEventDefinition messageRef="message" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f4" sourceRef="catch" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
  <bpmn:message id="message" name="melding">${extensions('<zeebe:subscription correlationKey="=id" />')}</bpmn:message>
</bpmn:definitions>`;
const FORM = { id: 'skjema', type: 'default', components: [{ type: 'textfield', key: 'navn' }] };
const TAG = Tag.fromString('a:b');
const NOW = { consistency: { waitUpToMs: 0 } };

function first<T>(list: readonly T[] | undefined): T {
  const [one] = list ?? [];
  if (one === undefined) throw new Error('nothing was found');
  return one;
}

describe("Camunda's client on the embedded cluster", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let cluster: EmbeddedCluster;
  let client: CamundaClient;

  before(async function () {
    this.timeout(120_000);
    database = await startTestDatabase();
    cluster = await startEmbeddedCluster({ connectionString: database.connectionString, clock: 'controlled' });
    client = createCamundaClient({
      config: {
        CAMUNDA_REST_ADDRESS: 'http://engine.invalid',
        CAMUNDA_AUTH_STRATEGY: 'NONE',
        CAMUNDA_SDK_VALIDATION: 'req:warn,res:fanatical',
      },
      fetch: (input, init) => cluster.fetch(new Request(input, init)),
    });
  });
  after(async () => {
    await cluster?.stop();
    await database?.stop();
  });

  it('finds every answer as the description of the API has it', async () => {
    const deploy = () =>
      client.createDeployment({
        resources: [new File([DIAGRAM], 'p.bpmn'), new File([JSON.stringify(FORM)], 'skjema.form')],
      });
    const deployed = await deploy();
    const again = await deploy();
    expect(again.processes[0]?.processDefinitionKey, 'the same file is the same version').to.equal(
      deployed.processes[0]?.processDefinitionKey,
    );
    const { processDefinitionKey } = first(deployed.processes);

    await client.getStatus();
    expect((await client.getTopology()).gatewayVersion).to.match(/^8\.8\./);
    await client.getLicense();

    const definition = first(
      (await client.searchProcessDefinitions({ filter: { isLatestVersion: true, processDefinitionId: 'p' } }, NOW))
        .items,
    );
    expect(definition).to.include({ name: 'Prosess', version: 1, versionTag: 'v1', hasStartForm: true });
    await client.getProcessDefinition({ processDefinitionKey }, NOW);
    expect(await client.getProcessDefinitionXml({ processDefinitionKey }, NOW)).to.equal(DIAGRAM);
    expect((await client.getStartProcessForm({ processDefinitionKey }, NOW))?.schema).to.deep.equal(FORM);

    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionKey,
      variables: { id: 'k1', lang: 'x'.repeat(9000) },
      tags: [TAG],
    });
    const running = await client.searchProcessInstances(
      { filter: { state: 'ACTIVE', variables: [{ name: 'id', value: '"k1"' }], tags: [TAG] } },
      NOW,
    );
    expect(running.items.map((i) => i.processInstanceKey)).to.deep.equal([processInstanceKey]);
    await client.getProcessInstance({ processInstanceKey }, NOW);

    const long = first((await client.searchVariables({ filter: { processInstanceKey, name: 'lang' } }, NOW)).items);
    expect(long.isTruncated).to.equal(true);
    expect((await client.getVariable({ variableKey: long.variableKey }, NOW)).value).to.have.length(9002);

    const poll = { type: 'work', maxJobsToActivate: 1, timeout: 10_000, worker: 'me', requestTimeout: 0 };
    const { jobKey } = first((await client.activateJobs(poll)).jobs);
    await client.failJob({ jobKey, retries: 0, errorMessage: 'feil' });
    const { incidentKey } = first(
      (await client.searchIncidents({ filter: { processInstanceKey, state: 'ACTIVE' } }, NOW)).items,
    );
    if (!incidentKey) throw new Error('the incident has no key');
    await client.getIncident({ incidentKey }, NOW);
    await client.searchProcessInstanceIncidents({ processInstanceKey }, NOW);
    await client.updateJob({ jobKey, changeset: { retries: 2 } });
    await client.resolveIncident({ incidentKey });
    expect(first((await client.activateJobs(poll)).jobs)).to.include({ jobKey, retries: 2 });
    await client.completeJob({ jobKey, variables: { r: 1 } });
    await client.searchJobs({ filter: { processInstanceKey } }, NOW);

    const task = first(
      (
        await client.searchUserTasks(
          { filter: { state: 'CREATED', candidateGroup: 'g1' }, sort: [{ field: 'dueDate', order: 'ASC' }] },
          NOW,
        )
      ).items,
    );
    expect(task).to.deep.include({
      name: 'Oppgave',
      candidateGroups: ['g1', 'g2'],
      dueDate: '2030-01-01T00:00:00.000Z',
    });
    const { userTaskKey } = task;
    expect((await client.getUserTaskForm({ userTaskKey }, NOW))?.schema).to.deep.equal(FORM);
    await client.searchUserTaskVariables({ userTaskKey }, NOW);
    await client.assignUserTask({ userTaskKey, assignee: 'kari' });
    await client.unassignUserTask({ userTaskKey });
    await client.updateUserTask({
      userTaskKey,
      changeset: { priority: 80, dueDate: '2031-01-01T00:00:00Z', candidateGroups: ['g3'] },
    });
    const completed = client.completeUserTask({ userTaskKey, variables: { x: 1 } });
    const listener = first((await client.activateJobs({ ...poll, type: 'listen', requestTimeout: 5000 })).jobs);
    expect(listener.userTask).to.deep.include({
      action: 'complete',
      priority: 80,
      candidateGroups: ['g3'],
      userTaskKey,
    });
    await client.completeJob({
      jobKey: listener.jobKey,
      result: { type: 'userTask', denied: false, corrections: { assignee: 'per' } },
    });
    await completed;
    expect(await client.getUserTask({ userTaskKey }, NOW)).to.include({ state: 'COMPLETED', assignee: 'per' });

    await client.searchMessageSubscriptions({ filter: { processInstanceKey } }, NOW);
    await client.publishMessage({ name: 'annen', correlationKey: 'k1', timeToLive: 10 });
    await client.correlateMessage({ name: 'melding', correlationKey: 'k1', variables: { z: 1 } });
    await client.searchCorrelatedMessageSubscriptions({}, NOW);
    await client.broadcastSignal({ signalName: 's' });
    expect((await client.getProcessInstance({ processInstanceKey }, NOW)).state).to.equal('COMPLETED');

    const statistics = await client.getProcessDefinitionStatistics({ processDefinitionKey }, NOW);
    expect(statistics.items).to.deep.include({ elementId: 'task', active: 0, canceled: 0, incidents: 0, completed: 1 });
    await client.getProcessInstanceStatistics({ processInstanceKey }, NOW);
    const flows = await client.getProcessInstanceSequenceFlows({ processInstanceKey }, NOW);
    expect(flows.items?.map((f) => f.elementId).sort()).to.deep.equal(['f1', 'f2', 'f3', 'f4']);
    await client.getProcessInstanceCallHierarchy({ processInstanceKey }, NOW);
    const element = first(
      (
        await client.searchElementInstances(
          { filter: { processInstanceKey, elementId: ElementId.assumeExists('task') } },
          NOW,
        )
      ).items,
    );
    await client.getElementInstance({ elementInstanceKey: element.elementInstanceKey }, NOW);

    const second = await client.createProcessInstance({ processDefinitionKey, variables: { id: 'k2' } });
    await client.createElementInstanceVariables({
      elementInstanceKey: second.processInstanceKey as never,
      variables: { y: 2 },
    }); // an instance is a scope too
    await client.cancelProcessInstance({ processInstanceKey: second.processInstanceKey });
    await client.pinClock({ timestamp: 1_900_000_000_000 });
    await client.resetClock();
    await client.deleteResource({ resourceKey: processDefinitionKey as never }); // a definition is a resource too
  });
});
