import type { EntityManager } from 'typeorm';
import { Systemfeil } from '../logg/index.ts';

/**
 * Neste saksnummer i året, uten hull: telleren er en rad som er låst til transaksjonen er ferdig, så et avbrutt forsøk
 * bruker ikke opp noe nummer.
 */
export async function nesteSaksnummer(
  tx: EntityManager,
  aar: number,
): Promise<{ saksnummer: string; loepenummer: number }> {
  const rader: { siste: number }[] = await tx.query(
    `insert into saksnummer_teller (aar, siste) values ($1, 1)
     on conflict (aar) do update set siste = saksnummer_teller.siste + 1 returning siste`,
    [aar],
  );
  const loepenummer = rader[0]?.siste;
  if (loepenummer === undefined) throw new Systemfeil('Telleren for saksnummer svarte ikke.');
  return { saksnummer: `${aar}/${loepenummer}`, loepenummer };
}
