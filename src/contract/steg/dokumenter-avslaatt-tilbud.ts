import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { maaKrysses, tekst, valgfriTekst } from './felt.ts';

/** Ønsker planeier verken plan eller koordinator, skal det dokumenteres (Inderøy, Avklare om IP skal opprettes). */
const skjema = z.object({
  begrunnelse: tekst('Skriv hvorfor planeier takker nei.'),
  informertOmSenere: maaKrysses('Planeier skal få vite at det går an å be om plan eller koordinator senere.'),
  annenOppfoelging: valgfriTekst(4000),
  brevtekst: valgfriTekst(),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  knapper: {},
  standardKnapp: 'Dokumenter og avslutt saken',
  kontekstnoekler: ['oenskeTekst'],
};
