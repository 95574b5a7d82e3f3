export { hentPaagaaendeOppdrag, merkHenvendelseSendt, registrerOppdrag } from './oppdrag.ts';
