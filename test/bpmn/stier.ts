/**
 * Hver vei gjennom de to rutinene, som en tabell. Et steg i en sti er det som skal være åpent akkurat da, og svaret
 * det får; testen feiler når noe annet er åpent.
 */
import type { Melding, Oenske, Startvariabler, Utfall } from '../../src/contract/prosess.ts';

export type Verdi = string | boolean | null;
type Svar = Readonly<Record<string, Verdi>>;

export type Stisteg =
  /** En brukeroppgave eller jobb er åpen og fullføres. */
  | { readonly slag: 'svar'; readonly element: string; readonly svar: Svar }
  /** Saken trekkes eller en annen melding kommer. */
  | { readonly slag: 'melding'; readonly navn: Melding; readonly noekkel: 'sakId' | 'kravId' }
  /** Tiden går. */
  | { readonly slag: 'tid'; readonly varighet: string }
  /** Dette er åpent nå, men ingen gjør noe med det. */
  | { readonly slag: 'aapent'; readonly elementer: readonly string[] };

export interface Sti {
  readonly navn: string;
  readonly start?: Partial<Startvariabler>;
  /** Dager fra start til fristen for foreløpig svar; uten: så langt fram at den ikke når fram. */
  readonly foreloepigSvarOmDager?: number;
  readonly steg: readonly Stisteg[];
  /** Sluttelementet i ip-saksbehandle. */
  readonly slutt: string;
}

const gjoer = (element: string, svar: Svar = {}): Stisteg => ({ slag: 'svar', element, svar });
const melding = (navn: Melding, noekkel: 'sakId' | 'kravId'): Stisteg => ({ slag: 'melding', navn, noekkel });
const gaar = (varighet: string): Stisteg => ({ slag: 'tid', varighet });
const aapent = (...elementer: string[]): Stisteg => ({ slag: 'aapent', elementer });

const EGEN_ENHET = 'hsk-hillevaag';
const ANNEN_ENHET = 'hjemmetjenesten-nord';

// ---- deler stiene settes sammen av
const mottak = [gjoer('send-kvittering'), gjoer('avklar-instans', { vedtaksinstans: EGEN_ENHET, regime: 'helse' })];
const utenPlan = [...mottak, gjoer('sjekk-aktiv-plan', { harPlan: false })];
const utredning = (oenske: Oenske): Stisteg[] => [
  ...utenPlan,
  gjoer('informer-og-avklar', { oenske }),
  gjoer('kartlegg-og-vurder'),
];
const fattet = (utfall: Utfall, mer: { fireOeyne?: boolean; planKonflikt?: boolean } = {}): Stisteg =>
  gjoer('fatt-vedtak', { vedtakId: 'vedtak-1', utfall, fireOeyne: false, planKonflikt: false, ...mer });
const iverksatt = [
  gjoer('iverksett-vedtak'),
  gjoer('lag-brev-vedtak'),
  gjoer('send-brev-vedtak'),
  gjoer('arkiver-vedtak'),
];
const valgtInne = gjoer('vurder-valg', {
  oppdragId: 'oppdrag-1',
  utenforEnheten: false,
  valgtEnhet: EGEN_ENHET,
  ansattId: 'mette-foss',
});
const valgtUte = [
  gjoer('vurder-valg', { oppdragId: 'oppdrag-1', utenforEnheten: true, valgtEnhet: ANNEN_ENHET, ansattId: null }),
  gjoer('send-henvendelse'),
];
const utpekt = gjoer('utpek-ansatt', { kanUtpeke: true, ansattId: 'jonas-vik' });
const bekreftet = gjoer('bekreft-oppdrag', { bekreftet: true });
const kompetent = gjoer('sjekk-kompetanse', { kompetanse: 'ok', kravId: null });
const registrert = [
  gjoer('registrer-oppdrag'),
  gjoer('lag-brev-oppnevning'),
  gjoer('send-brev-oppnevning'),
  gjoer('arkiver-oppnevning'),
];
const plan = [gjoer('bestill-plan', { planId: 'plan-1' }), gjoer('slutt-innvilget')];
const tilOppnevning = [...utredning('ip'), fattet('ip'), ...iverksatt];
const medOppnevning = (navn: string, ...steg: Stisteg[]): Sti => ({
  navn,
  steg: [...tilOppnevning, ...steg, ...registrert, ...plan],
  slutt: 'slutt-innvilget',
});

