import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { BrukerListe, BrukerRad, brukerSoek } from '../contract/api.ts';
import { dagIOslo } from '../contract/tid.ts';
import type { Innlogget, Rolle } from '../contract/tilgang.ts';
import { rolletekst, somDag } from './tekster.ts';
import { kan, kanKanskje } from '../tilgang/index.ts';

/** Så mange vises; resten finnes med søket. */
const MAKS = 200;

interface Rolletreff {
  rolle: Rolle;
  enhetId: string;
  enhetNavn: string;
  fra: string;
  til: string | null;
}

interface Treff {
  id: string;
  navn: string;
  sperretFra: string | null;
  aktiv: boolean;
  roller: Rolletreff[];
  oppgaver: number;
  personlige: number;
  /** enhetene til gruppeoppgavene han har */
  gruppeenheter: string[] | null;
  hva: string | null;
  hvaRolle: Rolle | null;
  hvaFra: string | null;
  hvaEnhet: string | null;
  hvaAv: string | null;
  hvaTid: Date | null;
  hvaGrunn: string | null;
  treff: number;
}

/** Enhetene brukeren ser folk i; null når han ser alle. */
export function synligeEnheter(leser: Innlogget): string[] | null {
  if (kan(leser, 'bruker:les')) return null;
  const enheter = leser.roller.map((r) => r.enhetId).filter((enhetId) => kan(leser, 'bruker:les', { enhetId }));
  return [...new Set(enheter)];
}

/**
 * Brukerne den som spør har noe å gjøre med: hele kommunen for systemansvarlig, egen enhet for en leder. Sier ingenting om
 * hvem oppgavene gjelder.
 */
export async function hentBrukere(
  m: EntityManager,
  leser: Innlogget,
  soek: z.output<typeof brukerSoek>,
  naa: Date,
): Promise<BrukerListe> {
  const dag = dagIOslo(naa);
  const enheter = synligeEnheter(leser);
  const moenstre = soek.sok
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((o) => `%${o.replace(/[\\%_]/g, (t) => `\\${t}`)}%`);
  const rader: Treff[] = await m.query(
    `select b.id, b.navn, b.aktiv, b.sperret_fra::text as "sperretFra", r.roller, o.oppgaver, o.personlige, o.gruppeenheter,
            e.hva, e.rolle as "hvaRolle", e.gjelder_fra::text as "hvaFra", e.enhet as "hvaEnhet", e.av as "hvaAv", e.tid as "hvaTid",
            e.grunn as "hvaGrunn", (count(*) over ())::int as treff
       from bruker b
       join lateral (
         select json_agg(json_build_object('rolle', r.rolle, 'enhetId', r.enhet_id, 'enhetNavn', u.navn,
                                           'fra', r.fra::text, 'til', r.til::text) order by u.navn, r.rolle, r.fra) as roller
           from rolletildeling r join enhet u on u.id = r.enhet_id
          where r.bruker_id = b.id and ($1::text[] is null or r.enhet_id = any($1))
       ) r on r.roller is not null or $1::text[] is null
       cross join lateral (
         select count(*)::int as oppgaver, (count(*) filter (where o.gruppe is null))::int as personlige,
                array_agg(o.enhet_id) filter (where o.gruppe is not null and o.type <> 'teknisk') as gruppeenheter
           from oppgave o where o.status = 'aapen' and o.eier_id = b.id and ($1::text[] is null or o.enhet_id = any($1))
       ) o
       left join lateral (
         select e.hva, e.rolle, e.gjelder_fra, u.navn as enhet, a.navn as av, e.tid, e.grunn
           from brukerendring e join bruker a on a.id = e.av left join enhet u on u.id = e.enhet_id
          where e.bruker_id = b.id and ($1::text[] is null or e.enhet_id is null or e.enhet_id = any($1))
          order by e.loepenr desc limit 1
       ) e on true
      where (b.navn || ' ' || b.id) ilike all($2::text[])
      order by b.navn collate "nb-NO-x-icu" limit $3`,
    [enheter, moenstre, MAKS],
  );
  return { rader: rader.map((r) => tilRad(r, leser, dag)), totalt: rader[0]?.treff ?? 0 };
}

function tilRad(t: Treff, leser: Innlogget, dag: string): BrukerRad {
  const meg = t.id === leser.id;
  const sperret = !t.aktiv || (t.sperretFra !== null && t.sperretFra <= dag);
  const roller = (t.roller ?? []).map((r) => {
    const kanEndre = !meg && kan(leser, 'bruker:avslutt-rolle', { enhetId: r.enhetId });
    const over = r.til !== null && r.til < dag;
    return {
      ...r,
      gjelder: r.fra <= dag && !over,
      kanAvsluttes: kanEndre && !over,
      // Å gi tilbake en rolle som er over, er å gi en rolle: det er systemansvarliges.
      kanAapnes: kanEndre && r.til !== null && (!over || kan(leser, 'bruker:sperr')),
    };
  });
  const gjeldende = (r: { rolle: Rolle; enhetId: string }): boolean =>
    roller.some((x) => x.rolle === r.rolle && x.enhetId === r.enhetId && (x.til === null || x.til >= dag));
  return {
    id: t.id,
    navn: t.navn,
    // En rolle som er over og gitt på nytt, vises én gang.
    roller: roller.filter((r) => r.til === null || r.til >= dag || !gjeldende(r)),
    sperretFra: t.sperretFra,
    sperret,
    oppgaver: t.oppgaver,
    personlige: t.personlige,
    kanSperres: !meg && kanKanskje(leser, 'bruker:sperr'),
    kanFrigjoere: (t.gruppeenheter ?? []).filter((enhetId) => kan(leser, 'oppgave:fordel', { enhetId })).length,
    siste:
      t.hva && t.hvaAv && t.hvaTid && t.hvaGrunn
        ? { tekst: sisteTekst(t), av: t.hvaAv, tid: t.hvaTid.toISOString(), grunn: t.hvaGrunn }
        : null,
  };
}

function sisteTekst(t: Treff): string {
  const rolle = t.hvaRolle ? rolletekst(t.hvaRolle, t.hvaEnhet ?? '') : '';
  switch (t.hva) {
    case 'sperret':
      return `Sperret fra ${somDag(t.hvaFra ?? '')}`;
    case 'aapnet':
      return 'Åpnet igjen';
    case 'rolle-avsluttet':
      return `Rollen ${rolle} avsluttet, siste dag ${somDag(t.hvaFra ?? '')}`;
    case 'rolle-aapnet':
      return `Rollen ${rolle} gjelder igjen`;
    default:
      return 'Oppgavene gjort ledige';
  }
}
