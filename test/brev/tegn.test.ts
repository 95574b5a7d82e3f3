import { expect } from 'chai';
import fc from 'fast-check';
import { forhaandsvisBrev, lagBrev, lagPdf, lukkPdf } from '../../src/brev/index.ts';
import { pdfTekst } from '../feil/pdf-tekst.ts';
import { lagHode, lagVedtaksdata } from './eksempler.ts';

/** Det som leses i forhåndsvisningen: HTML uten elementene, og med punktene som PDF-en tegner. */
function vistTekst(html: string): string {
  return html
    .replaceAll('<li>', '• ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

// Linjeskift og bytte av skrift deler ord på ulike steder, så mellomrommene sammenlignes for seg.
const utenRom = (tekst: string): string => tekst.replace(/\s+/g, '');

/** Står nederst på hver side i PDF-en, som pynt. */
const BUNNTEKST = /Sandvikkommune·Saksnummer2026\/41Side\d+av\d+/g;

interface Tegnet {
  vist: string;
  tegnet: string;
  merknader: string[];
}

/** Teksten slik den er vist og slik den står i PDF-en, mellom to merker i begrunnelsen. */
async function beggeVeier(tekst: string): Promise<Tegnet> {
  const brev = lagBrev('vedtak', lagHode(), lagVedtaksdata({ begrunnelse: `Fra her:\n\n${tekst}\n\nOg hit.` }));
  const mellom = (hele: string): string =>
    /Fraher:(.*)Oghit\./s.exec(utenRom(hele).replaceAll(BUNNTEKST, ''))?.[1] ?? 'fant ikke merkene';
  const vist = forhaandsvisBrev(brev);
  const pdf = await lagPdf(brev);
  return { vist: mellom(vistTekst(vist.html)), tegnet: mellom(pdfTekst(pdf)), merknader: vist.merknader };
}

/** Blokkene i Unicode folk skriver i og limer inn fra. */
const BLOKKER: Record<string, [number, number]> = {
  'Latin-1': [0x20, 0xff],
  'Latin utvidet A og B': [0x100, 0x24f],
  'lydskrift og mellomrom-tegn': [0x250, 0x2ff],
  'kombinerende tegn': [0x300, 0x36f],
  gresk: [0x370, 0x3ff],
  kyrillisk: [0x400, 0x52f],
  'hebraisk og arabisk': [0x590, 0x6ff],
  devanagari: [0x900, 0x97f],
  'Latin utvidet med flere merker': [0x1e00, 0x1eff],
  'tegnsetting og usynlige tegn': [0x2000, 0x206f],
  'hevet og senket, valuta': [0x2070, 0x20cf],
  'bokstavlignende og brøker': [0x2100, 0x218f],
  piler: [0x2190, 0x21ff],
  matematikk: [0x2200, 0x22ff],
  'teknisk, og tall i ring': [0x2300, 0x24ff],
  'linjer, blokker og figurer': [0x2500, 0x25ff],
  'diverse symboler': [0x2600, 0x26ff],
  dingbats: [0x2700, 0x27bf],
  'flere piler': [0x2b00, 0x2bff],
  kinesisk: [0x4e00, 0x4eff],
  'Words egne koder': [0xf000, 0xf0ff],
  'sammensatte bokstaver': [0xfb00, 0xfb4f],
  'full bredde': [0xff00, 0xffef],
  'matematiske bokstaver': [0x1d400, 0x1d4ff],
  emoji: [0x1f300, 0x1f6ff],
};

const iBlokk = ([fra, til]: [number, number]): string[] =>
  Array.from({ length: til - fra + 1 }, (_, i) => String.fromCodePoint(fra + i));

describe('tegnene i brev: forhåndsvisningen og PDF-en er det samme brevet', function () {
  this.timeout(180_000);
  after(() => lukkPdf());

  it('hvert tegn i hver blokk folk limer inn fra, står likt begge steder eller meldes til den som skriver', async () => {
    for (const [navn, blokk] of Object.entries(BLOKKER)) {
      // Ett tegn per linje, med bokstaver rundt, så et tegn som blir borte, ikke skjuler seg bak det neste.
      const tekst = iBlokk(blokk)
        .filter((tegn) => tegn !== '\n')
        .map((tegn) => `a${tegn}b`)
        .join('\n\n');
      const { vist, tegnet } = await beggeVeier(tekst);
      expect(tegnet, navn).to.equal(vist);
      expect(tegnet, navn).not.to.contain('fant ikke');
      const spoersmaal = (tekst.match(/\?|\uff1f|\u2753|\u0294/gu) ?? []).length;
      expect((tegnet.match(/\?/g) ?? []).length, `spørsmålstegn i ${navn}`).to.be.at.most(spoersmaal + 1);
    }
  });

  it('et tegn skriften ikke har, vises som □ begge steder og navngis i en setning; alle andre vises uten', async () => {
    for (const [navn, blokk] of Object.entries(BLOKKER)) {
      for (const tegn of iBlokk(blokk)) {
        const brev = lagBrev('vedtak', lagHode(), lagVedtaksdata({ begrunnelse: `a${tegn}b` }));
        const staar = brev.deler.find((d) => d.slag === 'avgjort')?.tekst ?? '';
        const { merknader } = forhaandsvisBrev(brev);
        // Sammensatt, slik det lagres: noen tegn er i Unicode det samme som to andre.
        const nummer = Array.from(
          tegn.normalize('NFC'),
          (t) => `U+${(t.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
        ).join(' ');
        if (staar.includes('□') && !['□', '⬜'].includes(tegn))
          expect(merknader.join(), `${navn} ${nummer}`).to.contain(nummer);
        else expect(merknader, `${navn} ${nummer}`).to.deep.equal([]);
      }
    }
  });

  it('tilfeldige tekster av tegn fra alle blokkene, sammensatt og oppløst, er like begge steder', async () => {
    const alle = Object.values(BLOKKER).flatMap(iBlokk);
    const tegn = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...'abc æøå ÆØÅ 2x3 -> « » \n\t–') },
      { weight: 2, arbitrary: fc.constantFrom(...alle) },
      { weight: 1, arbitrary: fc.constantFrom('a\u030a', 'e\u0301', 'Å', 'o\u0308\u0331', '- ', '\n- ', '\u200b') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(tegn, { minLength: 1, maxLength: 200 }), async (biter) => {
        const { vist, tegnet } = await beggeVeier(biter.join(''));
        expect(tegnet).to.equal(vist);
      }),
      { numRuns: 40 },
    );
  });

  it('piler, haker, avkryssingsbokser og matematiske tegn står som de er; bokstaver fra hele Europa også', async () => {
    const tekst = '→ ← ✓ ✗ ☐ ☑ ☒ ≥ ≤ ≠ ≈ ½ ⅔ ‰ € № † ① │ ├ Đoŋŋá Čáhppe Łukasz Ğül Ελένη Виктор Nguyễn';
    const { vist, tegnet, merknader } = await beggeVeier(tekst);
    expect(vist).to.equal(utenRom(tekst));
    expect(tegnet).to.equal(utenRom(tekst));
    expect(merknader).to.deep.equal([]);
  });

  it('«Å» og «é» skrevet som to tegn (Mac) er de samme bokstavene', async () => {
    const { vist, tegnet } = await beggeVeier('A\u030ase og Andre\u0301');
    expect(vist).to.equal('ÅseogAndré');
    expect(tegnet).to.equal('ÅseogAndré');
  });

  it('tegn ingen skrift har, men som har en kjent mening, byttes likt begge steder', async () => {
    const { vist, tegnet, merknader } = await beggeVeier(
      '\uf0e0 \uf0fc ✅ ❌ ﬁ ｆｕｌｌ 10\u202f000\u00a0kr e\u2011post 𝐟𝐞𝐭',
    );
    expect(vist).to.equal('→✓✓✗fifull10000kre-postfet');
    expect(tegnet).to.equal(vist);
    expect(merknader).to.deep.equal([]);
  });

  it('punkter limt inn fra Word blir en punktliste', () => {
    const limt = ['\uf0b7\tEn', '•\tTo', '·\tTre', 'o\tFire', '§\tFem', '\uf0a7 Seks', '  ● Sju', '-\tÅtte'];
    const { html } = forhaandsvisBrev(
      lagBrev('vedtak', lagHode(), lagVedtaksdata({ begrunnelse: `Vi vet:\n${limt.join('\n')}` })),
    );
    const ventet = ['En', 'To', 'Tre', 'Fire', 'Fem', 'Seks', 'Sju', 'Åtte'].map((t) => `<li>${t}</li>`).join('');
    expect(html).to.contain(`<ul>${ventet}</ul>`);
  });

  it('et navn med tegn skriften ikke har, stopper ikke brevet; den som skriver, får vite hva som står i stedet', async () => {
    const hode = lagHode({ gjelder: 'Li 中文' });
    const brev = lagBrev('vedtak', hode, lagVedtaksdata({ planeier: 'Li 中文', tilPlaneier: false }));
    const { html, merknader } = forhaandsvisBrev(brev);
    expect(merknader).to.deep.equal([
      'Tegnene «中» (U+4E2D) og «文» (U+6587) i navn eller adresser finnes ikke i brevets skrift, og står som □ i brevet.',
    ]);
    expect(html).to.contain('Gjelder: Li □□');
    expect(pdfTekst(await lagPdf(brev))).to.contain('Li □□');
  });
});
