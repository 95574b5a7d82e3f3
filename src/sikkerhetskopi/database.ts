import { createHash, type Hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { Kopifeil } from './beholder.ts';

/*
 * Databasen som rader: hver tabell med COPY, alle i ett øyeblikksbilde. Skjemaet selv er ikke med; det lages av de samme
 * migreringene. Slik kan en kopi leses inn på en annen hovedversjon av PostgreSQL, og på en tjener der vi ikke er superbruker.
 */

/** Migreringene føres på nytt når skjemaet lages, og øktene er innlogginger som ikke skal gjenoppstå. */
const UTELATT = new Set(['migrering', 'engine.migration', 'session']);
const BIT = 1024 * 1024;

export const tabellskjema = z.object({
  navn: z.string(),
  kolonner: z.array(z.string()),
});
export type Tabell = z.infer<typeof tabellskjema>;

export const sekvensskjema = z.object({ navn: z.string(), siste: z.string().nullable() });
export type Sekvens = z.infer<typeof sekvensskjema>;

/** Hvor mye en tabell har, til kontroll etterpå. */
export interface Tabellsum {
  rader: number;
  sha256: string;
}

function sql(navn: string): string {
  return navn
    .split('.')
    .map((del) => `"${del.replaceAll('"', '""')}"`)
    .join('.');
}

/** Tabellene våre, i skjemaet til fagdelen og i motorens. Navnet har skjemaet foran når det er motorens. */
export async function finnTabeller(klient: pg.Client): Promise<Tabell[]> {
  const { rows } = await klient.query<Tabell>(
    `select case n.nspname when current_schema() then '' else n.nspname || '.' end || c.relname as navn,
            array_agg(a.attname::text order by a.attnum) as kolonner
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in (current_schema(), 'engine')
      group by n.nspname, c.relname
      order by n.nspname, c.relname`,
  );
  return rows.filter((t) => !UTELATT.has(t.navn));
}

export async function finnSekvenser(klient: pg.Client): Promise<Sekvens[]> {
  const { rows } = await klient.query<{ navn: string }>(
    `select case schemaname when current_schema() then '' else schemaname || '.' end || sequencename as navn
       from pg_sequences where schemaname in (current_schema(), 'engine') order by 1`,
  );
  const sekvenser: Sekvens[] = [];
  for (const { navn } of rows) {
    // Fra sekvensen selv og ikke fra pg_sequences: der er verdien skjult for den som bare kan lese.
    const svar = await klient.query<{ siste: string | null }>(
      `select case when is_called then last_value::text end as siste from ${sql(navn)}`,
    );
    sekvenser.push({ navn, siste: svar.rows[0]?.siste ?? null });
  }
  return sekvenser;
}

/** Om databasen ikke har noen tabeller fra før. */
export async function erTom(klient: pg.Client): Promise<boolean> {
  const { rows } = await klient.query(
    `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' limit 1`,
  );
  return rows.length === 0;
}

/** Versjonen av motorens skjema i databasen; 0 når den ikke har noe (motoren er et cluster). */
export async function finnMotorskjema(klient: pg.Client): Promise<number> {
  const { rows } = await klient.query<{ finnes: boolean }>(
    `select to_regclass('engine.migration') is not null as finnes`,
  );
  if (!rows[0]?.finnes) return 0;
  const svar = await klient.query<{ v: number }>('select coalesce(max(version), 0) as v from engine.migration');
  return svar.rows[0]?.v ?? 0;
}

/** Leser en tabell og gir den fra seg i biter. */
export async function dumpTabell(
  klient: pg.Client,
  { navn, kolonner }: Tabell,
  skriv: (bit: Buffer) => Promise<void>,
): Promise<Tabellsum> {
  const stroem = klient.query(copyTo(`copy ${sql(navn)} (${kolonner.map(sql1).join(', ')}) to stdout`));
  const sum = createHash('sha256');
  let venter: Buffer[] = [];
  let stoerrelse = 0;
  const toem = async (): Promise<void> => {
    if (stoerrelse === 0) return;
    const bit = Buffer.concat(venter);
    venter = [];
    stoerrelse = 0;
    sum.update(bit);
    await skriv(bit);
  };
  await pipeline(stroem, async (kilde: AsyncIterable<Buffer>) => {
    for await (const bit of kilde) {
      venter.push(bit);
      stoerrelse += bit.length;
      if (stoerrelse >= BIT) await toem();
    }
  });
  await toem();
  return { rader: stroem.rowCount ?? 0, sha256: sum.digest('hex') };
}

const sql1 = (kolonne: string): string => `"${kolonne.replaceAll('"', '""')}"`;

/** Tabellene slik de fylles: bit for bit, én tabell om gangen. */
export interface Innlesing {
  tabell(t: Tabell, bit: Buffer): Promise<void>;
  /** Avslutter siste tabell og gir summene. */
  ferdig(): Promise<Map<string, Tabellsum>>;
}

function startInnlesing(klient: pg.Client): Innlesing {
  const summer = new Map<string, Tabellsum>();
  let aapen: { navn: string; stroem: ReturnType<typeof copyFrom>; slutt: Promise<void>; sum: Hash } | null = null;

  async function lukk(): Promise<void> {
    if (!aapen) return;
    const { navn, stroem, slutt, sum } = aapen;
    aapen = null;
    stroem.end();
    await slutt;
    summer.set(navn, { rader: stroem.rowCount ?? 0, sha256: sum.digest('hex') });
  }
  return {
    async tabell(t, bit) {
      if (aapen?.navn !== t.navn) {
        await lukk();
        const stroem = klient.query(copyFrom(`copy ${sql(t.navn)} (${t.kolonner.map(sql1).join(', ')}) from stdin`));
        const slutt = new Promise<void>((ok, feil) => stroem.once('finish', ok).once('error', feil));
        slutt.catch(() => undefined);
        aapen = { navn: t.navn, stroem, slutt, sum: createHash('sha256') };
      }
      const { stroem, slutt, sum } = aapen;
      sum.update(bit);
      if (!stroem.write(bit)) {
        await Promise.race([new Promise<void>((ok) => stroem.once('drain', ok)), slutt]);
      }
    },
    async ferdig() {
      await lukk();
      return summer;
    },
  };
}

/**
 * Fyller et nylaget skjema i én transaksjon. Fremmednøkler og utløsere er borte imens, så rekkefølgen er fri; nøklene legges på igjen
 * til slutt, og PostgreSQL kontrollerer dem da mot alle radene.
 * @param les leser radene inn; kaster den, er ingenting lagret
 */
export async function fyll(
  klient: pg.Client,
  tabeller: readonly Tabell[],
  sekvenser: readonly Sekvens[],
  les: (inn: Innlesing) => Promise<void>,
): Promise<void> {
  const finnes = new Map((await finnTabeller(klient)).map((t) => [t.navn, new Set(t.kolonner)]));
  for (const t of tabeller) {
    const kolonner = finnes.get(t.navn);
    if (!kolonner || t.kolonner.some((k) => !kolonner.has(k))) {
      throw new Kopifeil(`Sikkerhetskopien har en tabell som ikke finnes her (${t.navn}). Ingenting er lest inn.`);
    }
  }
  await klient.query('begin');
  try {
    const { rows: noekler } = await klient.query<{ tabell: string; navn: string; regel: string }>(
      `select c.conrelid::regclass::text as tabell, quote_ident(c.conname) as navn, pg_get_constraintdef(c.oid) as regel
         from pg_constraint c join pg_namespace n on n.oid = c.connamespace
        where c.contype = 'f' and n.nspname in (current_schema(), 'engine')`,
    );
    for (const n of noekler) await klient.query(`alter table ${n.tabell} drop constraint ${n.navn}`);
    const alle = [...finnes.keys()].map(sql);
    for (const tabell of alle) await klient.query(`alter table ${tabell} disable trigger user`);
    // Migreringene kan ha lagt inn rader; kopien har sine egne.
    await klient.query(`truncate ${alle.join(', ')}`);
    await les(startInnlesing(klient));
    for (const { navn, siste } of sekvenser) {
      if (siste !== null) await klient.query('select setval($1::regclass, $2::bigint)', [sql(navn), siste]);
    }
    for (const tabell of alle) await klient.query(`alter table ${tabell} enable trigger user`);
    for (const n of noekler) await klient.query(`alter table ${n.tabell} add constraint ${n.navn} ${n.regel}`);
    await klient.query('commit');
  } catch (feil) {
    await klient.query('rollback').catch(() => undefined);
    throw feil;
  }
  await klient.query('analyze');
}
