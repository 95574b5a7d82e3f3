import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { kontraktensSetning } from '../../ui/src/skjema/setninger.ts';

interface Komponent {
  key?: string;
  conditional?: unknown;
  validate?: { required?: boolean; maxLength?: number };
  components?: Komponent[];
}
const BPMN = path.join(import.meta.dirname, '../../bpmn');
const skjemaer = readdirSync(BPMN).filter((f) => f.endsWith('.form'));

/** Feltene som alltid må fylles ut. */
function paakrevde(liste: Komponent[]): Komponent[] {
  return liste
    .filter((k) => !k.conditional)
    .flatMap((k) => [...(k.key && k.validate?.required ? [k] : []), ...paakrevde(k.components ?? [])]);
}

describe('Setningene ved feltene', () => {
  for (const fil of skjemaer) {
    const stegId = path.basename(fil, '.form');
    it(`kontrakten har sin egen setning for hvert felt som må fylles ut i ${stegId}`, () => {
      const { components } = JSON.parse(readFileSync(path.join(BPMN, fil), 'utf8')) as { components: Komponent[] };
      const felter = paakrevde(components);
      expect(felter).to.not.have.length(0);
      for (const { key = '', validate } of felter) {
        const setning = kontraktensSetning(stegId, key, validate?.maxLength ? '' : undefined, {});
        expect(setning, key).to.match(/^[A-ZÆØÅ].*[.?]$/);
        expect(setning, key).to.not.match(/^(Invalid|Required)/);
      }
    });
  }

  it('betingede krav følger det som ellers står i skjemaet', () => {
    const setning = (utfall: string): string | undefined =>
      kontraktensSetning('fatt-vedtak', 'tidsbegrenset', undefined, { utfall });
    expect(setning('ip')).to.equal('Svar på om vedtaket skal tidsbegrenses.');
    expect(setning('avslag')).to.equal(undefined);
  });

  it('et steg kontrakten ikke kjenner, får form-js’ egen setning', () => {
    expect(kontraktensSetning('nytt-steg', 'felt', undefined, {})).to.equal(undefined);
  });
});
