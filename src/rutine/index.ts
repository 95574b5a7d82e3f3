export {
  hentEllerHentFraMotoren,
  hentRutiner,
  hentRutineversjon,
  hentGjeldendeSkjema,
  hentSkjema,
  hentSkjemaEllerFraMotoren,
  rullUtRutiner,
} from './lager.ts';
export { lesDiagram } from './les-diagram.ts';
export { lagRutineRuter } from './ruter.ts';
export { hentProsess, huskProsess } from './prosess.ts';
