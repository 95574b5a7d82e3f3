export { skrivHendelse, varsle, SANNTIDSKANAL } from './skriv.ts';
export { hentHendelser } from './les.ts';
export { lagHub, type Hub } from './hub.ts';
export { startLytter, type Lytter } from './lytter.ts';
export { lagHendelseRuter } from './ruter.ts';
