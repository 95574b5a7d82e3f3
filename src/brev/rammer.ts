import type { EntityManager } from 'typeorm';
import { hentKommune } from '../tilgang/index.ts';
import type { Rammer } from './saksbrev.ts';

/** Kommunens navn og oppsett til brev datert `dato` ('åååå-mm-dd'). */
export async function hentRammer(m: EntityManager, dato: string): Promise<Rammer> {
  const { navn, konfig } = await hentKommune(m);
  return { kommune: navn, dato, klagefristUker: konfig.klagefristUker, postadresse: konfig.postadresse };
}
