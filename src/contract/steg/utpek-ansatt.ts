import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, medKrav, valgfriId, valgfriTekst } from './felt.ts';

/** Virksomhetslederen følger henvendelsen opp med en ansatt, eller sier fra at det ikke går. */
const skjema = medKrav(
  z.object({
    kanUtpeke: ettValg(JA_NEI, 'Svar på om enheten kan utpeke noen.'),
    ansattId: valgfriId('Velg den ansatte.'),
    begrunnelse: valgfriTekst(4000),
  }),
  [
    { felt: 'ansattId', naar: (d) => d.kanUtpeke === 'ja', melding: 'Velg den ansatte.' },
    { felt: 'begrunnelse', naar: (d) => d.kanUtpeke === 'nei', melding: 'Skriv hvorfor enheten ikke kan utpeke noen.' },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'kanUtpeke',
  knapper: { ja: 'Utpek den ansatte', nei: 'Svar at enheten ikke kan' },
  standardKnapp: 'Svar på henvendelsen',
  kontekstnoekler: ['henvendelse', 'avsenderEnhet', 'tidligereSvar', 'ansatte'],
};
