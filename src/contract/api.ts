import { z } from 'zod';
import { MAKS_FORDELING } from './fordeling.ts';
import { dato as datofelt, tekst } from './steg/felt.ts';
import { ROLLER } from './tilgang.ts';

/*
 * Kroppene i HTTP-grensesnittet under /api. Server og skjerm deler dem: serveren tolker inn-kroppene med dem,
 * skjermen typer svarene med dem.
 */

const dato = datofelt('Skriv datoen.');

// ---------------------------------------------------------------- feil
export const feltfeil = z.object({ felt: z.string(), melding: z.string() });
export type Feltfeil = z.infer<typeof feltfeil>;
// ---------------------------------------------------------------- utkast
export const utkast = z.object({
  data: z.record(z.string(), z.unknown()),
  /** forslaget feltene sist fulgte, når steget foreslår noe */
  forslag: z.record(z.string(), z.unknown()).nullable(),
  versjon: z.number(),
  lagret: z.iso.datetime(),
  /** hvem som lagret det */
  av: z.string().nullable(),
});
export type Utkast = z.infer<typeof utkast>;
/** PUT /api/oppgaver/:id/utkast og PUT /api/utkast/ny-anmodning */
export const utkastlagring = z.object({
  data: z.record(z.string(), z.unknown()),
  forslag: z.record(z.string(), z.unknown()).optional(),
  /** versjonen det som lagres, bygger på; 0 når det ikke fantes noe utkast */
  grunnlag: z.number().int().min(0),
  /** vinduet som lagrer, og tallet på lagringen derfra */
  fane: z.uuid(),
  nr: z.number().int().min(1).max(2_000_000_000),
  /** `data` er bare feltene som er endret siden grunnlaget; når siden forlates og alt ikke får plass */
  delvis: z.boolean().default(false),
});
export type Utkastlagring = z.infer<typeof utkastlagring>;
export const utkastSvar = z.object({ lagret: z.iso.datetime(), versjon: z.number() });
export type UtkastSvar = z.infer<typeof utkastSvar>;
/** GET /api/utkast/ny-anmodning */
export const mittUtkast = z.object({ utkast: utkast.nullable() });

/** RFC 9457. `feil` har én linje per felt som må rettes. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
  feil: z.array(feltfeil).optional(),
  /** det som er lagret, når en annen har lagret imens (UTKAST_ENDRET); null når det er borte */
  utkast: utkast.nullable().optional(),
  /** hvem økten tilhører nå, når siden viser en annen (ANNEN_BRUKER) */
  bruker: z.object({ id: z.string(), navn: z.string() }).optional(),
});
export type Problem = z.infer<typeof problem>;

// ---------------------------------------------------------------- hvem er jeg
export const rolletildeling = z.object({ rolle: z.enum(ROLLER), enhetId: z.string(), enhetNavn: z.string() });
export const menypunkt = z.enum([
  'oppgaver',
  'saker',
  'ny-anmodning',
  'rutiner',
  'oversikt',
  'brukere',
  'drift',
  'hjelp',
]);
/** GET /api/meg */
export const meg = z.object({
  bruker: z.object({ id: z.string(), navn: z.string(), roller: z.array(rolletildeling) }).nullable(),
  meny: z.array(menypunkt),
  kommune: z.string(),
  /** true når demo-innlogging er på (ingen identitetstjeneste er satt opp) */
  demo: z.boolean(),
  /** Adressen som starter innlogging når identitetstjeneste er satt opp */
  loggInnAdresse: z.string().nullable(),
  /** Sendes som hodet x-csrf-token på alt som endrer noe */
  csrf: z.string(),
});
export type Meg = z.infer<typeof meg>;
/** GET /api/demo/brukere */
export const demobruker = z.object({
  id: z.string(),
  navn: z.string(),
  roller: z.array(rolletildeling),
  proevFoerst: z.string(),
});
export type Demobruker = z.infer<typeof demobruker>;
/** POST /api/logg-ut: adressen som avslutter økten hos identitetstjenesten også, når den har en slik. */
export const loggUtSvar = z.object({ videre: z.string().nullable() });
/** POST /api/demo/logg-inn */
export const demoLoggInn = z.object({ brukerId: z.string().min(1) });

