import { unaryTest } from 'feelin';

/*
 * Hva som er skjult i et form-js-skjema. Skjermen bruker svaret til å vise feltene, serveren til å ta bort det som ikke
 * teller; begge regner med denne funksjonen på de samme dataene, så det som vises, er det som lagres.
 */

type Sti = readonly (string | number)[];
type Data = Record<string, unknown>;

interface Felt {
  id: string;
  sti: string[];
  nokkel: string[] | null;
  skjules: string | null;
  deaktivert: boolean;
  gjentas: boolean;
  barn: Felt[];
}

function erObjekt(verdi: unknown): verdi is Data {
  return typeof verdi === 'object' && verdi !== null && !Array.isArray(verdi);
}
function tekst(verdi: unknown): string {
  return typeof verdi === 'string' ? verdi : '';
}
function deler(sti: unknown): string[] {
  return tekst(sti).split('.').filter(Boolean);
}

/** @param plass feltets plass i skjemaet; står for id-en når det ikke har noen */
function lesFelt(raa: unknown, plass: string): Felt[] {
  if (!erObjekt(raa)) return [];
  const betingelse = erObjekt(raa['conditional']) ? tekst(raa['conditional']['hide']) : '';
  return [
    {
      id: tekst(raa['id']) || plass,
      sti: deler(raa['path']),
      nokkel: typeof raa['key'] === 'string' && raa['key'] !== '' ? deler(raa['key']) : null,
      skjules: betingelse.startsWith('=') ? betingelse.slice(1) : null,
      deaktivert: raa['disabled'] === true,
      gjentas: raa['type'] === 'dynamiclist' || raa['isRepeating'] === true,
      barn: Array.isArray(raa['components']) ? raa['components'].flatMap((k, n) => lesFelt(k, `${plass}.${n}`)) : [],
    },
  ];
}

const lest = new WeakMap<object, Felt[]>();
function lesFelter(skjema: unknown): Felt[] {
  if (!erObjekt(skjema)) return [];
  const kjent = lest.get(skjema);
  if (kjent) return kjent;
  const felter = Array.isArray(skjema['components']) ? skjema['components'].flatMap((k, n) => lesFelt(k, `@${n}`)) : [];
  lest.set(skjema, felter);
  return felter;
}

function hent(data: unknown, sti: Sti): unknown {
  return sti.reduce<unknown>((verdi, del) => {
    if (Array.isArray(verdi)) return verdi[Number(del)];
    return erObjekt(verdi) && Object.hasOwn(verdi, del) ? verdi[del] : undefined;
  }, data);
}

/** Fjerner verdien, og gruppene som blir tomme av det; en rad i en liste blir stående. */
function fjern(data: Data, sti: Sti): void {
  const siste = sti.at(-1);
  const forelder = hent(data, sti.slice(0, -1));
  if (siste === undefined || typeof forelder !== 'object' || forelder === null || !Object.hasOwn(forelder, siste)) {
    return;
  }
  Reflect.deleteProperty(forelder, siste);
  if (typeof sti.at(-2) === 'string' && Object.keys(forelder).length === 0) fjern(data, sti.slice(0, -1));
}

/** Setter inn verdien; gruppene på veien lages når de ikke finnes. */
function settInn(data: Data, sti: Sti, verdi: unknown): void {
  const siste = sti.at(-1);
  if (siste === undefined) return;
  let i: unknown = data;
  for (const del of sti.slice(0, -1)) {
    if (typeof i !== 'object' || i === null) return;
    if (!Object.hasOwn(i, del)) Object.defineProperty(i, del, VANLIG({}));
    i = Reflect.get(i, del);
  }
  if (typeof i === 'object' && i !== null) Object.defineProperty(i, siste, VANLIG(verdi));
}
/** En egen egenskap, også når navnet er noe arvet (`__proto__`). */
const VANLIG = (value: unknown): PropertyDescriptor => ({
  value,
  writable: true,
  enumerable: true,
  configurable: true,
});

