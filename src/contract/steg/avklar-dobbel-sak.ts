import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, tekst, valgfriTekst } from './felt.ts';

export const LOESNINGER = {
  samles: 'Det nye i denne saken tas inn i den planen som finnes',
  avsluttes: 'Denne saken avsluttes uten at noe tas med videre',
} as const;

/** En person har aldri mer enn én plan (regel 1). To saker var åpne samtidig, og den andre ble avgjort først. */
const skjema = z.object({
  loesning: ettValg(LOESNINGER, 'Velg hva som skal skje med denne saken.'),
  begrunnelse: tekst('Skriv hva som er avklart, og med hvem.'),
  brevtekst: valgfriTekst(),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  knapper: {},
  standardKnapp: 'Send beskjed og avslutt saken',
  kontekstnoekler: ['planTekst'],
};
