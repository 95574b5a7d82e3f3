export { manglendeKurs, sjekkKompetanse, startOpplaering } from './krav.ts';
export { lagKompetanseRuter } from './ruter.ts';
