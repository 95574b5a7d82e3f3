/** En postadresse slik den er lagret; alle delene kan være tomme. */
export interface Adresse {
  adresse: string;
  postnummer: string;
  poststed: string;
}

/** Adressen på én linje, uten tomme deler; null når det ikke står noe. */
export function adresseITekst(a: Adresse): string | null {
  const deler = [a.adresse, `${a.postnummer} ${a.poststed}`].map((d) => d.trim()).filter((d) => d.length > 0);
  return deler.length > 0 ? deler.join(', ') : null;
}
