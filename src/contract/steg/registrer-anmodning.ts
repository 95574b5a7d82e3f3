import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { dato, ettValg, JA_NEI, medKrav, tekst, valgfriTekst } from './felt.ts';

/** Anmodningen kan komme muntlig, men kommunen skal alltid skrive den ned. Formelt kommer den fra planeier. */
export const FREMSATT_AV = {
  planeier: 'Planeier selv',
  paaroerende: 'Pårørende',
  tjenesteyter: 'Tjenesteyter',
  verge: 'Verge',
  likemann: 'Likemann',
  kommunen: 'Kommunen (eget tiltak)',
} as const;
const GJELDER = {
  ip: 'Individuell plan',
  koordinator: 'Koordinator uten individuell plan',
  barnekoordinator: 'Barnekoordinator',
} as const;

const skjema = medKrav(
  z.object({
    mottattDato: dato('Velg datoen anmodningen kom.'),
    fremsattAv: ettValg(FREMSATT_AV, 'Velg hvem som kom med anmodningen.'),
    fremsattAvNavn: valgfriTekst(120),
    gjelder: ettValg(GJELDER, 'Velg hva anmodningen gjelder.'),
    anmodning: tekst('Skriv ned anmodningen.'),
    bekreftet: ettValg(JA_NEI, 'Svar på om planeier har bekreftet teksten.'),
    ikkeBekreftetGrunn: valgfriTekst(2000),
  }),
  [
    {
      felt: 'fremsattAvNavn',
      naar: (d) => d.fremsattAv !== undefined && d.fremsattAv !== 'planeier' && d.fremsattAv !== 'kommunen',
      melding: 'Skriv navnet på den som kom med anmodningen.',
    },
    {
      felt: 'ikkeBekreftetGrunn',
      naar: (d) => d.bekreftet === 'nei',
      melding: 'Skriv hvorfor planeier ikke har bekreftet teksten.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  knapper: {},
  standardKnapp: 'Registrer anmodningen',
  kontekstnoekler: ['planeierNavn', 'notat'],
};
