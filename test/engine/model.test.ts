/**
 * Diagrams that the embedded cluster takes and refuses. What Camunda's engine refuses is refused (compared with the real engine when these
 * were written); what it has and we have not is refused with the element's id and name.
 */
import { expect } from 'chai';
import { DeploymentRefusal, parseDeployment } from '../../src/engine/embedded/model/parse.ts';
import type { ParsedDeployment, ProcessModel } from '../../src/engine/embedded/model/types.ts';

const environment = { now: () => Date.UTC(2026, 0, 1), zone: 'Europe/Oslo' };

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="test">`;
const START = '<bpmn:startEvent id="start" />';
const END = '<bpmn:endEvent id="end" />';
const extensions = (inner: string): string => `<bpmn:extensionElements>${inner}</bpmn:extensionElements>`;
const flow = (from: string, to: string, condition = ''): string =>
  `<bpmn:sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}">${
    condition === ''
      ? ''
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
  }</bpmn:sequenceFlow>`;
const diagram = (body: string, roots = ''): string =>
  `${HEAD}<bpmn:process id="process" isExecutable="true">${body}</bpmn:process>${roots}</bpmn:definitions>`;
/** A process with one element between start and end. */
const around = (element: string, roots = ''): string =>
  diagram(START + element + END + flow('start', 'it') + flow('it', 'end'), roots);
const service = (inner = ''): string =>
  `<bpmn:serviceTask id="it" name="Arbeidet">${extensions(`<zeebe:taskDefinition type="work" />${inner}`)}</bpmn:serviceTask>`;
const task = (inner = ''): string =>
  `<bpmn:userTask id="it" name="Oppgaven">${extensions(`<zeebe:userTask />${inner}`)}</bpmn:userTask>`;
const timer = (kind: string, value: string): string =>
  `<bpmn:timerEventDefinition><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${value}</bpmn:${kind}></bpmn:timerEventDefinition>`;

async function deploy(...files: [name: string, content: string | Uint8Array][]): Promise<ParsedDeployment> {
  return parseDeployment(
    files.map(([name, content]) => ({ name, content: typeof content === 'string' ? Buffer.from(content) : content })),
    environment,
  );
}

async function model(xml: string): Promise<ProcessModel> {
  const { resources } = await deploy(['process.bpmn', xml]);
  const first = resources[0];
  const found = first?.kind === 'bpmn' ? first.bpmn.processes[0] : undefined;
  if (found === undefined) throw new Error('no process');
  return found;
}

async function refusal(...files: [name: string, content: string | Uint8Array][]): Promise<string> {
  try {
    await deploy(...files);
  } catch (error) {
    if (error instanceof DeploymentRefusal) return error.message;
    throw error;
  }
  return 'it was deployed';
}

describe('the executable model', () => {
  it('keeps sequence flows in the order of the file, whatever the order of outgoing', async () => {
    const process = await model(
      diagram(
        `${START}<bpmn:exclusiveGateway id="choice" default="choice_b"><bpmn:outgoing>choice_b</bpmn:outgoing><bpmn:outgoing>choice_a</bpmn:outgoing></bpmn:exclusiveGateway>
         <bpmn:endEvent id="a" /><bpmn:endEvent id="b" />${flow('start', 'choice')}${flow('choice', 'a', '=x &gt; 1')}${flow('choice', 'b')}`,
      ),
    );
    const choice = process.byId.get('choice');
    expect(choice?.outgoing.map((f) => f.id)).to.deep.equal(['choice_a', 'choice_b']);
    expect(choice?.defaultFlow?.id).to.equal('choice_b');
    expect(choice?.outgoing[0]?.condition?.evaluate(() => 2)).to.deep.equal({ ok: true, value: true });
  });

  it('knows scopes, boundary events, event subprocesses and links', async () => {
    const process = await model(
      diagram(
        `${START}${service()}<bpmn:boundaryEvent id="late" attachedToRef="it" cancelActivity="false">${timer('timeDuration', 'PT1H')}</bpmn:boundaryEvent>
         <bpmn:intermediateThrowEvent id="throw"><bpmn:linkEventDefinition name="on" /></bpmn:intermediateThrowEvent>
         <bpmn:intermediateCatchEvent id="catch"><bpmn:linkEventDefinition name="on" /></bpmn:intermediateCatchEvent>${END}
         <bpmn:subProcess id="aside" triggeredByEvent="true"><bpmn:startEvent id="begun" isInterrupting="false">${timer('timeDuration', 'PT1H')}</bpmn:startEvent></bpmn:subProcess>
         ${flow('start', 'it')}${flow('it', 'throw')}${flow('late', 'end')}${flow('catch', 'end')}`,
      ),
    );
    const late = process.byId.get('late');
    expect(late?.attachedTo?.id).to.equal('it');
    expect(late?.interrupting).to.equal(false);
    expect(process.byId.get('it')?.boundaryEvents).to.deep.equal([late]);
    expect(process.eventSubProcesses.map((e) => e.id)).to.deep.equal(['aside']);
    expect(process.byId.get('begun')?.interrupting).to.equal(false);
    const thrown = process.byId.get('throw')?.event;
    expect(thrown?.type === 'link' && thrown.target?.id).to.equal('catch');
    expect(process.noneStart?.id).to.equal('start');
  });

  it('splits fixed candidates at commas, and leaves an expression to be a list', async () => {
    const process = await model(
      around(
        task('<zeebe:assignmentDefinition candidateGroups="a, b" candidateUsers="=[&quot;c&quot;]" assignee="kari" />'),
      ),
    );
    const definition = process.byId.get('it')?.userTask;
    expect(definition?.candidateGroups?.evaluate(() => undefined)).to.deep.equal({ ok: true, value: ['a', 'b'] });
    expect(definition?.candidateUsers?.evaluate(() => undefined)).to.deep.equal({ ok: true, value: ['c'] });
    expect(definition?.assignee?.isStatic).to.equal(true);
  });

  it('reads UTF-16 and byte order marks, and ignores drawings of elements that are gone', async () => {
    const xml = around(service())
      .replace('UTF-8', 'UTF-16')
      .replace(
        '</bpmn:definitions>',
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"><bpmndi:BPMNPlane bpmnElement="gone" /></bpmndi:BPMNDiagram></bpmn:definitions>',
      );
    await deploy(['process.bpmn', Buffer.from(`\ufeff${xml}`, 'utf16le')]);
    await deploy(['process.bpmn', Buffer.from(`\ufeff${around(service())}`, 'utf8')]);
  });

  it('switches the propagation of child variables off when the call activity maps outputs', async () => {
    const call = (inner: string): string =>
      around(
        `<bpmn:callActivity id="it">${extensions(`<zeebe:calledElement processId="other" />${inner}`)}</bpmn:callActivity>`,
      );
    expect((await model(call(''))).byId.get('it')?.calledElement?.propagateAllChildVariables).to.equal(true);
    const mapped = await model(call('<zeebe:ioMapping><zeebe:output source="=a" target="b" /></zeebe:ioMapping>'));
    expect(mapped.byId.get('it')?.calledElement?.propagateAllChildVariables).to.equal(false);
  });
});

describe('what the embedded cluster does not support is refused with id and name', () => {
  const cases: Record<string, string> = {
    'a transaction': around(
      '<bpmn:transaction id="it" name="Handelen"><bpmn:startEvent id="inner" /></bpmn:transaction>',
    ),
    'an ad-hoc subprocess': around(
      '<bpmn:adHocSubProcess id="it" name="Fritt"><bpmn:task id="inner" /></bpmn:adHocSubProcess>',
    ),
    'a complex gateway': around('<bpmn:complexGateway id="it" name="Floken" />'),
    'compensation thrown': around(
      '<bpmn:intermediateThrowEvent id="it" name="Angre"><bpmn:compensateEventDefinition id="x" /></bpmn:intermediateThrowEvent>',
    ),
    'a compensation handler': around(
      '<bpmn:serviceTask id="it" name="Angre" isForCompensation="true"><bpmn:extensionElements><zeebe:taskDefinition type="x" /></bpmn:extensionElements></bpmn:serviceTask>',
    ),
    'a conditional event': around(
      '<bpmn:intermediateCatchEvent id="it" name="Når"><bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=a</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>',
    ),
    'a decision': around(
      `<bpmn:businessRuleTask id="it" name="Regel">${extensions('<zeebe:calledDecision decisionId="d" resultVariable="r" />')}</bpmn:businessRuleTask>`,
    ),
    'a user task for job workers': around('<bpmn:userTask id="it" name="Gammel" />'),
    'a form inside the diagram': around(task('<zeebe:formDefinition formKey="camunda-forms:bpmn:x" />')),
    'a standard loop': around(
      '<bpmn:serviceTask id="it" name="Runde"><bpmn:extensionElements><zeebe:taskDefinition type="x" /></bpmn:extensionElements><bpmn:standardLoopCharacteristics /></bpmn:serviceTask>',
    ),
    'a fixed number of instances': around(
      '<bpmn:serviceTask id="it" name="Mange"><bpmn:extensionElements><zeebe:taskDefinition type="x" /></bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=l" /></bpmn:extensionElements><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>',
    ),
    'a job priority (8.9)': around(
      service('<zeebe:jobPriorityDefinition priority="1" />').replace('Arbeidet', 'Viktig'),
    ),
    'an attribute of a newer version': around(task('<zeebe:assignmentDefinition assignee="a" quark="1" />')),
    'an extension element of a newer version': around(task('<zeebe:quark />')),
    'a function that may differ': around(
      service('<zeebe:ioMapping><zeebe:input source="=log(a)" target="b" /></zeebe:ioMapping>'),
    ),
    'a pattern that Java reads otherwise': around(
      service(
        '<zeebe:ioMapping><zeebe:input source="=matches(a, &quot;\\p{L}++&quot;)" target="b" /></zeebe:ioMapping>',
      ),
    ),
  };
  for (const [what, xml] of Object.entries(cases)) {
    it(what, async () => {
      const message = await refusal(['process.bpmn', xml]);
      expect(message)
        .to.include("'process.bpmn'")
        .and.to.match(/Element: it \('\p{L}+'\)/u);
    });
  }

  it('several mistakes are told at once', async () => {
    const message = await refusal([
      'process.bpmn',
      diagram(`${START}<bpmn:serviceTask id="a" /><bpmn:userTask id="b" />`),
    ]);
    expect(message).to.include('Element: a').and.to.include('Element: b');
  });

  it('decisions and unknown files', async () => {
    expect(await refusal(['rules.dmn', '<definitions />']))
      .to.include('rules.dmn')
      .and.to.include('DMN');
    expect(await refusal(['notes.txt', 'x'])).to.include('notes.txt');
  });
});

describe("rules of Camunda's engine for diagrams", () => {
  const boundary = (definition: string, host = service()): string =>
    diagram(
      `${START}${host}<bpmn:boundaryEvent id="edge" attachedToRef="it">${definition}</bpmn:boundaryEvent>${END}${flow('start', 'it')}${flow('it', 'end')}${flow('edge', 'end')}`,
    );
  const input = (attributes: string): string =>
    around(service(`<zeebe:ioMapping><zeebe:input ${attributes} /></zeebe:ioMapping>`));
  const message = (subscription: string): string =>
    around(
      '<bpmn:intermediateCatchEvent id="it"><bpmn:messageEventDefinition messageRef="message" /></bpmn:intermediateCatchEvent>',
      `<bpmn:message id="message" name="n">${subscription === '' ? '' : extensions(`<zeebe:subscription correlationKey="${subscription}" />`)}</bpmn:message>`,
    );
  const refused: Record<string, string> = {
    'a process without start event': diagram(END),
    'two none start events': diagram(`${START}<bpmn:startEvent id="start2" />`),
    'a fixed correlation key': message('k'),
    'a message without correlation key': message(''),
    'a mapping target with other than ASCII letters': input('source="=a" target="fødsel"'),
    'a mapping target that is a reserved word': input('source="=a" target="for"'),
    'an unfinished expression': input('source="=1 +" target="a"'),
    'a bad cron expression': diagram(
      `<bpmn:startEvent id="start">${timer('timeCycle', '0 0 99 * * MON')}</bpmn:startEvent>`,
    ),
    'a start timer that needs a variable': diagram(
      `<bpmn:startEvent id="start">${timer('timeDate', '=frist')}</bpmn:startEvent>`,
    ),
    'a cycle on an interrupting boundary': boundary(timer('timeCycle', 'R3/PT1H')),
    'an escalation boundary on a task': boundary('<bpmn:escalationEventDefinition />'),
    'a boundary event without definition': boundary(''),
    'an empty subprocess': around('<bpmn:subProcess id="it" />'),
    'an empty event subprocess': diagram(`${START}<bpmn:subProcess id="aside" triggeredByEvent="true" />`),
    'an output collection without output element': around(
      '<bpmn:serviceTask id="it"><bpmn:extensionElements><zeebe:taskDefinition type="x" /></bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=l" outputCollection="o" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>',
    ),
    'a loop in which nothing waits': diagram(
      `${START}<bpmn:manualTask id="a" /><bpmn:exclusiveGateway id="g" default="g_end" />${END}${flow('start', 'a')}${flow('a', 'g')}${flow('g', 'a', '=x')}${flow('g', 'end')}`,
    ),
    'a process that calls itself at once': around(
      `<bpmn:callActivity id="it">${extensions('<zeebe:calledElement processId="process" />')}</bpmn:callActivity>`,
    ),
    'the same listener twice': around(
      service(
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="x" /><zeebe:executionListener eventType="start" type="x" /></zeebe:executionListeners>',
      ),
    ),
    'a date without zone': around(task('<zeebe:taskSchedule dueDate="2030-01-01" />')),
    'ids used twice': diagram(`${START}<bpmn:endEvent id="start" />`),
    'a document type definition': diagram(START).replace(
      '<bpmn:definitions',
      '<!DOCTYPE x [<!ENTITY a "b">]><bpmn:definitions',
    ),
    'something that is no XML': 'hei',
  };
  for (const [what, xml] of Object.entries(refused)) {
    it(`${what}: refused`, async () => {
      expect(await refusal(['process.bpmn', xml])).to.match(
        /Expected to deploy new resources, but encountered the following errors:\n'process\.bpmn': /,
      );
    });
  }

  const taken: Record<string, string> = {
    'a loop through a service task': diagram(
      `${START}${service()}<bpmn:exclusiveGateway id="g" default="g_end" />${END}${flow('start', 'it')}${flow('it', 'g')}${flow('g', 'it', '=x')}${flow('g', 'end')}`,
    ),
    'attributes and elements of other namespaces': around(service('<other:thing xmlns:other="http://other" a="1" />')),
    'lanes, data and text': diagram(
      `<bpmn:dataObject id="d" /><bpmn:dataObjectReference id="r" dataObjectRef="d" />${START}${END}${flow('start', 'end')}<bpmn:textAnnotation id="note"><bpmn:text>hei</bpmn:text></bpmn:textAnnotation>`,
    ),
    'a catch-all error boundary': boundary('<bpmn:errorEventDefinition />'),
    'a cycle and cron on start timers': diagram(
      `<bpmn:startEvent id="s1">${timer('timeCycle', 'R/P1D')}</bpmn:startEvent><bpmn:startEvent id="s2">${timer('timeCycle', '0 0 9 * * MON-FRI')}</bpmn:startEvent>`,
    ),
  };
  for (const [what, xml] of Object.entries(taken))
    it(`${what}: taken`, async () => void (await deploy(['process.bpmn', xml])));

  it('bindingType="deployment" needs its target in the same deployment', async () => {
    const xml = around(task('<zeebe:formDefinition formId="skjema" bindingType="deployment" />'));
    expect(await refusal(['process.bpmn', xml]))
      .to.include("Element: it ('Oppgaven')")
      .and.to.include("'skjema'");
    await deploy(['process.bpmn', xml], ['skjema.form', '{"id": "skjema", "type": "default", "components": []}']);
  });

  it('ids of processes and forms are unique in a deployment', async () => {
    const xml = diagram(START);
    expect(await refusal(['a.bpmn', xml], ['b.bpmn', xml])).to.include("'process'");
    expect(await refusal(['a.form', '{"id":"f"}'], ['b.form', '{"id":"f"}'])).to.include("'f'");
  });

  it('a form needs to be JSON with an id', async () => {
    expect(await refusal(['a.form', '{'])).to.include('a.form');
    expect(await refusal(['a.form', '{"type":"default"}'])).to.include('form id');
  });
});
