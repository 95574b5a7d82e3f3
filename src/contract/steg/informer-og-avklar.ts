import { z } from 'zod';
import type { Stegkontrakt } from './definisjon.ts';
import { dato, erFyltUt, ettValg, flereValg, JA_NEI, medKrav, tekst, valgfriTekst, valgfrittValg } from './felt.ts';

/** De åtte emnene alle som får spørsmål om IP skal kunne informere om (Stavanger, Informasjon om individuell plan). */
export const TEMAER = {
  'hva-er-ip': 'Hva en individuell plan er',
  'hva-er-plankoordinator': 'Hva en plankoordinator er',
  'hvem-kan-vaere': 'Hvem som kan være plankoordinator',
  kriterier: 'Kriteriene for å få en individuell plan',
  lovverk: 'Hvilket lovverk som gjelder',
  'langvarige-og-koordinerte': 'Hva langvarige og koordinerte tjenester er',
  framgangsmaate: 'Hvordan gå fram ved behov for individuell plan',
  saksgang: 'Saksgangen',
} as const;
/** Det planeier selv skal ha fått vite. */
export const INFORMERT_OM = {
  'muligheter-og-begrensninger':
    'Muligheter og begrensninger: koordinerte tjenester, men ikke rett til flere tjenester',
  'egen-deltakelse': 'Hva det betyr å delta aktivt i å lage og følge opp planen',
} as const;
const MAATER = {
  moete: 'Møte hos oss',
  hjemmebesoek: 'Hjemmebesøk',
  telefon: 'Telefon',
  video: 'Videosamtale',
} as const;
const SAMTYKKEGIVERE = {
  planeier: 'Planeier selv',
  foreldre: 'Foreldre',
  verge: 'Verge',
  barnevernet: 'Barneverntjenesten',
  paaroerende: 'Nærmeste pårørende',
} as const;
const SAMTYKKEKOMPETANSE = {
  ja: 'Ja',
  delvis: 'Delvis',
  nei: 'Nei',
} as const;
const VIL_DELTA = {
  selv: 'Ja, planeier selv',
  paaroerende: 'Ja, sammen med eller ved pårørende',
  nei: 'Nei',
} as const;
export const OENSKE = {
  ip: 'Individuell plan med plankoordinator',
  koordinator: 'Koordinator, men ikke individuell plan',
  barnekoordinator: 'Barnekoordinator',
  ingen: 'Verken plan eller koordinator',
} as const;

export const skjema = medKrav(
  z.object({
    informertDato: dato('Velg datoen informasjonen ble gitt.'),
    informertMaate: ettValg(MAATER, 'Velg hvordan informasjonen ble gitt.'),
    temaer: flereValg(TEMAER, 'Kryss av for temaene du har informert om.'),
    temaerMangler: valgfriTekst(2000),
    informertOm: flereValg(INFORMERT_OM, 'Kryss av for det planeier er informert om.'),
    tolk: ettValg(JA_NEI, 'Svar på om det er behov for tolk.'),
    tolkSpraak: valgfriTekst(60),
    samtykkegiver: ettValg(SAMTYKKEGIVERE, 'Velg hvem som kan samtykke.'),
    samtykkegiverNavn: valgfriTekst(120),
    samtykkekompetanse: ettValg(SAMTYKKEKOMPETANSE, 'Svar på om planeier kan samtykke selv.'),
    samtykkekompetanseBegrunnelse: valgfriTekst(2000),
    barnetHoert: valgfrittValg(JA_NEI, 'Svar på om barnet er hørt.'),
    barnetsMening: valgfriTekst(4000),
    barnetIkkeHoertGrunn: valgfriTekst(2000),
    vilDelta: ettValg(VIL_DELTA, 'Svar på om planeier vil delta i arbeidet.'),
    oenske: ettValg(OENSKE, 'Velg hva planeier ønsker.'),
    oenskeBeskrivelse: tekst('Skriv hva planeier ønsker, med planeiers egne ord.'),
    hvorforIkkeIp: valgfriTekst(4000),
  }),
  [
    {
      felt: 'temaerMangler',
      naar: (d) => d.temaer !== undefined && d.temaer.length < Object.keys(TEMAER).length,
      melding: 'Skriv hvorfor noen av temaene ikke er tatt opp, og når det skal skje.',
    },
    {
      felt: 'informertOm',
      naar: (d) => erFyltUt(d.informertOm),
      oppfylt: (d) => new Set(d.informertOm).size === Object.keys(INFORMERT_OM).length,
      melding: 'Planeier skal være informert om begge deler før saken går videre.',
    },
    { felt: 'tolkSpraak', naar: (d) => d.tolk === 'ja', melding: 'Skriv hvilket språk det trengs tolk for.' },
    {
      felt: 'samtykkegiverNavn',
      naar: (d) => d.samtykkegiver !== undefined && d.samtykkegiver !== 'planeier',
      melding: 'Skriv navnet på den som samtykker.',
    },
    {
      felt: 'samtykkekompetanseBegrunnelse',
      naar: (d) => d.samtykkekompetanse === 'nei' || d.samtykkekompetanse === 'delvis',
      melding: 'Skriv hva som gjør at planeier ikke kan samtykke fullt ut selv.',
    },
    {
      felt: 'samtykkegiver',
      naar: (d) => d.samtykkekompetanse === 'nei' && d.samtykkegiver === 'planeier',
      oppfylt: () => false,
      melding: 'Planeier kan ikke samtykke selv. Velg hvem som samtykker på vegne av planeier.',
    },
    { felt: 'barnetsMening', naar: (d) => d.barnetHoert === 'ja', melding: 'Skriv hva barnet mener.' },
    {
      felt: 'barnetIkkeHoertGrunn',
      naar: (d) => d.barnetHoert === 'nei',
      melding: 'Skriv hvorfor barnet ikke er hørt.',
    },
    {
      felt: 'hvorforIkkeIp',
      naar: (d) => d.oenske === 'koordinator' || d.oenske === 'barnekoordinator',
      melding: 'Skriv hvorfor planeier ikke ønsker individuell plan.',
    },
  ],
);
export type Data = z.output<typeof skjema>;

/** Barnet skal høres fra det er sju år, og legges stor vekt på fra tolv (barnelova § 31). Alderen kjenner bare steget. */
export const ALDER_HOERES = 7;
export const ALDER_STOR_VEKT = 12;

export const steg: Stegkontrakt = {
  skjema,
  utfallsfelt: 'oenske',
  knapper: {
    ip: 'Gå videre med individuell plan',
    koordinator: 'Gå videre med koordinator',
    barnekoordinator: 'Gå videre med barnekoordinator',
    ingen: 'Gå videre uten plan og koordinator',
  },
  standardKnapp: 'Gå videre',
  kontekstnoekler: ['anmodningTekst', 'planeierNavn', 'alder'],
};