// ---------------------------------------------------------------- oppgaver
export const oppgaveFane = z.enum(['mine', 'ledige', 'enheten']);
/** `tilbake`: sendt tilbake eller kommet på nytt; står først, uansett frist. */
export const fristgruppe = z.enum(['tilbake', 'forfalt', 'i-dag', 'denne-uka', 'senere', 'uten-frist']);
export type Fristgruppe = z.infer<typeof fristgruppe>;
/** GET /api/oppgaver?… */
export const oppgaveSoek = z.object({
  fane: oppgaveFane.default('mine'),
  /** fritekst: navn, saksnummer, steg */
  sok: z.string().max(200).default(''),
  steg: z.string().max(100).optional(),
  rutine: z.string().max(100).optional(),
  enhet: z.string().max(100).optional(),
  /** bare forfalte */
  forfalt: z.enum(['ja']).optional(),
  personId: z.uuid().optional(),
  sorter: z.enum(['frist', 'opprettet', 'navn', 'steg']).default('frist'),
  retning: z.enum(['stigende', 'synkende']).default('stigende'),
  fra: z.coerce.number().int().min(0).max(1_000_000).default(0),
  antall: z.coerce.number().int().min(1).max(200).default(50),
});
export type OppgaveSoek = z.infer<typeof oppgaveSoek>;
export const oppgaveType = z.enum(['steg', 'teknisk', 'gikk-videre']);
export const oppgaveRad = z.object({
  id: z.uuid(),
  type: oppgaveType,
  stegId: z.string(),
  /** stegets egne ord fra diagrammet, f.eks. "Fatt vedtak" */
  tittel: z.string(),
  sakId: z.uuid().nullable(),
  saksnummer: z.string().nullable(),
  /** null for den som ikke skal se hvem saken gjelder */
  personNavn: z.string().nullable(),
  rutineNavn: z.string(),
  fase: z.string(),
  enhetId: z.string(),
  enhetNavn: z.string(),
  frist: z.iso.datetime().nullable(),
  gruppe: fristgruppe,
  opprettet: z.iso.datetime(),
  eier: z.object({ id: z.string(), navn: z.string() }).nullable(),
  /** da eieren tok eller fikk oppgaven */
  tatt: z.iso.datetime().nullable(),
  /** den som har oppgaven, eller er spurt, er sperret */
  eierBorte: z.boolean(),
  /** kort om hvorfor oppgaven kom tilbake: «Sendt tilbake av Per Lunde»; null når den ikke har vært gjort før */
  retur: z.string().nullable(),
  /** aapen | fullfoerer (lagret, på vei til motoren) | fullfoert | avbrutt | gikk-videre */
  status: z.string(),
  kanTa: z.boolean(),
  /** hvorfor akkurat du ikke kan ta en oppgave som ellers er ledig for rollen din (fire øyne) */
  hindring: z.string().nullable(),
  kanLeggeTilbake: z.boolean(),
  /** brukeren leder enheten og kan gjøre oppgaven ledig eller gi den til en annen */
  kanFordele: z.boolean(),
});
export type OppgaveRad = z.infer<typeof oppgaveRad>;
export const oppgaveListe = z.object({
  rader: z.array(oppgaveRad),
  totalt: z.number(),
  antall: z.object({ mine: z.number(), ledige: z.number(), forfalt: z.number(), enheten: z.number().nullable() }),
  /** valg til filtrene, bare verdier som finnes for brukeren */
  filtre: z.object({
    steg: z.array(z.object({ id: z.string(), navn: z.string() })),
    rutiner: z.array(z.object({ id: z.string(), navn: z.string() })),
    enheter: z.array(z.object({ id: z.string(), navn: z.string() })),
  }),
});
export type OppgaveListe = z.infer<typeof oppgaveListe>;

export const hendelseRad = z.object({
  id: z.string(),
  tid: z.iso.datetime(),
  /** navn på den ansatte, eller "Systemet" */
  av: z.string(),
  type: z.string(),
  /** ferdig setning, f.eks. "Ola Hansen fattet vedtak: innvilget. Hjemmel pbrl § 2-5." */
  tekst: z.string(),
});
export type HendelseRad = z.infer<typeof hendelseRad>;

