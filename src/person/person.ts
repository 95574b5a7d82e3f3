import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { NyPerson, PersonTreff } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { alderPaa, dagIOslo } from '../contract/tid.ts';
import { ikkeFunnet, Problemfeil, ugyldigeFelter } from '../http/problem.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import type { Adresse } from './adresse.ts';
import { lesFodselsnummer } from './fodselsnummer.ts';

/** En person uten fødselsnummeret, som bare finnes i sin egen kolonne og aldri leses ut igjen. */
export interface Person extends Adresse {
  id: string;
  navn: string;
  fodselsdato: string;
  telefon: string;
  beskyttetAdresse: boolean;
  tolk: string;
}

const KOLONNER = `p.id, p.navn, p.fodselsdato::text as fodselsdato, p.adresse, p.postnummer, p.poststed, p.telefon,
  p.beskyttet_adresse as "beskyttetAdresse", p.tolk`;
const MAKS_TREFF = 20;

/** Personen, eller null. Tilgang avgjøres av den som kaller. */
export async function hentPerson(m: EntityManager, id: string): Promise<Person | null> {
  const rader: Person[] = await m.query(`select ${KOLONNER} from person p where p.id = $1`, [id]);
  return rader[0] ?? null;
}

/** Det lister viser om en person: aldri nummer eller adresse. */
export function somTreff(person: Person, klokke: Klokke): PersonTreff {
  return {
    id: person.id,
    navn: person.navn,
    fodselsdato: person.fodselsdato,
    alder: alderPaa(person.fodselsdato, dagIOslo(klokke.naa())),
    beskyttetAdresse: person.beskyttetAdresse,
  };
}

/** Ordene i et søk, klare til et `ilike`-mønster; tegn med egen betydning i mønstre betyr seg selv. */
function soekeord(sok: string): string[] {
  return sok
    .trim()
    .split(/\s+/)
    .filter((ord) => ord.length > 0)
    .map((ord) => ord.replace(/[\\%_]/g, (tegn) => `\\${tegn}`));
}

/**
 * Søker på deler av navnet; først de der ordene begynner et navn («ida» gir Ida før Frida), så sortert på norsk. Høyst
 * tjue treff. Den som ikke har rett til å søke i personer, får
 * tom liste.
 */
export async function soekPersonerPaaNavn(
  m: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  sok: string,
): Promise<PersonTreff[]> {
  const ord = soekeord(sok);
  if (ord.length === 0 || !kan(bruker, 'person:soek')) return [];
  const rader: Person[] = await m.query(
    `select ${KOLONNER} from person p where p.navn ilike all($1::text[])
      order by (' ' || p.navn) ilike all($2::text[]) desc, p.navn collate "nb-NO-x-icu", p.fodselsdato, p.id
      limit ${MAKS_TREFF}`,
    [ord.map((o) => `%${o}%`), ord.map((o) => `% ${o}%`)],
  );
  return rader.map((p) => somTreff(p, klokke));
}

/** Slår opp på hele fødselsnummeret, som bare sendes i kroppen av en forespørsel. Tom liste når ingen finnes. */
export async function soekPersonPaaNummer(
  m: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  fodselsnummer: string,
): Promise<PersonTreff[]> {
  if (!kan(bruker, 'person:soek')) return [];
  const rader: Person[] = await m.query(`select ${KOLONNER} from person p where p.fodselsnummer = $1`, [fodselsnummer]);
  return rader.map((p) => somTreff(p, klokke));
}

/**
 * Registrerer en person.
 * @throws Problemfeil 404 uten rett til det, 422 når nummeret ikke kan finnes, 409 når personen er registrert
 */
export async function opprettPerson(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  ny: NyPerson,
): Promise<PersonTreff> {
  if (!kan(bruker, 'person:opprett')) throw ikkeFunnet();
  const lest = lesFodselsnummer(ny.fodselsnummer);
  const naa = klokke.naa();
  if (!lest || lest.fodselsdato > dagIOslo(naa)) {
    throw ugyldigeFelter([
      { felt: 'fodselsnummer', melding: 'Fødselsnummeret er ikke gyldig. Kontroller at alle elleve sifre er riktige.' },
    ]);
  }
  const person: Person = {
    id: randomUUID(),
    navn: ny.navn,
    fodselsdato: lest.fodselsdato,
    adresse: ny.adresse,
    postnummer: ny.postnummer,
    poststed: ny.poststed,
    telefon: ny.telefon,
    beskyttetAdresse: ny.beskyttetAdresse,
    tolk: ny.tolk,
  };
  const lagret: unknown[] = await tx.query(
    `insert into person (id, fodselsnummer, fodselsdato, navn, adresse, postnummer, poststed, telefon,
                         beskyttet_adresse, tolk, opprettet)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (fodselsnummer) do nothing returning id`,
    [
      person.id,
      ny.fodselsnummer,
      person.fodselsdato,
      person.navn,
      person.adresse,
      person.postnummer,
      person.poststed,
      person.telefon,
      person.beskyttetAdresse,
      person.tolk,
      naa,
    ],
  );
  if (lagret.length === 0) {
    throw new Problemfeil(409, 'Personen finnes', 'Personen er registrert fra før. Søk på fødselsnummeret i stedet.', [
      { felt: 'fodselsnummer', melding: 'En person med dette fødselsnummeret er registrert fra før.' },
    ]);
  }
  return somTreff(person, klokke);
}

/** En som kan handle for personen: forelder, verge, fullmektig eller barnevern. */
export interface NyRepresentant extends Adresse {
  navn: string;
  slag: 'forelder' | 'verge' | 'fullmektig' | 'barnevern';
  omfang: string;
  /** datoene representasjonen gjelder; `til` null er uten sluttdato */
  fra: string;
  til: string | null;
}

/** Registrerer en representant for personen og gir id-en. */
export async function opprettRepresentant(tx: EntityManager, personId: string, ny: NyRepresentant): Promise<string> {
  const id = randomUUID();
  await tx.query(
    `insert into representasjon (id, person_id, navn, slag, omfang, adresse, postnummer, poststed, fra, til)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, personId, ny.navn, ny.slag, ny.omfang, ny.adresse, ny.postnummer, ny.poststed, ny.fra, ny.til],
  );
  return id;
}

/** Representantene som gjelder på datoen, sortert på norsk. */
export function hentRepresentanter(
  m: EntityManager,
  personId: string,
  dag: string,
): Promise<{ navn: string; slag: NyRepresentant['slag']; omfang: string }[]> {
  return m.query(
    `select navn, slag, omfang from representasjon
      where person_id = $1 and fra <= $2 and (til is null or til >= $2) order by navn collate "nb-NO-x-icu"`,
    [personId, dag],
  );
}
