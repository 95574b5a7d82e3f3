import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Forslaget utkastet sist fulgte, så det som ikke er redigert, følger videre når oppgaven åpnes igjen. Og hvem et dokument
 * som kom inn etter anmodningen, er fra: arkivet skal ha den rette avsenderen.
 */
export class UtkastForslag0302 implements MigrationInterface {
  name = 'UtkastForslag1764000000302';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table oppgave_utkast add forslag jsonb;
      alter table dokument add avsender text check (length(btrim(avsender)) > 0);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