/** GET /api/oppgaver/:id */
export const oppgaveDetalj = z.object({
  oppgave: oppgaveRad,
  /** rutinens egen tekst om steget (avsnitt og punktlister som ren tekst, linjer som begynner med "- " er punkter) */
  rutine: z.object({
    id: z.string(),
    navn: z.string(),
    versjon: z.number(),
    tekst: z.string(),
    dokumenter: z.array(z.string()),
    hjemler: z.array(z.string()),
  }),
  /** form-js-skjema; null for tekniske oppgaver */
  skjema: z.unknown().nullable(),
  /** inndata til skjemaet: forhåndsutfylt, valglister, fakta – og utkastet oppå når det finnes */
  data: z.record(z.string(), z.unknown()),
  utkast: z.object({ lagret: z.iso.datetime(), versjon: z.number() }).nullable(),
  kanFullfoere: z.boolean(),
  /** hvorfor oppgaven kom tilbake, med det som ble skrevet; null når den ikke har vært gjort før */
  retur: z.object({ merke: z.string(), tekst: z.string(), tid: z.iso.datetime() }).nullable(),
  /** siste gang en annen enn eieren flyttet oppgaven */
  fordeling: z
    .object({
      slag: z.enum(['gitt', 'frigjort', 'besvart']),
      av: z.string(),
      fra: z.string().nullable(),
      til: z.string().nullable(),
      /** den som leser, var den som hadde den */
      fraMeg: z.boolean(),
      tid: z.iso.datetime(),
      /** bare for den som leder enheten */
      grunn: z.string().nullable(),
    })
    .nullable(),
  /** den som skrev utkastet, når det er en annen enn den som har oppgaven nå */
  utkastAv: z.string().nullable(),
  /** utveien for en leder når den ene som kan svare, er borte */
  besvarFor: z.object({ navn: z.string(), knapp: z.string(), hvaSkjer: z.string() }).nullable(),
  /** Satt når oppgaven ikke lenger er åpen: hvem gjorde den ferdig (eller hvorfor den falt bort), og når. */
  avsluttet: z
    .object({ av: z.string(), tid: z.iso.datetime(), maate: z.enum(['fullfoert', 'avbrutt']) })
    .nullable()
    .optional(),
  /** Knappen nederst: teksten følger verdien i utfallsfeltet. */
  knapper: z.object({ felt: z.string().nullable(), tekster: z.record(z.string(), z.string()), standard: z.string() }),
  /** Hva som skjer når oppgaven fullføres, per utfall; nøkkelen "" gjelder uten valgt utfall */
  hvaSkjer: z.record(z.string(), z.string()),
  kanForhaandsviseBrev: z.boolean(),
  /** forslaget feltene i `data` sist fulgte; et felt som står annerledes, er redigert. Null når steget ikke foreslår noe */
  forslag: z.record(z.string(), z.unknown()).nullable(),
  fristKilde: z.string().nullable(),
  /** null når brukeren bare har tilgang til oppgaven, ikke til saken */
  sak: z
    .object({
      id: z.uuid(),
      saksnummer: z.string(),
      fase: z.string(),
      person: z.object({ navn: z.string(), alder: z.number(), tolk: z.string().nullable() }),
      avgjort: z.array(z.object({ tekst: z.string() })),
      hendelser: z.array(hendelseRad),
    })
    .nullable(),
  /** Bare for tekniske oppgaver: hva som gikk galt, i klartekst, og hva som kan prøves */
  teknisk: z.object({ hva: z.string(), feil: z.string(), kanProevesIgjen: z.boolean() }).nullable(),
});
export type OppgaveDetalj = z.infer<typeof oppgaveDetalj>;

