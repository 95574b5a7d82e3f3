import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

export interface NyHendelse {
  /** Tidspunktet etter den felles klokka. */
  naa: Date;
  sakId: string | null;
  /** Den som handlet; null når systemet gjorde det selv. */
  av: { id: string; navn: string } | null;
  /** Fast ord som historikken filtreres på, f.eks. `vedtak-fattet`, `brev-sendt`, `oppgave-tatt`. */
  type: string;
  /**
   * Hele setningen på bokmål, med `{av}` der navnet skal stå: `{av} fattet vedtak: innvilget. Hjemmel pbrl § 2-5.`
   * Navnet fryses når hendelsen skrives, så historikken endrer seg ikke når noen bytter navn.
   */
  tekst: string;
  /** Id-er og utfall som andre kan slå opp på; aldri persondata. */
  data?: Record<string, string | number | boolean | null>;
}

/**
 * Skriver en hendelse i den evige loggen (rader endres og slettes aldri; databasen avviser det) og melder
 * saken til skjermene som følger den. Alt skjer i transaksjonen til det hendelsen handler om. Gir id-en.
 */
export async function skrivHendelse(tx: EntityManager, hendelse: NyHendelse): Promise<string> {
  const id = randomUUID();
  const tekst = hendelse.tekst.replaceAll('{av}', hendelse.av?.navn ?? 'Systemet');
  await tx.query(
    `insert into hendelse (id, tid, sak_id, bruker_id, av, type, tekst, data) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      hendelse.naa,
      hendelse.sakId,
      hendelse.av?.id ?? null,
      hendelse.av?.navn ?? 'Systemet',
      hendelse.type,
      tekst,
      JSON.stringify(hendelse.data ?? {}),
    ],
  );
  if (hendelse.sakId) await varsle(tx, { type: 'sak', id: hendelse.sakId, sakId: hendelse.sakId });
  return id;
}

/** Kanalen for det som skjer mens noen ser på (SSE). */
export const SANNTIDSKANAL = 'sanntid';

/** Hvem som kan se en sanntidsmelding avgjøres av mottakernes egen tilgang; meldingen bærer derfor bare id-er. */
export interface Varsel {
  type: 'oppgave' | 'sak' | 'utboks';
  id: string;
  sakId: string | null;
}

/** Sender et varsel til alle prosesser når transaksjonen er fullført (PostgreSQL NOTIFY). */
export async function varsle(tx: EntityManager, varsel: Varsel): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [SANNTIDSKANAL, JSON.stringify(varsel)]);
}
