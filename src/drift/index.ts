export { lagHelse } from './helse.ts';
export { lagDriftRuter } from './ruter.ts';