/** POST /api/oppgaver/:id/forslag og …/forhaandsvis-brev: det som er skrevet nå */
export const skrevet = z.object({ data: z.record(z.string(), z.unknown()) });
/** POST /api/oppgaver/:id/fullfoer — samme innsendingId to ganger gir det første svaret igjen */
export const fullfoerOppgave = z.object({
  innsendingId: z.uuid(),
  data: z.record(z.string(), z.unknown()),
  /** versjonen av utkastet det som sendes, bygger på; er det lagret noe annet imens, er svaret 409 (UTKAST_ENDRET) */
  utkastversjon: z.number().int().min(0).optional(),
});
export const fullfoerSvar = z.object({
  melding: z.string(),
  sakId: z.uuid().nullable(),
  nesteOppgaveId: z.uuid().nullable(),
  /** false: arbeidet er lagret, men motoren har ikke svart ennå */
  motorHarSvart: z.boolean(),
});
export type FullfoerSvar = z.infer<typeof fullfoerSvar>;
// ---------------------------------------------------------------- fordeling (ledere)
/** Grunnen til at noe flyttes eller sperres. */
const grunn = tekst('Skriv en grunn.', 500);
/** POST /api/oppgaver/fordel: `til` er null når oppgavene skal bli ledige */
export const fordelOppgaver = z.object({
  ider: z
    .array(z.uuid())
    .min(1, 'Velg minst én oppgave.')
    .max(MAKS_FORDELING, `Velg høyst ${MAKS_FORDELING} oppgaver.`),
  til: z.string().min(1, 'Velg hvem som skal ha oppgavene.').max(60).nullable(),
  grunn,
});
export const fordelSvar = z.object({
  /** én rad per oppgave: hva som skjedde med den */
  resultater: z.array(
    z.object({
      id: z.uuid(),
      tittel: z.string(),
      saksnummer: z.string().nullable(),
      resultat: z.enum(['gitt', 'frigjort', 'uendret', 'avvist']),
      melding: z.string(),
    }),
  ),
});
export type FordelSvar = z.infer<typeof fordelSvar>;
/** GET /api/oppgaver/kandidater?ider=a,b: de som kan få minst én av oppgavene */
export const fordelingskandidaterSoek = z.object({
  ider: z
    .string()
    .transform((t) => t.split(','))
    .pipe(z.array(z.uuid()).min(1).max(MAKS_FORDELING)),
});
export const fordelingskandidat = z.object({
  id: z.string(),
  navn: z.string(),
  /** hvor mange av oppgavene han kan få */
  kan: z.number(),
  /** åpne oppgaver han har fra før */
  aapne: z.number(),
});
export type Fordelingskandidat = z.infer<typeof fordelingskandidat>;
/** POST /api/oppgaver/:id/besvar-for */
export const besvarFor = z.object({ grunn });
export const besvarForSvar = z.object({ melding: z.string() });

// ---------------------------------------------------------------- brukere
export const brukerRad = z.object({
  id: z.string(),
  navn: z.string(),
  /** rollene i dag og dem som er avsluttet eller begynner senere */
  roller: z.array(
    z.object({
      rolle: z.enum(ROLLER),
      enhetId: z.string(),
      enhetNavn: z.string(),
      fra: dato,
      til: dato.nullable(),
      gjelder: z.boolean(),
      kanAvsluttes: z.boolean(),
      kanAapnes: z.boolean(),
    }),
  ),
  /** første dagen brukeren er sperret; null når han ikke er eller skal bli det */
  sperretFra: dato.nullable(),
  sperret: z.boolean(),
  /** åpne oppgaver han har; av dem de som er gitt til ham personlig */
  oppgaver: z.number(),
  personlige: z.number(),
  kanSperres: z.boolean(),
  /** av oppgavene kan så mange gjøres ledige av den som spør */
  kanFrigjoere: z.number(),
  /** siste endring, for den som lurer på hvorfor */
  siste: z.object({ tekst: z.string(), av: z.string(), tid: z.iso.datetime(), grunn: z.string() }).nullable(),
});
export type BrukerRad = z.infer<typeof brukerRad>;
/** GET /api/brukere?sok= */
export const brukerSoek = z.object({ sok: z.string().max(100).default('') });
export const brukerListe = z.object({ rader: z.array(brukerRad), totalt: z.number() });
export type BrukerListe = z.infer<typeof brukerListe>;
/** POST /api/brukere/:id/sperr: `fra` er den første dagen brukeren er ute */
export const sperrBruker = z.object({ fra: dato, grunn });
/** POST /api/brukere/:id/aapne og /api/brukere/:id/frigjoer */
export const medGrunn = z.object({ grunn });
/** POST /api/brukere/:id/roller/avslutt (`til` er siste dag) og /api/brukere/:id/roller/aapne */
export const avsluttRolle = z.object({ rolle: z.enum(ROLLER), enhetId: z.string().min(1).max(60), til: dato, grunn });
export const aapneRolle = avsluttRolle.omit({ til: true });
/** Hva som skjedde, og hvor mange oppgaver som ble ledige av det. */
export const brukerendringSvar = z.object({ melding: z.string(), frigjort: z.number() });
export type BrukerendringSvar = z.infer<typeof brukerendringSvar>;

