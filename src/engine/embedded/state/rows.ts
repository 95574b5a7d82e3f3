/**
 * Rows on their way to the database: what one batch changed, table by table, and the single statement that writes all of it.
 * A batch is one statement with a data-modifying CTE per touched table, so it is atomic by itself and costs one round trip.
 */
import type { Key } from '../commands/types.ts';
import { breathe } from './slices.ts';

/** A value of a column; lists only in columns of type `text[]` or `bigint[]`. */
export type Cell = string | number | boolean | null | readonly string[] | readonly number[] | Buffer;
export type Row = readonly Cell[];

interface TableSpec {
  readonly key: readonly string[];
  /** Column name → PostgreSQL type, in the order in which rows give their cells. */
  readonly columns: Readonly<Record<string, string>>;
  /** 'once': a row that is there already stays as it is. */
  readonly conflict: 'update' | 'once';
}

/** The tables the writer writes, and the order of a row's cells. */
export const TABLES = {
  instance: { key: ['key'], conflict: 'update', columns: { key: 'bigint', doc: 'text' } },
  continuation: { key: ['key'], conflict: 'update', columns: { key: 'bigint', doc: 'text' } },
  deployment: { key: ['key'], conflict: 'once', columns: { key: 'bigint', deployed: 'bigint' } },
  process_definition: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      process_id: 'text',
      version: 'int',
      version_tag: 'text',
      name: 'text',
      resource_name: 'text',
      resource: 'bytea',
      checksum: 'text',
      deployment_key: 'bigint',
      has_start_form: 'boolean',
      start_form_id: 'text',
      latest: 'boolean',
      deleted: 'boolean',
    },
  },
  form: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      form_id: 'text',
      version: 'int',
      version_tag: 'text',
      resource_name: 'text',
      schema: 'text',
      checksum: 'text',
      deployment_key: 'bigint',
      latest: 'boolean',
      deleted: 'boolean',
    },
  },
  process_instance: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      version: 'int',
      version_tag: 'text',
      name: 'text',
      parent_instance_key: 'bigint',
      parent_element_instance_key: 'bigint',
      root_key: 'bigint',
      state: 'text',
      start_ms: 'bigint',
      end_ms: 'bigint',
      has_incident: 'boolean',
      tags: 'text',
    },
  },
  element_instance: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      element_id: 'text',
      element_name: 'text',
      type: 'text',
      state: 'text',
      start_ms: 'bigint',
      end_ms: 'bigint',
      scope_key: 'bigint',
      incident_key: 'bigint',
      has_incident: 'boolean',
    },
  },
  sequence_flow: {
    key: ['instance_key', 'flow_id'],
    conflict: 'once',
    columns: { instance_key: 'bigint', flow_id: 'text', definition_key: 'bigint', process_id: 'text' },
  },
  variable: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      scope_key: 'bigint',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      name: 'text',
      value: 'text',
    },
  },
  job: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      type: 'text',
      worker: 'text',
      state: 'text',
      phase: 'text',
      kind: 'text',
      listener_event_type: 'text',
      retries: 'int',
      deadline: 'bigint',
      recur_ms: 'bigint',
      error_code: 'text',
      error_message: 'text',
      custom_headers: 'text',
      element_id: 'text',
      element_instance_key: 'bigint',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      end_ms: 'bigint',
      is_denied: 'boolean',
      denied_reason: 'text',
      tags: 'text',
    },
  },
  user_task: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      state: 'text',
      element_id: 'text',
      element_instance_key: 'bigint',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      version: 'int',
      name: 'text',
      process_name: 'text',
      assignee: 'text',
      candidate_groups: 'text[]',
      candidate_users: 'text[]',
      due_ms: 'bigint',
      follow_ms: 'bigint',
      priority: 'int',
      form_key: 'bigint',
      external_form_reference: 'text',
      custom_headers: 'text',
      creation_ms: 'bigint',
      completion_ms: 'bigint',
      tags: 'text',
    },
  },
  incident: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      error_type: 'text',
      error_message: 'text',
      state: 'text',
      creation_ms: 'bigint',
      element_id: 'text',
      element_instance_key: 'bigint',
      instance_key: 'bigint',
      root_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      job_key: 'bigint',
      instance_path: 'bigint[]',
    },
  },
  message_subscription: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      element_id: 'text',
      element_instance_key: 'bigint',
      state: 'text',
      open: 'boolean',
      interrupting: 'boolean',
      updated_ms: 'bigint',
      message_name: 'text',
      correlation_key: 'text',
    },
  },
  correlated_message: {
    key: ['message_key', 'subscription_key'],
    conflict: 'once',
    columns: {
      message_key: 'bigint',
      subscription_key: 'bigint',
      message_name: 'text',
      correlation_key: 'text',
      instance_key: 'bigint',
      definition_key: 'bigint',
      process_id: 'text',
      element_id: 'text',
      element_instance_key: 'bigint',
      correlation_ms: 'bigint',
    },
  },
  message: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      name: 'text',
      correlation_key: 'text',
      message_id: 'text',
      deadline: 'bigint',
      variables: 'text',
      reached: 'text',
    },
  },
  timer: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      due_ms: 'bigint',
      instance_key: 'bigint',
      element_instance_key: 'bigint',
      element_id: 'text',
      definition_key: 'bigint',
      repetitions: 'int',
      spec: 'text',
    },
  },
  signal_subscription: {
    key: ['key'],
    conflict: 'update',
    columns: {
      key: 'bigint',
      name: 'text',
      instance_key: 'bigint',
      element_instance_key: 'bigint',
      element_id: 'text',
    },
  },
  start_lock: {
    key: ['instance_key'],
    conflict: 'update',
    columns: { instance_key: 'bigint', process_id: 'text', correlation_key: 'text' },
  },
} satisfies Record<string, TableSpec>;

