import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kommune, enheter, brukere og roller, og innloggede økter. */
export class Tilgang0001 implements MigrationInterface {
  name = 'Tilgang1764000000001';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table kommune (
        id text primary key,
        navn text not null,
        konfig jsonb not null
      );
      create table enhet (
        id text primary key check (id ~ '^[a-z0-9-]{2,60}$'),
        kommune_id text not null references kommune(id),
        navn text not null,
        slag text not null check (slag in ('kommune','ke','virksomhet','barnevern','nav','stab')),
        forelder_id text references enhet(id)
      );
      create table bruker (
        id text primary key check (id ~ '^[a-z0-9-]{2,60}$'),
        navn text not null,
        subjekt text unique,
        aktiv boolean not null default true
      );
      create table rolletildeling (
        bruker_id text not null references bruker(id),
        rolle text not null,
        enhet_id text not null references enhet(id),
        fra date not null default '2026-01-01',
        til date,
        primary key (bruker_id, rolle, enhet_id, fra)
      );
      create index rolletildeling_enhet on rolletildeling(enhet_id, rolle);
      create table session (
        sid varchar not null primary key,
        sess json not null,
        expire timestamp(6) not null
      );
      create index session_expire on session(expire);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
