import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/**
 * Skriver hvem som leste hva, i transaksjonen som leser: uten loggrad, ingen lesing (helse- og personopplysninger;
 * GDPR art. 15 og domenets regel 3). Loggen kan ikke endres.
 */
export async function loggInnsyn(
  tx: EntityManager,
  innsyn: { naa: Date; brukerId: string; handling: string; sakId: string | null; dokumentId?: string },
): Promise<void> {
  await tx.query(
    `insert into tilgangslogg (id, tid, bruker_id, handling, sak_id, dokument_id) values ($1, $2, $3, $4, $5, $6)`,
    [randomUUID(), innsyn.naa, innsyn.brukerId, innsyn.handling, innsyn.sakId, innsyn.dokumentId ?? null],
  );
}
