/** Fasene en sak går gjennom, slik de vises. Rekkefølgen er saksgangen. */
export const FASER = ['Mottak', 'Utredning', 'Vedtak', 'Oppnevning', 'Avsluttet'] as const;
export type Fase = (typeof FASER)[number];

/** Hvorfor en sak er avsluttet. Prosessen sier det i hodet `grunn` på jobben avslutt-sak. */
export const AVSLUTNINGER = [
  'har-ip',
  'avslaatt-tilbud',
  'trukket',
  'avslag',
  'koordinator-oppnevnt',
  'innvilget',
  'dobbel-sak',
] as const;
export type Avslutning = (typeof AVSLUTNINGER)[number];

/** Avslutningen som hele setninger i historikk og saksliste. */
export const AVSLUTNINGSTEKST: Record<Avslutning, string> = {
  'har-ip': 'Personen har allerede en individuell plan',
  'avslaatt-tilbud': 'Personen takket nei til tilbudet',
  trukket: 'Anmodningen er trukket',
  avslag: 'Avslått',
  'koordinator-oppnevnt': 'Koordinator er oppnevnt',
  innvilget: 'Individuell plan er innvilget og koordinator oppnevnt',
  'dobbel-sak': 'Avsluttet fordi personen fikk plan i en annen sak',
};

/** Om teksten er en av grunnene over; verdier fra motoren tolkes med denne. */
export function erAvslutning(verdi: string): verdi is Avslutning {
  return AVSLUTNINGER.some((a) => a === verdi);
}
