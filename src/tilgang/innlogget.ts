import type { Rolle } from '../contract/tilgang.ts';

/** Den som er logget inn, med rollene som gjelder i dag. */
export interface Innlogget {
  id: string;
  navn: string;
  roller: { rolle: Rolle; enhetId: string; enhetNavn: string }[];
}
