import { ProcessDefinitionId } from '@camunda8/orchestration-cluster-api';
import { Camunda8 } from '@camunda8/sdk';
import { expect } from 'chai';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { ledigPort } from '../hjelp/appprosess.ts';

const TOKEN = 'et-langt-nok-token-for-proeven';

/** ENGINE_API_PORT: motorens eget grensesnitt, for Camundas klienter. */
describe('Motorens grensesnitt på en app', function () {
  this.timeout(60_000);
  let app: Testapp;
  let adresse: string;
  const start = async (miljoe: NodeJS.ProcessEnv): Promise<Testapp> => {
    const port = await ledigPort();
    adresse = `http://127.0.0.1:${port}`;
    return startTestapp({
      motor: 'innebygd',
      miljoe: { ENGINE_API_PORT: String(port), ENGINE_API_TOKEN: TOKEN, ...miljoe },
    });
  };
  before(async () => {
    app = await start({ ENGINE_CLOCK: 'controlled' });
  });
  after(() => app.stopp());

  const kall = (sti: string, hoder: Record<string, string> = {}, valg: RequestInit = {}): Promise<Response> =>
    fetch(`${adresse}${sti}`, { ...valg, headers: { ...hoder, 'content-type': 'application/json' } });
  const BEARER = { authorization: `Bearer ${TOKEN}` };
  const basic = (passord: string) => ({ authorization: `Basic ${Buffer.from(`demo:${passord}`).toString('base64')}` });

  it('svarer 401 uten token og med et galt', async () => {
    for (const hoder of [{}, { authorization: 'Bearer galt' }, basic('galt'), { authorization: TOKEN }]) {
      const svar = await kall('/v2/topology', hoder);
      expect(svar.status, JSON.stringify(hoder)).to.equal(401);
      expect(svar.headers.get('content-type')).to.contain('application/problem+json');
    }
    const endring = await kall('/v2/clock', {}, { method: 'PUT', body: '{"timestamp": 4102444800000}' });
    expect(endring.status).to.equal(401);
  });

  it('åpnes av tokenet som Bearer og som Basic-passord', async () => {
    for (const hoder of [BEARER, basic(TOKEN)]) expect((await kall('/v2/topology', hoder)).status).to.equal(200);
  });

  it('Camundas egen klient logger inn med Basic, og ser rutinene appen har rullet ut', async () => {
    const klient = new Camunda8({
      ZEEBE_REST_ADDRESS: adresse, // SDK-ens eldre navn går foran CAMUNDA_REST_ADDRESS, også når det bare har standardverdien
      CAMUNDA_AUTH_STRATEGY: 'BASIC',
      CAMUNDA_BASIC_AUTH_USERNAME: 'demo',
      CAMUNDA_BASIC_AUTH_PASSWORD: TOKEN,
    }).getOrchestrationClusterApiClient();
    expect((await klient.getTopology()).brokers).to.have.length.greaterThan(0);
    const svar = await klient.searchProcessDefinitions(
      { filter: { processDefinitionId: ProcessDefinitionId.assumeExists('ip-saksbehandle') } },
      { consistency: { waitUpToMs: 0 } },
    );
    expect(svar.items?.map((d) => String(d.processDefinitionId))).to.deep.equal(['ip-saksbehandle']);
  });

  it('et ugyldig diagram avvises med hva som er galt og hvor, og ingenting av det er rullet ut', async () => {
    const galt = `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
      <process id="galt-diagram" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="uten-type"/><serviceTask id="uten-type"/></process></definitions>`;
    for (const [navn, innhold] of [
      ['galt.bpmn', galt],
      ['ikke-xml.bpmn', 'dette er ikke XML'],
      ['halvt.bpmn', '<definitions><process id="x"'],
    ] as const) {
      const skjema = new FormData();
      skjema.append('resources', new Blob([innhold]), navn);
      const svar = await fetch(`${adresse}/v2/deployments`, { method: 'POST', headers: BEARER, body: skjema });
      expect(svar.status, navn).to.equal(400);
      const problem = (await svar.json()) as { title: string; detail: string }; // problem details
      expect(problem.detail, navn).to.contain(navn);
      if (navn === 'galt.bpmn') expect(problem.detail).to.contain('uten-type');
    }
    const svar = await kall('/v2/process-definitions/search', BEARER, {
      method: 'POST',
      body: JSON.stringify({ filter: { processDefinitionId: 'galt-diagram' } }),
    });
    expect(await svar.json())
      .to.have.property('items')
      .that.deep.equals([]);
  });

  it('klokka kan flyttes når den er styrt, og fagdelen følger med', async () => {
    const om = Date.now() + 40 * 24 * 3_600_000;
    const svar = await kall('/v2/clock', BEARER, { method: 'PUT', body: JSON.stringify({ timestamp: om }) });
    expect(svar.status).to.equal(204);
    expect(Math.abs((app.app.klynge?.now().getTime() ?? 0) - om)).to.be.lessThan(60_000);
  });

  it('klokka kan ikke flyttes når den ikke er styrt', async () => {
    const forste = adresse;
    const annen = await start({ ENGINE_CLOCK: 'system' });
    try {
      const svar = await kall('/v2/clock', BEARER, {
        method: 'PUT',
        body: JSON.stringify({ timestamp: Date.now() + 1e9 }),
      });
      expect(svar.status).to.be.within(400, 499);
      expect(Math.abs((annen.app.klynge?.now().getTime() ?? 0) - Date.now())).to.be.lessThan(60_000);
    } finally {
      await annen.stopp();
      adresse = forste;
    }
  });

  it('er av når porten ikke er satt', async () => {
    const uten = await startTestapp({ motor: 'innebygd' });
    try {
      const svar = await fetch(`${uten.adresse}/v2/topology`, { headers: BEARER });
      expect(svar.headers.get('content-type') ?? '').not.to.contain('json');
    } finally {
      await uten.stopp();
    }
  });
});
