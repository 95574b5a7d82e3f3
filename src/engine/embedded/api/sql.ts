/** Filters, sorting and paging of a search as SQL with parameters. */
import { createHash } from 'node:crypto';
import { BOUNDS, boundCount, boundNumber, shown } from './bounds.ts';
import type { BoundName } from './bounds.ts';
import type { Column, Entity } from './entities.ts';
import { Problem } from './problem.ts';
import { bodiesOf, numberOf, objectOf, requireText, textOf } from './request.ts';
import type { Body } from './request.ts';

/** Camunda counts to here and then says that there are more. */
const COUNT_AT_MOST = 10_000;
const DEFAULT_LIMIT = 100;

/** Collects the parameters of one statement, and counts what its filter asks for. */
export class Filters {
  readonly values: unknown[] = [];
  private readonly entity: Entity;
  private readonly spent = { conditions: 0, lookups: 0, variableFilters: 0 };

  constructor(entity: Entity) {
    this.entity = entity;
  }

  parameter(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** @throws Problem 400 when the filter as a whole asks for more than a search may */
  private spend(what: keyof Filters['spent'] & BoundName, count = 1): void {
    this.spent[what] += count;
    boundCount(`filter (${what}, all branches together)`, this.spent[what], what);
  }

  /** All conditions of a filter object, `true` when it asks for nothing. */
  all(filter: Body): string {
    const conditions: string[] = [];
    for (const name in filter) {
      const wanted = filter[name];
      if (wanted === null || wanted === undefined) continue;
      if (name === '$or') {
        const branches = bodiesOf(filter, name).map((one) => `(${this.all(one)})`);
        if (branches.length > 0) conditions.push(`(${branches.join(' or ')})`);
        continue;
      }
      const special = this.entity.special?.[name];
      const column = this.entity.columns[name];
      if (special !== undefined) {
        this.spend('lookups');
        conditions.push(special(wanted, this));
      } else if (column !== undefined) conditions.push(this.compare(column, wanted));
    }
    return conditions.length === 0 ? 'true' : conditions.join(' and ');
  }

  /** A value or an object of operators. */
  compare(column: Column, wanted: unknown): string {
    if (typeof wanted !== 'object' || wanted === null) return this.operator(column, '$eq', wanted);
    const conditions: string[] = [];
    for (const [operator, value] of Object.entries(wanted)) {
      // clients send empty lists along: they ask for nothing
      if (value === null || (Array.isArray(value) && value.length === 0)) continue;
      conditions.push(this.operator(column, operator, value));
    }
    return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
  }

  private operator(column: Column, operator: string, value: unknown): string {
    const { sql } = column;
    this.spend('conditions');
    switch (operator) {
      case '$exists':
        return `${sql} is ${value === true ? 'not ' : ''}null`;
      case '$like':
        return `${sql}::text like ${this.parameter(likePattern(String(value)), 'text')}`;
      case '$in':
      case '$notIn': {
        const list = Array.isArray(value) ? value : [];
        const known = list.map((one) => comparable(column, one)).filter((one) => one !== undefined);
        const test = `${sql} = any(${this.parameter(known, `${SQL_TYPE[column.type]}[]`)})`;
        return operator === '$in' ? test : `(${test}) is not true`;
      }
      default: {
        const operand = comparable(column, value);
        // text that can be no key or date equals none
        if (operand === undefined) return operator === '$neq' ? 'true' : 'false';
        const parameter = this.parameter(operand, SQL_TYPE[column.type]);
        return `${sql} ${SIGNS[operator] ?? '='} ${parameter}`;
      }
    }
  }

  /**
   * Each wanted variable with its value in the scope. However many there are, it is one look at the variables of a scope, and where a value
   * is given as such the index finds the scopes.
   */
  variables(wanted: unknown, scope: string): string {
    const list = Array.isArray(wanted)
      ? wanted.filter((one): one is Body => typeof one === 'object' && one !== null)
      : [];
    if (list.length === 0) return 'true';
    this.spend('variableFilters', list.length);
    // a scope has one variable of a name: all that is wanted of the name must hold for that one
    const byName = new Map<string, string[]>();
    let found: string | undefined;
    for (const one of list) {
      if (textOf(one, 'name') === undefined) throw Problem.invalid('A variable filter needs a name');
      const name = requireText(one, 'name');
      const value = one['value'];
      if (value === null || value === undefined) throw Problem.invalid('A variable filter needs a value');
      if (found === undefined && typeof value === 'string') {
        this.spend('conditions');
        const text = this.parameter(value, 'text');
        // the digest lets the index find equal values, however long they are
        found = `${scope} in (select v.scope_key from engine.variable v where v.name = ${this.parameter(name, 'text')} and md5(v.value) = md5(${text}) and v.value = ${text})`;
        continue;
      }
      const condition = this.compare({ sql: 'v.value', type: 'text' }, value);
      const conditions = byName.get(name);
      if (conditions === undefined) byName.set(name, [condition]);
      else conditions.push(condition);
    }
    const named = [...byName].map(
      ([name, conditions]) => `(v.name = ${this.parameter(name, 'text')} and ${conditions.join(' and ')})`,
    );
    const each = `(select count(distinct v.name) from engine.variable v where v.scope_key = ${scope} and (${named.join(' or ')})) = ${named.length}`;
    return [...(found === undefined ? [] : [found]), ...(named.length === 0 ? [] : [each])].join(' and ');
  }

  /** Every wanted tag among the JSON list of a column. */
  tags(wanted: unknown, column: string): string {
    const list = Array.isArray(wanted) ? wanted : [];
    return list.length === 0 ? 'true' : `${column}::jsonb @> ${this.parameter(JSON.stringify(list), 'jsonb')}`;
  }

  /** One entry of a list column fits. */
  oneOf(column: string, wanted: unknown): string {
    // plain equality can use the index on the list
    if (typeof wanted === 'string') return `${column} @> array[${this.parameter(wanted, 'text')}]`;
    return `exists (select 1 from unnest(${column}) as member where ${this.compare({ sql: 'member', type: 'text' }, wanted)})`;
  }
}

const SQL_TYPE: Readonly<Record<Column['type'], string>> = {
  key: 'bigint',
  text: 'text',
  int: 'int',
  bool: 'boolean',
  date: 'bigint',
};
const SIGNS: Readonly<Record<string, string>> = {
  $eq: '=',
  $neq: 'is distinct from',
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/** The value as the column holds it; undefined when it can be no such value. */
function comparable(column: Column, value: unknown): string | number | boolean | undefined {
  switch (column.type) {
    case 'key':
      return typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? value : undefined;
    case 'date': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(time))
        throw Problem.invalid(
          `The value '${shown(String(value))}' cannot be parsed as a date according to RFC 3339, section 5.6`,
        );
      return time;
    }
    case 'int':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return typeof value === 'string' ? value : undefined;
  }
}

