export { Egenfeil, Systemfeil, feilfakta, feilkode, feilsetning, feilslag, type Feilslag } from './feil.ts';
export { lagLogg } from './logg.ts';
