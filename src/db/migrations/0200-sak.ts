import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Personer, saker, vedtak, tjenester, planer og koordinatoroppdrag.
 *
 * Reglene som alltid skal holde, står som beskrankninger her i tillegg til i brukstilfellene, så en feil i koden
 * eller to samtidige handlinger ikke kan bryte dem: én plan per person (regel 1), én aktiv koordinator (regel 2),
 * ingen avgjørelse uten hjemmel og begrunnelse (regel 6).
 */
export class Sak1764000000200 implements MigrationInterface {
  name = 'Sak1764000000200';

  /** Lager tabellene. */
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table person (
        id uuid primary key,
        fodselsnummer text not null unique check (fodselsnummer ~ '^[0-9]{11}$'),
        fodselsdato date not null,
        navn text not null check (length(btrim(navn)) > 0),
        adresse text not null default '',
        postnummer text not null default '',
        poststed text not null default '',
        telefon text not null default '',
        beskyttet_adresse boolean not null default false,
        tolk text not null default '',
        opprettet timestamptz not null
      );
      create index person_navn on person (lower(navn) text_pattern_ops);

      create table representasjon (
        id uuid primary key,
        person_id uuid not null references person(id),
        navn text not null check (length(btrim(navn)) > 0),
        slag text not null check (slag in ('forelder','verge','fullmektig','barnevern')),
        omfang text not null default '',
        adresse text not null default '',
        postnummer text not null default '',
        poststed text not null default '',
        fra date not null,
        til date,
        check (til is null or til >= fra)
      );
      create index representasjon_person on representasjon (person_id);

      create table saksnummer_teller (
        aar integer primary key,
        siste integer not null
      );

      create table sak (
        id uuid primary key,
        saksnummer text not null unique,
        aar integer not null,
        loepenummer integer not null,
        person_id uuid not null references person(id),
        oenske text not null check (oenske in ('ip','koordinator','barnekoordinator','ingen')),
        regime text not null check (regime in ('helse','nav','barnevern')),
        egen_sak boolean not null,
        mottaksenhet text not null references enhet(id),
        vedtaksinstans text not null references enhet(id),
        mottatt date not null,
        fase text not null,
        status text not null check (status in ('aapen','avsluttet')),
        avslutning text,
        trekkbar boolean not null default true,
        opprettet timestamptz not null,
        avsluttet timestamptz,
        unique (aar, loepenummer),
        check ((status = 'avsluttet') = (avslutning is not null)),
        check ((status = 'avsluttet') = (avsluttet is not null))
      );
      create index sak_person on sak (person_id);
      create index sak_mottaksenhet on sak (mottaksenhet, status, mottatt desc);
      create index sak_vedtaksinstans on sak (vedtaksinstans, status, mottatt desc);

      create table anmodning (
        id uuid primary key,
        sak_id uuid not null unique references sak(id),
        innsending_id uuid not null unique,
        hvem_spoer text not null,
        hvem_spoer_navn text not null default '',
        maate text not null check (maate in ('skriftlig','muntlig')),
        oenske text not null check (oenske in ('ip','koordinator','barnekoordinator')),
        notat text not null default '',
        mottatt date not null,
        registrert_av text not null references bruker(id),
        registrert timestamptz not null
      );

      create table trekk (
        sak_id uuid primary key references sak(id),
        innsending_id uuid not null unique,
        begrunnelse text not null check (length(btrim(begrunnelse)) > 0),
        registrert_av text not null references bruker(id),
        registrert timestamptz not null,
        bekreftet timestamptz
      );

      create table vedtak (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        versjon integer not null,
        status text not null check (status in ('til-godkjenning','fattet','underkjent','bortfalt')),
        utfall text not null check (utfall in ('ip','koordinator','barnekoordinator','avslag')),
        regime text not null check (regime in ('helse','nav','barnevern')),
        hjemmel text not null check (length(btrim(hjemmel)) > 0),
        hjemmel_ider text[] not null check (cardinality(hjemmel_ider) > 0),
        begrunnelse text not null check (length(btrim(begrunnelse)) > 0),
        til_dato date,
        brevtekst text not null check (length(btrim(brevtekst)) > 0),
        foreslaatt_av text not null references bruker(id),
        foreslaatt timestamptz not null,
        godkjent_av text references bruker(id),
        fattet timestamptz,
        underkjent_av text references bruker(id),
        underkjent_grunn text,
        iverksatt timestamptz,
        unique (sak_id, versjon),
        check ((status = 'fattet') = (fattet is not null)),
        check (godkjent_av is null or godkjent_av <> foreslaatt_av),
        check (underkjent_av is null or underkjent_av <> foreslaatt_av),
        check ((status = 'underkjent') = (underkjent_grunn is not null))
      );
      create unique index vedtak_ett_gjeldende on vedtak (sak_id) where status in ('fattet','til-godkjenning');

      create table tjeneste (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        vedtak_id uuid not null unique references vedtak(id),
        person_id uuid not null references person(id),
        type text not null check (type in ('ip','koordinator','barnekoordinator')),
        fra date not null,
        til date,
        merknad text not null default '',
        check (til is null or til >= fra)
      );
      create index tjeneste_person on tjeneste (person_id);

      create table plan (
        id uuid primary key,
        person_id uuid not null references person(id),
        sak_id uuid not null references sak(id),
        status text not null check (status in ('utkast','aktiv','inaktiv')),
        opprettet timestamptz not null,
        bestilt timestamptz
      );
      create unique index plan_en_per_person on plan (person_id) where status in ('utkast','aktiv');
      create index plan_sak on plan (sak_id);

      create table koordinatoroppdrag (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        plan_id uuid references plan(id),
        rolle text not null check (rolle in ('plankoordinator','koordinator','barnekoordinator')),
        status text not null check (status in ('foreslaatt','bekreftet','aktiv','avslaatt','erstattet','avsluttet')),
        enhet_id text not null references enhet(id),
        utenfor_enheten boolean not null,
        bruker_id text references bruker(id),
        bakgrunn text not null default '',
        begrunnelse text not null check (length(btrim(begrunnelse)) > 0),
        oenske text not null default '',
        foreslaatt_av text not null references bruker(id),
        foreslaatt timestamptz not null,
        henvendelse_sendt timestamptz,
        bekreftet timestamptz,
        avslag_grunn text,
        fra date,
        til date,
        check (status not in ('bekreftet','aktiv') or bruker_id is not null),
        check (status <> 'aktiv' or fra is not null)
      );
      create unique index oppdrag_ett_paagaaende on koordinatoroppdrag (sak_id) where status in ('foreslaatt','bekreftet','aktiv');
      create unique index oppdrag_en_aktiv_per_plan on koordinatoroppdrag (plan_id) where status = 'aktiv';
      create index oppdrag_ansatt on koordinatoroppdrag (bruker_id) where status in ('foreslaatt','bekreftet','aktiv');

      create table koordinatorkapasitet (
        bruker_id text primary key references bruker(id),
        maks_oppdrag integer not null check (maks_oppdrag >= 0)
      );

      create table demo_sak (
        noekkel text primary key,
        sak_id uuid not null references sak(id)
      );
    `);
  }

  /** Migreringene går bare framover. */
  async down(): Promise<void> {
    throw new Error('Migreringer angres ikke; skriv en ny.');
  }
}
