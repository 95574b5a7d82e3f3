import { rmSync } from 'node:fs';
import { lagTestmappe } from './mappe.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded-postgres.ts';

/*
 * Databasetjeneren testene deler i én mocha-prosess: den i TEST_DATABASE_URL når den er satt, ellers en innebygd
 * som startes ved første bruk og stoppes til slutt. `lagTestdatabase` gir hver test sin egen tomme database.
 */
let tjener: Promise<EmbeddedPostgres> | null = null;
let mappe: string | null = null;

/** Adressen til tjeneren testdatabasene lages på. */
export async function testtjener(): Promise<string> {
  const gitt = process.env['TEST_DATABASE_URL'];
  if (gitt) return gitt;
  if (!tjener) {
    mappe = lagTestmappe('pg-');
    tjener = startEmbeddedPostgres({ mappe });
  }
  return (await tjener).url;
}

export const mochaHooks = {
  async afterAll(): Promise<void> {
    if (!tjener) return;
    await (await tjener).stop();
    if (mappe) rmSync(mappe, { recursive: true, force: true });
  },
};
