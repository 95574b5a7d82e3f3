import type { EntityManager } from 'typeorm';
import { hentKommune } from '../tilgang/index.ts';
import { klagefrist } from './klage.ts';
import type { Rammer } from './saksbrev.ts';
import type { Regime } from './typer.ts';

/** Kommunens navn og klagefristen som gjelder for saken, til brev datert `dato` ('åååå-mm-dd'). */
export async function hentRammer(m: EntityManager, regime: Regime, dato: string): Promise<Rammer> {
  const { navn, konfig } = await hentKommune(m);
  return { kommune: navn, dato, klagefristUker: klagefrist(regime, konfig.klagefristUker) };
}
