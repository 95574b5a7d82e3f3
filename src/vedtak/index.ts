export { iverksettVedtak } from './iverksett.ts';
export { UTFALL, UTFALLSTEKST, type Utfall } from './utfall.ts';
