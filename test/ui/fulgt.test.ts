import { expect } from 'chai';
import { fulgt } from '../../ui/src/sider/oppgave/fulgt.ts';

describe('Felter som følger et forslag', () => {
  it('det som står som forrige forslag, får det nye; det som er redigert, får stå', () => {
    const forrige = { tekst: 'Du får plan.', hjemmel: ['a', 'b'] };
    const nytt = { tekst: 'Du får ikke plan.', hjemmel: ['c'] };
    expect(fulgt({ tekst: 'Du får\n plan. ', hjemmel: ['b', 'a'] }, forrige, nytt)).to.deep.equal(nytt);
    expect(fulgt({ tekst: 'Mitt eget brev.', hjemmel: ['a', 'b'] }, forrige, nytt)).to.deep.equal({
      hjemmel: ['c'],
    });
    expect(fulgt({ tekst: '', hjemmel: [] }, forrige, nytt)).to.deep.equal({});
  });

  it('ingenting settes når feltet alt står som det nye forslaget', () => {
    expect(fulgt({ a: 'x' }, { a: 'x' }, { a: 'x' })).to.deep.equal({});
  });
});
