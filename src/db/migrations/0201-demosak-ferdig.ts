import type { MigrationInterface, QueryRunner } from 'typeorm';

/** En demosak som er ført dit den skal, røres ikke ved neste start: da kan brukeren ha arbeidet videre i den. */
export class DemosakFerdig1764000000201 implements MigrationInterface {
  name = 'DemosakFerdig1764000000201';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table demo_sak add column ferdig boolean not null default false`);
  }

  async down(): Promise<void> {
    throw new Error('Migreringer går bare framover.');
  }
}