interface Omfang {
  denne: unknown;
  forelder: unknown;
  i: number[];
}

/** Det en betingelse ser: alle feltene, og `this`, `parent` og `i` inne i en liste (som i form-js). */
function uttrykkskontekst(data: Data, o: Omfang): Data {
  const egne = { this: o.denne, parent: o.forelder, i: o.i };
  return { ...egne, ...data, _this_: o.denne, _parent_: o.forelder, _i_: o.i };
}

/** Et uttrykk som ikke lar seg regne ut, skjuler ikke. */
function erSann(uttrykk: string, kontekst: Data): boolean {
  try {
    return unaryTest(uttrykk, kontekst).value === true;
  } catch {
    return false;
  }
}

/** Navnet på feltet i akkurat denne raden av listene det står i (1, 2 …), slik betingelser også teller dem. */
export function feltnavn(id: string, i: readonly number[]): string {
  return [id, ...i].join('#');
}

const stinavn = (sti: Sti): string => JSON.stringify(sti);

/** Ett gjennomløp: hva betingelsene sier er skjult når bare `teller` teller med. */
interface Runde {
  /** navnene (feltnavn) på det som er skjult, også tekster og grupper */
  skjult: Set<string>;
  /** stiene til verdiene som ikke teller */
  stier: Sti[];
}

function regnUt(felter: readonly Felt[], alt: Data, teller: Data): Runde {
  const runde: Runde = { skjult: new Set(), stier: [] };
  const synlige = new Set<string>();
  const gaa = (liste: readonly Felt[], sti: Sti, omfang: Omfang, overSkjult: boolean): void => {
    for (const felt of liste) {
      const erSkjult = overSkjult || (felt.skjules !== null && erSann(felt.skjules, uttrykkskontekst(teller, omfang)));
      if (erSkjult) runde.skjult.add(feltnavn(felt.id, omfang.i));
      if (felt.nokkel) {
        const svar = [...sti, ...felt.nokkel];
        if (erSkjult) runde.stier.push(svar);
        else synlige.add(stinavn(svar));
        continue;
      }
      const herfra = [...sti, ...felt.sti];
      if (!felt.gjentas) {
        gaa(felt.barn, herfra, omfang, erSkjult);
        continue;
      }
      if (erSkjult) {
        runde.stier.push(herfra);
        continue;
      }
      // Radene telles i det som er skrevet: en rad blir ikke borte av at alt i den er skjult.
      const rader = hent(alt, herfra);
      if (!Array.isArray(rader)) continue;
      rader.forEach((rad: unknown, n) => {
        const igjen = hent(teller, [...herfra, n]);
        const denne = igjen === undefined ? (erObjekt(rad) ? {} : rad) : igjen;
        gaa(felt.barn, [...herfra, n], { denne, forelder: omfang.denne, i: [...omfang.i, n + 1] }, false);
      });
    }
  };
  gaa(felter, [], { denne: teller, forelder: null, i: [] }, false);
  // To felter kan ha det samme svaret; er det ene synlig, teller det.
  runde.stier = runde.stier.filter((sti) => !synlige.has(stinavn(sti)));
  return runde;
}

function uten(data: Data, stier: readonly Sti[]): Data {
  const kopi = structuredClone(data);
  for (const sti of stier) fjern(kopi, sti);
  return kopi;
}

/** Alle nøklene øverst i skjemaet som er svar, og ikke fakta det bare viser. */
function svarnoekler(felter: readonly Felt[]): string[] {
  return felter.flatMap((f) => {
    if (f.nokkel) return f.deaktivert || f.nokkel[0] === undefined ? [] : [f.nokkel[0]];
    return f.sti[0] !== undefined ? [f.sti[0]] : svarnoekler(f.barn);
  });
}

