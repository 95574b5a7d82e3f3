import { expect } from 'chai';
import { regnSynlighet } from '../../src/contract/synlighet.ts';
import { beskrivFelter } from '../../src/oppgave/skjema.ts';

const felt = (key: string, hide?: string): object => ({
  type: 'textfield',
  key,
  ...(hide ? { conditional: { hide } } : {}),
});
const skjema = (...components: object[]): object => ({ type: 'default', components });

const fjernSkjulte = (s: object, data: Record<string, unknown>, kontekst: Record<string, unknown>): object =>
  regnSynlighet(s, data, kontekst).svar;

describe('Skjulte felter', () => {
  it('faller bort når betingelsen skjuler dem, uansett hva som ble sendt', () => {
    const s = skjema(felt('a'), felt('b', '=a = "nei"'));
    expect(fjernSkjulte(s, { a: 'nei', b: 'smuglet' }, {})).to.deep.equal({ a: 'nei' });
    expect(fjernSkjulte(s, { a: 'ja', b: 'vist' }, {})).to.deep.equal({ a: 'ja', b: 'vist' });
  });

  it('faller bort når feltet de avhenger av selv er skjult', () => {
    const s = skjema(felt('c', '=b != "x"'), felt('b', '=a = "nei"'), felt('a'));
    expect(fjernSkjulte(s, { a: 'nei', b: 'x', c: 'kjede' }, {})).to.deep.equal({ a: 'nei' });
  });

  it('avgjøres også av fakta som skjemaet bare viser', () => {
    const s = skjema(felt('tolk', '=harTolk = false'));
    expect(fjernSkjulte(s, { tolk: 'urdu' }, { harTolk: false })).to.deep.equal({});
    expect(fjernSkjulte(s, { tolk: 'urdu' }, { harTolk: true })).to.deep.equal({ tolk: 'urdu' });
  });

  it('lar ikke en forhåndsutfylt verdi telle når feltet ble tømt', () => {
    const s = skjema(felt('a'), felt('b', '=a = null'));
    expect(fjernSkjulte(s, { b: 'x' }, { a: 'forhåndsutfylt' })).to.deep.equal({});
  });

  it('omfatter alt i en skjult gruppe, og tomme grupper blir borte', () => {
    const s = skjema(felt('a'), {
      type: 'group',
      path: 'g',
      conditional: { hide: '=a = "nei"' },
      components: [felt('x'), felt('y')],
    });
    expect(fjernSkjulte(s, { a: 'nei', g: { x: '1', y: '2' } }, {})).to.deep.equal({ a: 'nei' });
  });

  it('regnes ut rad for rad i en liste', () => {
    const s = skjema({
      type: 'dynamiclist',
      path: 'rader',
      components: [felt('slag'), felt('merknad', '=this.slag = "a"')],
    });
    const data = {
      rader: [
        { slag: 'a', merknad: 'bort' },
        { slag: 'b', merknad: 'blir' },
      ],
    };
    expect(fjernSkjulte(s, data, {})).to.deep.equal({ rader: [{ slag: 'a' }, { slag: 'b', merknad: 'blir' }] });
  });

  it('kan ikke sendes inn når skjemaet har låst dem', () => {
    const s = skjema({ type: 'textfield', key: 'laast', disabled: true }, felt('a'));
    expect(fjernSkjulte(s, { laast: 'endret', a: '1' }, { laast: 'fast' })).to.deep.equal({ a: '1' });
  });

  it('vises når betingelsen ikke lar seg regne ut, slik skjermen også gjør', () => {
    expect(fjernSkjulte(skjema(felt('a', '=((')), { a: '1' }, {})).to.deep.equal({ a: '1' });
  });

  it('tåler felter med farlige navn uten å røre noe annet enn dataene', () => {
    const s = skjema(felt('__proto__.x', '=true'));
    expect(fjernSkjulte(s, { a: '1' }, {})).to.deep.equal({ a: '1' });
    expect(({} as Record<string, unknown>)['x']).to.equal(undefined);
  });
});

describe('Beskrivelsen av felter', () => {
  it('har ledetekst og valg i skjemaets rekkefølge, også fra grupper', () => {
    const s = skjema(
      { type: 'radio', key: 'v', label: 'Valg', values: [{ value: 'ja', label: 'Ja' }] },
      { type: 'group', components: [{ type: 'datetime', key: 'd', dateLabel: 'Dato' }] },
      { type: 'text', text: '# Overskrift' },
    );
    expect(beskrivFelter(s).map((f) => [f.nokkel, f.ledetekst, [...f.valg]])).to.deep.equal([
      ['v', 'Valg', [['ja', 'Ja']]],
      ['d', 'Dato', []],
    ]);
  });
});
