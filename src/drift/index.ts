export { lagDriftRuter } from './ruter.ts';