/** Stiene til det skjemaet har låst: det kan ikke sendes inn. */
function laaste(felter: readonly Felt[], data: Data, sti: Sti = []): Sti[] {
  return felter.flatMap((f) => {
    if (f.nokkel) return f.deaktivert ? [[...sti, ...f.nokkel]] : [];
    const herfra = [...sti, ...f.sti];
    if (!f.gjentas) return laaste(f.barn, data, herfra);
    const rader = hent(data, herfra);
    return Array.isArray(rader) ? rader.flatMap((_, n) => laaste(f.barn, data, [...herfra, n])) : [];
  });
}

export interface Synlighet {
  /** svarene som teller: uten det som er skjult, og uten det skjemaet har låst */
  svar: Data;
  /** det betingelser, tekster og grenser i skjemaet skal regne med: svarene som teller, oppå det skjemaet fikk */
  grunnlag: Data;
  /** om feltet er skjult i denne raden; `i` er radene i listene det står i, fra 1 */
  erSkjult(id: string, i: readonly number[]): boolean;
}

/** Lengre kjeder av betingelser enn dette finnes ikke i et skjema noen kan fylle ut; da regnes alt som en ring. */
const FLEST_RUNDER = 200;

/**
 * Hva som er synlig i skjemaet, og hvilke svar som teller. Et svar i et felt som er skjult, teller ikke for andre felters
 * betingelser: det regnes om igjen fra alt som er skrevet, til de samme feltene er skjult to ganger på rad, så rekkefølgen
 * i skjemaet er likegyldig, og et svar som blir synlig igjen fordi et annet faller bort, er ikke mistet. Går det i ring
 * (et felt som skjuler seg selv), vises feltene i ringen: det noen ser og har svart på, skal aldri falle bort.
 * @param skjema form-js-skjemaet (JSON) oppgaven ble laget med
 * @param skrevet verdien i hvert felt, også de skjulte
 * @param kontekst det skjemaet ble åpnet med; betingelser kan bruke det
 */
export function regnSynlighet(skjema: unknown, skrevet: Data, kontekst: Data): Synlighet {
  const felter = lesFelter(skjema);
  // Det som er låst, har skjemaet fått; det som ikke er skrevet, er tomt selv om det var fylt ut på forhånd.
  const laast = laaste(felter, skrevet);
  const egne = uten(skrevet, laast);
  const tomme = Object.fromEntries(svarnoekler(felter).map((n) => [n, null]));
  const grunnlagFor = (svar: Data): Data => {
    const g = structuredClone({ ...kontekst, ...tomme, ...svar });
    for (const sti of laast) settInn(g, sti, hent(kontekst, sti) ?? null);
    return g;
  };
  const alt = grunnlagFor(egne);
  const sett = new Map<string, number>();
  const runder: Runde[] = [];
  let runde: Runde = { skjult: new Set(), stier: [] };
  for (;;) {
    const nokkel = JSON.stringify([...runde.skjult].sort());
    const foer = sett.get(nokkel) ?? (runder.length > FLEST_RUNDER ? 0 : undefined);
    if (foer !== undefined) {
      const ring = runder.slice(foer);
      const alltid = (navn: string): boolean => ring.every((r) => r.skjult.has(navn));
      const somAlltid = (sti: Sti): boolean => ring.every((r) => r.stier.some((s) => stinavn(s) === stinavn(sti)));
      runde = {
        skjult: new Set([...runde.skjult].filter(alltid)),
        stier: runde.stier.filter(somAlltid),
      };
      break;
    }
    sett.set(nokkel, runder.length);
    runder.push(runde);
    runde = regnUt(felter, alt, grunnlagFor(uten(egne, runde.stier)));
  }
  const svar = uten(egne, runde.stier);
  const { skjult } = runde;
  return { svar, grunnlag: grunnlagFor(svar), erSkjult: (id, i) => skjult.has(feltnavn(id, i)) };
}
