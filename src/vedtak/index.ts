export { iverksettVedtak } from './iverksett.ts';
