import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testtjener } from './oppsett.ts';

export interface Testdatabase {
  url: string;
  slett(): Promise<void>;
}

async function paaTjener(url: string, sql: string): Promise<void> {
  const klient = new pg.Client({ connectionString: url });
  await klient.connect();
  try {
    await klient.query(sql);
  } finally {
    await klient.end();
  }
}

/** En ny, tom database på testtjeneren. `slett` kaster ut alle tilkoblinger og fjerner den. */
export async function lagTestdatabase(): Promise<Testdatabase> {
  const tjener = await testtjener();
  const navn = `t_${randomBytes(6).toString('hex')}`;
  await paaTjener(tjener, `create database ${navn}`);
  const url = new URL(tjener);
  url.pathname = `/${navn}`;
  return { url: url.href, slett: () => paaTjener(tjener, `drop database if exists ${navn} with (force)`) };
}
