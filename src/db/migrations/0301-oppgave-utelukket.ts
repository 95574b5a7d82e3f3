import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hvem som ikke kan ta oppgaven selv om rollen passer, og hvorfor: fire øyne vises i lista, ikke først når noen prøver. */
export class OppgaveUtelukket0301 implements MigrationInterface {
  name = 'OppgaveUtelukket1764000000301';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table oppgave add utelukket_id text references bruker(id), add utelukket_grunn text;
      alter table oppgave add constraint oppgave_utelukket check ((utelukket_id is null) = (utelukket_grunn is null));
      update oppgave o
         set utelukket_id = v.foreslaatt_av,
             utelukket_grunn = 'Du fattet vedtaket selv. En annen beslutter må godkjenne det (fire øyne).'
        from vedtak v
       where v.sak_id = o.sak_id and v.status = 'til-godkjenning'
         and o.steg_id = 'godkjenn-vedtak' and o.type = 'steg' and o.status = 'aapen';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
