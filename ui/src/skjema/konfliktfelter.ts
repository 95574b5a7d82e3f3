import { visDato } from '../../../src/contract/dato.ts';
import type { Konfliktfelt } from '../utkast/Utkastkonflikt.tsx';
import { felter, type SkjemaFelt } from './struktur.ts';

function valgtekst(felt: SkjemaFelt, data: Record<string, unknown>, verdi: unknown): string {
  const fast = felt.valg.get(String(verdi));
  if (fast !== undefined) return fast;
  // En liste som velges med et uttrykk, er en av listene i dataene; verdiene er id-er, og like i alle.
  const lister = ['textarea', 'textfield', 'number'].includes(felt.type)
    ? []
    : felt.valgliste
      ? [data[felt.valgliste]]
      : Object.values(data);
  const rader: unknown[] = lister.filter(Array.isArray).flat();
  const rad = rader.find(
    (r): r is { value: unknown; label: unknown } =>
      typeof r === 'object' && r !== null && 'value' in r && 'label' in r && r.value === verdi,
  );
  return rad ? String(rad.label) : String(verdi);
}

function iOrd(felt: SkjemaFelt, data: Record<string, unknown>, verdi: unknown): string {
  if (verdi === undefined || verdi === null || verdi === '') return '';
  if (typeof verdi === 'boolean') return verdi ? 'Ja' : 'Nei';
  if (Array.isArray(verdi)) return verdi.map((v) => iOrd(felt, data, v)).join(', ');
  if (typeof verdi === 'object')
    return Object.values(verdi)
      .map((v) => iOrd(felt, data, v))
      .join(', ');
  return felt.type === 'datetime' ? visDato(String(verdi)) : valgtekst(felt, data, verdi);
}

/**
 * Feltene i skjemaet slik et valg mellom to utkast viser dem: ledetekst, og verdien i ord.
 * @param data det skjemaet ble åpnet med; valglistene står der
 */
export function konfliktfelter(skjema: unknown, data: Record<string, unknown>): Konfliktfelt[] {
  return felter(skjema).map((felt) => ({
    key: felt.key,
    ledetekst: felt.ledetekst,
    vis: (verdi) => iOrd(felt, data, verdi),
    tekst: felt.type === 'textarea',
  }));
}
