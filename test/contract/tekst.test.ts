import { expect } from 'chai';
import { lesDato, visDato } from '../../src/contract/dato.ts';
import { erFyltUt, tekst } from '../../src/contract/steg/felt.ts';
import { erBlank, rensTekst, rensVerdi } from '../../src/contract/tekst.ts';
import { egenFeil } from '../../ui/src/skjema/setninger.ts';

const USYNLIGE = {
  'mellomrom uten bredde': '\u200b\u200c\u200d',
  retningsmerker: '\u200e\u200f\u061c',
  ordbinder: '\u2060\u2061\u2064',
  byterekkefølge: '\ufeff',
  'myk bindestrek': '\u00ad',
  hangulfyll: '\u3164\u115f\u1160\uffa0',
  khmer: '\u17b4\u17b5',
  mongolsk: '\u180e',
  'blank punktskrift': '\u2800',
  merkelapper: '\u{e0001}\u{e0041}',
  variantvelgere: '\ufe0f\u{e0100}',
  'løse aksenter': '\u0301\u030a',
  'faste og brede mellomrom': '\u00a0\u2003\u3000',
  leseretning: '\u202e\u2066',
};

describe('Tekst ved døra', () => {
  it('settes sammen, så «Åse» fra en Mac er «Åse»', () => {
    expect(rensTekst('A\u030ase')).to.equal('Åse');
    expect(rensTekst('\u212bse')).to.equal('Åse');
  });

  it('mister styretegn og tegn som snur leseretningen, og har ett slags linjeskift; ellers står alt', () => {
    expect(rensTekst('faktura\u202efdp.exe\u0000\u0007\u009f\u2066\ufeff\uffff')).to.equal('fakturafdp.exe');
    expect(rensTekst('en\r\nto\rtre\u000bfire\u2028fem')).to.equal('en\nto\ntre\nfire\nfem');
    const bra = 'Æøå\t«sitat» 👨‍👩‍👧 می‌خواهم שלום\u200f 🏴󠁧󠁢󠁳󠁣󠁴󠁿\nny linje';
    expect(rensTekst(bra)).to.equal(bra);
  });

  it('et halvt tegnpar er en feil ved feltet, også dypt nede', () => {
    expect(rensVerdi({ data: { liste: [{ navn: 'x\ud83d' }] } }).feil.map((f) => f.felt)).to.deep.equal([
      'data.liste.0.navn',
    ]);
    expect(rensVerdi({ navn: '😀' }).feil).to.deep.equal([]);
  });

  it('nesting som aldri er et skjema, er en feil ved feltet og ikke en full stabel', () => {
    let dyp: unknown = 'x';
    for (let i = 0; i < 50_000; i++) dyp = [dyp];
    expect(rensVerdi({ data: { begrunnelse: dyp } }).feil.map((f) => f.felt)).to.deep.equal(['data.begrunnelse']);
  });

  for (const [hva, tegn] of Object.entries(USYNLIGE)) {
    it(`bare ${hva} er ingen tekst, verken på serveren eller ved feltet`, () => {
      expect(erBlank(` ${tegn}\n`)).to.equal(true);
      expect(erBlank(`${tegn}a`)).to.equal(false);
      expect(erFyltUt(tegn)).to.equal(false);
      expect(tekst('Skriv begrunnelsen.').safeParse(tegn).error?.issues[0]?.message).to.equal('Skriv begrunnelsen.');
      expect(egenFeil({ validate: { required: true } }, tegn)).to.equal('Fyll ut dette feltet.');
    });
  }
});

describe('Datoer på norsk', () => {
  const les = (t: string): string => {
    const svar = lesDato(t, '2026-11-27');
    return 'feil' in svar ? svar.feil : svar.dato;
  };
  it('leses i alle formene folk skriver', () => {
    for (const [skrevet, dato] of [
      ['27.11.2026', '2026-11-27'],
      ['7.1.2026', '2026-01-07'],
      ['271126', '2026-11-27'],
      ['27112026', '2026-11-27'],
      ['2026-11-27', '2026-11-27'],
      ['27.11.26', '2026-11-27'],
      ['010160', '1960-01-01'],
      ['29.02.2024', '2024-02-29'],
      [' 27.11.2026 ', '2026-11-27'],
      ['', ''],
    ] as const) {
      expect(les(skrevet), skrevet).to.equal(dato);
    }
    expect(visDato('2026-11-27')).to.equal('27.11.2026');
    expect(visDato('31.02.2026')).to.equal('31.02.2026');
  });

  it('blir aldri til en annen dato: den som ikke finnes, er en feil med grunn', () => {
    expect(les('31.02.2026')).to.equal('Datoen 31.02.2026 finnes ikke. Februar 2026 har 28 dager.');
    expect(les('29.02.2100')).to.equal('Datoen 29.02.2100 finnes ikke. Februar 2100 har 28 dager.');
    expect(les('31.4.2026')).to.equal('Datoen 31.4.2026 finnes ikke. April 2026 har 30 dager.');
    expect(les('01.13.2026')).to.equal('Datoen 01.13.2026 finnes ikke. Måneden må være fra 1 til 12.');
    expect(les('00.01.2026')).to.match(/finnes ikke/);
    for (const t of ['i går', '1', '2711', '27.11', '27.11.202', '27.11.20266', '2026-11']) {
      expect(les(t), t).to.equal('Skriv datoen som dd.mm.åååå, for eksempel 27.11.2026.');
    }
  });
});
