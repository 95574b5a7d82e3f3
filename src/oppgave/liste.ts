import type { EntityManager } from 'typeorm';
import type { OppgaveListe, OppgaveRad, OppgaveSoek } from '../contract/api.ts';
import { enheterFor, type Innlogget } from '../tilgang/index.ts';
import { KOLONNER, MED_NAVN, fristgrenser, oppgavegrupper, tilApiRad, type Oppgaverad } from './lager.ts';

type Fane = OppgaveSoek['fane'];

/** Samler parametre og gir plassholderne, så ingen verdi noen gang står i SQL-teksten. */
class Parametre {
  readonly verdier: unknown[] = [];
  legg(verdi: unknown): string {
    this.verdier.push(verdi);
    return `$${this.verdier.length}`;
  }
}

/**
 * Radene i en fane som adskilte betingelser, hver med sin egen delindeks i fristrekkefølge. En liste over alle enhetens
 * oppgaver blir da de første radene fra noen få indekser, ikke en sortering av alt.
 */
function grener(fane: Fane, bruker: Innlogget, p: Parametre): string[] {
  const aapen = `o.status = 'aapen'`;
  switch (fane) {
    case 'mine':
      return [`${aapen} and o.eier_id = ${p.legg(bruker.id)}`];
    case 'ledige': {
      const grupper = oppgavegrupper(bruker, 'oppgave:les').map(
        (g) => `${aapen} and o.eier_id is null and o.gruppe = ${p.legg(g)}`,
      );
      return [
        ...grupper,
        `${aapen} and o.eier_id is null and o.gruppe is null and o.kandidatbruker = ${p.legg(bruker.id)}`,
      ];
    }
    case 'enheten':
      return enheterFor(bruker, 'enhet:oppgaver').map((e) => `${aapen} and o.enhet_id = ${p.legg(e)}`);
  }
}

function filter(soek: OppgaveSoek, iDag: Date, p: Parametre): string {
  const ledd: string[] = [];
  for (const ord of soek.sok.trim().toLocaleLowerCase('nb').split(/\s+/).filter(Boolean)) {
    const moenster = p.legg(`%${ord.replace(/[\\%_]/g, '\\$&')}%`);
    ledd.push(`o.sokbar like ${moenster}`);
  }
  if (soek.steg !== undefined) ledd.push(`o.steg_id = ${p.legg(soek.steg)}`);
  if (soek.rutine !== undefined) ledd.push(`o.prosess_id = ${p.legg(soek.rutine)}`);
  if (soek.enhet !== undefined) ledd.push(`o.enhet_id = ${p.legg(soek.enhet)}`);
  if (soek.personId !== undefined) ledd.push(`o.person_id = ${p.legg(soek.personId)}`);
  if (soek.forfalt) ledd.push(`o.frist < ${p.legg(iDag)}`);
  return ledd.map((l) => ` and ${l}`).join('');
}

/** Rekkefølgen til hver sortering; `loepenr` gjør den entydig, så en side aldri gjentar en rad fra den forrige. */
const SORTERING: Record<OppgaveSoek['sorter'], string> = {
  frist: 'o.frist',
  opprettet: 'o.opprettet',
  navn: 'o.person_navn collate "nb-NO-x-icu"',
  steg: 'o.tittel collate "nb-NO-x-icu"',
};

interface Fordeling {
  stegId: string;
  tittel: string;
  prosessId: string | null;
  rutineNavn: string;
  enhetId: string;
  enhetNavn: string;
  antall: number;
  forfalt: number;
}

function valg(rader: [id: string, navn: string][]): { id: string; navn: string }[] {
  return [...new Map(rader)].map(([id, navn]) => ({ id, navn })).sort((a, b) => a.navn.localeCompare(b.navn, 'nb'));
}

async function tell(m: EntityManager, fane: Fane, bruker: Innlogget): Promise<number> {
  const p = new Parametre();
  const deler = grener(fane, bruker, p).map((g) => `(select count(*) from oppgave o where ${g})`);
  if (deler.length === 0) return 0;
  const rader: { antall: number }[] = await m.query(`select (${deler.join(' + ')})::int as antall`, p.verdier);
  return rader[0]?.antall ?? 0;
}

/** Hvordan radene i fanen fordeler seg. Tellingen går i indeksene alene; navnene hentes fra én rad per kombinasjon. */
async function fordel(m: EntityManager, fane: Fane, bruker: Innlogget, iDag: Date): Promise<Fordeling[]> {
  const p = new Parametre();
  const hvor = grener(fane, bruker, p);
  if (hvor.length === 0) return [];
  const grense = p.legg(iDag);
  const deler = hvor.map(
    (g) => `select o.steg_id, o.prosess_id, o.enhet_id, count(*)::int as antall,
                   (count(*) filter (where o.frist < ${grense}))::int as forfalt, min(o.loepenr) as eksempel
              from oppgave o where ${g} group by 1, 2, 3`,
  );
  return m.query(
    `select f.steg_id as "stegId", o.tittel, f.prosess_id as "prosessId", o.rutine_navn as "rutineNavn",
            f.enhet_id as "enhetId", e.navn as "enhetNavn", f.antall, f.forfalt
       from (${deler.join(' union all ')}) f join oppgave o on o.loepenr = f.eksempel join enhet e on e.id = f.enhet_id`,
    p.verdier,
  );
}

