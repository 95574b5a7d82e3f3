export {
  hentPaagaaendeOppdrag,
  merkHenvendelseSendt,
  registrerOppdrag,
  type Koordinatorrolle,
  type Oppdrag,
} from './oppdrag.ts';
