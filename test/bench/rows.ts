import type pg from 'pg';

/*
 * The yardstick: the rows that the engine wrote, counted table by table, written once more by bare `pg` with set-based statements in
 * batches of the same size. No interpreter, no REST, the same database and the same durability.
 */

interface Counts {
  inserted: number;
  updated: number;
  deleted: number;
}
type RowCounts = Map<string, Counts>;

/** What PostgreSQL has counted so far for each table of a schema. */
export async function rowCounts(client: pg.Client, schema: string): Promise<RowCounts> {
  await client.query('select pg_stat_force_next_flush()');
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ relname: string; i: string; u: string; d: string }>(
    `select relname, n_tup_ins as i, n_tup_upd as u, n_tup_del as d from pg_stat_user_tables where schemaname = $1`,
    [schema],
  );
  return new Map(rows.map((r) => [r.relname, { inserted: Number(r.i), updated: Number(r.u), deleted: Number(r.d) }]));
}

/** What came between two countings. */
export function difference(before: RowCounts, after: RowCounts): RowCounts {
  const result: RowCounts = new Map();
  for (const [table, a] of after) {
    const b = before.get(table) ?? { inserted: 0, updated: 0, deleted: 0 };
    const counts = {
      inserted: a.inserted - b.inserted,
      updated: a.updated - b.updated,
      deleted: a.deleted - b.deleted,
    };
    if (counts.inserted + counts.updated + counts.deleted > 0) result.set(table, counts);
  }
  return result;
}

interface Table {
  name: string;
  counts: Counts;
  /** columns with their types; the first of the primary key is replaced by a counter */
  columns: { name: string; type: string }[];
  key: string;
  sample: Record<string, string | null>[];
}

/** Rows of every table as text, taken while the engine works: some are deleted when an instance ends. */
export type Samples = Map<string, Record<string, string | null>[]>;

export async function takeSamples(client: pg.Client): Promise<Samples> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'engine'::regnamespace and c.relkind = 'r' group by c.relname`,
  );
  const samples: Samples = new Map();
  for (const { name, columns } of tables) {
    const list = columns.map((c) => `"${c}"::text as "${c}"`).join(', ');
    const { rows } = await client.query<Record<string, string | null>>(`select ${list} from engine.${name} limit 200`);
    if (rows.length > 0) samples.set(name, rows);
  }
  return samples;
}

async function describe(client: pg.Client, table: string, counts: Counts, samples: Samples): Promise<Table | null> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = ('engine.' || $1)::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const { rows: keys } = await client.query<{ attname: string }>(
    `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = ('engine.' || $1)::regclass and i.indisprimary`,
    [table],
  );
  const key = keys[0]?.attname;
  const sample = samples.get(table);
  if (!key || !sample || columns.find((c) => c.name === key)?.type !== 'bigint') return null;
  await client.query(`create table bench.${table} (like engine.${table} including all)`);
  return { name: table, counts, columns, key, sample };
}

/**
 * Writes the counted rows again: `commits` transactions, each with its share of every table's inserts, updates and deletes.
 * @returns seconds it took
 */
export async function writeSameRows(
  client: pg.Client,
  counts: RowCounts,
  samples: Samples,
  commits: number,
): Promise<number> {
  await client.query('drop schema if exists bench cascade; create schema bench');
  const tables: Table[] = [];
  for (const [name, c] of counts) {
    const table = await describe(client, name, c, samples);
    if (table) tables.push(table);
  }
  const next = new Map(tables.map((t) => [t.name, 1]));
  const done = new Map(tables.map((t) => [t.name, { inserted: 0, updated: 0, deleted: 0 }]));
  const share = (total: number, commit: number): number =>
    Math.floor((total * (commit + 1)) / commits) - Math.floor((total * commit) / commits);
  const start = performance.now();
  for (let commit = 0; commit < commits; commit++) {
    const sent: Promise<unknown>[] = [client.query('begin')];
    for (const t of tables) {
      const inserts = share(t.counts.inserted, commit);
      const first = next.get(t.name) ?? 1;
      if (inserts > 0) {
        sent.push(insert(client, t, first, inserts));
        next.set(t.name, first + inserts);
      }
      const known = first + inserts - 1;
      const updates = Math.min(known, share(t.counts.updated, commit));
      if (updates > 0) sent.push(update(client, t, known, updates));
      const deletes = share(t.counts.deleted, commit);
      if (deletes > 0) {
        const d = done.get(t.name) ?? { inserted: 0, updated: 0, deleted: 0 };
        sent.push(
          client.query({
            name: `d-${t.name}`,
            text: `delete from bench.${t.name} where ${t.key} between $1 and $2`,
            values: [d.deleted + 1, d.deleted + deletes],
          }),
        );
        d.deleted += deletes;
      }
    }
    sent.push(client.query('commit'));
    await Promise.all(sent);
  }
  const seconds = (performance.now() - start) / 1000;
  await client.query('drop schema bench cascade');
  return seconds;
}

function insert(client: pg.Client, t: Table, first: number, count: number): Promise<unknown> {
  const values = t.columns.map((c) =>
    Array.from({ length: count }, (_, i) =>
      c.name === t.key ? String(first + i) : (t.sample[i % Math.max(1, t.sample.length)]?.[c.name] ?? null),
    ),
  );
  const from = t.columns.map((_, i) => `$${i + 1}::text[]`).join(', ');
  const names = t.columns.map((c) => `"${c.name}"`).join(', ');
  const select = t.columns.map((c) => `u."${c.name}"::${c.type}`).join(', ');
  return client.query({
    name: `i-${t.name}`,
    text: `insert into bench.${t.name} select ${select} from unnest(${from}) as u(${names})`,
    values,
  });
}

function update(client: pg.Client, t: Table, known: number, count: number): Promise<unknown> {
  const other = t.columns.find((c) => c.name !== t.key)?.name ?? t.key;
  return client.query({
    name: `u-${t.name}`,
    text: `update bench.${t.name} t set "${other}" = t."${other}" from unnest($1::bigint[]) k where t.${t.key} = k`,
    values: [Array.from({ length: count }, (_, i) => known - i)],
  });
}
