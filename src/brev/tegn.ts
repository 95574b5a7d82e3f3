import { dekning, klynger, skriftFor } from './skrift.ts';

/*
 * Fra det noen har skrevet eller limt inn, til tegn brevets skrift har. Forhåndsvisningen og PDF-en lages begge av det som
 * kommer ut herfra, så det som er vist, er det som blir sendt.
 */

/** Merker som bare står foran et punkt i en liste; når de står først på en linje, er linja et punkt. */
const PUNKTMERKE = /^[ \t\u00a0]*(?:[•◦●○▪▫■‣⁃∙·➢➤❖\uf06c\uf06e\uf076\uf0a7\uf0b7\uf0d8]|-(?=\t))[ \t\u00a0]+/u;
/** Slik kommer punktene i Word når skriften (Symbol, Wingdings, Courier) er borte: et tegn og en tabulator. */
const WORDPUNKT = /^[ \u00a0]*[o§Øvq¨]\t[ \t]*/u;

/**
 * Tegn som alltid byttes, med det de er ment som. Kodene fra U+F000 er Words egne for tegn i skriftene Symbol og Wingdings.
 * En tom streng: tegnet er bare til for den som redigerer.
 */
const BYTT: Readonly<Record<string, string>> = {
  '\u2010': '-',
  '\u2011': '-',
  '\u02bc': '’',
  '\uf028': '☎',
  '\uf02a': '✉',
  '\uf02d': '−',
  '\uf04a': '☺',
  '\uf04c': '☹',
  '\uf06c': '●',
  '\uf06e': '■',
  '\uf06f': '☐',
  '\uf071': '❑',
  '\uf076': '❖',
  '\uf0a3': '≤',
  '\uf0a7': '▪',
  '\uf0a8': '☐',
  '\uf0ab': '★',
  '\uf0ae': '→',
  '\uf0b0': '°',
  '\uf0b1': '±',
  '\uf0b3': '≥',
  '\uf0b7': '•',
  '\uf0b9': '≠',
  '\uf0bb': '≈',
  '\uf0d8': '➢',
  '\uf0de': '⇒',
  '\uf0df': '←',
  '\uf0e0': '→',
  '\uf0e8': '➔',
  '\uf0f0': '⇨',
  '\uf0fb': '✗',
  '\uf0fc': '✓',
  '\uf0fd': '☒',
  '\uf0fe': '☑',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'st',
  ﬆ: 'st',
  '✅': '✓',
  '❌': '✗',
  '❎': '☒',
  '❗': '!',
  '❓': '?',
  '➕': '+',
  '➖': '−',
  '➗': '÷',
  '⬜': '□',
  '⬛': '■',
  '⭐': '★',
  '\u{1f642}': '☺',
  '\u{1f641}': '☹',
};
const LINJESKIFT = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const MELLOMROM = /[\t\p{Zs}]/u;
/** Ser ingen: styrekoder, myk bindestrek, nullbredde, skriveretning, variantvalg, og tegn som bare fyller plass. */
const USYNLIG =
  /[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
/** Står der et tegn skriften ikke har, og som det må lages brev med likevel (et navn, en avgjørelse som alt er tatt). */
const MANGLER = '□';

/** Teksten med bare tegn skriften har, og tegnene som ikke kunne skrives. */
export interface Brevtegn {
  tekst: string;
  mangler: readonly string[];
}

function bytt(tekst: string): string {
  let ut = '';
  for (const tegn of tekst) {
    const nytt = BYTT[tegn];
    if (nytt !== undefined) ut += nytt;
    else if (tegn === '\n') ut += tegn;
    else if (MELLOMROM.test(tegn)) ut += ' ';
    else if (!USYNLIG.test(tegn)) ut += tegn;
  }
  return ut.normalize('NFC');
}

function skrivbar(tekst: string): boolean {
  return klynger(tekst).every((k) => k === '\n' || skriftFor(dekning(), k) >= 0);
}

/** Vanlig norsk tekst: slik er nesten alle linjer, og da er det ingenting å lete etter. */
const BARE_VANLIG = /^[ -~æøåÆØÅéÉ«»–§\n]*$/;

function tilTegn(tekst: string): Brevtegn {
  if (BARE_VANLIG.test(tekst)) return { tekst, mangler: [] };
  const mangler = new Set<string>();
  const ut = klynger(bytt(tekst)).map((klynge) => {
    if (klynge === '\n' || skriftFor(dekning(), klynge) >= 0) return klynge;
    // Samme tegn i en annen form: ﬁ, ｆｕｌｌ bredde, 𝐟𝐞𝐭 skrift, ㎏. Brøker og slikt finnes i skriften selv.
    const enklere = klynge.normalize('NFKC');
    if (enklere !== klynge && skrivbar(bytt(enklere))) return bytt(enklere);
    mangler.add(klynge);
    return MANGLER;
  });
  return { tekst: ut.join(''), mangler: [...mangler] };
}

/** Tekst i flere linjer slik den står i brevet. Punkter limt inn fra Word blir punkter i brevet. */
export function brevtekst(tekst: string): Brevtegn {
  const linjer = tekst
    .replace(LINJESKIFT, '\n')
    .split('\n')
    .map((linje) => linje.replace(PUNKTMERKE, '- ').replace(WORDPUNKT, '- '));
  return tilTegn(linjer.join('\n'));
}

/** Et navn eller en adresselinje slik det står i brevet: alltid på én linje. */
export function brevlinje(tekst: string): Brevtegn {
  const { tekst: linje, mangler } = tilTegn(tekst.replace(LINJESKIFT, ' '));
  return { tekst: linje.replace(/\s+/g, ' ').trim(), mangler };
}

function vis(klynge: string): string {
  const koder = Array.from(klynge, (t) => `U+${(t.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  // En kode uten form viser ingenting; da sier nummeret alene hva det er.
  return /^[\p{C}\p{Z}]+$/u.test(klynge) ? koder.join(' ') : `«${klynge}» (${koder.join(' ')})`;
}

const VIST = 5;

function ramsOpp(tegn: readonly string[]): string {
  const vist = tegn.slice(0, VIST).map(vis);
  if (tegn.length > VIST) return `${vist.join(', ')} og ${tegn.length - VIST} til`;
  return vist.length > 1 ? `${vist.slice(0, -1).join(', ')} og ${vist.at(-1) ?? ''}` : (vist[0] ?? '');
}

/** Det som må gjøres med tegn i teksten som skriften ikke har, i en setning; null når alt kan skrives. */
export function tegnmelding(mangler: readonly string[]): string | null {
  if (mangler.length === 0) return null;
  return mangler.length === 1
    ? `Tegnet ${ramsOpp(mangler)} finnes ikke i brevets skrift. Bytt det ut.`
    : `Tegnene ${ramsOpp(mangler)} finnes ikke i brevets skrift. Bytt dem ut.`;
}

/** Det som må vites om et navn eller en adresse med tegn skriften ikke har; brevet sendes likevel. */
export function navnemelding(mangler: readonly string[]): string | null {
  if (mangler.length === 0) return null;
  return mangler.length === 1
    ? `Tegnet ${ramsOpp(mangler)} i et navn eller en adresse finnes ikke i brevets skrift, og står som ${MANGLER} i brevet.`
    : `Tegnene ${ramsOpp(mangler)} i navn eller adresser finnes ikke i brevets skrift, og står som ${MANGLER} i brevet.`;
}
