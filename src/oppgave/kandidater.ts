import type { EntityManager } from 'typeorm';
import type { Fordelingskandidat } from '../contract/api.ts';
import { ROLLER } from '../contract/tilgang.ts';
import { brukerIBruk, delGruppe, hentAnsatte, rolleGjelder, TILGANGSTABELL } from '../tilgang/index.ts';
import type { Oppgaverad } from './lager.ts';

/** Rollene som kan ha en oppgave i det hele tatt. */
const MED_OPPGAVER = ROLLER.filter((r) => TILGANGSTABELL[r]['oppgave:fullfoer']);

interface Mulig {
  id: string;
  navn: string;
}

/**
 * De som kan få oppgaven i dag: kandidatgruppa, uten den som er utelukket og den som har den. Et steg som er gitt til én person,
 * kan ingen andre få; at saken gikk videre, kan en annen i enheten få vite i stedet.
 */
export async function mottakereFor(m: EntityManager, o: Oppgaverad, dag: string): Promise<Mulig[]> {
  const gruppe = o.gruppe === null ? null : delGruppe(o.gruppe);
  if (!gruppe && o.type === 'steg') return [];
  const ansatte = await hentAnsatte(m, gruppe?.enhetId ?? o.enhetId, dag, gruppe ? [gruppe.rolle] : MED_OPPGAVER);
  const mulige = ansatte.filter((a) => a.id !== o.eierId);
  const uten = mulige.filter((a) => a.id !== o.utelukketId);
  // Den mykt utelukkede er bedre enn ingen.
  return o.utelukketMykt && uten.length === 0 ? mulige : uten;
}

/** De som kan få minst én av oppgavene, med hvor mange av dem, og hvor mange åpne oppgaver de har fra før; sortert på norsk. */
export async function hentMottakere(
  m: EntityManager,
  oppgaver: readonly Oppgaverad[],
  dag: string,
): Promise<Fordelingskandidat[]> {
  const treff = new Map<string, Mulig & { kan: number }>();
  for (const o of oppgaver) {
    for (const a of await mottakereFor(m, o, dag)) {
      const foer = treff.get(a.id);
      treff.set(a.id, { id: a.id, navn: a.navn, kan: (foer?.kan ?? 0) + 1 });
    }
  }
  const aapne: { id: string; antall: number }[] = await m.query(
    `select eier_id as id, count(*)::int as antall from oppgave where status = 'aapen' and eier_id = any($1) group by 1`,
    [[...treff.keys()]],
  );
  const antall = new Map(aapne.map((r) => [r.id, r.antall]));
  return [...treff.values()]
    .map((t) => ({ ...t, aapne: antall.get(t.id) ?? 0 }))
    .sort((a, b) => a.navn.localeCompare(b.navn, 'nb'));
}

/** Om noen som ikke er utelukket, er i oppgavens gruppe på dagen i parameteren `dag`. */
const harKandidat = (dag: string): string => `exists (
  select 1 from rolletildeling r join bruker b on b.id = r.bruker_id
   where r.rolle = split_part(o.gruppe, ':', 1) and r.enhet_id = substr(o.gruppe, strpos(o.gruppe, ':') + 1)
     and ${brukerIBruk('b', dag)} and ${rolleGjelder('r', dag)} and b.id is distinct from o.utelukket_id)`;

/** Ledige oppgaver som ingen kan ta i dag, fordi den siste i gruppa er borte eller utelukket; samlet per rolle og enhet. */
export function hentUtenKandidat(
  m: EntityManager,
  dag: string,
): Promise<{ rolle: string; enhetNavn: string; antall: number }[]> {
  return m.query(
    `select split_part(o.gruppe, ':', 1) as rolle, e.navn as "enhetNavn", count(*)::int as antall
       from oppgave o join enhet e on e.id = o.enhet_id
      where o.status = 'aapen' and o.eier_id is null and o.gruppe is not null and o.type <> 'teknisk'
        and not ${harKandidat('$1')}
      group by o.gruppe, e.navn order by e.navn, 1`,
    [dag],
  );
}

/** Hever den myke utelukkelsen der ingen andre er igjen til å ta oppgaven. Gir oppgavene det gjelder. */
export async function hevMykUtelukkelse(
  tx: EntityManager,
  dag: string,
): Promise<{ id: string; sakId: string | null }[]> {
  const [rader]: [{ id: string; sakId: string | null }[], number] = await tx.query(
    `update oppgave o set utelukket_id = null, utelukket_grunn = null, utelukket_mykt = false
      where o.status = 'aapen' and o.eier_id is null and o.utelukket_mykt and o.gruppe is not null and not ${harKandidat('$1')}
      returning o.id, o.sak_id as "sakId"`,
    [dag],
  );
  return rader;
}
