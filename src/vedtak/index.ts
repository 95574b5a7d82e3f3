export { iverksettVedtak } from './iverksett.ts';
export { UTFALLSTEKST } from './utfall.ts';
