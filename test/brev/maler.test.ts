import { expect } from 'chai';
import {
  brevmottakere,
  forhaandsvisBrev,
  kvitteringsbrev,
  lagBrev,
  vedtaksbrev,
  type Saksgrunnlag,
  type Vedtaksinnhold,
} from '../../src/brev/index.ts';
import type { Brevdata } from '../../src/brev/index.ts';
import { alleBrev, lagHode, lagVedtaksdata, tekstI, TIL_FORESATTE } from './eksempler.ts';

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

const vedtakstekst = (data: Brevdata['vedtak'], skrevet = ''): string =>
  tekstI(lagBrev('vedtak', lagHode(), data, skrevet));

describe('brevmaler', () => {
  it('vedtak etter helselovgivningen sier fire uker fra kunnskap, først til enheten, så til Statsforvalteren', () => {
    const fast = vedtakstekst(lagVedtaksdata({ utfall: 'avslag' }));
    expect(fast)
      .to.contain('§ 7-2')
      .and.contain('§ 7-5')
      .and.contain('fire uker')
      .and.contain('burde ha fått vite nok');
    expect(fast)
      .to.contain('Send klagen til HSK Hillevåg, Sandvik kommune, Postboks 100, 4001 Sandvik.')
      .and.contain('videre til Statsforvalteren');
    expect(fast).to.contain('se journalen').and.contain('hjelp til å skrive klagen');
    expect(fast).to.contain('for seint, kan klagen likevel bli behandlet');
    expect(fast).not.to.contain('Fylkesmannen');
  });

  it('vedtak i NAV og barnevern viser til sine egne regler og tre uker', () => {
    for (const regime of ['nav', 'barnevern'] as const) {
      const fast = vedtakstekst(lagVedtaksdata({ utfall: 'avslag', regime, hjemmel: 'NAV-loven § 15' }));
      expect(fast, regime).to.contain('tre uker fra du fikk dette brevet').and.not.contain('pasient- og bruker');
      expect(fast, regime).to.contain('Statsforvalteren');
    }
  });

  /** Et vedtak slik det er lagret; testen overstyrer det den handler om. */
  const lagret = (skrevet: string | null): Vedtaksinnhold => ({
    utfall: 'avslag',
    hjemmel: 'pbrl § 2-5',
    begrunnelse: 'Én tjeneste er nok.\n\nDet er ingenting å samordne.',
    tilDato: null,
    brevtekst: skrevet,
    fattetAv: 'Ingrid Bakke',
    godkjentAv: 'Per Lunde',
  });
  const avgjort = [
    'Vi har behandlet anmodningen om individuell plan for deg, som vi mottok 1. oktober 2026.',
    '## Vedtak\nDu får ikke individuell plan.',
    'Én tjeneste er nok.',
    'Det er ingenting å samordne.',
    '- Pasient- og brukerrettighetsloven § 2-5: rett til individuell plan',
    'Fristen for å klage er fire uker',
    'Send klagen til HSK Hillevåg, Sandvik kommune',
    '## Du kan se dokumentene',
  ];

  it('utfall, begrunnelse, hjemmel og klageadgang står i vedtaksbrevet uansett hva som er skrevet, og hver ting én gang', () => {
    const skrevne = [
      null,
      '',
      '  \n',
      'x',
      'Du får individuell plan.',
      '## Vedtak\nDu får individuell plan.',
      '## Du kan klage\nNei.',
    ];
    for (const skrevet of skrevne) {
      const brev = vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret(skrevet));
      const tekst = tekstI(brev);
      for (const setning of avgjort) expect(tekst.split(setning), `${skrevet} / ${setning}`).to.have.length(2);
      expect(brev.hode.undertegnere.map((u) => u.navn)).to.deep.equal(['Ingrid Bakke', 'Per Lunde']);
    }
  });

  it('det som er skrevet, står som egen del under «Mer om vedtaket»; uten det er overskriften borte', () => {
    const med = vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret('Ring meg gjerne.\n\n## Vedtak\nDu får plan.'));
    expect(tekstI(med)).to.contain('## Mer om vedtaket\n\nRing meg gjerne.');
    // En overskrift brevet alt har, kan ikke skrives en gang til, og ingen egen overskrift står på nivå med malens.
    expect(med.deler.filter((d) => d.slag === 'egen')).to.deep.equal([
      { slag: 'egen', tekst: 'Ring meg gjerne.\n\nDu får plan.' },
    ]);
    const { html } = forhaandsvisBrev(vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret('## Utfallet\nJa.')));
    expect(html).to.contain('<h4>Utfallet</h4>').and.not.contain('<h3>Utfallet</h3>');
    expect(tekstI(vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret(null)))).not.to.contain('Mer om vedtaket');
  });

  it('et eldre vedtak med hele brevet i teksten gir det samme brevet; bare det noen har skrevet til, blir igjen', () => {
    const nytt = vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret(null));
    const helt = nytt.deler
      .slice(0, 4)
      .map((d) => d.tekst)
      .join('\n\n')
      .replace('bestemt dette\n\n', 'bestemt dette\n');
    expect(vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret(helt)).deler).to.deep.equal(nytt.deler);
    const redigert = `${helt}\n\nHilsen oss.`.replace(
      'Du får ikke individuell plan.',
      'Du får dessverre ikke plan nå.',
    );
    const egne = vedtaksbrev(lagSaksgrunnlag(), RAMMER, lagret(redigert)).deler.filter((d) => d.slag === 'egen');
    expect(egne.map((d) => d.tekst)).to.deep.equal(['Du får dessverre ikke plan nå.\n\nHilsen oss.']);
  });

  it('hver mal har samme faste tekst med og uten egen tekst, og de uten plass til egen tekst tar ikke imot noen', () => {
    const hode = lagHode();
    const bekreftelse: Brevdata['avslaatt-tilbud'] = {
      planeier: 'Kari Nordmann',
      tilPlaneier: true,
      oenske: 'ip',
      mottatt: '2026-10-20',
      grunn: 'Hjelpen henger godt sammen.',
    };
    const [uten, med] = ['', 'Egne ord.'].map((t) => lagBrev('avslaatt-tilbud', hode, bekreftelse, t));
    const uegne = med?.deler.filter((d) => d.slag !== 'egen' && d.tekst !== '## Mer fra oss');
    expect(uegne).to.deep.equal(uten?.deler);
    expect(tekstI(lagBrev('avslaatt-tilbud', hode, bekreftelse, 'x'))).to.contain('Hjelpen henger godt sammen.');
    const trukket = { ...bekreftelse, trukket: '2026-11-01', begrunnelse: 'Ringte.' };
    expect(() => lagBrev('bekreftelse-trukket', hode, trukket, 'Egne ord.')).to.throw('ikke plass til egen tekst');
  });

  it('svaret om dobbeltbehandling sier løsningen som er valgt, uansett hva som er skrevet', () => {
    const svar = { ...lagVedtaksdata(), plankoordinator: 'Jonas Vik' };
    for (const [loesning, setning] of [
      ['samles', 'Det nye i denne saken tas inn i den planen.'],
      ['avsluttes', 'Denne saken avsluttes uten at noe tas med videre.'],
    ] as const) {
      const tekst = tekstI(lagBrev('svar-eksisterende-plan', lagHode(), { ...svar, loesning }, 'Alt tas med.'));
      expect(tekst).to.contain(setning).and.contain('## Svar på anmodningen\n\nAlt tas med.').and.contain('Jonas Vik');
    }
  });

  it('vedtaksbrevet har begrunnelsen og hjemlene skrevet ut', () => {
    const tekst = vedtakstekst(lagVedtaksdata({ hjemmel: 'pbrl § 2-5; egen regel § 1' }));
    expect(tekst).to.contain('Fem tjenester må ses i sammenheng.');
    expect(tekst).to.contain('- Pasient- og brukerrettighetsloven § 2-5: rett til individuell plan\n- egen regel § 1');
  });

  it('et tidsbegrenset vedtak sier når det slutter; et avslag gjør det ikke', () => {
    const tilDato = '2028-12-31';
    expect(vedtakstekst(lagVedtaksdata({ tilDato }))).to.contain('til og med 31. desember 2028');
    expect(vedtakstekst(lagVedtaksdata({ tilDato, utfall: 'avslag' }))).not.to.contain('2028');
  });

  it('kvitteringen lover ikke et foreløpig svar innen en dato som er passert', () => {
    expect(tekstI(kvitteringsbrev(lagSaksgrunnlag(), { ...RAMMER, dato: '2026-10-05' }))).to.contain(
      '1. november 2026',
    );
    expect(tekstI(kvitteringsbrev(lagSaksgrunnlag(), RAMMER))).not.to.contain('foreløpig svar');
  });

  it('brev til foresatte bruker barnets navn i stedet for du', () => {
    const tekst = lagBrev('vedtak', lagHode(), lagVedtaksdata(TIL_FORESATTE))
      .deler.slice(0, 4)
      .map((d) => d.tekst);
    expect(tekst.join('\n'))
      .to.contain('Ida Vik får individuell plan')
      .and.not.match(/\b[Dd]u\b/);
  });

  it('ingen mal etterlater tomme felter eller «undefined»', () => {
    for (const [navn, brev] of Object.entries(alleBrev())) {
      const alt = `${brev.tittel}\n${tekstI(brev)}`;
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
