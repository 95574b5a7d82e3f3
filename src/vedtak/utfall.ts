import type { Utfall } from '../contract/prosess.ts';

/** Utfallet i en setning: «… fattet vedtak: innvilget individuell plan.» */
export const UTFALLSTEKST: Record<Utfall, string> = {
  ip: 'innvilget individuell plan',
  koordinator: 'innvilget koordinator uten individuell plan',
  barnekoordinator: 'innvilget barnekoordinator',
  avslag: 'avslått',
};
