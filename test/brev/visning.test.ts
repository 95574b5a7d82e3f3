import { expect } from 'chai';
import { forhaandsvisBrev, lagBrev, lagPdf, lukkPdf } from '../../src/brev/index.ts';
import { blokker } from '../../src/brev/blokker.ts';
import { lagHode, lagVedtaksdata } from './eksempler.ts';

describe('brevteksten deles i blokker', () => {
  it('avsnitt, mellomtitler og punktlister', () => {
    expect(blokker('En\nto\n\n## Tittel\n- a\n- b\n\nSlutt')).to.deep.equal([
      { slag: 'avsnitt', tekst: 'En\nto' },
      { slag: 'tittel', tekst: 'Tittel' },
      { slag: 'liste', punkter: ['a', 'b'] },
      { slag: 'avsnitt', tekst: 'Slutt' },
    ]);
  });

  it('to lister med et avsnitt mellom seg forblir to', () => {
    expect(blokker('- a\n\ntekst\n\n- b').map((b) => b.slag)).to.deep.equal(['liste', 'avsnitt', 'liste']);
    expect(blokker('tekst\n- a').map((b) => b.slag)).to.deep.equal(['avsnitt', 'liste']);
  });

  it('tåler tom tekst og linjeskift fra Windows', () => {
    expect(blokker('')).to.deep.equal([]);
    expect(blokker('a\r\n\r\nb').map((b) => b.slag)).to.deep.equal(['avsnitt', 'avsnitt']);
  });
});

describe('forhåndsvisning', () => {
  it('renser HTML i tekst, navn og tittel', () => {
    const ond = '<img src=x onerror="alert(1)">';
    const { html } = forhaandsvisBrev(
      lagBrev(
        'vedtak',
        lagHode({ gjelder: ond, kopi: [ond], undertegnere: [{ navn: ond, tittel: ond }] }),
        lagVedtaksdata({ planeier: ond, tilPlaneier: false, klageTil: ond, begrunnelse: `## ${ond}\n\n${ond}` }),
        `## ${ond} 2\n- ${ond} 3\n\n${ond} 4`,
      ),
    );
    expect(html).not.to.contain('<img').and.not.contain('alert(1)">');
    expect(html).to.contain('&lt;img');
  });

  it('viser aldri en beskyttet adresse', () => {
    const mottaker = { ...lagHode().mottaker, beskyttetAdresse: true };
    const { html } = forhaandsvisBrev(lagBrev('vedtak', lagHode({ mottaker }), lagVedtaksdata()));
    expect(html).not.to.contain('Fjordgata');
  });
});

describe('PDF', function () {
  this.timeout(60_000);
  after(() => lukkPdf());

  it('er merket, på norsk og har tittel', async () => {
    const pdf = (await lagPdf(lagBrev('vedtak', lagHode(), lagVedtaksdata()))).toString('latin1');
    expect(pdf).to.match(/^%PDF-1\.7/);
    expect(pdf).to.contain('/Marked true').and.contain('/Lang (nb-NO)').and.contain('/DisplayDocTitle true');
    expect(pdf).to.contain('<pdfuaid:part>1</pdfuaid:part>');
    for (const merke of ['/S /H1', '/S /H2', '/S /L\n', '/S /LI', '/S /P']) expect(pdf).to.contain(merke);
  });

  it('lager flere brev på én gang, hvert sitt', async () => {
    const navn = ['Ada', 'Bo', 'Chris', 'Dag'];
    const pdfer = await Promise.all(
      navn.map((gjelder) => lagPdf(lagBrev('vedtak', lagHode({ gjelder, kommune: gjelder }), lagVedtaksdata()))),
    );
    pdfer.forEach((pdf, i) => expect(pdf.toString('latin1')).to.contain(`<rdf:li>${navn[i]}</rdf:li>`));
  });

  it('et brev over grensen avvises med en setning, og det neste blir laget', async () => {
    const forLangt = lagBrev('vedtak', lagHode(), lagVedtaksdata(), 'x'.repeat(100_001));
    const feil = await lagPdf(forLangt).catch((f: unknown) => f);
    expect(String(feil)).to.contain('for langt');
    expect(await lagPdf(lagBrev('vedtak', lagHode(), lagVedtaksdata()))).to.be.instanceOf(Buffer);
  });

  it('kan lages igjen etter at tråden er stoppet', async () => {
    await lukkPdf();
    expect((await lagPdf(lagBrev('vedtak', lagHode(), lagVedtaksdata()))).length).to.be.greaterThan(5_000);
  });
});
