export { lagBrukerRuter } from './ruter.ts';
