import { expect } from 'chai';
import fc from 'fast-check';
import { tryggSti } from '../../src/contract/adresse.ts';

describe('Adressen en skal tilbake til etter innlogging', () => {
  it('er den som ble gitt, når den er en side i appen', () => {
    for (const sti of [
      '/',
      '/oppgaver',
      '/oppgaver?fane=ledige&sok=%C3%85se%20%C3%98verland',
      '/saker/3f2b?del=prosess#historikk',
      '/saker?sok=50%25',
      '/saker?sok=//',
    ]) {
      expect(tryggSti(sti)).to.equal(sti);
    }
    expect(tryggSti('/saker/./../oppgaver')).to.equal('/oppgaver');
    expect(tryggSti('/saker?sok=Åse')).to.equal('/saker?sok=%C3%85se');
  });

  it('er forsiden når den fører ut av appen, også med tabulator, skråstrek bakover og koding i flere lag', () => {
    for (const sti of [
      '//ond.example',
      '/\\ond.example',
      '\\\\ond.example',
      '/\t/ond.example',
      '/\n/ond.example',
      '\t//ond.example',
      ' //ond.example',
      '/%09/ond.example',
      '/%0a/ond.example',
      '/%2F/ond.example',
      '/%2fond.example',
      '/%5Cond.example',
      '/%5c%5cond.example',
      '/%252F/ond.example',
      '/%25252525252525252F/ond.example',
      '/%2509/ond.example',
      '/..//ond.example',
      '/%2e%2e//ond.example',
      '/saker/..%2f..%2f/ond.example',
      '/%00/ond.example',
      '/%E0%A4%A',
      '/%7f/ond.example',
      '/\u0085/ond.example',
      'https://ond.example/',
      'javascript:alert(1)',
      '/@ond.example//x',
      'oppgaver',
      '',
      null,
      undefined,
      ['/oppgaver', '//ond.example'],
      { toString: () => '/oppgaver' },
      `/${'a'.repeat(3_000)}`,
    ]) {
      expect(tryggSti(sti), String(sti)).to.equal('/');
    }
  });

  it('er forsiden når det ikke er en side: innloggingen selv, og grensesnittet', () => {
    for (const sti of ['/logg-inn', '/logg-inn?til=/x', '/auth/logg-inn', '/api/meg', '/%61pi/meg', '/auth'])
      expect(tryggSti(sti), sti).to.equal('/');
    expect(tryggSti('/apiet')).to.equal('/apiet');
  });

  it('gir for alle tekster en adresse som nettleseren holder i appen, også når et mellomledd tar av kodingen', () => {
    const biter = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '%09',
      '%2f',
      '%5c',
      '%25',
      '..',
      '.',
      'ond.example',
      '@',
      ':',
      '?',
      '#',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(biter, { maxLength: 12 }).map((b) => `/${b.join('')}`),
          fc.string(),
        ),
        (tekst) => {
          const her = 'https://ip.kommune.example';
          const sti = tryggSti(tekst);
          expect(new URL(sti, her).origin).to.equal(her);
          const uten = decodeURIComponent(new URL(sti, her).pathname);
          expect(new URL(uten, her).origin).to.equal(her);
          expect(tryggSti(sti)).to.equal(sti);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
