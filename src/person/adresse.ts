/** En postadresse slik den er lagret; alle delene kan være tomme. */
export interface Adresse {
  adresse: string;
  postnummer: string;
  poststed: string;
}

/** Adressen som linjer på en konvolutt, uten tomme linjer. */
export function adresselinjer(a: Adresse): string[] {
  return [a.adresse, `${a.postnummer} ${a.poststed}`].map((l) => l.trim()).filter((l) => l.length > 0);
}
