import { z } from 'zod';

/*
 * Avtalen mellom fagkoden og diagrammene i bpmn/: meldinger, prosessvariabler, jobbtyper og steg. Bare id-er og utfall
 * er variabler; aldri noe om en person. Nøkkelen til en melding er id-en til en rad.
 */

export const RUTINER = {
  saksbehandle: 'ip-saksbehandle',
  oppnevnePlankoordinator: 'ip-oppnevne-plankoordinator',
} as const;

// ---------------------------------------------------------------- steg (brukeroppgaver)
/** Element-id = skjema-id = filnavn i `steg/`. Rekkefølgen er rutinens. */
export const STEG_IDER = [
  'registrer-anmodning',
  'avklar-instans',
  'svar-om-eksisterende-plan',
  'informer-og-avklar',
  'dokumenter-avslaatt-tilbud',
  'kartlegg-og-vurder',
  'fatt-vedtak',
  'godkjenn-vedtak',
  'avklar-dobbel-sak',
  'vurder-valg',
  'utpek-ansatt',
  'avklar-videre',
  'bekreft-oppdrag',
  'avklar-svar',
  'avklar-opplaering',
] as const;
export type StegId = (typeof STEG_IDER)[number];
export function erStegId(verdi: string): verdi is StegId {
  return (STEG_IDER as readonly string[]).includes(verdi);
}

// ---------------------------------------------------------------- variabler
const id = z.string().min(1).max(200);
const REGIME_VERDIER = ['helse', 'barnevern', 'nav'] as const;
const OENSKE_VERDIER = ['ip', 'koordinator', 'barnekoordinator', 'ingen'] as const;
export const UTFALL_VERDIER = ['ip', 'koordinator', 'barnekoordinator', 'avslag'] as const;
export type Oenske = (typeof OENSKE_VERDIER)[number];
export type Utfall = (typeof UTFALL_VERDIER)[number];

/** Variablene en sak starter med (meldingen AnmodningMottatt). */
export const startvariabler = z.object({
  sakId: id,
  mottaksenhet: id,
  /** Ved start den samme som mottaksenhet; avklar-instans kan endre den. */
  vedtaksinstans: id,
  /** true når anmodningen kom skriftlig */
  skriftlig: z.boolean(),
  /** egen sak i barnevern eller NAV: enheten avgjør selv */
  egenSak: z.boolean(),
  /** én måned etter at anmodningen ble mottatt, også når den registreres sent; med tidssone */
  foreloepigSvarFrist: z.iso.datetime({ offset: true }),
});
export type Startvariabler = z.infer<typeof startvariabler>;

/** Variablene hvert steg leverer til motoren når det fullføres; alt annet blir hos oss. */
export const STEGVARIABLER = {
  'registrer-anmodning': z.strictObject({}),
  'avklar-instans': z.strictObject({ vedtaksinstans: id, regime: z.enum(REGIME_VERDIER) }),
  'svar-om-eksisterende-plan': z.strictObject({}),
  'informer-og-avklar': z.strictObject({ oenske: z.enum(OENSKE_VERDIER) }),
  'dokumenter-avslaatt-tilbud': z.strictObject({}),
  'kartlegg-og-vurder': z.strictObject({}),
  'fatt-vedtak': z.strictObject({
    vedtakId: id,
    utfall: z.enum(UTFALL_VERDIER),
    /** en annen skal godkjenne; da reserveres planen først ved godkjenningen, og planKonflikt er false her */
    fireOeyne: z.boolean(),
    /** en annen sak rakk å reservere planen */
    planKonflikt: z.boolean(),
  }),
  'godkjenn-vedtak': z.strictObject({ godkjent: z.boolean(), planKonflikt: z.boolean() }),
  'avklar-dobbel-sak': z.strictObject({}),
  'vurder-valg': z.strictObject({
    oppdragId: id,
    utenforEnheten: z.boolean(),
    valgtEnhet: id,
    /** satt når den ansatte velges i egen enhet, ellers tom til enheten har utpekt noen */
    ansattId: id.nullable(),
  }),
  'utpek-ansatt': z.strictObject({ kanUtpeke: z.boolean(), ansattId: id.nullable() }),
  'avklar-videre': z.strictObject({ merTid: z.boolean() }),
  'bekreft-oppdrag': z.strictObject({ bekreftet: z.boolean() }),
  'avklar-svar': z.strictObject({ merTid: z.boolean() }),
  'avklar-opplaering': z.strictObject({ merTid: z.boolean() }),
} as const satisfies Record<StegId, z.ZodObject>;

