export {
  hentEllerHentFraMotoren,
  hentRutiner,
  hentRutineversjon,
  hentSkjema,
  hentSkjemaEllerFraMotoren,
  rullUtRutiner,
  type Rutineversjon,
  type Skjemainnhold,
} from './lager.ts';
export { lesDiagram, type Diagram, type Diagramelement } from './les-diagram.ts';
export { lagRutineRuter } from './ruter.ts';
export { hentProsess, huskProsess } from './prosess.ts';
