import { Tilgang0001 } from './0001-tilgang.ts';

/** Alle migreringer i den rekkefølgen de kjøres. Lista vokser bare; en kjørt migrering endres aldri. */
export const MIGRERINGER = [Tilgang0001];
