/**
 * FEEL: what Camunda's engine makes of every expression in the list is recorded in `feel-table.json`; the embedded cluster either gives the
 * same or refuses the expression when it is deployed.
 *
 * `ZEEBE_LAB_URL=http://127.0.0.1:8088 npx mocha test/engine/feel-table.test.ts` asks the real engine (test/zeebe-lab) and compares with
 * the recording; with `FEEL_RECORD=1` it writes the recording anew.
 */
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { FeelRefusal, parseExpression } from '../../src/engine/embedded/feel/index.ts';
import type { FeelEnvironment, JsonValue } from '../../src/engine/embedded/feel/index.ts';
import { EXPRESSIONS, VARIABLES } from './feel-expressions.ts';

/** What became of an expression: a value, an incident of this type, or it was refused at deployment. */
type Outcome = { value: JsonValue } | { incident: string } | { refused: true };
interface Recorded {
  /** What Camunda's engine does. */
  camunda: Outcome;
  /** Where the embedded cluster does not do the same: refused at deployment, or an incident at run time. */
  embedded?: 'refused' | 'fails';
}

const FILE = new URL('feel-table.json', import.meta.url);
const environment: FeelEnvironment = { now: () => Date.now(), zone: 'Europe/Oslo' };

function onEmbedded(expression: string): Outcome {
  try {
    const result = parseExpression(`=${expression}`, environment).evaluate((name) => VARIABLES[name]);
    return result.ok ? { value: result.value } : { incident: 'EXTRACT_VALUE_ERROR' };
  } catch (error) {
    if (error instanceof FeelRefusal) return { refused: true };
    throw error;
  }
}

function read(): Record<string, Recorded> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Recorded>; // written below
}

describe('FEEL on the embedded cluster', () => {
  const lab = process.env['ZEEBE_LAB_URL'];
  const recording = process.env['FEEL_RECORD'] === '1';

  if (lab !== undefined) {
    it('is recorded as the real engine does it', async function () {
      this.timeout(600_000);
      const table: Record<string, Recorded> = {};
      for (const expression of EXPRESSIONS) {
        const camunda = await onLab(lab, expression);
        const here = onEmbedded(expression);
        const entry: Recorded = { camunda };
        if (JSON.stringify(here) !== JSON.stringify(camunda)) {
          if ('refused' in here) entry.embedded = 'refused';
          else if ('incident' in here) entry.embedded = 'fails';
        }
        table[expression] = entry;
      }
      if (recording) {
        const lines = Object.entries(table).map(
          ([expression, entry]) => `  ${JSON.stringify(expression)}: ${JSON.stringify(entry)}`,
        );
        writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
      }
      const recorded = read();
      for (const expression of EXPRESSIONS)
        expect(table[expression]?.camunda, expression).to.deep.equal(recorded[expression]?.camunda);
    });
  }

  it('has a recording of every expression of the list, and of no other', () => {
    expect(Object.keys(read()).sort()).to.deep.equal([...new Set(EXPRESSIONS)].sort());
  });

  it('gives the same as the real engine, or is refused at deployment', () => {
    const different: string[] = [];
    for (const [expression, { camunda, embedded }] of Object.entries(read())) {
      const here = onEmbedded(expression);
      const want: Outcome =
        embedded === 'refused'
          ? { refused: true }
          : embedded === 'fails'
            ? { incident: 'EXTRACT_VALUE_ERROR' }
            : camunda;
      try {
        expect(here).to.deep.equal(want);
      } catch {
        different.push(`${expression} → ${JSON.stringify(here)} instead of ${JSON.stringify(want)}`);
      }
    }
    expect(different.join('\n')).to.equal('');
  });

  it('never takes an expression that the real engine refuses', () => {
    const taken = Object.entries(read()).filter(
      ([expression, { camunda }]) => 'refused' in camunda && !('refused' in onEmbedded(expression)),
    );
    expect(taken.map(([expression]) => expression)).to.deep.equal([]);
  });

  it('reads now and today from the clock of the engine, in its zone', () => {
    const at = (zone: string): JsonValue => {
      const { evaluate } = parseExpression('=[string(now()), now(), today(), now() + duration("P1D")]', {
        now: () => 1774766130500, // half an hour after summer time began in Oslo
        zone,
      });
      const result = evaluate(() => undefined);
      return result.ok ? result.value : null;
    };
    // recorded from the real engine with its clock pinned and TZ=Europe/Oslo
    expect(at('Europe/Oslo')).to.deep.equal([
      '2026-03-29T08:35:30.5@Europe/Oslo',
      '2026-03-29T08:35:30.5+02:00[Europe/Oslo]',
      '2026-03-29',
      '2026-03-30T08:35:30.5+02:00[Europe/Oslo]',
    ]);
    expect(at('Pacific/Auckland')).to.have.property('2', '2026-03-29');
  });

  it('looks up only the names an expression uses, and copies nothing', () => {
    const expression = parseExpression('=a.b + count(for x in list return x)', environment);
    expect(expression.names).to.include.members(['a', 'list']);
    const document = { deep: { deeper: [1, 2, 3] } };
    const result = parseExpression('=document', environment).evaluate(() => document);
    expect(result.ok && result.value).to.equal(document);
  });
});

// ---- the real engine ---------------------------------------------------------------------------------------------------------------

async function onLab(base: string, expression: string): Promise<Outcome> {
  const escaped = expression
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="feel" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="evaluate" />
    <bpmn:scriptTask id="evaluate">
      <bpmn:extensionElements><zeebe:script expression="=${escaped}" resultVariable="__result" /></bpmn:extensionElements>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="f2" sourceRef="evaluate" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
</bpmn:definitions>`;
  const form = new FormData();
  form.append('resources', new Blob([xml]), 'feel.bpmn');
  const deployed = await fetch(`${base}/v2/deployments`, { method: 'POST', body: form });
  if (deployed.status === 400) return { refused: true };
  const { deployments } = (await deployed.json()) as {
    deployments: { processDefinition: { processDefinitionKey: string } }[];
  }; // the API's answer
  const processDefinitionKey = deployments[0]?.processDefinition.processDefinitionKey;
  const post = (path: string, body: object): Promise<Response> =>
    fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const created = await post('/v2/process-instances', {
    processDefinitionKey,
    variables: VARIABLES,
    awaitCompletion: true,
    fetchVariables: ['__result'],
    requestTimeout: 500,
  });
  if (created.status === 200) {
    const { variables: result } = (await created.json()) as { variables: { __result: JsonValue } }; // the API's answer
    return { value: result.__result };
  }
  const found = await post('/v2/incidents/search', { filter: { processDefinitionKey } });
  const { items } = (await found.json()) as { items: { errorType: string }[] }; // the API's answer
  return { incident: items[0]?.errorType ?? `none, status ${created.status}` };
}
