import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dokumenter, bestilte brev, utsendinger, arkivering, innsynslogg og kompetanse. */
export class Brev0300 implements MigrationInterface {
  name = 'Brev1764000000300';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table arkivering (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        gjelder text not null,
        opprettet timestamptz not null,
        arkivert timestamptz,
        referanse text,
        check ((arkivert is null) = (referanse is null))
      );
      create index arkivering_sak on arkivering (sak_id);

      create table dokument (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        tittel text not null check (length(btrim(tittel)) > 0),
        retning text not null check (retning in ('inn','ut','internt')),
        mediatype text not null,
        filnavn text not null,
        stoerrelse integer not null check (stoerrelse >= 0),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        innhold bytea not null,
        mal text,
        gjelder_id uuid,
        av text references bruker(id),
        opprettet timestamptz not null,
        arkivering_id uuid references arkivering(id),
        check (octet_length(innhold) = stoerrelse),
        check ((mal is null) = (gjelder_id is null))
      );
      -- Et brev lages høyst én gang per mal og rad det handler om; en jobb som prøves på nytt, finner det første.
      create unique index dokument_ett_brev on dokument (sak_id, mal, gjelder_id) where mal is not null;
      create index dokument_sak on dokument (sak_id, opprettet);

      create table brevbestilling (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        mal text not null,
        gjelder_id uuid not null,
        tekst text not null check (length(btrim(tekst)) > 0),
        av text not null references bruker(id),
        bestilt timestamptz not null,
        unique (sak_id, mal, gjelder_id)
      );

      create table utsending (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        dokument_id uuid not null references dokument(id),
        gjelder text not null,
        mottaker_slag text not null check (mottaker_slag in ('planeier','representant','ansatt','enhet')),
        mottaker_id text not null,
        mottaker_navn text not null,
        adresselinjer text[] not null,
        kopi boolean not null,
        opprettet timestamptz not null,
        sendt timestamptz,
        referanse text,
        unique (dokument_id, mottaker_slag, mottaker_id),
        check ((sendt is null) = (referanse is null))
      );
      create index utsending_usendt on utsending (sak_id) where sendt is null;

      create table tilgangslogg (
        id uuid primary key,
        tid timestamptz not null,
        bruker_id text not null references bruker(id),
        handling text not null,
        sak_id uuid references sak(id),
        dokument_id uuid references dokument(id)
      );
      create index tilgangslogg_sak on tilgangslogg (sak_id, tid);
      create function tilgangslogg_er_evig() returns trigger language plpgsql as $$
        begin raise exception 'tilgangsloggen kan ikke endres'; end $$;
      create trigger tilgangslogg_evig before update or delete on tilgangslogg
        for each row execute function tilgangslogg_er_evig();

      create table kurs (
        id text primary key check (id ~ '^[a-z0-9-]{2,60}$'),
        navn text not null,
        timer numeric(4,1) not null,
        kreves_for text[] not null
      );
      insert into kurs (id, navn, timer, kreves_for) values
        ('plankoordinatorrollen', 'Kurs i plankoordinatorrollen', 3, '{plankoordinator,koordinator,barnekoordinator}'),
        ('planverktoey-plankoordinator', 'Kurs i planverktøyet for plankoordinator', 2, '{plankoordinator}'),
        ('planverktoey-plandeltaker', 'Kurs i planverktøyet for plandeltaker', 1.5, '{plandeltaker}');

      create table oppmoete (
        id uuid primary key,
        innsending_id uuid not null unique,
        bruker_id text not null references bruker(id),
        kurs_id text not null references kurs(id),
        dato date not null,
        registrert_av text not null references bruker(id),
        registrert timestamptz not null,
        unique (bruker_id, kurs_id, dato)
      );

      create table opplaeringskrav (
        id uuid primary key,
        sak_id uuid not null references sak(id),
        oppdrag_id uuid not null references koordinatoroppdrag(id),
        bruker_id text not null references bruker(id),
        virkning text not null check (virkning in ('blokkerer','frist')),
        frist date,
        opprettet timestamptz not null,
        startet timestamptz,
        oppfylt timestamptz,
        unique (oppdrag_id, bruker_id)
      );
      create index opplaeringskrav_bruker on opplaeringskrav (bruker_id) where oppfylt is null;
      create table opplaeringskrav_kurs (
        krav_id uuid not null references opplaeringskrav(id),
        kurs_id text not null references kurs(id),
        primary key (krav_id, kurs_id)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
