/*
 * Tekst slik den skal være når den er kommet inn døra: satt sammen (NFC), uten styretegn, og uten tegn som bare snur
 * leseretningen. Skjerm og server bruker de samme funksjonene, så det som er tomt det ene stedet, er tomt det andre.
 */

/** Linjeskift i andre former: CR, VT og FF (Word), NEL, LS og PS. */
const ANDRE_LINJESKIFT = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
/**
 * Tegn ingen har skrevet med vilje og ingen ser: styretegn (C0 uten tabulator og linjeskift, DEL, C1), merker som
 * innkapsler eller tvinger leseretning (U+202A–202E, U+2066–2069: et navn kan se ut som et annet), byterekkefølgemerket
 * og kodene som aldri er tegn. ZWJ, ZWNJ og retningsmerkene U+200E/200F blir stående: språk og emojier trenger dem.
 */
const UOENSKET =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\p{Noncharacter_Code_Point}]/gu;
/** Et halvt tegnpar, fra et utklipp kappet midt i et tegn. Det finnes ikke i UTF-8 og kan ikke lagres. */
const HALVT_TEGNPAR = /\p{Surrogate}/u;

/**
 * Tegn som ikke setter noe spor alene: blanke, usynlige (U+200B–200F, U+2060–2064, myk bindestrek, merkelapper), hangul-
 * og khmerfyll, blank punktskrift, variantvelgere og løse aksenter.
 */
const USYNLIG =
  /[\s\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Mark}\p{Surrogate}\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0]/gu;

/** Teksten satt sammen (NFC), med LF som linjeskift og uten tegn ingen ser. Halve tegnpar rører den ikke. */
export function rensTekst(tekst: string): string {
  return tekst.replace(ANDRE_LINJESKIFT, '\n').replace(UOENSKET, '').normalize('NFC');
}

/** Om teksten ikke inneholder noe et menneske kan lese: tom, bare blanke eller bare usynlige tegn. */
export function erBlank(tekst: string): boolean {
  return tekst.replace(USYNLIG, '') === '';
}

/** Om teksten har et halvt tegnpar, som ikke kan lagres. */
export function harHalvtTegn(tekst: string): boolean {
  return HALVT_TEGNPAR.test(tekst);
}

/** Dypere enn noe skjema er; et dypere innhold er ikke laget av skjermen. */
const MAKS_DYBDE = 25;

/** Hva som er galt med et felt som ikke kan renses. */
export interface Tekstfeil {
  /** Feltets sti, f.eks. `data.begrunnelse`. */
  felt: string;
  melding: string;
}

/**
 * Renser hver tekst i en verdi, også nøklene, i objekter og lister.
 * @param verdi det som kom inn: kropp, spørring eller et felt i et skjema med filer
 * @returns den rensede verdien, og feltene som ikke kan tas imot (halve tegnpar, for dyp nesting); tom liste når alt er bra
 */
export function rensVerdi(verdi: unknown): { verdi: unknown; feil: Tekstfeil[] } {
  const feil: Tekstfeil[] = [];
  const rens = (v: unknown, sti: readonly string[]): unknown => {
    if (typeof v === 'string') {
      if (harHalvtTegn(v)) {
        feil.push({ felt: sti.join('.'), melding: 'Teksten har et ødelagt tegn. Slett det og skriv det på nytt.' });
      }
      return rensTekst(v);
    }
    if (typeof v !== 'object' || v === null) return v;
    if (sti.length > MAKS_DYBDE) {
      feil.push({ felt: sti.slice(0, 2).join('.'), melding: 'Innholdet i feltet kan ikke leses.' });
      return null;
    }
    if (Array.isArray(v)) return v.map((x, i) => rens(x, [...sti, String(i)]));
    return Object.fromEntries(Object.entries(v).map(([n, x]) => [rensTekst(n), rens(x, [...sti, n])]));
  };
  return { verdi: rens(verdi, []), feil };
}
