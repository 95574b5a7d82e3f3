/** Slagene historikken kan filtreres på. */
export const SLAG = {
  vedtak: 'Vedtak',
  oppgave: 'Oppgaver',
  brev: 'Brev og dokumenter',
  oppnevning: 'Oppnevning',
  sak: 'Saken',
} as const;
export type Slag = keyof typeof SLAG;

/* Hendelsestypene er ord med bindestrek eller punktum; den første regelen som treffer, avgjør slaget. */
const REGLER: readonly (readonly [RegExp, Slag])[] = [
  [/vedtak|avslag|avslatt|innvilg|iverksatt|godkjent/i, 'vedtak'],
  [/brev|dokument|sendt|arkiv|kvittering|utsending|svar/i, 'brev'],
  [/oppnev|koordinator|oppdrag|kompetanse|opplaering|henvendelse|utpek/i, 'oppnevning'],
  [/oppgave|tatt|tilbake|steg/i, 'oppgave'],
];

/** Slaget en hendelsestype hører til; det som ikke er noe annet, gjelder saken selv. */
export function hendelsesslag(type: string): Slag {
  return REGLER.find(([r]) => r.test(type))?.[1] ?? 'sak';
}
