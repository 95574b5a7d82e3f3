export { manglendeKurs, sjekkKompetanse, startOpplaering, type Oppdragskrav } from './krav.ts';
export { lagKompetanseRuter } from './ruter.ts';