/** `*` any text, `?` one character; a backslash takes their meaning away. */
function likePattern(like: string): string {
  return like.replace(/\\[*?]|[*?%_\\]/g, (c) => {
    if (c === '*') return '%';
    if (c === '?') return '_';
    return c.length === 2 ? c.slice(1) : `\\${c}`;
  });
}

// ---- sort and page ------------------------------------------------------------------------------------------------------------

interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Query {
  readonly rows: Statement;
  /** How many there are in all (`n`), and how many bytes the page's texts have (`bytes`). */
  readonly extent: Statement;
  /** The rows come in the opposite order (page before a cursor). */
  readonly reversed: boolean;
  cursor(row: { readonly [column: string]: unknown }): string;
}

export interface Asked {
  readonly entity: Entity;
  /** The checked body: `filter`, `sort`, `page`. */
  readonly body: Body;
  /** Long values are cut in the answer. */
  readonly truncate: boolean;
  /** A condition made with the same parameters. */
  readonly extra?: (filters: Filters) => string;
  /** Reads the row that a cursor points to without giving its values. */
  read(statement: Statement): Promise<readonly { readonly [column: string]: unknown }[]>;
}

/**
 * One page of a search.
 * @throws Problem for contradictory paging, foreign cursors, bad dates, and what is over a bound
 */
export async function pageQuery({ entity, body, truncate, extra, read }: Asked): Promise<Query> {
  const page = objectOf(body, 'page') ?? {};
  const limit = numberOf(page, 'limit') ?? DEFAULT_LIMIT;
  const from = numberOf(page, 'from') ?? 0;
  const after = textOf(page, 'after');
  const before = textOf(page, 'before');
  if ([numberOf(page, 'from'), after, before].filter((one) => one !== undefined).length > 1) {
    throw Problem.unreadable('Only one of [from, after, before] is allowed');
  }
  if (limit < 1) throw Problem.invalid(`The value for page.limit is '${limit}' but must be greater than 0`);
  if (from < 0) throw Problem.invalid(`The value for page.from is '${from}' but must not be negative`);
  boundNumber('page.limit', limit, 'pageLimit');
  boundNumber('page.from + page.limit', from + limit, 'pageWindow');

  const filters = new Filters(entity);
  const conditions = [entity.where ?? 'true', filters.all(objectOf(body, 'filter') ?? {})];
  if (extra !== undefined) conditions.push(extra(filters));
  const where = conditions.filter((c) => c !== 'true').join(' and ') || 'true';

  const orders = orderOf(entity, body);
  const reversed = before !== undefined;
  const beyond =
    after === undefined && before === undefined
      ? ''
      : ` and ${beyondCursor(orders, await cursorValues(after === undefined ? 'page.before' : 'page.after', after ?? before ?? '', entity, orders, read), filters, reversed)}`;
  const order = orders
    .map((o) => `${o.column.sql} ${o.descending === reversed ? 'asc nulls last' : 'desc nulls first'}`)
    .join(', ');
  const these = `from ${entity.from} where ${where}${beyond} order by ${order} limit ${limit}${from > 0 ? ` offset ${from}` : ''}`;
  const counted = `select count(*)::int from (select 1 from ${entity.from} where ${where} limit ${COUNT_AT_MOST + 1}) as found`;
  const sized = `select coalesce(sum(size), 0)::bigint from (select ${entity.bytes(truncate)} as size ${these}) as page`;
  const signature = signatureOf(entity, orders);
  return {
    rows: { text: `select ${entity.select(truncate)}, ${cursorColumns(orders)} ${these}`, values: filters.values },
    extent: { text: `select (${counted}) as n, (${sized}) as bytes`, values: filters.values },
    reversed,
    cursor(row) {
      const values = orders.map((_, i) => row[`cursor_${i}`]);
      const full = encode([signature, ...values]);
      return full.length <= BOUNDS.cursor.limit ? full : encode([signature, ...values.slice(-entity.keys.length)]);
    },
  };
}

