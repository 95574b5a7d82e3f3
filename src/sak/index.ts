export { registrerAnmodning, type RegistrertSak } from './anmodning.ts';
export { avsluttSak, bekreftTrukket, settFase } from './avslutt.ts';
export {
  HELSERETTSLIG_MYNDIG,
  hentSakForBrev,
  type Brevpart,
  type OppdragForBrev,
  type SakForBrev,
  type VedtakForBrev,
} from './brevgrunnlag.ts';
export { brevhode, brevmottakerTekst } from './brevhode.ts';
export { AVSLUTNINGSTEKST, FASER, type Fase } from './faser.ts';
export { grunnlag, laasAapenSak, sisteSvar, stengForTrekk } from './steggrunnlag.ts';
export { anmodningTekst, OENSKETEKST, regimeTekst, sammeTekst, stor, tekstfelt } from './tekster.ts';
export { lagSaksoppslag, soekSaker } from './les.ts';
export { lagSakRuter, type SakAvh } from './ruter.ts';
export { trekkAnmodning } from './trekk.ts';
