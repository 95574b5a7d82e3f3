import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ett sted for alle utkast: til en oppgave (følger oppgaven) og til skjemaer som er ens egne. Versjonen er ny for hver
 * lagring, også etter at et utkast er slettet og begynt på igjen, så en gammel versjon aldri kan tas for en ny.
 */
export class Utkast0431 implements MigrationInterface {
  name = 'Utkast1764000000431';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create sequence utkast_versjon;
      create table utkast (
        slag text not null,
        gjelder text not null,
        bruker_id text not null references bruker(id),
        data jsonb not null,
        forslag jsonb,
        versjon bigint not null default nextval('utkast_versjon'),
        fane uuid not null,
        nr integer not null,
        lagret timestamptz not null,
        primary key (slag, gjelder)
      );
      insert into utkast (slag, gjelder, bruker_id, data, forslag, fane, nr, lagret)
        select 'oppgave', oppgave_id::text, bruker_id, data, forslag, gen_random_uuid(), 1, lagret from oppgave_utkast;
      drop table oppgave_utkast;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
