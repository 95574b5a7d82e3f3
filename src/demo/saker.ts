import type { NyAnmodning } from '../contract/api.ts';
import type { StegId } from '../contract/prosess.ts';
import { INFORMERT_OM, TEMAER } from '../contract/steg/informer-og-avklar.ts';
import type { Demopersonnoekkel } from './personer.ts';

/** Ett steg i en demosak: hvem som gjør det, og det som fylles ut utover skjemaets egne forslag. */
export interface Demosteg {
  steg: StegId;
  som: string;
  data: Record<string, unknown>;
}
/** En demosak: anmodningen, stegene som er gjort, og hvem som eventuelt har tatt den neste oppgaven. */
export interface Demosak {
  person: Demopersonnoekkel;
  /** den som registrerte anmodningen */
  av: string;
  /** dager siden anmodningen kom */
  dagerSiden: number;
  anmodning: Omit<NyAnmodning, 'innsendingId' | 'personId' | 'mottatt'>;
  steg: Demosteg[];
  /** trekkes etter stegene */
  trekk?: string;
  /** har tatt oppgaven saken venter på */
  harTatt?: string;
  /** fristen på oppgaven saken venter på, i dager fra i dag; uten: rutinens egen */
  fristOmDager?: number;
  /** saken som må være ferdig først */
  etter?: string;
}

const anmodning = (endringer: Partial<Demosak['anmodning']> = {}): Demosak['anmodning'] => ({
  enhetId: 'hsk-hillevaag',
  hvemSpoer: 'planeier',
  hvemSpoerNavn: '',
  maate: 'skriftlig',
  oenske: 'ip',
  egenSak: false,
  notat: '',
  ...endringer,
});

const avklart = (som = 'ola-hansen'): Demosteg => ({
  steg: 'avklar-instans',
  som,
  data: { begrunnelse: 'Personen bor i området vårt og får helse- og omsorgstjenester herfra.' },
});

const informert = (data: Record<string, unknown>, som = 'ola-hansen'): Demosteg => ({
  steg: 'informer-og-avklar',
  som,
  data: {
    informertMaate: 'moete',
    temaer: Object.keys(TEMAER),
    informertOm: Object.keys(INFORMERT_OM),
    samtykkekompetanse: 'ja',
    vilDelta: 'selv',
    oenske: 'ip',
    oenskeBeskrivelse: 'Jeg vil slippe å fortelle alt på nytt til hver ny person.',
    ...data,
  },
});

const kartlagt = (data: Record<string, unknown> = {}, som = 'ola-hansen'): Demosteg => ({
  steg: 'kartlegg-og-vurder',
  som,
  data: {
    kriterier: 'Behovet er langvarig, og flere tjenester må ses i sammenheng. Kriteriene er oppfylt.',
    varighet: 'over-ett-aar',
    antallTjenester: 4,
    koordineringsbehov: 'Tjenestene kommer fra flere virksomheter og vet i dag lite om hverandre.',
    kritiskeOverganger: 'Ingen kjente overganger det nærmeste året.',
    aktiveTjenester: 'Hjemmesykepleie hver dag, fysioterapi to ganger i uka, støttekontakt og dagtilbud.',
    samarbeidsparter: 'Hjemmetjenesten nord, fastlegen og sykehuset.',
    brukersOensker: 'Ønsker én person å forholde seg til, og at avtalene henger sammen.',
    oenskeOmPlankoordinator: 'Ønsker en fra hjemmetjenesten.',
    medvirkning: 'selv',
    kriterierOppfylt: 'ja',
    anbefaling: 'ip',
    ...data,
  },
});

const fattet = (data: Record<string, unknown> = {}): Demosteg => ({ steg: 'fatt-vedtak', som: 'ingrid-bakke', data });
const godkjent: Demosteg = { steg: 'godkjenn-vedtak', som: 'per-lunde', data: { godkjent: 'ja' } };
const spoerHjemmetjenesten: Demosteg = {
  steg: 'vurder-valg',
  som: 'ola-hansen',
  data: {
    kriterier: ['oenske', 'tillit', 'oversikt'],
    utenforEnheten: 'ja',
    valgtEnhet: 'hjemmetjenesten-nord',
    bakgrunn: 'Planeier har vedtak om individuell plan og får hjelp fra dere hver dag.',
    begrunnelse: 'Dere kjenner planeier best, og planeier har tillit til de ansatte.',
  },
};
const spoerMette: Demosteg = {
  steg: 'vurder-valg',
  som: 'ola-hansen',
  data: {
    kriterier: ['egnet', 'kapasitet'],
    utenforEnheten: 'nei',
    ansattId: 'mette-foss',
    begrunnelse: 'Mette Foss har oversikt over tjenestene og tid til å følge opp.',
  },
};
const utpekt: Demosteg = { steg: 'utpek-ansatt', som: 'siri-dahl', data: { kanUtpeke: 'ja', ansattId: 'jonas-vik' } };
const bekreftet = (som: string): Demosteg => ({
  steg: 'bekreft-oppdrag',
  som,
  data: { bekreftet: 'ja', kjennerRollen: true, avklartMedLeder: true },
});

