import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { lesDiagram } from '../../src/rutine/index.ts';
import { TESTRUTINE } from '../oppgave/rigg.ts';

const BPMN = path.resolve(import.meta.dirname, '..', '..', 'bpmn');

describe('Rutinen i et diagram', () => {
  it('er navnet på prosessen og hvert element med tekst, dokumenter og hjemler', async () => {
    const [rutine] = await lesDiagram(TESTRUTINE);
    expect([rutine?.prosessId, rutine?.navn]).to.deep.equal(['test-rutine', 'Prøverutine']);
    expect(rutine?.elementer.find((e) => e.elementId === 'steg-en')).to.deep.equal({
      elementId: 'steg-en',
      navn: 'Gjør det første',
      slag: 'UserTask',
      fase: 'Mottak',
      tekst: 'Gjør dette først.\n- og dette',
      dokumenter: ['Veileder'],
      hjemler: ['pbrl § 2-5', 'hol § 7-1'],
      fristkilde: '',
    });
  });

  for (const fil of readdirSync(BPMN).filter((f) => f.endsWith('.bpmn'))) {
    it(`${fil}: hvert steg har navn, fase og tekst å vise på oppgavesiden`, async () => {
      const rutiner = await lesDiagram(readFileSync(path.join(BPMN, fil), 'utf8'), fil);
      for (const { elementer } of rutiner) {
        for (const e of elementer.filter((x) => x.slag === 'UserTask')) {
          expect(e.navn, e.elementId).to.not.equal('');
          expect(e.fase, e.elementId).to.not.equal('');
          expect(e.tekst, e.elementId).to.not.equal('');
          expect(e.fristkilde, e.elementId).to.match(/^Rutinen gir \d+ dager fra oppgaven kom/);
        }
      }
    });
  }
});
