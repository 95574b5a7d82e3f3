export { avsluttSak, bekreftTrukket, settFase } from './avslutt.ts';
export {
  hentSakForBrev,
  type Brevpart,
  type OppdragForBrev,
  type SakForBrev,
  type VedtakForBrev,
} from './brevgrunnlag.ts';
export { AVSLUTNINGSTEKST, FASER, type Fase } from './faser.ts';