/** What the page says about the whole: at most so many are counted. */
export function totals(count: number): { totalItems: number; hasMoreTotalItems: boolean } {
  return { totalItems: Math.min(count, COUNT_AT_MOST), hasMoreTotalItems: count > COUNT_AT_MOST };
}

function orderOf(entity: Entity, body: Body): readonly Order[] {
  const orders: Order[] = bodiesOf(body, 'sort').map((one) => {
    const field = requireText(one, 'field');
    const column = entity.columns[field];
    if (column === undefined) throw Problem.unreadable(`Unexpected value '${shown(field)}' for enum field 'field'`);
    return { column, descending: (textOf(one, 'order') ?? 'ASC').toUpperCase() === 'DESC' };
  });
  // the tenant is always the same, and what was sorted by once is in order
  const useful = orders.filter(
    (o, i) => !o.column.sql.startsWith("'") && orders.findIndex((other) => other.column === o.column) === i,
  );
  return [...useful, ...entity.keys.map((sql) => ({ column: { sql, type: 'key' as const }, descending: false }))];
}

// ---- cursors --------------------------------------------------------------------------------------------------------------------
// A cursor is a list of the search's signature and what the row has in the columns that are sorted by, its key last; with long values
// the key alone, which finds them again.

const encode = (values: readonly unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64');
const cursorColumns = (orders: readonly Order[]): string =>
  orders.map((o, i) => `${o.column.sql} as cursor_${i}`).join(', ');

/** What a cursor belongs to: the kind of entity and the order. */
function signatureOf(entity: Entity, orders: readonly Order[]): string {
  const text = [entity.what, ...orders.map((o) => `${o.column.sql} ${o.descending ? 'desc' : 'asc'}`)].join('|');
  return createHash('sha256').update(text).digest('base64').slice(0, 8);
}

function fits(type: Column['type'], value: unknown): boolean {
  switch (type) {
    case 'key':
    case 'date':
      return typeof value === 'string' && /^-?\d{1,18}$/.test(value);
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'bool':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string' && !value.includes('\0');
  }
}

/** @throws Problem 400 for what is no cursor of this search */
async function cursorValues(
  field: string,
  cursor: string,
  entity: Entity,
  orders: readonly Order[],
  read: Asked['read'],
): Promise<readonly unknown[]> {
  const foreign = (): Problem =>
    Problem.invalid(`The value for ${field} '${shown(cursor)}' is no cursor of this search`);
  let list: unknown;
  try {
    list = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
  } catch {
    throw foreign();
  }
  if (!Array.isArray(list) || list[0] !== signatureOf(entity, orders)) throw foreign();
  const values: readonly unknown[] = list.slice(1);
  const short = values.length === entity.keys.length;
  const columns = short ? orders.slice(-entity.keys.length) : orders;
  if (values.length !== columns.length) throw foreign();
  for (const [i, { column }] of columns.entries()) {
    const isKey = i >= columns.length - entity.keys.length;
    if (!fits(column.type, values[i]) && (isKey || values[i] !== null)) throw foreign();
  }
  if (values.length === orders.length) return values;
  const where = entity.keys.map((key, i) => `${key} = $${i + 1}::bigint`).join(' and ');
  const [row] = await read({ text: `select ${cursorColumns(orders)} from ${entity.from} where ${where}`, values });
  if (row === undefined) throw foreign();
  return orders.map((_, i) => row[`cursor_${i}`]);
}

/** Rows after the cursor's row in the order given (before it when reversed); empty values come last. */
function beyondCursor(
  orders: readonly Order[],
  values: readonly unknown[],
  filters: Filters,
  reversed: boolean,
): string {
  const branches: string[] = [];
  const same: string[] = [];
  for (const [i, { column, descending }] of orders.entries()) {
    const value = values[i] ?? null;
    const { sql } = column;
    const up = descending === reversed;
    const parameter = filters.parameter(value, SQL_TYPE[column.type]);
    // ascending: greater values, then the empty ones; descending: the empty ones have come first
    const further = up
      ? value === null
        ? 'false'
        : `(${sql} > ${parameter} or ${sql} is null)`
      : value === null
        ? `${sql} is not null`
        : `${sql} < ${parameter}`;
    branches.push([...same, further].join(' and '));
    same.push(`${sql} is not distinct from ${parameter}`);
  }
  return `(${branches.map((b) => `(${b})`).join(' or ')})`;
}
