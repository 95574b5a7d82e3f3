import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tabeller som ikke har tekst noen har skrevet, eller som ikke kan endres: loggene er evige, utboksen er motorens. */
const UTENOM = [
  'hendelse',
  'tilgangslogg',
  'session',
  'migrering',
  'rutineversjon',
  'skjemaversjon',
  'utboks',
  'jobbkvittering',
  'saksprosess',
  'saksprosess_bilde',
  'oppgave_avbrutt',
  'demo_sak',
];

/**
 * Setter sammen (NFC) det som er lagret, og tar bort tegn som snur leseretningen, slik døra nå gjør med alt som kommer
 * inn: «Åse» skrevet på en Mac finnes av «Åse». Navn og titler som bare besto av slike tegn, får stå.
 */
export class SammensattTekst0430 implements MigrationInterface {
  name = 'SammensattTekst1764000000430';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create function pg_temp.sett_sammen(t text) returns text language sql immutable as $$
        select case when btrim(r) = '' then t else r end
          from (select normalize(regexp_replace(t, U&'[\\202A-\\202E\\2066-\\2069\\FEFF]', '', 'g'), NFC) as r) x
      $$;
      -- Innholdet settes sammen tekst for tekst: på hele JSON-en kunne en løs aksent ha festet seg til et skilletegn.
      create function pg_temp.sett_sammen(j jsonb) returns jsonb language plpgsql immutable as $$
      begin
        case jsonb_typeof(j)
          when 'string' then return to_jsonb(pg_temp.sett_sammen(j #>> '{}'));
          when 'array' then return coalesce(
            (select jsonb_agg(pg_temp.sett_sammen(x) order by n) from jsonb_array_elements(j) with ordinality e(x, n)),
            '[]');
          when 'object' then return coalesce(
            (select jsonb_object_agg(pg_temp.sett_sammen(k), pg_temp.sett_sammen(v)) from jsonb_each(j) e(k, v)), '{}');
          else return j;
        end case;
      end $$;
    `);
    const kolonner: { tabell: string; kolonne: string }[] = await q.query(
      `select c.relname as tabell, a.attname as kolonne
         from pg_attribute a
         join pg_class c on c.oid = a.attrelid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0
          and not a.attisdropped and a.attgenerated = '' and a.atttypid in ('text'::regtype, 'jsonb'::regtype)
          and c.relname <> all($1)
          and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('p','f')
                           and a.attnum = any(k.conkey))
        order by 1, 2`,
      [UTENOM],
    );
    for (const { tabell, kolonne } of kolonner) {
      await q.query(
        `update "${tabell}" set "${kolonne}" = pg_temp.sett_sammen("${kolonne}")
          where "${kolonne}" is distinct from pg_temp.sett_sammen("${kolonne}")`,
      );
    }
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
