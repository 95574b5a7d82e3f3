/*
 * For seg, uten zod: skjermens første side trenger bare denne.
 */
/** Problemtypen når utkastet er lagret fra et annet vindu imens (409): `utkast` er det som er lagret. */
export const UTKAST_ENDRET = 'urn:individuell-plan:utkast-endret';
