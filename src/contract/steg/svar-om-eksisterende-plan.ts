import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { tekst } from './felt.ts';

/** En person har aldri mer enn én individuell plan. Den som spør får svar, og plankoordinatoren får vite om det. */
const skjema = z.object({
  brevtekst: tekst('Skriv svaret til planeier.'),
  beskjedTilPlankoordinator: tekst('Skriv hva plankoordinatoren skal få vite.', 4000),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  knapper: {},
  standardKnapp: 'Send svaret og avslutt saken',
  kontekstnoekler: ['planTekst', 'plankoordinatorNavn', 'anmodningTekst'],
};
