export { bestillBrev, ulagdeBestillinger, type Brevinnhold } from './bestilling.ts';
export { lagBrev } from './brev.ts';
export { forhaandsvisBrev } from './html.ts';
export { lagPdf, lukkPdf } from './pdf.ts';
export { hentRammer } from './rammer.ts';
export {
  bestiltBrev,
  brevmottakere,
  egetIBestilling,
  egetIVedtak,
  foreloepigSvarbrev,
  henvendelsesbrev,
  kvitteringsbrev,
  oppnevningsbrev,
  trukketbrev,
  utfallssetning,
  vedtaksbrev,
  type Brevmottaker,
  type Rammer,
  type Saksgrunnlag,
  type Vedtaksinnhold,
} from './saksbrev.ts';
export { brevtekst, tegnmelding } from './tegn.ts';
export type { Brev, Brevdata, Brevhode, Tiltale } from './typer.ts';