interface Side {
  rader: OppgaveRad[];
  /** Antallet treff i alt, når spørringen uansett måtte se på alle. */
  treff: number | null;
}

async function hentSide(m: EntityManager, bruker: Innlogget, soek: OppgaveSoek, naa: Date): Promise<Side> {
  const p = new Parametre();
  const hvor = grener(soek.fane, bruker, p);
  if (hvor.length === 0) return { rader: [], treff: 0 };
  const filtre = filter(soek, fristgrenser(naa).iDag, p);
  const ned = soek.retning === 'synkende';
  const etter = `${SORTERING[soek.sorter]} ${ned ? 'desc nulls last' : 'asc nulls last'}, o.loepenr ${ned ? 'desc' : 'asc'}`;
  // Det som kom tilbake, står først når lista følger fristen. Delt i to, så resten fortsatt leses rett fra indeksen.
  const tilbakeFoerst = soek.sorter === 'frist';
  const rekkefoelge = tilbakeFoerst ? `(o.retur is null), ${etter}` : etter;
  const deler = tilbakeFoerst
    ? hvor.flatMap((g) => [`${g} and o.retur is not null`, `${g} and o.retur is null`])
    : hvor;
  const vindu = `offset ${p.legg(soek.fra)} limit ${p.legg(soek.antall)}`;
  const sorter = 'o.id, o.frist, o.opprettet, o.person_navn, o.tittel, o.loepenr, o.retur';
  // Uten filter holder det å lese de første radene i hver gren. Med filter må alle ses på, og da telles de i samme slengen.
  const alle =
    filtre === ''
      ? deler.map(
          (g) =>
            `(select ${sorter} from oppgave o where ${g} order by ${etter} limit ${p.legg(soek.fra + soek.antall)})`,
        )
      : hvor.map((g) => `select ${sorter} from oppgave o where ${g}${filtre}`);
  const telling = filtre === '' ? 'null::int' : '(count(*) over ())::int';
  const rader: (Oppgaverad & { treff: number | null })[] = await m.query(
    `select ${KOLONNER}, ${MED_NAVN}, v.treff
       from (select o.id, ${telling} as treff from (${alle.join(' union all ')}) o order by ${rekkefoelge} ${vindu}) v
       join oppgave o on o.id = v.id
      order by ${rekkefoelge}`,
    p.verdier,
  );
  const ingenTreff = filtre !== '' && soek.fra === 0 ? 0 : null;
  return { rader: rader.map((o) => tilApiRad(o, bruker, naa)), treff: rader[0]?.treff ?? ingenTreff };
}

/**
 * Oppgavelista: én side av en fane med tellinger og filtervalg. Det brukeren ikke har tilgang til, finnes ikke i noen av delene,
 * for alle bygger på de samme grenene.
 */
export async function hentListe(
  m: EntityManager,
  bruker: Innlogget,
  soek: OppgaveSoek,
  naa: Date,
): Promise<OppgaveListe> {
  const { iDag } = fristgrenser(naa);
  const side = await hentSide(m, bruker, soek, naa);
  const fordeling = await fordel(m, soek.fane, bruker, iDag);
  const iFanen = fordeling.reduce((sum, f) => sum + f.antall, 0);
  const antallI = (fane: Fane): Promise<number> =>
    fane === soek.fane ? Promise.resolve(iFanen) : tell(m, fane, bruker);
  return {
    rader: side.rader,
    totalt: side.treff ?? (await totalt(m, bruker, soek, iDag, iFanen)),
    antall: {
      mine: await antallI('mine'),
      ledige: await antallI('ledige'),
      forfalt: fordeling.reduce((sum, f) => sum + f.forfalt, 0),
      enheten: enheterFor(bruker, 'enhet:oppgaver').length > 0 ? await antallI('enheten') : null,
    },
    filtre: {
      steg: valg(fordeling.map((f) => [f.stegId, f.tittel])),
      rutiner: valg(fordeling.flatMap((f) => (f.prosessId ? [[f.prosessId, f.rutineNavn]] : []))),
      enheter: valg(fordeling.map((f) => [f.enhetId, f.enhetNavn])),
    },
  };
}

async function totalt(
  m: EntityManager,
  bruker: Innlogget,
  soek: OppgaveSoek,
  iDag: Date,
  iFanen: number,
): Promise<number> {
  const p = new Parametre();
  const hvor = grener(soek.fane, bruker, p);
  const filtre = filter(soek, iDag, p);
  if (filtre === '' || hvor.length === 0) return iFanen;
  const rader: { antall: number }[] = await m.query(
    `select (${hvor.map((g) => `(select count(*) from oppgave o where ${g}${filtre})`).join(' + ')})::int as antall`,
    p.verdier,
  );
  return rader[0]?.antall ?? 0;
}

/** Åpne oppgaver brukeren kan se (egne og ledige) som passer til søket; til søkefeltet øverst. */
export async function soekOppgaver(
  m: EntityManager,
  bruker: Innlogget,
  sok: string,
  naa: Date,
  antall = 10,
): Promise<OppgaveRad[]> {
  const soek = { sok, sorter: 'frist', retning: 'stigende', fra: 0, antall } as const;
  const { rader: mine } = await hentSide(m, bruker, { ...soek, fane: 'mine' }, naa);
  const { rader: ledige } = await hentSide(m, bruker, { ...soek, fane: 'ledige' }, naa);
  return [...mine, ...ledige].slice(0, antall);
}
