import { ugyldigeFelter } from '../http/problem.ts';

/** Dypere enn noe skjema er; et dypere innhold er ikke laget av skjermen. */
const MAKS_DYBDE = 20;

function rens(verdi: unknown, felt: string, dybde: number): unknown {
  if (dybde > MAKS_DYBDE) throw ugyldigeFelter([{ felt, melding: 'Innholdet i feltet kan ikke leses.' }]);
  // Halve tegnpar (fra avkuttet utklipp) kan ikke lagres som JSON i PostgreSQL.
  if (typeof verdi === 'string') return verdi.replace(/\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(verdi)) return verdi.map((v) => rens(v, felt, dybde + 1));
  if (typeof verdi !== 'object' || verdi === null) return verdi;
  return Object.fromEntries(Object.entries(verdi).map(([n, v]) => [n, rens(v, felt, dybde + 1)]));
}

/**
 * Det skjermen sendte, trygt å lagre: uten ødelagte tegn, og ikke dypere enn et skjema kan være.
 * @throws Problemfeil 422 med feltet som ikke kan leses
 */
export function rensInnsendt(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([felt, verdi]) => [felt, rens(verdi, felt, 1)]));
}
