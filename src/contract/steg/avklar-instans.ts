import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, idValg, medKrav, tekst, valgfriTekst } from './felt.ts';
import { REGIMER } from '../hjemmel.ts';

/** Barnevern og NAV avgjør selv når det ikke er aktuelt å involvere koordinerende enhet (Stavanger, Fatte vedtak). */
const skjema = medKrav(
  z.object({
    regime: ettValg(REGIMER, 'Velg hvem som skal avgjøre saken.'),
    vedtaksinstans: idValg('Velg enheten som skal avgjøre saken.'),
    begrunnelse: tekst('Skriv hvorfor denne enheten skal avgjøre saken.'),
    avklartMed: valgfriTekst(200),
  }),
  [
    {
      felt: 'avklartMed',
      naar: (d) => d.regime === 'barnevern' || d.regime === 'nav',
      melding: 'Skriv hvem i barneverntjenesten eller NAV du har avklart dette med.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'regime',
  knapper: {
    helse: 'Legg saken til koordinerende enhet',
    barnevern: 'Legg saken til barneverntjenesten',
    nav: 'Legg saken til NAV',
  },
  standardKnapp: 'Avklar hvem som avgjør',
  kontekstnoekler: ['anmodningTekst', 'instanserHelse', 'instanserBarnevern', 'instanserNav'],
};
