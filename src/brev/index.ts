export { bestillBrev, ulagdeBestillinger, type Brevbestilling } from './bestilling.ts';
export { brevtittel, foreslaaBrevtekst, lagBrev } from './brev.ts';
export { forhaandsvisBrev } from './html.ts';
export { ukerITekst } from './klage.ts';
export { lagPdf, lukkPdf } from './pdf.ts';
export {
  BREVMALER,
  type Brev,
  type Brevdata,
  type Brevhode,
  type Brevmal,
  type Koordinatorrolle,
  type Mottaker,
  type Oenske,
  type Regime,
  type Utfall,
} from './typer.ts';
