/** Vektene i de to kontrollsifrene (Skatteetaten: folkeregisterforskriften § 2-2-1). */
const VEKTER1 = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const VEKTER2 = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

function kontrollsiffer(sifre: readonly number[], vekter: readonly number[]): number | null {
  const sum = vekter.reduce((s, vekt, i) => s + vekt * (sifre[i] ?? 0), 0);
  const rest = (11 - (sum % 11)) % 11;
  return rest === 10 ? null : rest;
}

/** Hundreåret følger av individnummeret (folkeregisterforskriften § 2-2-1). */
function fulltAar(aar: number, individnummer: number): number | null {
  if (individnummer <= 499) return 1900 + aar;
  if (individnummer <= 749 && aar >= 54) return 1800 + aar;
  if (individnummer <= 999 && aar <= 39) return 2000 + aar;
  if (individnummer >= 900 && aar >= 40) return 1900 + aar;
  return null;
}

/** Det som kan leses ut av et gyldig nummer. */
export interface LestFodselsnummer {
  /** 'åååå-mm-dd' */
  fodselsdato: string;
  /** fra Skatteetatens testpopulasjon (måned + 80): finnes ikke i virkeligheten */
  syntetisk: boolean;
}

/**
 * Leser et fødselsnummer eller d-nummer (dag + 40), ekte eller syntetisk (måned + 80, Skatteetatens testpopulasjon).
 * Begge slag valideres likt, med kontrollsifre; null når nummeret ikke kan finnes.
 */
export function lesFodselsnummer(nummer: string): LestFodselsnummer | null {
  if (!/^\d{11}$/.test(nummer)) return null;
  const sifre = [...nummer].map(Number);
  if (kontrollsiffer(sifre, VEKTER1) !== sifre[9] || kontrollsiffer(sifre, VEKTER2) !== sifre[10]) return null;
  const raaDag = Number(nummer.slice(0, 2));
  const raaMaaned = Number(nummer.slice(2, 4));
  const syntetisk = raaMaaned > 80;
  const maaned = syntetisk ? raaMaaned - 80 : raaMaaned;
  const dag = raaDag > 40 ? raaDag - 40 : raaDag;
  const aar = fulltAar(Number(nummer.slice(4, 6)), Number(nummer.slice(6, 9)));
  if (aar === null) return null;
  const dato = new Date(Date.UTC(aar, maaned - 1, dag));
  if (dato.getUTCMonth() !== maaned - 1 || dato.getUTCDate() !== dag) return null;
  return { fodselsdato: dato.toISOString().slice(0, 10), syntetisk };
}

/**
 * Lager et syntetisk nummer (måned + 80) med riktige kontrollsifre for en fødselsdato, til demo og tester.
 * @param fodselsdato 'åååå-mm-dd', 1940–2039
 * @param loepenummer ulikt tall gir ulikt nummer på samme dato (0–300)
 */
export function lagSyntetiskFodselsnummer(fodselsdato: string, loepenummer: number): string {
  const aar = Number(fodselsdato.slice(0, 4));
  const start = `${fodselsdato.slice(8, 10)}${Number(fodselsdato.slice(5, 7)) + 80}${fodselsdato.slice(2, 4)}`;
  const foerste = aar >= 2000 ? 500 : 0;
  const siste = aar >= 2000 ? 999 : 499;
  let igjen = loepenummer;
  for (let individ = foerste; individ <= siste; individ++) {
    const uten = [...`${start}${String(individ).padStart(3, '0')}`].map(Number);
    const k1 = kontrollsiffer(uten, VEKTER1);
    if (k1 === null) continue;
    const k2 = kontrollsiffer([...uten, k1], VEKTER2);
    if (k2 === null) continue;
    if (igjen-- === 0) return [...uten, k1, k2].join('');
  }
  throw new Error(`Det finnes ikke flere syntetiske numre for ${fodselsdato}.`);
}
