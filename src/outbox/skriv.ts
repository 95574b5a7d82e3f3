import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Prosessvariabler } from '../engine/workers.ts';

/** Kanalen som vekker utsenderen når transaksjonen er fullført. */
export const UTBOKSKANAL = 'utboks';

/** Hva motoren skal få vite. Hvert slag har én mottaker i utsenderen (`dispatcher.ts`). */
export type Utboksmelding =
  | { slag: 'fullfoer-user-task'; innhold: { oppgaveId: string; userTaskKey: string; variabler: Prosessvariabler } }
  | {
      slag: 'publiser-melding';
      innhold: {
        navn: string;
        /** Korrelasjonsnøkkelen: id-en til en rad. */
        noekkel: string;
        /** Gjør gjentakelsen virkningsløs så lenge den første lever i motoren. */
        meldingsId: string;
        ttlMs: number;
        variabler: Prosessvariabler;
      };
    }
  | { slag: 'tildel-user-task'; innhold: { oppgaveId: string; userTaskKey: string; eierId: string | null } }
  | { slag: 'loes-incident'; innhold: { oppgaveId: string; incidentKey: string | null; jobbnoekkel: string | null } };

/**
 * Legger en melding til motoren i utboksen, i samme transaksjon som det den handler om. Meldinger om samme sak går i
 * rekkefølge; meldinger uten sak går hver for seg. Gir id-en til raden.
 */
export async function skrivUtboks(
  tx: EntityManager,
  melding: Utboksmelding & { sakId: string | null; naa: Date },
): Promise<string> {
  const id = randomUUID();
  await tx.query(
    `insert into utboks (id, sak_id, slag, innhold, opprettet, neste_forsoek) values ($1, $2, $3, $4, $5, clock_timestamp())`,
    [id, melding.sakId, melding.slag, JSON.stringify(melding.innhold), melding.naa],
  );
  // NOTIFY leveres først når transaksjonen er fullført, så utsenderen vekkes aldri for tidlig.
  await tx.query(`select pg_notify($1, '')`, [UTBOKSKANAL]);
  return id;
}
