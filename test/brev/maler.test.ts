import { expect } from 'chai';
import {
  brevmottakere,
  foreslaaBrevtekst,
  kvitteringsbrev,
  lagBrev,
  vedtaksbrev,
  type Saksgrunnlag,
} from '../../src/brev/index.ts';
import { alleBrev, lagHode, lagVedtaksdata, TIL_FORESATTE } from './eksempler.ts';

function lagSaksgrunnlag(endringer: Partial<Saksgrunnlag> = {}): Saksgrunnlag {
  const adresse = { adresse: 'Storgata 1', postnummer: '4013', poststed: 'Sandvik', beskyttetAdresse: false };
  return {
    sakId: 's1',
    saksnummer: '2026/41',
    mottatt: '2026-10-01',
    oenske: 'ip',
    regime: 'helse',
    person: { id: 'p1', navn: 'Kari Nordmann', fodselsdato: '1980-05-17', beskyttetAdresse: false },
    mottakere: [{ rolle: 'planeier', navn: 'Kari Nordmann', ...adresse }],
    anmodning: { oenske: 'ip', hvemSpoer: 'planeier', hvemSpoerNavn: '' },
    mottaksenhet: { id: 'hsk-madla', navn: 'HSK Madla' },
    vedtaksinstans: { id: 'hsk-hillevaag', navn: 'HSK Hillevåg' },
    ...endringer,
  };
}
const RAMMER = { kommune: 'Sandvik kommune', dato: '2026-11-23', klagefristUker: { helse: 4, nav: 3, barnevern: 3 } };