/** POST /api/oppgaver/:id/forslag {data}: feltene som foreslås ut fra de andre */
export const forslagSvar = z.record(z.string(), z.unknown());
export type Forslag = z.infer<typeof forslagSvar>;
/** POST /api/oppgaver/:id/forhaandsvis-brev {data} */
export const brevForhaandsvisning = z.object({
  tittel: z.string(),
  html: z.string(),
  /** setninger til den som skriver: tegn brevets skrift ikke har */
  merknader: z.array(z.string()),
});
export type Brevvisning = z.infer<typeof brevForhaandsvisning>;

// ---------------------------------------------------------------- personer og anmodning
/** GET /api/personer?sok= (minst to tegn: navn, eller elleve sifre i kroppen av POST /api/personer/soek) */
export const personSoek = z.object({ sok: z.string().trim().min(2, 'Skriv minst to tegn.').max(100) });
export const personTreff = z.object({
  id: z.uuid(),
  navn: z.string(),
  fodselsdato: dato,
  alder: z.number(),
  beskyttetAdresse: z.boolean(),
});
export type PersonTreff = z.infer<typeof personTreff>;
export const nyPerson = z.object({
  navn: tekst('Skriv hele navnet.', 120).min(2, 'Skriv hele navnet.'),
  fodselsnummer: z.string().regex(/^\d{11}$/, 'Fødselsnummeret har elleve sifre.'),
  adresse: z.string().trim().max(200).default(''),
  postnummer: z.union([z.literal(''), z.string().regex(/^\d{4}$/, 'Postnummeret har fire sifre.')]).default(''),
  poststed: z.string().trim().max(60).default(''),
  telefon: z.string().trim().max(20).default(''),
  beskyttetAdresse: z.boolean().default(false),
  tolk: z.string().trim().max(60).default(''),
});
export type NyPerson = z.infer<typeof nyPerson>;
/** GET /api/personer/:id/status: sier straks om personen har plan eller åpen sak */
export const personStatus = z.object({
  person: personTreff,
  harPlan: z.boolean(),
  aapenSak: z.object({ id: z.uuid().nullable(), saksnummer: z.string().nullable() }).nullable(),
  hvaSaa: z.string(),
});
export type PersonStatus = z.infer<typeof personStatus>;

export const HVEM_SPOER = ['planeier', 'paaroerende', 'tjenesteyter', 'verge', 'likemann', 'kommunen'] as const;
export const OENSKER = ['ip', 'koordinator', 'barnekoordinator'] as const;
/** GET /api/anmodninger/enheter: enhetene brukeren kan ta imot en anmodning for */
export const mottaksenheter = z.array(
  z.object({
    id: z.string(),
    navn: z.string(),
    /** enheten kan ha egne saker den avgjør selv (barnevern, NAV) */
    egneSaker: z.boolean(),
  }),
);
export type Mottaksenhet = z.infer<typeof mottaksenheter>[number];
/** POST /api/saker (multipart: feltet "anmodning" som JSON, filer under "filer") */
export const nyAnmodning = z.object({
  innsendingId: z.uuid(),
  personId: z.uuid({ message: 'Velg hvem anmodningen gjelder.' }),
  enhetId: z.string().min(1, 'Velg enheten som tar imot.'),
  mottatt: dato,
  hvemSpoer: z.enum(HVEM_SPOER, { message: 'Velg hvem som spør.' }),
  hvemSpoerNavn: z.string().trim().max(120).default(''),
  maate: z.enum(['skriftlig', 'muntlig'], { message: 'Velg skriftlig eller muntlig.' }),
  oenske: z.enum(OENSKER, { message: 'Velg hva som ønskes.' }),
  /** egen sak i barnevern eller NAV: enheten avgjør selv */
  egenSak: z.boolean().default(false),
  notat: z.string().trim().max(10_000).default(''),
  /** versjonen av utkastet den er skrevet i; utkastet slettes når anmodningen er registrert */
  utkastversjon: z.number().int().min(0).optional(),
});
export type NyAnmodning = z.infer<typeof nyAnmodning>;
export const nySakSvar = z.object({ sakId: z.uuid(), saksnummer: z.string() });

