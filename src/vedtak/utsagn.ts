import { brevtekst } from '../brev/index.ts';

/*
 * Hva en tekst sier rett ut om vilkårene for individuell plan. Bare setninger som ikke er til å misforstå, teller: de som
 * gjengir loven, setter en betingelse, gjengir hva andre mener eller fortsetter med «men», sier ikke noe om dette alene.
 */

/** Ordet alene, også når det har æ, ø og å i seg eller ved siden av seg. */
const ord = (moenster: string): string => `(?<!\\p{L})(?:${moenster})(?!\\p{L})`;
const re = (moenster: string): RegExp => new RegExp(moenster, 'u');

// Bare flertall: ett vilkår kan være oppfylt uten at de andre er det, og unntak gjøres fra ett om gangen.
const VILKAARENE = ord('vilkår(?:ene|a)?|kriteri(?:ene|er|a)|kravene');
const OPPFYLT = ord('oppfylte?|innfridde?|fylte?|til stede|tilstede|tilfredsstilte?');
const DET_DET_GJELDER = ord('individuell plan|ip');
const UTSAGN: readonly RegExp[] = [
  re(`${VILKAARENE}[^.!?]{0,120}?${OPPFYLT}`),
  re(`${OPPFYLT}[^.!?]{0,10}${ord('er')}[^.!?]{0,20}${VILKAARENE}`),
  re(`${ord('oppfyller|innfrir|fyller|tilfredsstiller')}[^.!?]{0,60}?${VILKAARENE}`),
  re(`${ord('har')}(?: \\p{L}+){0,3} ${ord('rett|krav')} (?:til|på)(?: \\p{L}+)? ${DET_DET_GJELDER}`),
];
const NEKTELSE = re(
  ord('ikke|ikkje|ingen|ingenting|verken|hverken|aldri|neppe|knapt|uten|utan|bare delvis|kun delvis|mangler'),
);
/** Ser ut som en nektelse, men er det motsatte. */
const IKKE_NEKTELSE = new RegExp(ord('ikke bare|(?:ikke|ingen|uten) tvil(?:somt)?(?: om)?|ikke uenige? i'), 'gu');
const BETINGET = re(
  `${ord('hvis|dersom|når|såfremt|forutsatt|forutsetter|krever|kreves|for at|med mindre|selv om|enda')}|${ord('om')}(?: \\p{L}+)? ?$`,
);
const MAA_VAERE = re(`${ord('må|skal|bør')}(?!.*${ord('anses|ansees|regnes')}).{0,60}? være`);
const GENERELT = re(ord('den som|de som|dem som|alle som|alle med|enhver|pasienter|brukere|personer|man|en person'));
const MENING = 'mener|meiner|hevder|anfører|påstår|opplever|skriver|sier|synes|tror';
const ANDRES = re(ord(MENING));
const VAART = re(`${ord('vi|jeg')}(?: \\p{L}+)? ${ord(MENING)}|${ord(MENING)} ${ord('vi|jeg')}`);
const FORBEHOLD = re(ord('men|likevel|imidlertid|derimot|unntatt|bortsett fra|selv om'));
/** Her begynner en ny del av setningen, som en nektelse foran ikke gjelder. */
const NY_DEL = new RegExp(`[;:]|,? ${ord('og|men|så|fordi|siden|ettersom|derfor')} `, 'gu');

function setninger(tekst: string): string[] {
  return tekst
    .split(/(?<=[.!?])\s+|\n{2,}|\n(?=- |## )/)
    .map((s) =>
      s
        .replace(/^(?:- |## )/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((s) => s !== '');
}

/** Setningene i en tekst, uten tegn som ikke vises og uten punkter og linjeskift. */
export function setningerI(tekst: string): string[] {
  return setninger(brevtekst(tekst).tekst);
}

/** Det en tekst sier om vilkårene for individuell plan. */
export type Utsagn = 'oppfylt' | 'ikke-oppfylt';

function lesSetning(setning: string): Utsagn | null {
  const s = setning.toLowerCase().replace(IKKE_NEKTELSE, '').replace(/\s+/g, ' ');
  for (const moenster of UTSAGN) {
    const treff = moenster.exec(s);
    if (!treff) continue;
    const foer = s.slice(0, treff.index);
    const start = [...foer.matchAll(NY_DEL)].at(-1);
    const innledning = foer.slice(start ? start.index + start[0].length : 0);
    const utsagn = treff[0];
    const del = `${innledning}${utsagn}`;
    if (BETINGET.test(innledning) || MAA_VAERE.test(del) || GENERELT.test(`${foer}${utsagn}`)) continue;
    if (ANDRES.test(foer) && !VAART.test(foer)) continue;
    if (FORBEHOLD.test(s.slice(treff.index + utsagn.length))) continue;
    return NEKTELSE.test(del) ? 'ikke-oppfylt' : 'oppfylt';
  }
  return null;
}

/**
 * Hva teksten sier om vilkårene; null når den ikke sier noe rett ut, eller når den sier begge deler (da er det mer å lese i
 * den enn vi kan).
 */
export function utsagnOmVilkaar(tekst: string): Utsagn | null {
  const funnet = new Set(setningerI(tekst).map(lesSetning));
  funnet.delete(null);
  const [foerste = null] = funnet;
  return funnet.size === 1 ? foerste : null;
}

const ordene = (setning: string): string[] => setning.toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
const LIK = 0.8;
/** Så mange bokstaver er minst en setning om hvorfor. */
const EN_SETNING = 40;

/** Om en setning er en av de foreslåtte, kanskje med et ord rettet; et nytt «ikke» gjør den til en annen. */
function erForeslaatt(setning: string, forslag: readonly string[]): boolean {
  const egne = ordene(setning);
  return forslag.some((f) => {
    const kjente = new Set(ordene(f));
    const nye = egne.filter((o) => !kjente.has(o));
    return egne.length > 0 && nye.length <= egne.length * (1 - LIK) && !nye.some((o) => NEKTELSE.test(o));
  });
}

/** Om teksten ikke er noe annet enn forslaget, eller en del av det: ingen har skrevet så mye som én setning selv. */
export function erBareForslaget(tekst: string, forslag: string): boolean {
  const foreslaatte = setningerI(forslag);
  const alle = setningerI(tekst);
  const egne = alle.filter((s) => !erForeslaatt(s, foreslaatte));
  return egne.length < alle.length && egne.flatMap(ordene).join('').length < EN_SETNING;
}
