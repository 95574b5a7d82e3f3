import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, tekst } from './felt.ts';

/** Den spurte har ikke svart innen fristen. Lederen gir mer tid eller lar valget gjøres om. */
const skjema = z.object({
  merTid: ettValg(JA_NEI, 'Velg om den ansatte skal få mer tid.'),
  begrunnelse: tekst('Skriv hva du har avklart med den ansatte.', 4000),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'merTid',
  knapper: { ja: 'Gi mer tid til å svare', nei: 'Regn det som et nei' },
  standardKnapp: 'Avklar svaret',
  kontekstnoekler: ['oppdragTekst', 'ansattNavn', 'enhetNavn'],
};