export type TableName = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as TableName[]; // Object.keys of a literal: exactly its keys
const SPECS: Record<TableName, TableSpec> = TABLES;

/**
 * Escapes a text as an element of an array literal; quoting always is what makes NULL and spaces safe. The character NUL, which no
 * column of type text takes, becomes the replacement character: an assignee read from a variable must not fail the whole batch.
 */
const quote = (text: string): string =>
  `"${/["\\\0]/.test(text) ? text.replaceAll('\0', '\ufffd').replace(/["\\]/g, '\\$&') : text}"`;

function cell(value: Cell): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`;
  // a list becomes the text of an array literal, cast in the statement: unnest would flatten a list of lists
  return quote(`{${value.map((v) => (typeof v === 'string' ? quote(v) : String(v))).join(',')}}`);
}

const arrayType = (type: string): string => (type.endsWith('[]') ? 'text[]' : `${type}[]`);

/** Tables of which only the flags `latest` and `deleted` change after a row is there. */
export type FlagTable = 'process_definition' | 'form';

/** The changes of a batch, or of one command before they join the batch. The last row per key wins. */
export class RowBuffer {
  readonly #puts = new Map<TableName, Map<string | number, Row>>();
  readonly #deletes = new Map<TableName, Set<Key>>();

  readonly #flags = new Map<FlagTable, Map<Key, { latest: boolean; deleted: boolean }>>();

  #size = 0;

  /** About how many characters and bytes were put in, replaced rows included. */
  get size(): number {
    return this.#size;
  }

  get empty(): boolean {
    return this.#puts.size === 0 && this.#deletes.size === 0 && this.#flags.size === 0;
  }

  /** Sets the flags of a row that is in the database already: one statement does not see what it inserts itself. */
  flag(table: FlagTable, key: Key, latest: boolean, deleted: boolean): void {
    let flags = this.#flags.get(table);
    if (!flags) this.#flags.set(table, (flags = new Map()));
    flags.set(key, { latest, deleted });
  }

  /** Writes a row; `id` is its key (for keys of two columns, both joined). */
  put(table: TableName, id: string | number, row: Row): void {
    let rows = this.#puts.get(table);
    if (!rows) this.#puts.set(table, (rows = new Map()));
    rows.set(id, row);
    for (const cell of row) if (typeof cell === 'string' || Buffer.isBuffer(cell)) this.#size += cell.length;
  }

  /** Removes a row. A row that was only put in this buffer is deleted as well: that costs nothing and needs no knowledge. */
  remove(table: TableName, key: Key): void {
    const rows = this.#puts.get(table);
    if (rows?.delete(key) && rows.size === 0) this.#puts.delete(table);
    let keys = this.#deletes.get(table);
    if (!keys) this.#deletes.set(table, (keys = new Set()));
    keys.add(key);
  }

  /** Takes over the changes of a command that went well. */
  absorb(other: RowBuffer): void {
    for (const [table, keys] of other.#deletes) for (const key of keys) this.remove(table, key);
    for (const [table, rows] of other.#puts) for (const [id, row] of rows) this.put(table, id, row);
    for (const [table, flags] of other.#flags) for (const [key, f] of flags) this.flag(table, key, f.latest, f.deleted);
  }

  /**
   * The statement for these changes.
   * @param tail what else the statement does at its end: common table expressions and the final statement, with parameters
   *   numbered from `$1` on
   * @param tailValues the values of those parameters; their number tells one tail from another
   */
  async statement(
    tail: { readonly with: readonly string[]; readonly last: string },
    tailValues: readonly (string | number | null)[],
  ): Promise<{ name: string; text: string; values: unknown[] }> {
    const values: unknown[] = [...tailValues];
    const parts: string[] = [...tail.with];
    let mask = '';
    for (let t = 0; t < NAMES.length; t++) {
      const name = NAMES[t];
      if (name === undefined) continue;
      const rows = this.#puts.get(name);
      const keys = this.#deletes.get(name);
      const spec = SPECS[name];
      const columns = Object.entries(spec.columns);
      if (rows) {
        mask += `p${t}`;
        const first = values.length;
        const literals = columns.map(() => '{');
        let comma = '';
        for (const row of rows.values()) {
          for (let c = 0; c < columns.length; c++) literals[c] += comma + cell(row[c] ?? null);
          comma = ',';
          const others = breathe();
          if (others) await others;
        }
        for (const literal of literals) values.push(`${literal}}`);
        const names = columns.map(([column]) => column);
        const select = columns.map(([column, type]) => (type.endsWith('[]') ? `${column}::${type}` : column));
        const params = columns.map(([, type], i) => `$${first + i + 1}::${arrayType(type)}`);
        const set = names.filter((n) => !spec.key.includes(n)).map((n) => `${n} = excluded.${n}`);
        const conflict = spec.conflict === 'once' ? 'do nothing' : `do update set ${set.join(', ')}`;
        parts.push(
          `put_${name} as (insert into engine.${name} (${names.join(', ')}) select ${select.join(', ')} from unnest(${params.join(', ')}) as r(${names.join(', ')}) on conflict (${spec.key.join(', ')}) ${conflict})`,
        );
      }
      if (keys) {
        mask += `d${t}`;
        values.push(`{${[...keys].join(',')}}`);
        parts.push(
          `del_${name} as (delete from engine.${name} where ${spec.key[0]} = any($${values.length}::bigint[]))`,
        );
      }
    }
    for (const [table, flags] of this.#flags) {
      mask += `f${table}`;
      const at = values.length;
      values.push(
        [...flags.keys()],
        [...flags.values()].map((f) => f.latest),
        [...flags.values()].map((f) => f.deleted),
      );
      parts.push(
        `flag_${table} as (update engine.${table} t set latest = r.latest, deleted = r.deleted from unnest($${at + 1}::bigint[], $${at + 2}::boolean[], $${at + 3}::boolean[]) as r(key, latest, deleted) where t.key = r.key)`,
      );
    }
    const text = parts.length > 0 ? `with ${parts.join(',\n')}\n${tail.last}` : tail.last;
    return { name: `batch_${tailValues.length}_${mask}`, text, values };
  }
}
