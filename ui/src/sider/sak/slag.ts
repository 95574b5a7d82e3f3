/** Slagene historikken kan filtreres på. */
export const SLAG = {
  vedtak: 'Vedtak',
  oppgave: 'Oppgaver',
  brev: 'Brev og dokumenter',
  oppnevning: 'Oppnevning',
  sak: 'Saken',
} as const;
export type Slag = keyof typeof SLAG;

/* Hendelsestypene er ord med bindestrek ("vedtak-fattet"). Den første regelen som treffer, avgjør slaget. */
const REGLER: readonly (readonly [RegExp, Slag])[] = [
  [/^(vedtak|tilbud-avslaatt|tjeneste)/, 'vedtak'],
  [/^(brev|dokument|arkiv|kvittering|foreloepig|beskjed)|sendt$/, 'brev'],
  [/^(ansatt|koordinator|oppdrag|opplaering|henvendelse|kan-ikke|kompetanse|plan-bestilt)/, 'oppnevning'],
  [/^(oppgave|gikk-videre|teknisk)/, 'oppgave'],
];

/** Slaget en hendelsestype hører til; det som ikke er noe annet, gjelder saken selv. */
export function hendelsesslag(type: string): Slag {
  return REGLER.find(([r]) => r.test(type))?.[1] ?? 'sak';
}
