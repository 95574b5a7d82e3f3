/// <reference lib="dom" />
import { expect } from 'chai';
import fc from 'fast-check';
import type { OppgaveDetalj } from '../../src/contract/api.ts';
import { regnSynlighet } from '../../src/contract/synlighet.ts';
import { Scene, ser } from './nettleser.ts';

type Data = Record<string, unknown>;
const NAVN = ['a', 'b', 'c', 'd', 'e'];
const svar = fc.constantFrom('', 'x', 'y');
const betingelse = fc.option(
  fc
    .tuple(fc.constantFrom(...NAVN, 'fakta'), fc.constantFrom('= "x"', '!= "x"', '= ""', '!= "y"'))
    .map((d) => `=${d.join(' ')}`),
  { nil: undefined, freq: 4 },
);
const felt = (key: string, hide: string | undefined): object => ({
  id: `felt-${key}`,
  type: 'textfield',
  key,
  label: `Felt ${key}`,
  ...(hide ? { conditional: { hide } } : {}),
});
const tilfelle = fc.record({
  rekkefoelge: fc.shuffledSubarray(NAVN, { minLength: 5 }),
  skjules: fc.array(betingelse, { minLength: 6, maxLength: 6 }),
  iGruppe: fc.integer({ min: 0, max: 3 }),
  /** det et eldre utkast har, også i felter som er skjult nå */
  utkast: fc.record(Object.fromEntries(NAVN.map((n) => [n, svar]))),
  fakta: svar,
});

/** form-js selv, i en ekte nettleser, med skjemaer ingen har tenkt ut: det den viser, er det serveren beholder av det den sender. */
describe('Skjulte felter i nettleseren', function () {
  this.timeout(120_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  it('tilfeldige skjemaer med verdier fra et eldre utkast: det som vises og er svart på, er det som lagres', async () => {
    const sakId = await scene.saker.anmod((await scene.saker.nyPerson('Skjult Skjultsen')).id);
    const { id } = await scene.saker.finnOppgave(sakId, 'avklar-instans');
    await (await scene.saker.som('ola-hansen')).send('POST', `/api/oppgaver/${id}/ta`);
    const detalj = await scene.saker.oppgave(id, 'ola-hansen');
    const side = await scene.som('ola-hansen');
    for (const t of fc.sample(tilfelle, { numRuns: 12, seed: Date.now() })) {
      const felter = t.rekkefoelge.map((n, i) => felt(n, t.skjules[i]));
      const skjema = {
        type: 'default',
        schemaVersion: 18,
        components: [
          {
            id: 'gruppe',
            type: 'group',
            label: 'Gruppe',
            components: felter.slice(0, t.iGruppe),
            ...(t.skjules[5] ? { conditional: { hide: t.skjules[5] } } : {}),
          },
          ...felter.slice(t.iGruppe),
        ],
      };
      const kontekst = { fakta: t.fakta };
      const svarer: OppgaveDetalj = {
        ...detalj,
        oppgave: { ...detalj.oppgave, stegId: 'proeve' },
        skjema,
        data: { ...kontekst, ...t.utkast },
        forslag: null,
        knapper: { felt: null, tekster: {}, standard: 'Fullfør' },
        kanForhaandsviseBrev: false,
      };
      await side.route(`**/api/oppgaver/${id}`, (rute) => rute.fulfill({ json: svarer }));
      let sendt: Data | null = null;
      await side.route('**/fullfoer', (rute) => {
        sendt = (rute.request().postDataJSON() as { data: Data }).data; // kontrakten `fullfoerOppgave`
        return rute.fulfill({
          status: 422,
          contentType: 'application/problem+json',
          json: { title: 'Stopp', status: 422 },
        });
      });
      await side.goto(`/oppgaver/${id}`);
      await side.locator('.fjs-form').waitFor();
      const vist: Data = {};
      for (const n of NAVN) {
        const boks = side.getByLabel(`Felt ${n}`, { exact: true });
        if ((await boks.count()) > 0) vist[n] = await boks.inputValue();
      }
      await side.getByRole('button', { name: 'Fullfør' }).click();
      await ser(side, /Det du har skrevet, står her fortsatt/);
      const beholdt = regnSynlighet(skjema, sendt ?? {}, kontekst).svar;
      expect(beholdt, JSON.stringify({ skjema, utkast: t.utkast, kontekst })).to.deep.equal(vist);
      await side.unrouteAll();
    }
  });
});
