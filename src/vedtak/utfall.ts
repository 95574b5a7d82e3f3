/** Det et vedtak kan gå ut på. */
export const UTFALL = ['ip', 'koordinator', 'barnekoordinator', 'avslag'] as const;
export type Utfall = (typeof UTFALL)[number];

/** Utfallet i en setning: «… fattet vedtak: innvilget individuell plan.» */
export const UTFALLSTEKST: Record<Utfall, string> = {
  ip: 'innvilget individuell plan',
  koordinator: 'innvilget koordinator uten individuell plan',
  barnekoordinator: 'innvilget barnekoordinator',
  avslag: 'avslått',
};
