import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { avkryssing, ettValg, flereValg, medKrav, tekst, valgfriId, valgfriTekst } from './felt.ts';

/** Det valget bygger på (Stavanger, Utnevne plankoordinator; Folldal, Hvem kan være koordinator). */
const KRITERIER = {
  oenske: 'Planeier ønsker det',
  tillit: 'Planeier har tillit til vedkommende',
  egnet: 'Egnet ut fra det som forventes av en plankoordinator',
  kompetent: 'Kompetent til å koordinere planprosessen',
  oversikt: 'Har oversikt over tjenesteapparatet',
  faglig: 'Faglig hensiktsmessig',
  kapasitet: 'Kan gi god oppfølging',
  fordeling: 'Fordeler oppdragene mellom enhetene',
} as const;
const UTENFOR = {
  nei: 'Egen enhet',
  ja: 'En annen enhet',
} as const;

const skjema = medKrav(
  z.object({
    planeiersOenske: tekst('Skriv hva planeier ønsker, eller at det ikke er noe ønske.', 4000),
    paaroerendesOenske: valgfriTekst(4000),
    kriterier: flereValg(KRITERIER, 'Kryss av for det valget bygger på.'),
    utenforEnheten: ettValg(UTENFOR, 'Velg om koordinatoren skal være i egen eller en annen enhet.'),
    ansattId: valgfriId('Velg den ansatte.'),
    valgtEnhet: valgfriId('Velg enheten.'),
    andreKommunaleTjenester: avkryssing(),
    bakgrunn: valgfriTekst(),
    begrunnelse: tekst('Skriv begrunnelsen for valget.'),
  }),
  [
    { felt: 'ansattId', naar: (d) => d.utenforEnheten === 'nei', melding: 'Velg den ansatte.' },
    { felt: 'valgtEnhet', naar: (d) => d.utenforEnheten === 'ja', melding: 'Velg enheten.' },
    {
      felt: 'bakgrunn',
      naar: (d) => d.utenforEnheten === 'ja',
      melding: 'Skriv bakgrunnen, så enheten kan ta stilling til henvendelsen.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'utenforEnheten',
  knapper: { nei: 'Spør den ansatte', ja: 'Send henvendelse til enheten' },
  standardKnapp: 'Gå videre',
  /**
   * `kandidater`: rader til tabellen (navn, enhet, oppdrag, kapasitet, kompetanse). `ansatte` og `enheter`: valglister
   * ({value, label}). `enheterMedVilkaar`: id-er på barnevern og NAV, som bare kan ha rollen når planeier også har
   * andre kommunale tjenester.
   */
  kontekstnoekler: ['oenskeTekst', 'tidligereSvar', 'kandidater', 'ansatte', 'enheter', 'enheterMedVilkaar'],
};
