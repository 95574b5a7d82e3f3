import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, tekst } from './felt.ts';

/** Opplæringen som må være fullført før oppdraget registreres, lar vente på seg. */
const skjema = z.object({
  merTid: ettValg(JA_NEI, 'Velg om oppnevningen skal vente lenger på opplæringen.'),
  begrunnelse: tekst('Skriv hva du har avklart om opplæringen.', 4000),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'merTid',
  knapper: { ja: 'Vent på opplæringen', nei: 'Velg på nytt' },
  standardKnapp: 'Avklar opplæringen',
  kontekstnoekler: ['ansattNavn', 'opplaeringTekst'],
};
