import type { Innlogget, Rolle } from '../contract/tilgang.ts';
import { ROLLER } from '../contract/tilgang.ts';

/** Alt som kan gjøres, og som tilgang avgjøres for. */
export const HANDLINGER = [
  'sak:les',
  'sak:opprett',
  'sak:trekk',
  'oppgave:les',
  'oppgave:ta',
  'oppgave:fullfoer',
  'oppgave:fordel',
  'oppgave:besvar-for',
  'dokument:les',
  'dokument:registrer',
  'person:soek',
  'person:opprett',
  'kompetanse:les',
  'kompetanse:registrer',
  'enhet:oppgaver',
  'bruker:les',
  'bruker:avslutt-rolle',
  'bruker:sperr',
  'drift:les',
  'drift:proev-igjen',
  'rutine:les',
] as const;
export type Handling = (typeof HANDLINGER)[number];
/** Handlingene som gjelder én sak. */
export type Sakshandling = Extract<Handling, 'sak:les' | 'sak:trekk' | `dokument:${string}`>;

/**
 * Forholdet brukeren har til det handlingen gjelder.
 * - `egen-enhet`: rollens enhet er sakens vedtaksinstans (den som avgjør saken)
 * - `oppgave`: brukeren er kandidat til eller har oppgaven
 * - `oppdrag`: brukeren er oppnevnt (ikke bare spurt) koordinator i saken
 * - `alle`: uavhengig av sak
 */
export type Relasjon = 'egen-enhet' | 'oppgave' | 'oppdrag' | 'alle';

const OPPGAVE: Partial<Record<Handling, readonly Relasjon[]>> = {
  'oppgave:les': ['oppgave'],
  'oppgave:ta': ['oppgave'],
  'oppgave:fullfoer': ['oppgave'],
  'rutine:les': ['alle'],
};
/**
 * Det en leder styrer i egen enhet: oppgavene som ligger der, og rollene folk har der. Å sperre en bruker gjelder alle enheter,
 * og er systemansvarliges.
 */
const LEDELSE: Partial<Record<Handling, readonly Relasjon[]>> = {
  'enhet:oppgaver': ['egen-enhet'],
  'oppgave:fordel': ['egen-enhet'],
  'oppgave:besvar-for': ['egen-enhet'],
  'bruker:les': ['egen-enhet'],
  'bruker:avslutt-rolle': ['egen-enhet'],
};
const SAK_I_EGEN_ENHET: Partial<Record<Handling, readonly Relasjon[]>> = {
  'sak:les': ['egen-enhet'],
  'dokument:les': ['egen-enhet'],
  'oppgave:les': ['oppgave', 'egen-enhet'],
};

/**
 * Den ene tabellen rolle × handling × relasjon. Alle ruter, lister, tellinger og søk avgjøres av den.
 * Det som ikke står her, er ikke lov (personopplysninger: hol/helsepersonelloven §§ 21 og 25, tjenstlig behov).
 */
export const TILGANGSTABELL: Record<Rolle, Partial<Record<Handling, readonly Relasjon[]>>> = {
  saksbehandler: {
    ...OPPGAVE,
    ...SAK_I_EGEN_ENHET,
    'sak:opprett': ['egen-enhet'],
    'sak:trekk': ['egen-enhet'],
    'dokument:registrer': ['egen-enhet'],
    'person:soek': ['alle'],
    'person:opprett': ['alle'],
    'kompetanse:les': ['egen-enhet'],
    'kompetanse:registrer': ['egen-enhet'],
  },
  beslutter: { ...OPPGAVE, ...SAK_I_EGEN_ENHET },
  plankoordinator: { ...OPPGAVE, 'sak:les': ['oppdrag'], 'dokument:les': ['oppdrag'] },
  plandeltaker: { ...OPPGAVE },
  virksomhetsleder: {
    ...OPPGAVE,
    'kompetanse:les': ['egen-enhet'],
    'kompetanse:registrer': ['egen-enhet'],
    ...LEDELSE,
  },
  leder: {
    ...OPPGAVE,
    ...LEDELSE,
    ...SAK_I_EGEN_ENHET,
    'kompetanse:les': ['egen-enhet'],
    'kompetanse:registrer': ['egen-enhet'],
  },
  prosesseier: { 'rutine:les': ['alle'] },
  // Fordeler oppgaver i enheter som ikke har leder (med grunn, og loggført), uten å kunne lese dem.
  systemansvarlig: {
    ...OPPGAVE,
    'oppgave:fordel': ['alle'],
    'bruker:les': ['alle'],
    'bruker:avslutt-rolle': ['alle'],
    'bruker:sperr': ['alle'],
    'drift:les': ['alle'],
    'drift:proev-igjen': ['alle'],
  },
  arkivansvarlig: { 'rutine:les': ['alle'] },
};

