import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Steg motoren forlot før oppgaven var skrevet: lytteren som skulle skrive den kan være underveis i en annen prosess, og
 * skal da la det være.
 */
export class OppgaveAvbrutt0101 implements MigrationInterface {
  name = 'OppgaveAvbrutt1764000000101';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table oppgave_avbrutt (
        user_task_key text not null,
        prosessinstans text not null,
        primary key (user_task_key, prosessinstans)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
