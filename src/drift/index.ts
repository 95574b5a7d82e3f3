export { sjekkHelse } from './helse.ts';
export { lagDriftRuter } from './ruter.ts';
