import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Oppgaver, utkast, svar, utboks, hendelseslogg, jobbkvitteringer og de utrullede rutinene. */
export class Oppgave0100 implements MigrationInterface {
  name = 'Oppgave1764000000100';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table rutineversjon (
        definisjonsnoekkel text primary key,
        prosess_id text not null,
        versjon integer not null,
        navn text not null,
        xml text not null,
        steg jsonb not null,
        utrullet timestamptz not null
      );
      create index rutineversjon_siste on rutineversjon (prosess_id, versjon desc);

      create table skjemaversjon (
        skjemanoekkel text primary key,
        skjema_id text not null,
        versjon integer not null,
        innhold jsonb not null
      );

      create table oppgave (
        id uuid primary key,
        loepenr bigint generated always as identity unique,
        type text not null check (type in ('steg','teknisk','gikk-videre')),
        steg_id text not null,
        tittel text not null,
        sak_id uuid,
        saksnummer text,
        person_id uuid,
        person_navn text,
        user_task_key text,
        elementinstans text,
        prosessinstans text,
        definisjonsnoekkel text,
        prosess_id text,
        prosessversjon integer,
        rutine_navn text not null,
        fase text not null,
        skjemanoekkel text,
        gruppe text,
        kandidatbruker text references bruker(id),
        enhet_id text not null references enhet(id),
        eier_id text references bruker(id),
        tatt timestamptz,
        status text not null check (status in ('aapen','fullfoerer','fullfoert','avbrutt','gikk-videre')),
        frist timestamptz,
        prioritet integer not null default 50,
        opprettet timestamptz not null,
        avsluttet timestamptz,
        avsluttet_av text references bruker(id),
        innsending_id uuid,
        svar jsonb,
        teknisk_noekkel text,
        teknisk jsonb,
        skrevet timestamptz not null default clock_timestamp(),
        sokbar text not null generated always as
          (lower(coalesce(person_navn, '') || ' ' || coalesce(saksnummer, '') || ' ' || tittel)) stored,
        check ((type = 'teknisk') = (teknisk is not null)),
        check (gruppe is not null or kandidatbruker is not null)
      );
      -- nøkler kan gå igjen når systemet flyttes til en annen motor; paret med instansen er entydig
      create unique index oppgave_user_task on oppgave (user_task_key, prosessinstans) where user_task_key is not null;
      create unique index oppgave_teknisk on oppgave (teknisk_noekkel) where teknisk_noekkel is not null and status = 'aapen';
      create unique index oppgave_innsending on oppgave (innsending_id) where innsending_id is not null;
      -- medtar det filtrene teller, så tellingen aldri leser selve radene
      create index oppgave_ledig on oppgave (gruppe, frist, loepenr) include (steg_id, prosess_id, enhet_id) where status = 'aapen' and eier_id is null;
      create index oppgave_min on oppgave (eier_id, frist, loepenr) include (steg_id, prosess_id, enhet_id) where status = 'aapen';
      create index oppgave_personlig on oppgave (kandidatbruker, frist) where status = 'aapen' and kandidatbruker is not null;
      create index oppgave_enhet on oppgave (enhet_id, frist, loepenr) include (steg_id, prosess_id) where status = 'aapen';
      create index oppgave_sak on oppgave (sak_id, loepenr desc);
      create index oppgave_underveis on oppgave (loepenr) where status = 'fullfoerer';
      create index oppgave_aapen_motor on oppgave (user_task_key) where status = 'aapen' and user_task_key is not null;

      create table oppgave_utkast (
        oppgave_id uuid primary key references oppgave(id),
        bruker_id text not null references bruker(id),
        data jsonb not null,
        versjon integer not null,
        lagret timestamptz not null
      );

      create table steg_svar (
        id uuid primary key,
        oppgave_id uuid not null unique references oppgave(id),
        sak_id uuid,
        steg_id text not null,
        tittel text not null,
        skjemanoekkel text,
        data jsonb not null,
        bruker_id text not null references bruker(id),
        bruker_navn text not null,
        tid timestamptz not null
      );
      create index steg_svar_sak on steg_svar (sak_id, tid);

      create table hendelse (
        loepenr bigint generated always as identity,
        id uuid primary key,
        tid timestamptz not null,
        sak_id uuid,
        bruker_id text,
        av text not null,
        type text not null,
        tekst text not null,
        data jsonb not null
      );
      create index hendelse_sak on hendelse (sak_id, loepenr desc);
      create function hendelse_er_evig() returns trigger language plpgsql as $$
        begin raise exception 'Hendelsesloggen kan bare vokse.'; end $$;
      create trigger hendelse_evig before update or delete or truncate on hendelse
        for each statement execute function hendelse_er_evig();

      create table utboks (
        id uuid primary key,
        loepenr bigint generated always as identity,
        sak_id uuid,
        slag text not null check (slag in ('fullfoer-user-task','publiser-melding','tildel-user-task','loes-incident')),
        innhold jsonb not null,
        opprettet timestamptz not null,
        tilstand text not null default 'venter' check (tilstand in ('venter','sendt','feilet','forkastet')),
        forsoek integer not null default 0,
        neste_forsoek timestamptz not null,
        siste_feil text,
        avsluttet timestamptz
      );
      create index utboks_venter on utboks (loepenr) where tilstand = 'venter';
      create index utboks_feilet on utboks (loepenr) where tilstand = 'feilet';
      create index utboks_sak on utboks (sak_id, loepenr) where tilstand in ('venter','feilet');

      create table jobbkvittering (
        jobb_noekkel text not null,
        prosessinstans text not null,
        type text not null,
        resultat jsonb,
        skrevet timestamptz not null default clock_timestamp(),
        primary key (jobb_noekkel, prosessinstans)
      );

      create table saksprosess (
        prosessinstans text not null,
        sak_id uuid not null,
        definisjonsnoekkel text not null,
        skrevet timestamptz not null default clock_timestamp(),
        primary key (prosessinstans, definisjonsnoekkel)
      );
      create index saksprosess_sak on saksprosess (sak_id, skrevet);

      create table saksprosess_bilde (
        sak_id uuid primary key,
        innhold jsonb not null,
        hentet timestamptz not null
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
