import { unaryTest } from 'feelin';

/*
 * Betingelsene i et form-js-skjema, regnet ut på serveren fra den samme JSON-en som skjermen bruker: et felt som er skjult,
 * teller ikke, uansett hva som ble sendt inn.
 */

type Sti = readonly (string | number)[];
type Data = Record<string, unknown>;

interface Felt {
  type: string;
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

function lesFelt(raa: unknown): Felt[] {
  if (!erObjekt(raa)) return [];
  const betingelse = erObjekt(raa['conditional']) ? tekst(raa['conditional']['hide']) : '';
  const type = tekst(raa['type']);
  return [
    {
      type,
      sti: deler(raa['path']),
      nokkel: typeof raa['key'] === 'string' && raa['key'] !== '' ? deler(raa['key']) : null,
      skjules: betingelse.startsWith('=') ? betingelse.slice(1) : null,
      deaktivert: raa['disabled'] === true,
      gjentas: type === 'dynamiclist' || raa['isRepeating'] === true,
      barn: Array.isArray(raa['components']) ? raa['components'].flatMap(lesFelt) : [],
    },
  ];
}

function hent(data: unknown, sti: Sti): unknown {
  return sti.reduce<unknown>((verdi, del) => {
    if (Array.isArray(verdi)) return verdi[Number(del)];
    return erObjekt(verdi) && Object.hasOwn(verdi, del) ? verdi[del] : undefined;
  }, data);
}

/** Fjerner verdien, og foreldrene som blir tomme av det. */
function fjern(data: Data, sti: Sti): boolean {
  const siste = sti.at(-1);
  const forelder = hent(data, sti.slice(0, -1));
  if (siste === undefined || typeof forelder !== 'object' || forelder === null || !Object.hasOwn(forelder, siste)) {
    return false;
  }
  Reflect.deleteProperty(forelder, siste);
  if (sti.length > 1 && !Array.isArray(forelder) && Object.keys(forelder).length === 0) fjern(data, sti.slice(0, -1));
  return true;
}

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

/** Et uttrykk som ikke lar seg regne ut, skjuler ikke; slik er det på skjermen også. */
function erSann(uttrykk: string, kontekst: Data): boolean {
  try {
    return unaryTest(uttrykk, kontekst).value === true;
  } catch {
    return false;
  }
}

function skjulteStier(felter: Felt[], sti: Sti, sammenheng: Data, omfang: Omfang, skjult: boolean): Sti[] {
  return felter.flatMap((felt) => {
    const erSkjult = skjult || (felt.skjules !== null && erSann(felt.skjules, uttrykkskontekst(sammenheng, omfang)));
    if (felt.nokkel) return erSkjult || felt.deaktivert ? [[...sti, ...felt.nokkel]] : [];
    const herfra = [...sti, ...felt.sti];
    if (!felt.gjentas) return skjulteStier(felt.barn, herfra, sammenheng, omfang, erSkjult);
    if (erSkjult) return [herfra];
    const rader = hent(sammenheng, herfra);
    if (!Array.isArray(rader)) return [];
    return rader.flatMap((rad: unknown, i) =>
      skjulteStier(
        felt.barn,
        [...herfra, i],
        sammenheng,
        { denne: rad, forelder: omfang.denne, i: [...omfang.i, i + 1] },
        false,
      ),
    );
  });
}

/**
 * Innsendte data uten feltene som skjemaets betingelser skjuler, og uten dem det har låst. Skjuler et felt et annet når det
 * selv er borte, regnes det om til ingenting mer endrer seg, så rekkefølgen i skjemaet er likegyldig.
 * @param skjema form-js-skjemaet (JSON) oppgaven ble laget med
 * @param innsendt det skjermen sendte
 * @param kontekst inndata skjemaet ble vist med; betingelser kan bruke dem
 */
export function fjernSkjulte(skjema: unknown, innsendt: Data, kontekst: Data): Data {
  const data = structuredClone(innsendt);
  const felter = erObjekt(skjema) && Array.isArray(skjema['components']) ? skjema['components'].flatMap(lesFelt) : [];
  for (let endret = true; endret;) {
    const sammenheng = { ...kontekst, ...utenInnsendtes(felter, kontekst, data) };
    const omfang: Omfang = { denne: sammenheng, forelder: null, i: [] };
    const stier = skjulteStier(felter, [], sammenheng, omfang, false);
    endret = stier.map((sti) => fjern(data, sti)).some(Boolean);
  }
  return data;
}

/** Et felt som ikke ble sendt inn er tomt, også når konteksten hadde en forhåndsutfylt verdi for det. */
function utenInnsendtes(felter: Felt[], kontekst: Data, data: Data): Data {
  const tomme = felter.flatMap((f) => {
    const nokkel = f.nokkel?.[0];
    return nokkel !== undefined && !f.deaktivert && nokkel in kontekst && !(nokkel in data) ? [[nokkel, null]] : [];
  });
  return { ...Object.fromEntries(tomme), ...data };
}

/** Ledeteksten og eventuelle valg til hvert felt, i skjemaets rekkefølge; til å vise svar med ord. */
export interface Feltbeskrivelse {
  nokkel: string;
  ledetekst: string;
  type: string;
  valg: ReadonlyMap<string, string>;
}

/** Feltene i skjemaet med ledetekst, i rekkefølge. */
export function beskrivFelter(skjema: unknown): Feltbeskrivelse[] {
  const besoek = (raa: unknown): Feltbeskrivelse[] => {
    if (!erObjekt(raa)) return [];
    const barn = Array.isArray(raa['components']) ? raa['components'].flatMap(besoek) : [];
    if (typeof raa['key'] !== 'string' || raa['key'] === '') return barn;
    const valg = Array.isArray(raa['values']) ? raa['values'].filter(erObjekt) : [];
    return [
      {
        nokkel: raa['key'],
        ledetekst: tekst(raa['label']) || tekst(raa['dateLabel']) || raa['key'],
        type: tekst(raa['type']),
        valg: new Map(valg.map((v) => [String(v['value']), tekst(v['label'])])),
      },
      ...barn,
    ];
  };
  return besoek(skjema);
}
