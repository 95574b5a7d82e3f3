import type { EntityManager } from 'typeorm';
import type { Rolle } from '../contract/tilgang.ts';
import { brukerIBruk, hentAnsatte, hentEnheter, rolleGjelder, type Enhet } from '../tilgang/index.ts';
import type { Koordinatorrolle } from './oppdrag.ts';

/** Rollene en som kan bli koordinator, har i enheten. Rollen er profesjonsnøytral (Folldal). */
const KAN_BLI_KOORDINATOR: readonly Rolle[] = ['plankoordinator', 'saksbehandler'];

/** En mulig koordinator, med det valget bygger på. */
export interface Kandidat {
  id: string;
  navn: string;
  enhet: string;
  /** oppdrag han har eller er spurt om nå */
  oppdrag: number;
  /** hvor mange flere han kan ta: «3 av 5», eller at grensen ikke er satt */
  kapasitet: string;
  full: boolean;
  /** «Fullført» eller kursene som mangler */
  kompetanse: string;
}

interface Belastning {
  id: string;
  oppdrag: number;
  maks: number | null;
  mangler: string[];
}

/** De ansatte i enheten som kan bli koordinator, med oppdrag, kapasitet og opplæring; sortert på norsk. */
export async function hentKandidater(
  m: EntityManager,
  enhetId: string,
  rolle: Koordinatorrolle,
  dag: string,
): Promise<Kandidat[]> {
  const ansatte = await hentAnsatte(m, enhetId, dag, KAN_BLI_KOORDINATOR);
  const belastning: Belastning[] = await m.query(
    `select b.id, k.maks_oppdrag as maks,
            (select count(*)::int from koordinatoroppdrag o
              where o.bruker_id = b.id and o.status in ('foreslaatt','bekreftet','aktiv')) as oppdrag,
            (select coalesce(array_agg(ku.navn order by ku.navn), '{}') from kurs ku
              where $2 = any(ku.kreves_for)
                and not exists (select 1 from oppmoete op where op.bruker_id = b.id and op.kurs_id = ku.id)) as mangler
       from bruker b left join koordinatorkapasitet k on k.bruker_id = b.id
      where b.id = any($1::text[])`,
    [ansatte.map((a) => a.id), rolle],
  );
  const perBruker = new Map(belastning.map((b) => [b.id, b]));
  return ansatte.map((a) => {
    const b = perBruker.get(a.id) ?? { id: a.id, oppdrag: 0, maks: null, mangler: [] };
    return {
      id: a.id,
      navn: a.navn,
      enhet: a.enhetNavn,
      oppdrag: b.oppdrag,
      kapasitet: b.maks === null ? 'Grense ikke satt' : `${Math.max(0, b.maks - b.oppdrag)} av ${b.maks}`,
      full: b.maks !== null && b.oppdrag >= b.maks,
      kompetanse: b.mangler.length === 0 ? 'Fullført' : `Mangler: ${b.mangler.join(', ')}`,
    };
  });
}

/** Kandidatene som valgliste, med belastningen i teksten så valget kan gjøres uten tabellen. */
export function kandidatvalg(kandidater: readonly Kandidat[]): { value: string; label: string }[] {
  return kandidater.map((k) => ({
    value: k.id,
    label: `${k.navn} – ${k.oppdrag} oppdrag${k.full ? ', har ikke plass til flere' : ''}. Opplæring: ${k.kompetanse.toLowerCase()}`,
  }));
}

/**
 * Enhetene som kan få en henvendelse: de som har en virksomhetsleder til å svare på den, utenom den som spør. En enhet
 * uten leder i systemet ville latt henvendelsen ligge.
 */
export async function hentMuligeEnheter(m: EntityManager, egenEnhet: string, dag: string): Promise<Enhet[]> {
  const enheter = await hentEnheter(m);
  const medLeder: { enhet_id: string }[] = await m.query(
    `select distinct r.enhet_id from rolletildeling r join bruker b on b.id = r.bruker_id
      where ${brukerIBruk('b', '$1')} and r.rolle = 'virksomhetsleder' and ${rolleGjelder('r', '$1')}`,
    [dag],
  );
  const ider = new Set(medLeder.map((r) => r.enhet_id));
  return enheter.filter((e) => e.id !== egenEnhet && ider.has(e.id));
}

/** Barnevern og NAV har rollen bare når planeier også har andre kommunale tjenester (Stavanger, Utnevne plankoordinator). */
export function harVilkaar(enhet: Enhet): boolean {
  return enhet.slag === 'barnevern' || enhet.slag === 'nav';
}
