import type { HvemSpoer, Koordinatorrolle, Oenske, Tiltale, Utfall } from './typer.ts';

/** Hva det bes om, midt i en setning. */
export const OENSKE_TEKST: Record<Oenske, string> = {
  ip: 'individuell plan',
  koordinator: 'koordinator',
  barnekoordinator: 'barnekoordinator',
  ingen: 'individuell plan eller koordinator',
};

export const ROLLE_TEKST: Record<Koordinatorrolle, string> = {
  plankoordinator: 'plankoordinator',
  koordinator: 'koordinator',
  barnekoordinator: 'barnekoordinator',
};

export const HVEM_SPOER_TEKST: Record<HvemSpoer, string> = {
  planeier: 'du selv',
  paaroerende: 'en pårørende',
  tjenesteyter: 'en tjenesteyter',
  verge: 'vergen',
  likemann: 'en likemann',
  kommunen: 'kommunen',
};

/** Hva vedtaket gir (eller ikke gir), i tittelen. */
export const UTFALL_TITTEL: Record<Utfall, (oenske: Oenske) => string> = {
  ip: () => 'Vedtak om individuell plan: innvilget',
  koordinator: () => 'Vedtak om koordinator: innvilget',
  barnekoordinator: () => 'Vedtak om barnekoordinator: innvilget',
  avslag: (oenske) => `Vedtak om ${OENSKE_TEKST[oenske]}: avslag`,
};

/** Ordene som skifter med hvem brevet snakker til. */
export function ord(t: Tiltale): { du: string; Du: string; deg: string; dine: string; dinPlan: string } {
  return t.tilPlaneier
    ? { du: 'du', Du: 'Du', deg: 'deg', dine: 'tjenestene dine', dinPlan: 'planen din' }
    : {
        du: t.planeier,
        Du: t.planeier,
        deg: t.planeier,
        dine: `tjenestene til ${t.planeier}`,
        dinPlan: `planen til ${t.planeier}`,
      };
}

/** Tittelen under navnet til den som står bak brevet, med stor forbokstav. */
export function undertegnertittel(tittel: string): string {
  return tittel.slice(0, 1).toLocaleUpperCase('nb') + tittel.slice(1);
}

/** Står under underskriften i alle brev. */
export const GODKJENT = 'Brevet er godkjent elektronisk og har derfor ingen underskrift.';
