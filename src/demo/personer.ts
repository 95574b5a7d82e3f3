import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo } from '../contract/tid.ts';
import { lagSyntetiskFodselsnummer, opprettPerson, opprettRepresentant, type NyRepresentant } from '../person/index.ts';
import type { Innlogget } from '../tilgang/index.ts';

/** En oppdiktet person. Numrene er syntetiske (måned + 80) og finnes ikke i virkeligheten. */
interface Demoperson {
  navn: string;
  /** dato; eller dagen i året for barn, som alltid er like gamle når demoen lages */
  fodt: string;
  alder?: number;
  adresse: string;
  beskyttetAdresse?: boolean;
  tolk?: string;
  representant?: Pick<NyRepresentant, 'navn' | 'slag'>;
}

/** Personene i demosakene, etter en nøkkel sakene bruker. */
const DEMOPERSONER = {
  ida: {
    navn: 'Ida Solberg',
    fodt: '03-14',
    alder: 6,
    adresse: 'Bjørkeveien 8',
    representant: { navn: 'Marit Solberg', slag: 'forelder' },
  },
  ragnhild: { navn: 'Ragnhild Torp', fodt: '1948-09-02', adresse: 'Strandgata 21' },
  aslak: { navn: 'Aslak Eide', fodt: '1971-01-30', adresse: 'Kirkebakken 3' },
  berit: { navn: 'Berit Haugland', fodt: '1959-06-11', adresse: 'Sjøvegen 44' },
  minh: { navn: 'Minh Nguyen', fodt: '1984-12-05', adresse: 'Torget 2', tolk: 'vietnamesisk' },
  dagny: { navn: 'Dagny Lund', fodt: '1990-04-22', adresse: 'Elvegata 17' },
  emil: {
    navn: 'Emil Sætre',
    fodt: '08-19',
    alder: 17,
    adresse: 'Skolevegen 5',
    representant: { navn: 'Hilde Sætre', slag: 'forelder' },
  },
  frida: { navn: 'Frida Nes', fodt: '1966-02-27', adresse: 'Furulia 12' },
  gunnar: { navn: 'Gunnar Vold', fodt: '1955-10-08', adresse: 'Hamnegata 9' },
  hege: { navn: 'Hege Brekke', fodt: '1978-07-16', adresse: 'Åsvegen 30' },
  ivar: { navn: 'Ivar Moen', fodt: '1963-05-03', adresse: 'Myrvegen 6' },
  jorunn: { navn: 'Jorunn Ask', fodt: '1987-11-25', adresse: 'Parkvegen 14' },
  kaare: { navn: 'Kåre Lien', fodt: '1941-03-07', adresse: 'Øvregata 1' },
  liv: { navn: 'Liv Tangen', fodt: '1995-09-29', adresse: 'Dalsvegen 27' },
  magnus: { navn: 'Magnus Ødegård', fodt: '1975-08-01', adresse: 'Madlavegen 3' },
  sara: {
    navn: 'Sara Lindås',
    fodt: '05-20',
    alder: 12,
    adresse: '',
    beskyttetAdresse: true,
    representant: { navn: 'Barneverntjenesten', slag: 'barnevern' },
  },
} as const satisfies Record<string, Demoperson>;
export type Demopersonnoekkel = keyof typeof DEMOPERSONER;

const POSTNUMMER = '4099';
const POSTSTED = 'Sandvik';

/** Fødselsdatoen på en gitt dag: sakene om barn bygger på alderen, og den skal stemme også om et par år. */
function fodselsdato(p: Demoperson, idag: string): string {
  if (p.alder === undefined) return p.fodt;
  const aar = Number(idag.slice(0, 4)) - p.alder;
  return `${idag.slice(5) < p.fodt ? aar - 1 : aar}-${p.fodt}`;
}

/** Personens id; personen registreres når den ikke finnes. */
export async function demoperson(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  noekkel: Demopersonnoekkel,
): Promise<string> {
  const p: Demoperson = DEMOPERSONER[noekkel];
  const fodt = fodselsdato(p, dagIOslo(klokke.naa()));
  const fodselsnummer = lagSyntetiskFodselsnummer(fodt, 7);
  const finnes: { id: string }[] = await tx.query(`select id from person where fodselsnummer = $1`, [fodselsnummer]);
  if (finnes[0]) return finnes[0].id;
  const sted = p.adresse ? { postnummer: POSTNUMMER, poststed: POSTSTED } : { postnummer: '', poststed: '' };
  const { id } = await opprettPerson(tx, klokke, bruker, {
    navn: p.navn,
    fodselsnummer,
    adresse: p.adresse,
    ...sted,
    telefon: '',
    beskyttetAdresse: p.beskyttetAdresse ?? false,
    tolk: p.tolk ?? '',
  });
  if (p.representant) {
    const adresse = { adresse: p.adresse, ...sted };
    await opprettRepresentant(tx, id, { ...p.representant, ...adresse, omfang: 'Hele saken', fra: fodt, til: null });
  }
  return id;
}

/** Grensene for hvor mange oppdrag de ansatte kan ha, og kursene som er gjennomført; det som finnes, røres ikke. */
export async function leggInnKapasitet(tx: EntityManager, klokke: Klokke): Promise<void> {
  const maks: [string, number][] = [
    ['jonas-vik', 6],
    ['mette-foss', 5],
    ['ola-hansen', 2],
    ['ingrid-bakke', 2],
  ];
  for (const [brukerId, antall] of maks) {
    await tx.query(
      `insert into koordinatorkapasitet (bruker_id, maks_oppdrag) values ($1, $2) on conflict do nothing`,
      [brukerId, antall],
    );
  }
  const oppmoeter: [string, string, string][] = [
    ['jonas-vik', 'plankoordinatorrollen', '2025-03-12'],
    ['jonas-vik', 'planverktoey-plankoordinator', '2025-03-19'],
    ['mette-foss', 'plankoordinatorrollen', '2024-10-02'],
  ];
  for (const [brukerId, kursId, dato] of oppmoeter) {
    await tx.query(
      `insert into oppmoete (id, innsending_id, bruker_id, kurs_id, dato, registrert_av, registrert)
       values ($1, $2, $3, $4, $5, 'kari-moe', $6) on conflict (bruker_id, kurs_id, dato) do nothing`,
      [randomUUID(), randomUUID(), brukerId, kursId, dato, klokke.naa()],
    );
  }
}
