import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { avkryssing, ettValg, JA_NEI, medKrav, valgfriTekst } from './felt.ts';

/** Den som er spurt, tar stilling selv. Kostnader avklares med egen leder (Folldal). */
const skjema = medKrav(
  z.object({
    bekreftet: ettValg(JA_NEI, 'Svar på om du tar oppdraget.'),
    kjennerRollen: avkryssing(),
    avklartMedLeder: avkryssing(),
    begrunnelse: valgfriTekst(4000),
  }),
  [
    {
      felt: 'kjennerRollen',
      naar: (d) => d.bekreftet === 'ja',
      melding: 'Kryss av for at du har lest hva en plankoordinator skal gjøre.',
    },
    {
      felt: 'avklartMedLeder',
      naar: (d) => d.bekreftet === 'ja',
      melding: 'Kryss av for at oppdraget er avklart med din nærmeste leder.',
    },
    { felt: 'begrunnelse', naar: (d) => d.bekreftet === 'nei', melding: 'Skriv hvorfor du ikke kan ta oppdraget.' },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'bekreftet',
  knapper: { ja: 'Bekreft oppdraget', nei: 'Takk nei' },
  standardKnapp: 'Svar på oppdraget',
  kontekstnoekler: ['oppdragTekst', 'spurtAv'],
};