describe('brevmaler', () => {
  it('vedtak etter helselovgivningen sier fire uker fra kunnskap, først til enheten, så til Statsforvalteren', () => {
    const { fast } = lagBrev('vedtak', lagHode(), lagVedtaksdata({ utfall: 'avslag' }));
    expect(fast)
      .to.contain('§ 7-2')
      .and.contain('§ 7-5')
      .and.contain('fire uker')
      .and.contain('burde ha fått vite nok');
    expect(fast).to.contain('Send klagen til HSK Hillevåg').and.contain('videre til Statsforvalteren');
    expect(fast).to.contain('se journalen').and.contain('hjelp til å skrive klagen');
    expect(fast).to.contain('for seint, kan klagen likevel bli behandlet');
    expect(fast).not.to.contain('Fylkesmannen');
  });

  it('vedtak i NAV og barnevern viser til sine egne regler og tre uker', () => {
    for (const regime of ['nav', 'barnevern'] as const) {
      const { fast } = lagBrev('vedtak', lagHode(), lagVedtaksdata({ utfall: 'avslag', regime }));
      expect(fast, regime).to.contain('tre uker fra du fikk dette brevet').and.not.contain('pasient- og bruker');
      expect(fast, regime).to.contain('Statsforvalteren');
    }
  });

  it('klageadgangen er med i vedtaket selv om hele teksten er redigert bort', () => {
    const brev = vedtaksbrev(lagSaksgrunnlag(), RAMMER, {
      utfall: 'avslag',
      hjemmel: 'pbrl § 2-5',
      begrunnelse: 'Kort.',
      tilDato: null,
      brevtekst: 'x',
      fattetAv: 'Ingrid Bakke',
      godkjentAv: 'Per Lunde',
    });
    expect(brev.tekst).to.equal('x');
    expect(brev.fast).to.contain('## Du kan klage').and.contain('## Du kan se dokumentene');
    expect(brev.hode.undertegnere.map((u) => u.navn)).to.deep.equal(['Ingrid Bakke', 'Per Lunde']);
  });

  it('forslaget til vedtaksbrev har begrunnelsen og hjemlene skrevet ut', () => {
    const tekst = foreslaaBrevtekst('vedtak', lagVedtaksdata({ hjemmel: 'pbrl § 2-5; egen regel § 1' }));
    expect(tekst).to.contain('Fem tjenester må ses i sammenheng.');
    expect(tekst).to.contain('- Pasient- og brukerrettighetsloven § 2-5: rett til individuell plan\n- egen regel § 1');
  });

  it('et tidsbegrenset vedtak sier når det slutter; et avslag gjør det ikke', () => {
    const tilDato = '2028-12-31';
    expect(foreslaaBrevtekst('vedtak', lagVedtaksdata({ tilDato }))).to.contain('til og med 31. desember 2028');
    expect(foreslaaBrevtekst('vedtak', lagVedtaksdata({ tilDato, utfall: 'avslag' }))).not.to.contain('2028');
  });

  it('kvitteringen lover ikke et foreløpig svar innen en dato som er passert', () => {
    expect(kvitteringsbrev(lagSaksgrunnlag(), { ...RAMMER, dato: '2026-10-05' }).tekst).to.contain('1. november 2026');
    expect(kvitteringsbrev(lagSaksgrunnlag(), RAMMER).tekst).not.to.contain('foreløpig svar');
  });

  it('brev til foresatte bruker barnets navn i stedet for du', () => {
    const tekst = foreslaaBrevtekst('vedtak', lagVedtaksdata(TIL_FORESATTE));
    expect(tekst)
      .to.contain('Ida Vik får individuell plan')
      .and.not.match(/\b[Dd]u\b/);
  });

  it('ingen mal etterlater tomme felter eller «undefined»', () => {
    for (const [navn, brev] of Object.entries(alleBrev())) {
      const alt = `${brev.tittel}\n${brev.tekst}\n${brev.fast}`;
      expect(alt, navn).not.to.match(/undefined|null|NaN|\[object|\$\{| {2}|\(\)/);
    }
  });
});

describe('hvem brevene går til', () => {
  const ida = { id: 'p2', navn: 'Ida Vik', fodselsdato: '2010-11-24', beskyttetAdresse: false };
  const part = (
    rolle: Saksgrunnlag['mottakere'][number]['rolle'],
    navn: string,
  ): Saksgrunnlag['mottakere'][number] => ({
    rolle,
    navn,
    adresse: 'Gata 1',
    postnummer: '4013',
    poststed: 'Sandvik',
    beskyttetAdresse: false,
  });

  it('dagen før 16-årsdagen går de til foreldrene, på dagen til den unge selv', () => {
    const sak = lagSaksgrunnlag({
      person: ida,
      mottakere: [part('planeier', 'Ida Vik'), part('forelder', 'Anne Vik'), part('forelder', 'Per Vik')],
    });
    expect(brevmottakere(sak, '2026-11-23').alle.map((m) => m.navn)).to.deep.equal(['Anne Vik', 'Per Vik']);
    expect(brevmottakere(sak, '2026-11-24').alle.map((m) => m.navn)).to.deep.equal(['Ida Vik']);
  });

  it('et barn uten registrerte foresatte får brevet stilet til foresatte', () => {
    const sak = lagSaksgrunnlag({ person: ida, mottakere: [part('planeier', 'Ida Vik')] });
    expect(brevmottakere(sak, '2026-11-23').alle.map((m) => m.navn)).to.deep.equal(['Foresatte til Ida Vik']);
  });

  it('en voksen med verge får brevet selv, og vergen får kopi', () => {
    const sak = lagSaksgrunnlag({ mottakere: [part('planeier', 'Kari Nordmann'), part('verge', 'Vera Verge')] });
    const { alle } = brevmottakere(sak, '2026-11-23');
    expect(alle.map((m) => [m.navn, m.kopi])).to.deep.equal([
      ['Kari Nordmann', false],
      ['Vera Verge', true],
    ]);
  });

  it('er adressen beskyttet, har ingen av mottakerne adresse', () => {
    const sak = lagSaksgrunnlag({
      person: { ...ida, beskyttetAdresse: true },
      mottakere: [part('planeier', 'Ida Vik'), part('forelder', 'Anne Vik')],
    });
    expect(brevmottakere(sak, '2026-11-23').alle.map((m) => m.adresselinjer)).to.deep.equal([[]]);
  });
});
