import type { Sluttgrunn } from '../contract/prosess.ts';

/** Rekkefølgen på fasene i våre egne diagrammer; en fase fra kommunens eget diagram kommer etter dem. */
const FASER = ['Mottak', 'Utredning', 'Vedtak', 'Oppnevning', 'Avsluttet'];

/** Fasene i saksgangens rekkefølge. */
export function sorterFaser(faser: readonly string[]): string[] {
  const plass = (fase: string): number => (FASER.includes(fase) ? FASER.indexOf(fase) : FASER.length);
  return [...faser].sort((a, b) => plass(a) - plass(b) || a.localeCompare(b, 'nb'));
}

/** Avslutningen som hele setninger i historikk og saksliste. */
export const AVSLUTNINGSTEKST: Record<Sluttgrunn, string> = {
  'har-ip': 'Personen har allerede en individuell plan',
  'avslaatt-tilbud': 'Personen takket nei til tilbudet',
  trukket: 'Anmodningen er trukket',
  avslag: 'Avslått',
  'koordinator-oppnevnt': 'Koordinator er oppnevnt',
  innvilget: 'Individuell plan er innvilget og koordinator oppnevnt',
  'dobbel-sak': 'Avsluttet fordi personen fikk plan i en annen sak',
};
