import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Innsynsloggen får med oppgaver, personer og treffene i et søk; og oppgaver i motoren som ingen er gitt, får en plass på
 * Drift i stedet for en linje i loggen hvert minutt.
 */
export class Innsyn0400 implements MigrationInterface {
  name = 'Innsyn1764000000400';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table tilgangslogg
        add oppgave_id uuid references oppgave(id),
        add person_id uuid references person(id),
        -- treffene i et søk: hvem som ble vist, aldri hva det ble søkt på
        add personer uuid[] not null default '{}',
        add saker uuid[] not null default '{}';
      create index tilgangslogg_person on tilgangslogg (person_id, tid) where person_id is not null;
      create index tilgangslogg_personer on tilgangslogg using gin (personer) where personer <> '{}';
      create index tilgangslogg_bruker on tilgangslogg (bruker_id, tid);

      create table oppgave_uten_plass (
        user_task_key text not null,
        prosessinstans text not null,
        steg_id text not null,
        prosess_id text not null,
        sak_id uuid references sak(id),
        grunn text not null,
        siden timestamptz not null,
        primary key (user_task_key, prosessinstans)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
