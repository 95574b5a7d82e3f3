export { Egenfeil, Systemfeil, feilkode, feilsetning, feilslag, type Feilslag } from './feil.ts';
export { feiltekst, vedFall } from './fall.ts';
export { lagLogg } from './logg.ts';
