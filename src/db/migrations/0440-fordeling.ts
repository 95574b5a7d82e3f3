import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Oppgaver som flyttes av andre enn den som har dem, oppgaver som kommer tilbake, og brukere som sperres eller mister en rolle.
 * Grunnene står i logger for seg: at en ansatt er syk eller har sluttet, hører ikke hjemme i saken, som mange leser.
 */
export class Fordeling0440 implements MigrationInterface {
  name = 'Fordeling1764000000440';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Fra denne dagen er brukeren sperret. Er dagen kommet, er aktiv alt false.
      alter table bruker add sperret_fra date;

      alter table oppgave
        -- {merke, tekst, av, tid}: hvorfor oppgaven kom tilbake; avgjort da den oppsto
        add retur jsonb,
        -- den utelukkede kan ta oppgaven likevel når ingen andre er igjen
        add utelukket_mykt boolean not null default false;
      create index oppgave_retur on oppgave (enhet_id, frist, loepenr) where status = 'aapen' and retur is not null;
      create index oppgave_har_eier on oppgave (eier_id) where status = 'aapen' and eier_id is not null;

      create table oppgave_fordeling (
        loepenr bigint generated always as identity primary key,
        oppgave_id uuid not null references oppgave(id),
        slag text not null check (slag in ('gitt','frigjort','besvart')),
        aarsak text not null check (aarsak in ('leder','sperret','rolle-slutt')),
        fra_bruker text references bruker(id),
        til_bruker text references bruker(id),
        av text references bruker(id),
        grunn text check (length(btrim(grunn)) > 0),
        tid timestamptz not null,
        check ((slag = 'gitt') = (til_bruker is not null)),
        check (aarsak <> 'leder' or (av is not null and grunn is not null))
      );
      create index oppgave_fordeling_siste on oppgave_fordeling (oppgave_id, loepenr desc);

      create table brukerendring (
        loepenr bigint generated always as identity primary key,
        bruker_id text not null references bruker(id),
        hva text not null check (hva in ('sperret','aapnet','rolle-avsluttet','rolle-aapnet','oppgaver-frigjort')),
        rolle text,
        enhet_id text references enhet(id),
        gjelder_fra date,
        av text not null references bruker(id),
        grunn text not null check (length(btrim(grunn)) > 0),
        tid timestamptz not null
      );
      create index brukerendring_bruker on brukerendring (bruker_id, loepenr desc);

      create function logg_er_evig() returns trigger language plpgsql as $$
        begin raise exception 'Loggen kan bare vokse.'; end $$;
      create trigger oppgave_fordeling_evig before update or delete or truncate on oppgave_fordeling
        for each statement execute function logg_er_evig();
      create trigger brukerendring_evig before update or delete or truncate on brukerendring
        for each statement execute function logg_er_evig();

      -- Det som alt er sendt tilbake og venter, merkes som om det kom nå.
      update oppgave o
         set retur = jsonb_build_object('merke', 'Sendt tilbake av ' || b.navn, 'tekst', v.underkjent_grunn, 'av', b.navn,
                                        'tid', to_char(o.opprettet at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
             utelukket_id = v.underkjent_av, utelukket_mykt = true,
             utelukket_grunn = 'Du sendte vedtaket tilbake. En annen beslutter retter det, så du kan godkjenne det etterpå.'
        from vedtak v join bruker b on b.id = v.underkjent_av
       where o.sak_id = v.sak_id and o.steg_id = 'fatt-vedtak' and o.type = 'steg' and o.status = 'aapen'
         and o.eier_id is distinct from v.underkjent_av and v.status = 'underkjent' and v.versjon = (select max(versjon) from vedtak where sak_id = v.sak_id);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
