import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, medKrav, valgfriTekst } from './felt.ts';

/** Fire øyne: en annen beslutter enn den som fattet vedtaket. Nei går tilbake med kommentar. */
const skjema = medKrav(
  z.object({
    godkjent: ettValg(JA_NEI, 'Velg om du godkjenner vedtaket.'),
    kommentar: valgfriTekst(4000),
  }),
  [
    {
      felt: 'kommentar',
      naar: (d) => d.godkjent === 'nei',
      melding: 'Skriv hva som må endres før vedtaket kan godkjennes.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'godkjent',
  knapper: { ja: 'Godkjenn vedtaket', nei: 'Send tilbake' },
  standardKnapp: 'Godkjenn eller send tilbake',
  kontekstnoekler: [
    'utfallTekst',
    'hjemmelTekst',
    'begrunnelseTekst',
    'tidsbegrensningTekst',
    'brevTekst',
    'fattetAv',
    'regimeTekst',
  ],
};