// ---------------------------------------------------------------- saker
/** GET /api/saker?sok=&fase=&status=aapen|avsluttet|alle&fra=&antall= */
export const sakSoek = z.object({
  sok: z.string().max(200).default(''),
  status: z.enum(['aapen', 'avsluttet', 'alle']).default('aapen'),
  fase: z.string().max(60).optional(),
  fra: z.coerce.number().int().min(0).max(1_000_000).default(0),
  antall: z.coerce.number().int().min(1).max(200).default(50),
});
export const sakRad = z.object({
  id: z.uuid(),
  saksnummer: z.string(),
  personNavn: z.string(),
  fase: z.string(),
  status: z.string(),
  enhetNavn: z.string(),
  mottatt: dato,
  /** "Ola Hansen – Kartlegg og vurder" */
  venterPaa: z.string().nullable(),
  venterSiden: z.iso.datetime().nullable(),
});
export type SakRad = z.infer<typeof sakRad>;
export const sakListe = z.object({ rader: z.array(sakRad), totalt: z.number(), faser: z.array(z.string()) });
export const dokumentRad = z.object({
  id: z.uuid(),
  tittel: z.string(),
  retning: z.enum(['inn', 'ut', 'internt']),
  mediatype: z.string(),
  stoerrelse: z.number(),
  opprettet: z.iso.datetime(),
  av: z.string(),
  /** f.eks. "Sendt til Kari Nordmann 3. des. 2026", "Arkivert" */
  tilstand: z.array(z.string()),
});
export type DokumentRad = z.infer<typeof dokumentRad>;
export const faktum = z.object({
  stegTittel: z.string(),
  tid: z.iso.datetime(),
  av: z.string(),
  /** ledetekst og verdi som tekst, i skjemaets rekkefølge */
  felter: z.array(z.object({ ledetekst: z.string(), verdi: z.string() })),
});
/** GET /api/saker/:id */
export const sakDetalj = z.object({
  sak: sakRad.extend({
    vedtaksinstans: z.string(),
    regime: z.string(),
    oenske: z.string(),
    kanTrekkes: z.boolean(),
    /** dokumenter som kommer inn, kan legges ved */
    kanLeggeVed: z.boolean(),
  }),
  person: z.object({
    id: z.uuid(),
    navn: z.string(),
    fodselsdato: dato,
    alder: z.number(),
    adresse: z.string().nullable(),
    beskyttetAdresse: z.boolean(),
    telefon: z.string().nullable(),
    tolk: z.string().nullable(),
  }),
  oppgaver: z.array(oppgaveRad),
  hendelser: z.array(hendelseRad),
  dokumenter: z.array(dokumentRad),
  fakta: z.array(faktum),
  avgjort: z.array(z.object({ tekst: z.string() })),
});
export type SakDetalj = z.infer<typeof sakDetalj>;
/** POST /api/saker/:id/dokumenter (multipart: feltene under, filer under "filer"): det som kommer inn i en åpen sak */
export const leggVedDokument = z.object({
  innsendingId: z.uuid(),
  avsender: tekst('Skriv hvem det er fra.', 200),
  /** hva det er; vises i historikken */
  beskrivelse: z.string().trim().max(500, 'Beskrivelsen kan ha høyst 500 tegn.').default(''),
});
/** POST /api/saker/:id/trekk */
export const trekkSak = z.object({
  innsendingId: z.uuid(),
  begrunnelse: tekst('Skriv hvem som trakk anmodningen og hvorfor.', 4000),
});
/** GET /api/saker/:id/prosess: hvert diagram saken er eller har vært i, hovedrutinen først */
export const prosess = z.object({
  diagrammer: z.array(
    z.object({
      rutineId: z.string(),
      navn: z.string(),
      versjon: z.number(),
      xml: z.string(),
      /** gått gjennom (element- og flyt-id-er) */
      gaatt: z.array(z.string()),
      staarI: z.array(z.string()),
      feil: z.array(z.string()),
      /** det samme som liste i rekkefølge */
      steg: z.array(
        z.object({
          elementId: z.string(),
          navn: z.string(),
          slag: z.string(),
          tilstand: z.enum(['ferdig', 'staar-her', 'avbrutt', 'feil']),
          fra: z.iso.datetime(),
          til: z.iso.datetime().nullable(),
        }),
      ),
    }),
  ),
  /** motoren er borte: det som vises er sist kjente */
  motorBorte: z.boolean(),
});
export type Prosess = z.infer<typeof prosess>;