/** Hva brukeren er i forhold til én sak eller oppgave. */
export interface Forhold {
  /** sakens vedtaksinstans, eller enheten handlingen gjelder */
  enhetId?: string | null;
  /** oppgaven er brukerens, eller en av gruppene hans er kandidat */
  oppgave?: boolean;
  /** aktivt koordinatoroppdrag i saken */
  oppdrag?: boolean;
}

/** Om brukeren har lov til handlingen, med de forholdene han har til det den gjelder. */
export function kan(bruker: Innlogget, handling: Handling, forhold: Forhold = {}): boolean {
  return bruker.roller.some(({ rolle, enhetId }) =>
    (TILGANGSTABELL[rolle][handling] ?? []).some((relasjon) => {
      switch (relasjon) {
        case 'alle':
          return true;
        case 'egen-enhet':
          return forhold.enhetId === enhetId;
        case 'oppgave':
          return forhold.oppgave === true;
        case 'oppdrag':
          return forhold.oppdrag === true;
      }
    }),
  );
}

/** Om en av rollene gir handlingen i det hele tatt, for minst én relasjon (til menyer og knapper). */
export function kanKanskje(bruker: Innlogget, handling: Handling): boolean {
  return bruker.roller.some(({ rolle }) => (TILGANGSTABELL[rolle][handling] ?? []).length > 0);
}

/** Enhetene der en av brukerens roller gir handlingen gjennom `egen-enhet`. */
export function enheterFor(bruker: Innlogget, handling: Handling): string[] {
  const enheter = bruker.roller.filter(({ rolle }) => TILGANGSTABELL[rolle][handling]?.includes('egen-enhet'));
  return [...new Set(enheter.map((r) => r.enhetId))];
}

/** Deler en kandidatgruppe i rolle og enhet; null når teksten ikke er en av våre grupper. */
export function delGruppe(gruppe: string): { rolle: Rolle; enhetId: string } | null {
  const skille = gruppe.indexOf(':');
  const rolle = ROLLER.find((r) => r === gruppe.slice(0, skille));
  return skille > 0 && rolle ? { rolle, enhetId: gruppe.slice(skille + 1) } : null;
}

/**
 * Betingelsen en `sak`-rad må oppfylle for at brukeren skal se den, laget av den samme tabellen.
 * Bruker kolonnene `vedtaksinstans` og `id`, og tabellen `koordinatoroppdrag (sak_id, bruker_id, status)`.
 * @param alias aliaset til tabellen sak i spørringen
 * @param foersteParam nummeret på den første parameteren betingelsen kan bruke ($n)
 */
export function sakfilter(
  bruker: Innlogget,
  handling: Sakshandling,
  alias: string,
  foersteParam: number,
): { sql: string; parametre: unknown[] } {
  const ledd: string[] = [];
  const parametre: unknown[] = [];
  const enheter = enheterFor(bruker, handling);
  if (enheter.length > 0) {
    ledd.push(`${alias}.vedtaksinstans = any($${foersteParam + parametre.length}::text[])`);
    parametre.push(enheter);
  }
  if (bruker.roller.some(({ rolle }) => TILGANGSTABELL[rolle][handling]?.includes('oppdrag'))) {
    ledd.push(
      `exists (select 1 from koordinatoroppdrag ko where ko.sak_id = ${alias}.id and ko.status = 'aktiv' and ko.bruker_id = $${foersteParam + parametre.length})`,
    );
    parametre.push(bruker.id);
  }
  return { sql: ledd.length > 0 ? `(${ledd.join(' or ')})` : 'false', parametre };
}
