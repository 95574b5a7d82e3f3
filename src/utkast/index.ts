export { hentUtkast, krevUendret, lagreUtkast, slettUtkast, type LagretUtkast } from './lager.ts';
export { lagUtkastRuter } from './ruter.ts';
