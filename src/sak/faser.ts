import type { Sluttgrunn } from '../contract/prosess.ts';

/** Fasene en sak går gjennom, slik de vises. Rekkefølgen er saksgangen. */
export const FASER = ['Mottak', 'Utredning', 'Vedtak', 'Oppnevning', 'Avsluttet'] as const;
export type Fase = (typeof FASER)[number];

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
