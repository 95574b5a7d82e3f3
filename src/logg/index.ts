export {
  Egenfeil,
  Systemfeil,
  feilfakta,
  feilkode,
  feilsetning,
  feilslag,
  type Feilfakta,
  type Feilslag,
} from './feil.ts';
export { lagLogg } from './logg.ts';
