export { lagSokRuter } from './ruter.ts';
