export { dokumenterForSak, finnBrev, lagreDokument } from './lager.ts';
export { lagDokumentRuter } from './ruter.ts';
export { loggInnsynEnGang, loggSoek } from './tilgangslogg.ts';
export {
  FLEST_VEDLEGG,
  STOERSTE_VEDLEGG,
  filnavn,
  kontrollerVedlegg,
  lagreVedlegg,
  type OpplastetFil,
} from './vedlegg.ts';
