import { expect } from 'chai';
import { lagArkivmelding } from '../../src/arkiv/arkivmelding.ts';
import { arkivmeldingFeil } from '../hjelp/arkivskjema.ts';
import { lagArkivinnhold } from './eksempel.ts';

describe('arkivmelding (Noark 5)', () => {
  it('er gyldig etter skjemaet for inn-, ut- og interne dokumenter', async () => {
    expect(await arkivmeldingFeil(lagArkivmelding(lagArkivinnhold()))).to.deep.equal([]);
  });

  it('er gyldig når saken er slutt og det ikke er flere dokumenter', async () => {
    const { sak } = lagArkivinnhold();
    const slutt = lagArkivinnhold({ sak: { ...sak, avsluttet: new Date('2026-12-01T08:00:00Z') }, dokumenter: [] });
    const xml = lagArkivmelding(slutt);
    expect(await arkivmeldingFeil(xml)).to.deep.equal([]);
    expect(xml).to.contain('<saksstatus>Avsluttet</saksstatus>').and.contain('<antallFiler>0</antallFiler>');
  });

  it('skjemaet avviser en melding der rekkefølgen er feil (prøven prøver noe)', async () => {
    const xml = lagArkivmelding(lagArkivinnhold()).replace(
      /(<journalposttype>.*?<\/journalposttype>)\s*(<journalstatus>.*?<\/journalstatus>)/,
      '$2$1',
    );
    expect(await arkivmeldingFeil(xml)).to.not.deep.equal([]);
  });

  it('koder tegn som betyr noe i XML, og tar bort tegn XML ikke tillater', () => {
    const { sak } = lagArkivinnhold();
    const xml = lagArkivmelding(lagArkivinnhold({ sak: { ...sak, tittel: 'A & B <script>\u0000\u000b' } }));
    expect(xml).to.contain('<tittel>A &amp; B &lt;script&gt;</tittel>');
  });

  it('er lik når den lages på nytt for de samme radene', () => {
    expect(lagArkivmelding(lagArkivinnhold())).to.equal(lagArkivmelding(lagArkivinnhold()));
  });

  it('skjuler navnet i den offentlige tittelen', () => {
    const xml = lagArkivmelding(lagArkivinnhold());
    const offentlige = [...xml.matchAll(/<offentligTittel>(.*?)<\/offentligTittel>/g)].map((m) => m[1]);
    expect(offentlige).to.have.length(4);
    expect(new Set(offentlige)).to.deep.equal(new Set(['Individuell plan']));
  });
});
