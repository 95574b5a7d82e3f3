import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Brevet skrives av det som er avgjort, og det noen skriver til mottakeren, står ved siden av. `brevtekst` og `tekst` var
 * hele brevet; nå er de det som er skrevet ved siden av, og kan være tomme. Eldre rader beholder teksten sin: når brevet
 * settes sammen, tas det bort som brevet sier av seg selv, og det som virkelig er skrevet, blir igjen. Et bestilt brev får
 * med seg det som ble avgjort, så det ikke lenger bare finnes i teksten.
 */
export class BrevEgenTekst0420 implements MigrationInterface {
  name = 'BrevEgenTekst1764000000420';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table vedtak alter brevtekst drop not null;
      alter table vedtak drop constraint vedtak_brevtekst_check;

      alter table brevbestilling drop constraint brevbestilling_tekst_check;
      alter table brevbestilling add grunnlag jsonb;
      update brevbestilling b set grunnlag = jsonb_build_object('grunn', coalesce(
          (select s.data->>'begrunnelse' from steg_svar s
            where s.sak_id = b.sak_id and s.steg_id = 'dokumenter-avslaatt-tilbud' order by s.tid desc limit 1), ''))
        where b.mal = 'avslaatt-tilbud';
      update brevbestilling b set grunnlag = jsonb_build_object(
          'plankoordinator',
          (select br.navn from sak s
             join plan p on p.person_id = s.person_id and p.sak_id <> s.id and p.status in ('utkast','aktiv')
             join koordinatoroppdrag o on o.sak_id = p.sak_id and o.status = 'aktiv'
             join bruker br on br.id = o.bruker_id
            where s.id = b.sak_id limit 1),
          'loesning',
          (select s.data->>'loesning' from steg_svar s
            where s.sak_id = b.sak_id and s.steg_id = 'avklar-dobbel-sak' order by s.tid desc limit 1))
        where b.mal = 'svar-eksisterende-plan';
      alter table brevbestilling alter grunnlag set not null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
