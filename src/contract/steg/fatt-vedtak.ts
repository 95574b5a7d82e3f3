import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import {
  avkryssing,
  ettValg,
  idValg,
  JA_NEI,
  medKrav,
  tekst,
  valgfriDato,
  valgfrittValg,
  valgfriTekst,
} from './felt.ts';

export const UTFALL = {
  ip: 'Innvilge individuell plan',
  koordinator: 'Gi koordinator uten individuell plan',
  barnekoordinator: 'Gi barnekoordinator',
  avslag: 'Avslå',
} as const;

/** Uten hjemmel eller begrunnelse, intet vedtak (regel 6). Ja og nei begrunnes likt. */
const skjema = medKrav(
  z.object({
    utfall: ettValg(UTFALL, 'Velg hva vedtaket går ut på.'),
    /** barnekoordinator til en som er fylt 18 år (regel 9); alderen kjenner bare steget */
    ventetBarn: avkryssing(),
    hjemmel: z
      .array(idValg('Velg minst én hjemmel.'), { error: 'Velg minst én hjemmel.' })
      .min(1, 'Velg minst én hjemmel.')
      .max(20, 'Velg høyst 20 hjemler.'),
    begrunnelse: tekst('Skriv begrunnelsen for vedtaket.'),
    tidsbegrenset: valgfrittValg(JA_NEI, 'Svar på om vedtaket skal tidsbegrenses.'),
    tidsbegrensetTil: valgfriDato('Velg datoen vedtaket gjelder til.'),
    /** det som skrives til mottakeren ved siden av vedtaket; brevet sier utfall, hjemmel, begrunnelse og klageadgang selv */
    brevtekst: valgfriTekst(),
  }),
  [
    {
      felt: 'tidsbegrenset',
      naar: (d) => d.utfall !== undefined && d.utfall !== 'avslag',
      melding: 'Svar på om vedtaket skal tidsbegrenses.',
    },
    {
      felt: 'tidsbegrensetTil',
      naar: (d) => d.tidsbegrenset === 'ja' && d.utfall !== 'avslag',
      melding: 'Velg datoen vedtaket gjelder til.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'utfall',
  knapper: {
    ip: 'Innvilg individuell plan',
    koordinator: 'Innvilg koordinator',
    barnekoordinator: 'Innvilg barnekoordinator',
    avslag: 'Avslå',
  },
  standardKnapp: 'Fatt vedtak',
  kontekstnoekler: [
    'regimeTekst',
    'oenskeTekst',
    'alder',
    'anbefalingTekst',
    'vurderingTekst',
    'fireOeyneTekst',
    'hjemler',
  ],
};
