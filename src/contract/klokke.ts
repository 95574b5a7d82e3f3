/**
 * Klokka som motor og fagkode deler. Fagkode spør den om tiden og kaller aldri `new Date()` selv,
 * så frister og timere alltid er enige, også når en test flytter tiden.
 */
export interface Klokke {
  naa(): Date;
}