// ---------------------------------------------------------------- søk øverst
/** GET /api/sok?q= */
export const sokSvar = z.object({
  personer: z.array(personTreff),
  saker: z.array(sakRad),
  oppgaver: z.array(oppgaveRad),
});

// ---------------------------------------------------------------- rutiner (lesing)
/** GET /api/rutiner og GET /api/rutiner/:id */
export const rutineRad = z.object({ id: z.string(), navn: z.string(), versjon: z.number(), antallSteg: z.number() });
export const rutineDetalj = rutineRad.extend({
  xml: z.string(),
  steg: z.array(
    z.object({
      elementId: z.string(),
      navn: z.string(),
      fase: z.string(),
      tekst: z.string(),
      dokumenter: z.array(z.string()),
      hjemler: z.array(z.string()),
    }),
  ),
});

// ---------------------------------------------------------------- kompetanse
/** POST /api/kompetanse: gjennomført kurs med dato (kompetanse kommer fra oppmøte, aldri fra et kryss) */
export const registrerKompetanse = z.object({
  innsendingId: z.uuid(),
  brukerId: z.string().min(1, 'Velg den ansatte.'),
  kursId: z.string().min(1, 'Velg kurset.'),
  dato: dato,
});
/** GET /api/kompetanse/oversikt */
export const kompetanseOversikt = z.object({
  kurs: z.array(z.object({ id: z.string(), navn: z.string() })),
  ansatte: z.array(
    z.object({
      id: z.string(),
      navn: z.string(),
      enhetNavn: z.string(),
      gjennomfoert: z.array(z.object({ kursId: z.string(), dato: dato })),
      /** krav som en sak venter på eller har satt frist for */
      krav: z.array(z.object({ kursId: z.string(), frist: dato.nullable(), venter: z.boolean() })),
    }),
  ),
});

// ---------------------------------------------------------------- drift
/** GET /api/drift */
export const drift = z.object({
  motor: z.object({ navn: z.string(), oppe: z.boolean(), detalj: z.string() }),
  utboks: z.object({ venter: z.number(), feilet: z.number(), eldste: z.iso.datetime().nullable() }),
  tekniskeOppgaver: z.array(oppgaveRad),
  /** saker der motoren står uten hendelse, oppgave eller jobb (kan henge) */
  mistenkte: z.array(z.object({ saksnummer: z.string(), sakId: z.uuid(), siden: z.iso.datetime() })),
  /** oppgaver i motoren som ingen har fått: hva diagrammet mangler, og siden når */
  utenPlass: z.array(
    z.object({
      noekkel: z.string(),
      stegId: z.string(),
      prosessId: z.string(),
      saksnummer: z.string().nullable(),
      grunn: z.string(),
      siden: z.iso.datetime(),
    }),
  ),
  /** ledige oppgaver ingen kan ta i dag, fordi den siste med rollen er borte eller utelukket */
  utenKandidat: z.array(z.object({ rolle: z.string(), enhetNavn: z.string(), antall: z.number() })),
  arbeidere: z.array(z.object({ type: z.string(), utfoert: z.number(), feilet: z.number() })),
});
export type Drift = z.infer<typeof drift>;

// ---------------------------------------------------------------- hendelser (SSE, GET /api/hendelser)
/** Bare id-er: skjermen henter innholdet selv, med sine egne rettigheter. */
export const sanntid = z.object({
  type: z.enum(['oppgave', 'sak', 'utboks']),
  id: z.string(),
  sakId: z.string().nullable(),
});
export type Sanntid = z.infer<typeof sanntid>;