// ---------------------------------------------------------------- jobber
/** Filnavn: `workers/<type>.worker.ts`. */
export const JOBBTYPER = [
  'send-kvittering',
  'sjekk-aktiv-plan',
  'bekreft-trukket',
  'send-foreloepig-svar',
  'iverksett-vedtak',
  'lag-brev',
  'send-brev',
  'arkiver',
  'bestill-plan',
  'avslutt-sak',
  'send-henvendelse',
  'sjekk-kompetanse',
  'start-opplaering',
  'registrer-oppdrag',
] as const;
export type Jobbtype = (typeof JOBBTYPER)[number];

/** Lyttere på brukeroppgavene. Utrullingen legger dem til; de står ikke i diagrammene. */
export type Lyttertype = 'oppgave-opprettes' | 'oppgave-avbrytes';

const KOMPETANSE_VERDIER = ['ok', 'frist', 'blokkerer'] as const;
/** Variablene en jobb svarer med; jobber som ikke står her, svarer uten. */
export const JOBBVARIABLER = {
  'sjekk-aktiv-plan': z.strictObject({ harPlan: z.boolean() }),
  'bestill-plan': z.strictObject({ planId: id }),
  'sjekk-kompetanse': z.strictObject({
    kompetanse: z.enum(KOMPETANSE_VERDIER),
    /** id på opplæringskravet; null når kompetansen er i orden */
    kravId: id.nullable(),
  }),
} as const satisfies Partial<Record<Jobbtype, z.ZodObject>>;

/** Oppgavehodet `mal` på lag-brev, og `gjelder` på send-brev og arkiver. */
const BREVSLAG = ['vedtak', 'oppnevning'] as const;
export type Brevslag = (typeof BREVSLAG)[number];
export const hodeLagBrev = z.object({ mal: z.enum(BREVSLAG) });
export const hodeGjelder = z.object({ gjelder: z.enum(BREVSLAG) });
/** Oppgavehodet `grunn` på avslutt-sak: hvordan saken endte. */
export const SLUTTGRUNNER = [
  'har-ip',
  'avslaatt-tilbud',
  'trukket',
  'dobbel-sak',
  'avslag',
  'koordinator-oppnevnt',
  'innvilget',
] as const;
export type Sluttgrunn = (typeof SLUTTGRUNNER)[number];
export const hodeAvsluttSak = z.object({ grunn: z.enum(SLUTTGRUNNER) });

// ---------------------------------------------------------------- meldinger
/** Navn på meldingene. Hver har en levetid og en meldings-id, så en gjentakelse ikke gjør noe. */
export const MELDINGER = {
  /** starter ip-saksbehandle; nøkkel sakId */
  anmodningMottatt: 'AnmodningMottatt',
  /** avbryter saksbehandlingen; nøkkel sakId */
  sakTrukket: 'SakTrukket',
  /** opplæringen en oppnevning venter på, er gjennomført; nøkkel kravId */
  kompetanseRegistrert: 'KompetanseRegistrert',
  /** publiseres av jobben bestill-plan; nøkkel planId */
  planBestilt: 'PlanBestilt',
  /** publiseres av jobben start-opplaering; nøkkel kravId */
  opplaeringTrengs: 'OpplaeringTrengs',
} as const;
export type Melding = (typeof MELDINGER)[keyof typeof MELDINGER];

/** Variablene en melding har med. */
export const MELDINGSVARIABLER = {
  AnmodningMottatt: startvariabler,
  SakTrukket: z.object({}),
  KompetanseRegistrert: z.object({}),
  PlanBestilt: z.object({ sakId: id, planId: id, vedtaksinstans: id }),
  OpplaeringTrengs: z.object({ kravId: id, sakId: id }),
} as const satisfies Record<Melding, z.ZodObject>;

/** Meldings-id-en som gjør en gjentakelse virkningsløs. */
export function meldingsId(melding: Melding, noekkel: string): string {
  return `${melding}:${noekkel}`;
}

// ---------------------------------------------------------------- feil
/** Feilkoden i ip-saksbehandle når en annen sak rakk å reservere planen. */
export const FEIL_HAR_PLAN = 'HarPlan';
