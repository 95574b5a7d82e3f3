export type { Steg, Stegregister } from './steg.ts';
export type { Saksoppslag } from './saksoppslag.ts';
export { hentFakta } from './fakta.ts';
export { taOppgave, leggTilbake } from './krav.ts';
export { fullfoerOppgave, type FullfoerAvh } from './fullfoer.ts';
export {
  avbryt,
  eierFraStart,
  fristPaaVirkedag,
  projiser,
  type Motoroppgave,
  type ProjeksjonAvh,
} from './projeksjon.ts';
export { hentTekniske, proevIgjen } from './teknisk.ts';
export { lagOppgaveRuter, type OppgaveAvh } from './ruter.ts';
export { lagPublikumsoppslag, lagTilbakemelding, lagVedStopp } from './motor.ts';
export { avstem, hentUtenPlass, startAvstemming } from './avstem.ts';
export { fordelOppgaver, oppgaverHos } from './fordeling.ts';
export { hentUtenKandidat } from './kandidater.ts';
export { frigjoerTapte } from './rydding.ts';
