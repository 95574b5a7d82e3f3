import type { EntityManager } from 'typeorm';
import { ROLLER, type Innlogget, type Rolle } from '../contract/tilgang.ts';
import { Systemfeil } from '../logg/index.ts';

/** Det som er forskjellig mellom kommuner og ikke hører hjemme i et diagram. */
export interface Kommunekonfig {
  /** et vedtak må godkjennes av en annen enn den som fattet det */
  fireOeyne: boolean;
  /** manglende opplæring stopper oppnevningen, eller gir en frist */
  opplaeringKreves: 'blokkerer' | 'frist';
  /** klagefristen i uker etter hvert regelverk (pbrl § 7-5: fire uker; de andre er ikke kontrollert og settes av kommunen) */
  klagefristUker: Record<'helse' | 'nav' | 'barnevern', number>;
  /** dager den oppnevnte har på seg til å ta kurset når det bare settes frist */
  opplaeringsfristDager: number;
  /** adressen klager sendes til, på én linje; uten den står bare enheten og kommunen i brevet */
  postadresse?: string;
}
export interface Enhet {
  id: string;
  navn: string;
  slag: 'kommune' | 'ke' | 'virksomhet' | 'barnevern' | 'nav' | 'stab';
}
export interface Ansatt {
  id: string;
  navn: string;
  enhetId: string;
  enhetNavn: string;
}

/** Betingelsen for at brukeren ikke er sperret på dagen i parameteren. */
export const brukerIBruk = (alias: string, dag: string): string =>
  `${alias}.aktiv and (${alias}.sperret_fra is null or ${alias}.sperret_fra > ${dag}::date)`;

/** Betingelsen for at rolletildelingen gjelder på dagen i parameteren. */
export const rolleGjelder = (alias: string, dag: string): string =>
  `${alias}.fra <= ${dag}::date and (${alias}.til is null or ${alias}.til >= ${dag}::date)`;

interface Rolletreff {
  id: string;
  navn: string;
  rolle: string | null;
  enhet_id: string | null;
  enhet_navn: string | null;
}

function erRolle(verdi: string | null): verdi is Rolle {
  return ROLLER.some((r) => r === verdi);
}

/** Brukerne med rollene som gjelder på `dag`, etter det kolonnen heter; de som ikke finnes eller er sperret, mangler. */
async function hentInnloggede(
  m: EntityManager,
  kolonne: 'id' | 'subjekt',
  verdier: readonly string[],
  dag: string,
): Promise<Map<string, Innlogget>> {
  const rader: Rolletreff[] = await m.query(
    `select b.id, b.navn, r.rolle, r.enhet_id, e.navn as enhet_navn
       from bruker b
       left join rolletildeling r on r.bruker_id = b.id and ${rolleGjelder('r', '$2')}
       left join enhet e on e.id = r.enhet_id
      where b.${kolonne} = any($1) and ${brukerIBruk('b', '$2')}
      order by r.rolle, e.navn`,
    [verdier, dag],
  );
  const brukere = new Map<string, Innlogget>();
  for (const r of rader) {
    const bruker = brukere.get(r.id) ?? { id: r.id, navn: r.navn, roller: [] };
    if (erRolle(r.rolle) && r.enhet_id && r.enhet_navn)
      bruker.roller.push({ rolle: r.rolle, enhetId: r.enhet_id, enhetNavn: r.enhet_navn });
    brukere.set(r.id, bruker);
  }
  return brukere;
}

/** Brukeren med rollene som gjelder på `dag` ('åååå-mm-dd'); null når han ikke finnes eller er sperret. */
export async function hentBruker(m: EntityManager, id: string, dag: string): Promise<Innlogget | null> {
  return (await hentInnloggede(m, 'id', [id], dag)).get(id) ?? null;
}

/** Som `hentBruker`, for mange på én gang. Nøkkelen er id-en; de som ikke finnes eller er sperret, mangler. */
export function hentBrukere(m: EntityManager, ider: readonly string[], dag: string): Promise<Map<string, Innlogget>> {
  return hentInnloggede(m, 'id', ider, dag);
}

/** Brukeren identitetstjenesten kaller `subjekt` (OIDC `sub`). */
export async function hentBrukerForSubjekt(m: EntityManager, subjekt: string, dag: string): Promise<Innlogget | null> {
  const [bruker] = (await hentInnloggede(m, 'subjekt', [subjekt], dag)).values();
  return bruker ?? null;
}

/** Alle enheter, sortert på norsk. */
export function hentEnheter(m: EntityManager): Promise<Enhet[]> {
  return m.query(`select id, navn, slag from enhet order by navn collate "nb-NO-x-icu"`);
}

/** Enheten, eller null. */
export async function hentEnhet(m: EntityManager, id: string): Promise<Enhet | null> {
  const rader: Enhet[] = await m.query(`select id, navn, slag from enhet where id = $1`, [id]);
  return rader[0] ?? null;
}

/** Aktive ansatte i enheten (én rad per ansatt), med minst én av rollene når `roller` er gitt; sortert på norsk. */
export function hentAnsatte(
  m: EntityManager,
  enhetId: string | null,
  dag: string,
  roller?: readonly Rolle[],
): Promise<Ansatt[]> {
  return m.query(
    `select x.* from (
       select distinct on (b.id, e.id) b.id, b.navn, e.id as "enhetId", e.navn as "enhetNavn"
         from bruker b join rolletildeling r on r.bruker_id = b.id join enhet e on e.id = r.enhet_id
        where ${brukerIBruk('b', '$2')} and ($1::text is null or e.id = $1) and ${rolleGjelder('r', '$2')}
          and ($3::text[] is null or r.rolle = any($3))
     ) x order by x.navn collate "nb-NO-x-icu"`,
    [enhetId, dag, roller ?? null],
  );
}

/** Enheten brukeren hører til: der han har en rolle i dag, ellers der han sist hadde en; null når han aldri har hatt noen. */
export async function enhetTil(m: EntityManager, brukerId: string, dag: string): Promise<string | null> {
  const rader: { enhet_id: string }[] = await m.query(
    `select r.enhet_id from rolletildeling r where r.bruker_id = $1
      order by (${rolleGjelder('r', '$2')}) desc, r.til desc nulls first, r.rolle, r.enhet_id limit 1`,
    [brukerId, dag],
  );
  return rader[0]?.enhet_id ?? null;
}

/** Navnet på brukeren; id-en selv når han ikke finnes (gamle hendelser). */
export async function brukernavn(m: EntityManager, id: string): Promise<string> {
  const rader: { navn: string }[] = await m.query(`select navn from bruker where id = $1`, [id]);
  return rader[0]?.navn ?? id;
}

/** Kommunens navn og oppsett. Én kommune per installasjon. */
export async function hentKommune(m: EntityManager): Promise<{ id: string; navn: string; konfig: Kommunekonfig }> {
  const rader: { id: string; navn: string; konfig: Kommunekonfig }[] = await m.query(
    `select id, navn, konfig from kommune order by id limit 1`,
  );
  const kommune = rader[0];
  if (!kommune) throw new Systemfeil('Ingen kommune er satt opp.');
  return kommune;
}
