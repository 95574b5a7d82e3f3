/**
 * Hodet der siden sier hvem den viser. Alt som endrer noe, må ha det; serveren gjør bare det den viste personen ber om.
 */
export const BRUKERHODE = 'x-bruker';
/** Problemtypen når økten tilhører en annen enn den siden viser (409). Ingenting er gjort. */
export const ANNEN_BRUKER = 'urn:individuell-plan:annen-bruker';
/** Problemtypen når en endring ikke sier hvem den er fra: siden er eldre enn serveren (428). Ingenting er gjort. */
export const BRUKER_MANGLER = 'urn:individuell-plan:bruker-mangler';
