import { expect } from 'chai';
import { filnavn, kontrollerVedlegg, type OpplastetFil } from '../../src/dokument/index.ts';

const PDF = Buffer.from('%PDF-1.7\n');

function lagFil(endringer: Partial<OpplastetFil> = {}): OpplastetFil {
  const buffer = endringer.buffer ?? PDF;
  return { originalname: 'soknad.pdf', mimetype: 'application/pdf', size: buffer.length, buffer, ...endringer };
}
const setninger = (filer: OpplastetFil[]): string[] => kontrollerVedlegg(filer).map((f) => f.melding);

describe('vedlegg', () => {
  it('tar imot PDF, bilder, tekst og dokumenter', () => {
    const filer = [
      lagFil(),
      lagFil({ originalname: 'bilde.JPG', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) }),
      lagFil({ originalname: 'bilde.png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 1]) }),
      lagFil({ originalname: 'notat.txt', buffer: Buffer.from('Hei') }),
      lagFil({ originalname: 'brev.docx', buffer: Buffer.from([0x50, 0x4b, 3, 4]) }),
    ];
    expect(setninger(filer)).to.deep.equal([]);
  });

  it('avviser det som ikke er det det sier, med filas navn', () => {
    expect(setninger([lagFil({ buffer: Buffer.from('<script>') })])).to.deep.equal([
      'Fila «soknad.pdf» kan ikke tas imot. Den må være PDF, JPG, PNG, TXT, DOCX eller ODT.',
    ]);
    expect(setninger([lagFil({ originalname: 'side.html', buffer: Buffer.from('<html>') })])).to.have.length(1);
    expect(setninger([lagFil({ originalname: 'constructor', buffer: PDF })])).to.have.length(1);
  });

  it('avviser tomme, for store og for mange filer', () => {
    expect(setninger([lagFil({ buffer: Buffer.alloc(0), size: 0 })])).to.deep.equal(['Fila «soknad.pdf» er tom.']);
    expect(setninger([lagFil({ size: 20 * 1024 * 1024 + 1 })])).to.deep.equal([
      'Fila «soknad.pdf» er større enn 20 MB.',
    ]);
    expect(setninger(Array.from({ length: 11 }, () => lagFil()))).to.deep.equal([
      'Du kan legge ved høyst 10 filer. Du har valgt 11.',
    ]);
  });

  it('feltet i feilen er det skjemaet bruker', () => {
    expect(kontrollerVedlegg([lagFil({ size: 0 })]).map((f) => f.felt)).to.deep.equal(['filer']);
  });

  it('leser navnet som UTF-8, og tar bort stier og styretegn', () => {
    const somLatin1 = Buffer.from('søknad på plan.pdf', 'utf8').toString('latin1');
    expect(filnavn(lagFil({ originalname: somLatin1 }))).to.equal('søknad på plan.pdf');
    expect(filnavn(lagFil({ originalname: '../../etc/passwd' }))).to.equal('passwd');
    expect(filnavn(lagFil({ originalname: 'C:\\mappe\\fil".txt' }))).to.equal('fil.txt');
    expect(filnavn(lagFil({ originalname: 'a\r\nSet-Cookie: x.pdf' }))).to.equal('aSet-Cookie: x.pdf');
    expect(filnavn(lagFil({ originalname: '' }))).to.equal('vedlegg');
  });
});
