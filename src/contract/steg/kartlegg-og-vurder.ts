import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { ettValg, JA_NEI, medKrav, tekst, valgfriTekst } from './felt.ts';

export const VARIGHET = {
  'over-ett-aar': 'Ett år eller mer',
  'under-ett-aar': 'Under ett år',
} as const;
export const MEDVIRKNING = {
  selv: 'Planeier selv',
  paaroerende: 'Pårørende',
  begge: 'Planeier og pårørende',
  ingen: 'Ingen av dem',
} as const;
export const ANBEFALING = {
  ip: 'Innvilge individuell plan',
  koordinator: 'Gi koordinator uten individuell plan',
  barnekoordinator: 'Gi barnekoordinator',
  avslag: 'Avslå',
} as const;

/**
 * De sju punktene som blir vedtakstekst (Stavanger, Informere, kartlegge og vurdere behov for IP), og kriteriene:
 * langvarige (under ett år bare unntaksvis) og koordinerte (to eller flere) tjenester, og egen eller pårørendes
 * medvirkning (tjenestebeskrivelsen i 001).
 */
export const skjema = medKrav(
  z.object({
    kriterier: tekst('Skriv om planeier oppfyller kriteriene.'),
    varighet: ettValg(VARIGHET, 'Velg hvor lenge behovet ventes å vare.'),
    unntakUnderEttAar: valgfriTekst(4000),
    antallTjenester: z
      .number({ error: 'Skriv hvor mange tjenester som må ses i sammenheng.' })
      .int('Skriv et helt tall.')
      .min(0, 'Skriv 0 eller mer.')
      .max(99, 'Skriv høyst 99.'),
    koordineringsbehov: tekst('Skriv hvilket behov det er for koordinering.'),
    kritiskeOverganger: tekst('Skriv om overganger som krever ekstra koordinering, eller at det ikke er noen.'),
    aktiveTjenester: tekst('Skriv hvilke tjenester og tiltak planeier har i dag, og omfanget.'),
    samarbeidsparter: tekst('Skriv hvem det er aktuelt å samarbeide med, internt og eksternt.'),
    brukersOensker: tekst('Skriv planeiers ønsker og vurderinger.'),
    oenskeOmPlankoordinator: tekst('Skriv hvem planeier ønsker som koordinator, eller at det ikke er noe ønske.'),
    medvirkning: ettValg(MEDVIRKNING, 'Velg hvem som skal medvirke når planen lages.'),
    medvirkningBegrunnelse: valgfriTekst(2000),
    kriterierOppfylt: ettValg(JA_NEI, 'Svar på om kriteriene er oppfylt.'),
    anbefaling: ettValg(ANBEFALING, 'Velg hva du anbefaler.'),
  }),
  [
    {
      felt: 'unntakUnderEttAar',
      naar: (d) => d.varighet === 'under-ett-aar',
      melding: 'Behov under ett år gir bare unntaksvis individuell plan. Skriv hva som taler for og imot unntak.',
    },
    {
      felt: 'medvirkningBegrunnelse',
      naar: (d) => d.medvirkning === 'ingen',
      melding: 'Skriv hvorfor verken planeier eller pårørende medvirker.',
    },
    {
      felt: 'antallTjenester',
      naar: (d) => d.kriterierOppfylt === 'ja' && (d.anbefaling === 'ip' || d.anbefaling === 'koordinator'),
      oppfylt: (d) => typeof d.antallTjenester !== 'number' || d.antallTjenester >= 2,
      melding: 'Kriteriene krever to eller flere tjenester som må ses i sammenheng.',
    },
    {
      felt: 'anbefaling',
      naar: (d) => d.kriterierOppfylt === 'nei' && d.anbefaling === 'ip',
      oppfylt: () => false,
      melding: 'Individuell plan kan ikke anbefales når kriteriene ikke er oppfylt.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  knapper: {},
  standardKnapp: 'Send til beslutter',
  kontekstnoekler: ['anmodningTekst', 'oenskeTekst'],
};
