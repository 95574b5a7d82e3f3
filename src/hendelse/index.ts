export { skrivHendelse, varsle, SANNTIDSKANAL, type NyHendelse, type Varsel } from './skriv.ts';
export { hentHendelser } from './les.ts';
export { lagHub, type Hub, type Publikum, type Publikumsoppslag } from './hub.ts';
export { startLytter, type Lytter } from './lytter.ts';
export { lagHendelseRuter, type HendelseAvh } from './ruter.ts';
