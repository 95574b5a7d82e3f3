export { lagDriftRuter } from './ruter.ts';
export type { DriftAvh } from './status.ts';
