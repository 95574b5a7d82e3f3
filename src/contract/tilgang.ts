/** Rollene en ansatt kan ha. Hver rolle er knyttet til en enhet. */
export const ROLLER = [
  'saksbehandler',
  'beslutter',
  'plankoordinator',
  'plandeltaker',
  'virksomhetsleder',
  'leder',
  'prosesseier',
  'systemansvarlig',
  'arkivansvarlig',
] as const;
export type Rolle = (typeof ROLLER)[number];

/** Hva rollene heter på skjermen. */
export const ROLLENAVN: Record<Rolle, string> = {
  saksbehandler: 'Saksbehandler',
  beslutter: 'Beslutter',
  plankoordinator: 'Plankoordinator',
  plandeltaker: 'Plandeltaker',
  virksomhetsleder: 'Virksomhetsleder',
  leder: 'Leder',
  prosesseier: 'Prosesseier',
  systemansvarlig: 'Systemansvarlig',
  arkivansvarlig: 'Arkivansvarlig',
};

/** Den som er logget inn, med rollene som gjelder i dag. */
export interface Innlogget {
  id: string;
  navn: string;
  roller: { rolle: Rolle; enhetId: string; enhetNavn: string }[];
}
