import { expect } from 'chai';
import { fristPaaVirkedag } from '../../src/oppgave/index.ts';
import { fristgrenser } from '../../src/oppgave/lager.ts';

const flyttet = (frist: string): string => fristPaaVirkedag(new Date(frist)).toISOString();

describe('Fristen på en oppgave', () => {
  it('blir stående når den faller på en virkedag', () => {
    expect(flyttet('2026-11-23T09:30:00Z')).to.equal('2026-11-23T09:30:00.000Z');
  });
  it('flyttes fra lørdag og søndag til mandag, med samme klokkeslett', () => {
    expect(flyttet('2026-11-21T09:30:00Z')).to.equal('2026-11-23T09:30:00.000Z');
    expect(flyttet('2026-11-22T09:30:00Z')).to.equal('2026-11-23T09:30:00.000Z');
  });
  it('flyttes forbi helligdager på rad', () => {
    expect(flyttet('2026-12-25T10:00:00Z')).to.equal('2026-12-28T10:00:00.000Z');
    expect(flyttet('2027-03-25T10:00:00Z')).to.equal('2027-03-30T09:00:00.000Z');
  });
  it('beholder klokkeslettet i Oslo når sommertiden begynner i mellomtiden', () => {
    // lørdag 27. mars 2027 kl. 11 (vintertid) → tirsdag 30. mars kl. 11 (sommertid), over påsken
    expect(flyttet('2027-03-27T10:00:00Z')).to.equal('2027-03-30T09:00:00.000Z');
  });
  it('regnes etter dagen i Oslo, ikke i UTC', () => {
    expect(flyttet('2026-11-20T23:30:00Z')).to.equal('2026-11-22T23:30:00.000Z');
  });
});

describe('Fristgruppene', () => {
  it('skiller ved midnatt i Oslo, og uka slutter søndag', () => {
    const g = fristgrenser(new Date('2026-11-19T23:30:00Z'));
    expect([g.iDag, g.iMorgen, g.nesteUke].map((d) => d.toISOString())).to.deep.equal([
      '2026-11-19T23:00:00.000Z',
      '2026-11-20T23:00:00.000Z',
      '2026-11-22T23:00:00.000Z',
    ]);
  });
});