/** Sakene i demoen, hver i sitt steg. Alle navn og hendelser er oppdiktet. */
export const DEMOSAKER: Record<string, Demosak> = {
  'muntlig-anmodning': {
    person: 'aslak',
    av: 'ola-hansen',
    dagerSiden: 1,
    anmodning: anmodning({ maate: 'muntlig', notat: 'Ringte i går. Har MS og får hjelp fra fire steder.' }),
    steg: [],
  },
  'hvem-avgjoer': {
    person: 'berit',
    av: 'ingrid-bakke',
    dagerSiden: 4,
    anmodning: anmodning({
      hvemSpoer: 'tjenesteyter',
      hvemSpoerNavn: 'Lise Myhre, Rehabiliteringstjenesten',
      notat: 'Slag i sommer. Skal hjem fra rehabilitering og trenger at tjenestene henger sammen.',
    }),
    steg: [],
    fristOmDager: 0,
  },
  'trenger-tolk': {
    person: 'minh',
    av: 'ola-hansen',
    dagerSiden: 18,
    anmodning: anmodning({
      hvemSpoer: 'paaroerende',
      hvemSpoerNavn: 'Lan Nguyen',
      notat: 'Søsteren skriver på vegne av ham.',
    }),
    steg: [avklart()],
    harTatt: 'ola-hansen',
    fristOmDager: -2,
  },
  'barn-til-skole': {
    person: 'ida',
    av: 'ola-hansen',
    dagerSiden: 36,
    anmodning: anmodning({
      hvemSpoer: 'paaroerende',
      hvemSpoerNavn: 'Marit Solberg',
      notat: 'Ida har autisme og begynner på skolen til høsten. PPT, BUP og avlastning er inne.',
    }),
    steg: [
      avklart(),
      informert({
        samtykkekompetanse: 'nei',
        samtykkekompetanseBegrunnelse: 'Barnet er seks år. Moren samtykker.',
        vilDelta: 'paaroerende',
        oenskeBeskrivelse: 'Moren vil ha én plan før skolestart, så alle vet hva Ida trenger.',
      }),
    ],
    harTatt: 'ola-hansen',
  },
  'klar-for-vedtak': {
    person: 'dagny',
    av: 'ola-hansen',
    dagerSiden: 25,
    anmodning: anmodning({ notat: 'Jeg har fått mange tjenester etter ulykken og mister oversikten.' }),
    steg: [avklart(), informert({}), kartlagt()],
  },
  'venter-paa-godkjenning': {
    person: 'emil',
    av: 'ola-hansen',
    dagerSiden: 28,
    anmodning: anmodning({
      hvemSpoer: 'paaroerende',
      hvemSpoerNavn: 'Hilde Sætre',
      notat: 'Emil er 17 og skal snart flytte for seg selv.',
    }),
    steg: [
      avklart(),
      informert({
        barnetHoert: 'ja',
        barnetsMening: 'Emil vil selv være med på møtene og bestemme hvem som får vite hva.',
      }),
      kartlagt({ kritiskeOverganger: 'Fyller 18 år neste år og flytter hjemmefra.', medvirkning: 'begge' }),
      fattet(),
    ],
    fristOmDager: 0,
  },
  'finn-koordinator': {
    person: 'frida',
    av: 'ola-hansen',
    dagerSiden: 30,
    anmodning: anmodning({ notat: 'Kols og angst. Ønsker at noen ser helheten.' }),
    steg: [avklart(), informert({}), kartlagt(), fattet(), godkjent],
  },
  'spurt-enhet': {
    person: 'gunnar',
    av: 'ola-hansen',
    dagerSiden: 33,
    anmodning: anmodning({ notat: 'Parkinson. Har hjelp fra hjemmetjenesten tre ganger om dagen.' }),
    steg: [avklart(), informert({}), kartlagt(), fattet(), godkjent, spoerHjemmetjenesten],
    fristOmDager: -1,
  },
  'spurt-ansatt': {
    person: 'hege',
    av: 'ola-hansen',
    dagerSiden: 34,
    anmodning: anmodning({ notat: 'Hjerneskade etter ulykke. Mange møter og mange avtaler.' }),
    steg: [avklart(), informert({}), kartlagt(), fattet(), godkjent, spoerHjemmetjenesten, utpekt],
  },
  'koordinator-uten-plan': {
    person: 'ragnhild',
    av: 'ola-hansen',
    dagerSiden: 40,
    anmodning: anmodning({ oenske: 'koordinator', notat: 'Vil ikke ha noen plan, men trenger én å ringe til.' }),
    steg: [
      avklart(),
      informert({
        oenske: 'koordinator',
        oenskeBeskrivelse: 'Jeg vil ha én å ringe til, ikke en plan.',
        hvorforIkkeIp: 'Synes en plan blir for mye å holde styr på.',
      }),
      kartlagt({ anbefaling: 'koordinator', oenskeOmPlankoordinator: 'Kjenner ingen, det kan være hvem som helst.' }),
      fattet(),
      godkjent,
      spoerMette,
      bekreftet('mette-foss'),
    ],
  },
  'innvilget-plan': {
    person: 'ivar',
    av: 'ola-hansen',
    dagerSiden: 60,
    anmodning: anmodning({ notat: 'Bipolar lidelse og hjertesvikt. Behandles på to sykehus.' }),
    steg: [
      avklart(),
      informert({}),
      kartlagt(),
      fattet(),
      godkjent,
      spoerHjemmetjenesten,
      utpekt,
      bekreftet('jonas-vik'),
    ],
  },
  'spoer-igjen': {
    person: 'ivar',
    av: 'ingrid-bakke',
    dagerSiden: 2,
    anmodning: anmodning({
      hvemSpoer: 'tjenesteyter',
      hvemSpoerNavn: 'Fastlegen',
      notat: 'Fastlegen vet ikke at det alt er en plan.',
    }),
    steg: [avklart('ingrid-bakke')],
    etter: 'innvilget-plan',
  },
  avslag: {
    person: 'jorunn',
    av: 'ola-hansen',
    dagerSiden: 45,
    anmodning: anmodning({ notat: 'Har fysioterapi etter brudd og ønsker plan.' }),
    steg: [
      avklart(),
      informert({}),
      kartlagt({
        kriterier: 'Behovet er fysioterapi i tre måneder. Kriteriene er ikke oppfylt.',
        varighet: 'under-ett-aar',
        unntakUnderEttAar: 'Det er ikke forhold som taler for unntak: tilstanden bedrer seg, og én tjeneste er nok.',
        antallTjenester: 1,
        koordineringsbehov: 'Det er én tjeneste og ikke behov for koordinering.',
        aktiveTjenester: 'Fysioterapi to ganger i uka.',
        kriterierOppfylt: 'nei',
        anbefaling: 'avslag',
      }),
      fattet(),
      godkjent,
    ],
  },
  'takket-nei': {
    person: 'kaare',
    av: 'ola-hansen',
    dagerSiden: 20,
    anmodning: anmodning({
      hvemSpoer: 'tjenesteyter',
      hvemSpoerNavn: 'Hjemmesykepleien',
      notat: 'Mange tjenester, og datteren bor langt unna.',
    }),
    steg: [
      avklart(),
      informert({ oenske: 'ingen', vilDelta: 'nei', oenskeBeskrivelse: 'Det går fint slik det er nå.' }),
      {
        steg: 'dokumenter-avslaatt-tilbud',
        som: 'ola-hansen',
        data: {
          begrunnelse: 'Kåre synes hjelpen henger godt sammen, og vil ikke ha flere møter.',
          informertOmSenere: true,
        },
      },
    ],
  },
  trukket: {
    person: 'liv',
    av: 'ola-hansen',
    dagerSiden: 15,
    anmodning: anmodning({ notat: 'Ønsker hjelp til å samle tjenestene.' }),
    steg: [avklart()],
    trekk: 'Liv ringte og trakk anmodningen. Hun flytter til en annen kommune.',
  },
  'annen-enhet': {
    person: 'magnus',
    av: 'anne-lie',
    dagerSiden: 12,
    anmodning: anmodning({
      enhetId: 'hsk-madla',
      notat: 'Ryggmargsskade. Trenger samordning mellom arbeid og rehabilitering.',
    }),
    steg: [avklart('anne-lie')],
  },
  'barnevernets-sak': {
    person: 'sara',
    av: 'bente-strand',
    dagerSiden: 10,
    anmodning: anmodning({
      enhetId: 'barnevern',
      egenSak: true,
      hvemSpoer: 'tjenesteyter',
      hvemSpoerNavn: 'Skolen',
      notat: 'Barnet bor i fosterhjem.',
    }),
    steg: [
      informert(
        {
          samtykkekompetanse: 'nei',
          samtykkekompetanseBegrunnelse: 'Barnet er tolv år. Barneverntjenesten har overtatt omsorgen.',
          barnetHoert: 'ja',
          barnetsMening: 'Vil at færre voksne skal spørre om det samme.',
          oenskeBeskrivelse: 'Én plan som skolen, fosterhjemmet og BUP følger.',
        },
        'bente-strand',
      ),
    ],
  },
};
