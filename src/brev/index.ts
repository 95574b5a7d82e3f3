export { bestillBrev, ulagdeBestillinger, type Brevbestilling } from './bestilling.ts';
export { foreslaaBrevtekst, lagBrev } from './brev.ts';
export { forhaandsvisBrev } from './html.ts';
export { lagPdf, lukkPdf } from './pdf.ts';
export { hentRammer } from './rammer.ts';
export {
  avslaattTilbudbrev,
  brevmottakere,
  eksisterendePlanbrev,
  foreloepigSvarbrev,
  henvendelsesbrev,
  kvitteringsbrev,
  oppnevningsbrev,
  trukketbrev,
  vedtaksbrev,
  type Brevmottaker,
  type Rammer,
  type Saksgrunnlag,
} from './saksbrev.ts';
export type { Brev, Brevdata, Brevhode, Tiltale } from './typer.ts';
