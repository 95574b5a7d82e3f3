import { expect } from 'chai';
import { Problemfeil } from '../../src/http/problem.ts';
import { rensInnsendt } from '../../src/oppgave/innsendt.ts';

describe('Det skjermen sender inn', () => {
  it('beholder alt annet enn halve tegnpar', () => {
    const data = { a: 'æøå 👍', b: [1, true, null, { c: 'x\uD800y' }] };
    expect(rensInnsendt(data)).to.deep.equal({ a: 'æøå 👍', b: [1, true, null, { c: 'x\uFFFDy' }] });
  });

  it('avvises med feltets navn når det er dypere enn noe skjema', () => {
    let dyp: unknown = 'x';
    for (let i = 0; i < 1_000; i++) dyp = { dyp };
    try {
      rensInnsendt({ begrunnelse: dyp });
      expect.fail('ventet en feil');
    } catch (feil) {
      if (!(feil instanceof Problemfeil)) throw feil;
      expect([feil.status, feil.feil?.[0]?.felt]).to.deep.equal([422, 'begrunnelse']);
    }
  });
});
