import { Tilgang0001 } from './0001-tilgang.ts';
import { Sak1764000000200 } from './0200-sak.ts';

/** Alle migreringer i den rekkefølgen de kjøres. Lista vokser bare; en kjørt migrering endres aldri. */
export const MIGRERINGER = [Tilgang0001, Sak1764000000200];
