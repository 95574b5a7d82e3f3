import type { Mottaker } from './typer.ts';

/** Linjene i adressefeltet. En beskyttet adresse skrives aldri; da står bare navnet. */
export function adressefelt(m: Mottaker): string[] {
  if (m.beskyttetAdresse) return [m.navn];
  return [m.navn, m.adresse, `${m.postnummer} ${m.poststed}`].map((l) => l.trim()).filter((l) => l !== '');
}
