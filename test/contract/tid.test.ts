import { expect } from 'chai';
import fc from 'fast-check';
import {
  alderPaa,
  dagIOslo,
  erVirkedag,
  leggTilDager,
  leggTilMaaneder,
  nesteVirkedag,
  tidspunktIOslo,
} from '../../src/contract/tid.ts';

describe('tid: datoer og frister i norsk tid', () => {
  it('datoen følger Oslo, ikke UTC, på begge sider av midnatt', () => {
    expect(dagIOslo(new Date('2026-12-03T22:59:59Z'))).to.equal('2026-12-03');
    expect(dagIOslo(new Date('2026-12-03T23:00:00Z'))).to.equal('2026-12-04');
    expect(dagIOslo(new Date('2026-06-03T22:00:00Z'))).to.equal('2026-06-04');
  });

  it('et klokkeslett i Oslo treffer også dagene sommertiden skifter', () => {
    expect(tidspunktIOslo('2026-03-29', '12:00').toISOString()).to.equal('2026-03-29T10:00:00.000Z');
    expect(tidspunktIOslo('2026-10-25', '12:00').toISOString()).to.equal('2026-10-25T11:00:00.000Z');
    expect(tidspunktIOslo('2026-10-25', '00:00').toISOString()).to.equal('2026-10-24T22:00:00.000Z');
  });

  it('datoen til et klokkeslett i Oslo er alltid datoen det ble laget av', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 4, max: 23 }), (dager, time) => {
        const dag = leggTilDager('2000-01-01', dager);
        expect(dagIOslo(tidspunktIOslo(dag, `${String(time).padStart(2, '0')}:00`))).to.equal(dag);
      }),
    );
  });

  it('en frist på fridag flyttes til neste virkedag', () => {
    expect(nesteVirkedag('2026-11-21')).to.equal('2026-11-23'); // lørdag
    expect(nesteVirkedag('2026-12-24')).to.equal('2026-12-24'); // julaften er virkedag
    expect(nesteVirkedag('2026-12-25')).to.equal('2026-12-28'); // jul og helg
    expect(nesteVirkedag('2027-03-25')).to.equal('2027-03-30'); // skjærtorsdag til over 2. påskedag
    expect(nesteVirkedag('2026-05-14')).to.equal('2026-05-15'); // Kristi himmelfart
  });

  it('neste virkedag er en virkedag, og ingen virkedag før den ble hoppet over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (dager) => {
        const dag = leggTilDager('2000-01-01', dager);
        const neste = nesteVirkedag(dag);
        expect(erVirkedag(neste)).to.equal(true);
        for (let d = dag; d < neste; d = leggTilDager(d, 1)) expect(erVirkedag(d)).to.equal(false);
      }),
    );
  });

  it('en måned etter 31. er siste dag i en kortere måned', () => {
    expect(leggTilMaaneder('2026-01-31', 1)).to.equal('2026-02-28');
    expect(leggTilMaaneder('2026-11-22', 1)).to.equal('2026-12-22');
    expect(leggTilMaaneder('2026-12-15', 1)).to.equal('2027-01-15');
  });

  it('alderen øker på fødselsdagen', () => {
    expect(alderPaa('2010-11-22', '2026-11-21')).to.equal(15);
    expect(alderPaa('2010-11-22', '2026-11-22')).to.equal(16);
  });
});