export const STIER: readonly Sti[] = [
  {
    navn: 'innvilget individuell plan med koordinator i egen enhet',
    steg: [...tilOppnevning, valgtInne, bekreftet, kompetent, ...registrert, ...plan],
    slutt: 'slutt-innvilget',
  },
  {
    navn: 'muntlig anmodning skrives ned først',
    start: { skriftlig: false },
    steg: [gjoer('registrer-anmodning'), ...utredning('ip'), fattet('avslag'), ...iverksatt, gjoer('slutt-avslag')],
    slutt: 'slutt-avslag',
  },
  {
    navn: 'barnevernets egen sak avgjøres av barnevernet',
    start: { egenSak: true, mottaksenhet: 'barnevern', vedtaksinstans: 'barnevern' },
    steg: [
      gjoer('send-kvittering'),
      gjoer('sjekk-aktiv-plan', { harPlan: false }),
      gjoer('informer-og-avklar', { oenske: 'ip' }),
      gjoer('kartlegg-og-vurder'),
      fattet('avslag'),
      ...iverksatt,
      gjoer('slutt-avslag'),
    ],
    slutt: 'slutt-avslag',
  },
  {
    navn: 'koordinerende enhet overlater saken til NAV',
    steg: [
      gjoer('send-kvittering'),
      gjoer('avklar-instans', { vedtaksinstans: 'nav', regime: 'nav' }),
      gjoer('sjekk-aktiv-plan', { harPlan: false }),
      gjoer('informer-og-avklar', { oenske: 'ip' }),
      gjoer('kartlegg-og-vurder'),
      fattet('avslag'),
      ...iverksatt,
      gjoer('slutt-avslag'),
    ],
    slutt: 'slutt-avslag',
  },
  {
    navn: 'personen har plan fra før og får svar om det',
    steg: [
      ...mottak,
      gjoer('sjekk-aktiv-plan', { harPlan: true }),
      gjoer('svar-om-eksisterende-plan'),
      gjoer('slutt-har-ip'),
    ],
    slutt: 'slutt-har-ip',
  },
  {
    navn: 'planeier takker nei til både plan og koordinator',
    steg: [
      ...utenPlan,
      gjoer('informer-og-avklar', { oenske: 'ingen' }),
      gjoer('dokumenter-avslaatt-tilbud'),
      gjoer('slutt-avslaatt-tilbud'),
    ],
    slutt: 'slutt-avslaatt-tilbud',
  },
  {
    navn: 'fire øyne: vedtaket sendes tilbake, fattes på nytt og godkjennes',
    steg: [
      ...utredning('ip'),
      fattet('ip', { fireOeyne: true }),
      gjoer('godkjenn-vedtak', { godkjent: false, planKonflikt: false }),
      fattet('avslag', { fireOeyne: true }),
      gjoer('godkjenn-vedtak', { godkjent: true, planKonflikt: false }),
      ...iverksatt,
      gjoer('slutt-avslag'),
    ],
    slutt: 'slutt-avslag',
  },
  {
    navn: 'koordinator uten plan',
    steg: [
      ...utredning('koordinator'),
      fattet('koordinator'),
      ...iverksatt,
      valgtInne,
      bekreftet,
      kompetent,
      ...registrert,
      gjoer('slutt-koordinator-oppnevnt'),
    ],
    slutt: 'slutt-koordinator-oppnevnt',
  },
  {
    navn: 'barnekoordinator uten plan',
    steg: [
      ...utredning('barnekoordinator'),
      fattet('barnekoordinator'),
      ...iverksatt,
      valgtInne,
      bekreftet,
      kompetent,
      ...registrert,
      gjoer('slutt-koordinator-oppnevnt'),
    ],
    slutt: 'slutt-koordinator-oppnevnt',
  },
  {
    navn: 'anmodningen trekkes mens den kartlegges',
    steg: [
      ...utenPlan,
      gjoer('informer-og-avklar', { oenske: 'ip' }),
      aapent('kartlegg-og-vurder'),
      melding('SakTrukket', 'sakId'),
      gjoer('bekreft-trukket'),
      gjoer('slutt-trukket'),
    ],
    slutt: 'slutt-trukket',
  },
  {
    navn: 'foreløpig svar etter en måned, og saken går videre som før',
    foreloepigSvarOmDager: 20,
    steg: [
      ...utenPlan,
      gjoer('informer-og-avklar', { oenske: 'ip' }),
      aapent('kartlegg-og-vurder'),
      gaar('P21D'),
      aapent('kartlegg-og-vurder', 'send-foreloepig-svar'),
      gjoer('send-foreloepig-svar'),
      gjoer('kartlegg-og-vurder'),
      fattet('avslag'),
      ...iverksatt,
      gjoer('slutt-avslag'),
    ],
    slutt: 'slutt-avslag',
  },
  {
    navn: 'anmodningen ble registrert for sent: foreløpig svar går med en gang',
    foreloepigSvarOmDager: -3,
    steg: [
      gjoer('send-foreloepig-svar'),
      ...mottak,
      gjoer('sjekk-aktiv-plan', { harPlan: true }),
      gjoer('svar-om-eksisterende-plan'),
      gjoer('slutt-har-ip'),
    ],
    slutt: 'slutt-har-ip',
  },
  {
    navn: 'en annen sak rakk å gi plan: dobbel sak avklares',
    steg: [
      ...utredning('ip'),
      fattet('ip', { planKonflikt: true }),
      gjoer('avklar-dobbel-sak'),
      gjoer('slutt-dobbel-sak'),
    ],
    slutt: 'slutt-dobbel-sak',
  },
  {
    navn: 'en annen sak rakk å gi plan før godkjenningen: dobbel sak avklares',
    steg: [
      ...utredning('ip'),
      fattet('ip', { fireOeyne: true }),
      gjoer('godkjenn-vedtak', { godkjent: true, planKonflikt: true }),
      gjoer('avklar-dobbel-sak'),
      gjoer('slutt-dobbel-sak'),
    ],
    slutt: 'slutt-dobbel-sak',
  },
  medOppnevning('koordinator fra en annen enhet', ...valgtUte, utpekt, bekreftet, kompetent),
  medOppnevning(
    'enheten kan ikke utpeke noen: valget gjøres om',
    ...valgtUte,
    gjoer('utpek-ansatt', { kanUtpeke: false, ansattId: null }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'enheten svarer ikke, får mer tid og utpeker',
    ...valgtUte,
    aapent('utpek-ansatt'),
    gaar('P18D'),
    gjoer('avklar-videre', { merTid: true }),
    utpekt,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'enheten svarer ikke, og valget gjøres om',
    ...valgtUte,
    aapent('utpek-ansatt'),
    gaar('P18D'),
    gjoer('avklar-videre', { merTid: false }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'den ansatte i egen enhet sier nei: valget gjøres om',
    valgtInne,
    gjoer('bekreft-oppdrag', { bekreftet: false }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'den ansatte i den andre enheten sier nei: enheten utpeker en annen',
    ...valgtUte,
    utpekt,
    gjoer('bekreft-oppdrag', { bekreftet: false }),
    utpekt,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'enheten utpekte, den ansatte sa nei, og så svarer ikke enheten: valget gjøres om, ikke enheten på nytt',
    ...valgtUte,
    utpekt,
    gjoer('bekreft-oppdrag', { bekreftet: false }),
    aapent('utpek-ansatt'),
    gaar('P18D'),
    gjoer('avklar-videre', { merTid: false }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'den spurte svarer ikke, får mer tid og bekrefter',
    valgtInne,
    aapent('bekreft-oppdrag'),
    gaar('P11D'),
    gjoer('avklar-svar', { merTid: true }),
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'den spurte i egen enhet svarer ikke: regnes som nei, valget gjøres om',
    valgtInne,
    aapent('bekreft-oppdrag'),
    gaar('P11D'),
    gjoer('avklar-svar', { merTid: false }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'den spurte i den andre enheten svarer ikke: enheten utpeker en annen',
    ...valgtUte,
    utpekt,
    aapent('bekreft-oppdrag'),
    gaar('P11D'),
    gjoer('avklar-svar', { merTid: false }),
    utpekt,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'opplæring mangler, men kan tas etterpå',
    valgtInne,
    bekreftet,
    gjoer('sjekk-kompetanse', { kompetanse: 'frist', kravId: 'krav' }),
    gjoer('start-opplaering'),
  ),
  medOppnevning(
    'opplæring må være ferdig først: oppnevningen venter på kurset',
    valgtInne,
    bekreftet,
    gjoer('sjekk-kompetanse', { kompetanse: 'blokkerer', kravId: 'krav' }),
    gjoer('start-opplaering'),
    melding('KompetanseRegistrert', 'kravId'),
  ),
  medOppnevning(
    'opplæringen drar ut, oppnevningen venter videre, og kurset blir gjennomført',
    valgtInne,
    bekreftet,
    gjoer('sjekk-kompetanse', { kompetanse: 'blokkerer', kravId: 'krav' }),
    gjoer('start-opplaering'),
    gaar('P31D'),
    gjoer('avklar-opplaering', { merTid: true }),
    melding('KompetanseRegistrert', 'kravId'),
  ),
  medOppnevning(
    'opplæringen drar ut i egen enhet: en annen velges',
    valgtInne,
    bekreftet,
    gjoer('sjekk-kompetanse', { kompetanse: 'blokkerer', kravId: 'krav' }),
    gjoer('start-opplaering'),
    gaar('P31D'),
    gjoer('avklar-opplaering', { merTid: false }),
    valgtInne,
    bekreftet,
    kompetent,
  ),
  medOppnevning(
    'opplæringen drar ut i den andre enheten: enheten utpeker en annen',
    ...valgtUte,
    utpekt,
    bekreftet,
    gjoer('sjekk-kompetanse', { kompetanse: 'blokkerer', kravId: 'krav' }),
    gjoer('start-opplaering'),
    gaar('P31D'),
    gjoer('avklar-opplaering', { merTid: false }),
    utpekt,
    bekreftet,
    kompetent,
  ),
];
