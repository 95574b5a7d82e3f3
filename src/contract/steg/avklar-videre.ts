import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, tekst } from './felt.ts';

/** Enheten har ikke svart innen fristen. Lederen for den som har vedtaket, gir mer tid eller lar valget gjøres om. */
const skjema = z.object({
  merTid: ettValg(JA_NEI, 'Velg om enheten skal få mer tid.'),
  begrunnelse: tekst('Skriv hva du har avklart med enheten.', 4000),
});
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'merTid',
  knapper: { ja: 'Gi enheten mer tid', nei: 'Velg på nytt' },
  standardKnapp: 'Avklar videre',
  kontekstnoekler: ['henvendelse', 'enhetNavn', 'sendtDato'],
};
