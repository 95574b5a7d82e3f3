import { expect } from 'chai';
import { skjema, type Data } from '../../src/contract/steg/informer-og-avklar.ts';
import { aldersfeil } from '../../src/sak/steg/informer-og-avklar.steg.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';

function data(endringer: Record<string, unknown>): Data {
  return skjema.parse({ ...STEGDATA['informer-og-avklar'], ...endringer });
}
const foreldre = { samtykkegiver: 'foreldre', samtykkegiverNavn: 'Marit' };
const felter = (alder: number, endringer: Record<string, unknown>): string[] =>
  aldersfeil(alder, data(endringer)).map((f) => f.felt);

describe('reglene som følger av alderen', () => {
  it('barn høres fra sju år; yngre trenger ikke å bli spurt', () => {
    expect(felter(6, foreldre)).to.deep.equal([]);
    expect(felter(7, foreldre)).to.deep.equal(['barnetHoert']);
    expect(felter(7, { ...foreldre, barnetHoert: 'ja', barnetsMening: 'Ja.' })).to.deep.equal([]);
    expect(felter(18, {})).to.deep.equal([]);
  });

  it('under seksten samtykker foreldrene eller den som er i deres sted', () => {
    const hoert = { barnetHoert: 'ja', barnetsMening: 'Ja.' };
    expect(felter(15, { ...hoert, samtykkegiver: 'planeier' })).to.deep.equal(['samtykkegiver']);
    expect(felter(15, { ...hoert, ...foreldre })).to.deep.equal([]);
  });

  it('fra seksten samtykker man selv, når man kan', () => {
    const hoert = { barnetHoert: 'ja', barnetsMening: 'Ja.' };
    expect(felter(16, { ...hoert, ...foreldre })).to.deep.equal(['samtykkegiver']);
    expect(felter(16, { ...hoert, samtykkegiver: 'planeier' })).to.deep.equal([]);
    const kanIkke = {
      samtykkekompetanse: 'nei',
      samtykkekompetanseBegrunnelse: 'Kan ikke.',
      samtykkegiver: 'verge',
      samtykkegiverNavn: 'V',
    };
    expect(felter(40, kanIkke)).to.deep.equal([]);
  });
});
