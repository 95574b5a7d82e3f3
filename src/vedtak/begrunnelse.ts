import type { EntityManager } from 'typeorm';
import { skjema as kartleggingsskjema, type Data as Kartlegging } from '../contract/steg/kartlegg-og-vurder.ts';
import { sisteSvar } from '../sak/index.ts';

const MAKS_TEKST = 10_000;

export type { Kartlegging };

/** Den siste kartleggingen i saken; null når den ikke er gjort eller er gjort på et eldre skjema. */
export function hentKartlegging(tx: EntityManager, sakId: string): Promise<Kartlegging | null> {
  return sisteSvar(tx, sakId, 'kartlegg-og-vurder', kartleggingsskjema);
}

/** Begrunnelsen foreslås fra kartleggingen, som rutinen sier skal være vedtaksteksten. */
export function foreslaaBegrunnelse(k: Kartlegging | null): string {
  if (!k) return '';
  const deler = [k.kriterier, k.koordineringsbehov, k.kritiskeOverganger, k.aktiveTjenester, k.brukersOensker];
  if (k.unntakUnderEttAar) deler.push(k.unntakUnderEttAar);
  return deler.join('\n\n').slice(0, MAKS_TEKST);
}
