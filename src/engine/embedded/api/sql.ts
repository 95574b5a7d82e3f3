/** Filters, sorting and paging of a search as SQL with parameters. */
import type { Column, Entity } from './entities.ts';
import { Problem } from './problem.ts';
import { bodiesOf, numberOf, objectOf, requireText, textOf } from './request.ts';
import type { Body } from './request.ts';

/** Camunda counts to here and then says that there are more. */
const COUNT_AT_MOST = 10_000;
const DEFAULT_LIMIT = 100;

/** Collects the parameters of one statement. */
export class Filters {
  readonly values: unknown[] = [];
  private readonly entity: Entity;

  constructor(entity: Entity) {
    this.entity = entity;
  }

  parameter(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
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
      if (special !== undefined) conditions.push(special(wanted, this));
      else if (column !== undefined) conditions.push(this.compare(column, wanted));
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

  /** Each wanted variable with its value in the scope. */
  variables(wanted: unknown, scope: string): string {
    const list = Array.isArray(wanted)
      ? wanted.filter((one): one is Body => typeof one === 'object' && one !== null)
      : [];
    const conditions = list.map((one) => {
      if (textOf(one, 'name') === undefined) throw Problem.invalid('A variable filter needs a name');
      if (one['value'] === null || one['value'] === undefined) throw Problem.invalid('A variable filter needs a value');
      const value = this.compare({ sql: 'v.value', type: 'text' }, one['value']);
      const name = this.parameter(requireText(one, 'name'), 'text');
      // the digest lets the index find equal values, however long they are
      const plain =
        typeof one['value'] === 'string' ? ` and md5(v.value) = md5(${this.parameter(one['value'], 'text')})` : '';
      return `exists (select 1 from engine.variable v where v.scope_key = ${scope} and v.name = ${name} and ${value}${plain})`;
    });
    return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
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
          `The value '${String(value)}' cannot be parsed as a date according to RFC 3339, section 5.6`,
        );
      return time;
    }
    case 'int':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return typeof value === 'string' ? value.replaceAll('\0', '') : undefined;
  }
}

/** `*` any text, `?` one character; a backslash takes their meaning away. */
function likePattern(like: string): string {
  return like.replaceAll('\0', '').replace(/\\[*?]|[*?%_\\]/g, (c) => {
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
  readonly count: Statement;
  /** The rows come in the opposite order (page before a cursor). */
  readonly reversed: boolean;
  cursor(row: { readonly [column: string]: unknown }): string;
}

/**
 * One page of a search.
 * @param body checked body: `filter`, `sort`, `page`
 * @param extra a condition made with the same parameters
 * @throws Problem for contradictory paging, bad cursors, bad dates
 */
export function pageQuery(entity: Entity, body: Body, extra?: (filters: Filters) => string): Query {
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

  const filters = new Filters(entity);
  const conditions = [entity.where ?? 'true', filters.all(objectOf(body, 'filter') ?? {})];
  if (extra !== undefined) conditions.push(extra(filters));
  const where = conditions.filter((c) => c !== 'true').join(' and ') || 'true';
  const counted: Statement = {
    text: `select count(*)::int as n from (select 1 from ${entity.from} where ${where} limit ${COUNT_AT_MOST + 1}) as found`,
    values: [...filters.values],
  };

  const orders = orderOf(entity, body);
  const reversed = before !== undefined;
  const cursor = after ?? before;
  const beyond =
    cursor === undefined ? '' : ` and ${beyondCursor(orders, readCursor(cursor, orders), filters, reversed)}`;
  const order = orders
    .map((o) => `${o.column.sql} ${o.descending === reversed ? 'asc nulls last' : 'desc nulls first'}`)
    .join(', ');
  const cursorColumns = orders.map((o, i) => `${o.column.sql} as cursor_${i}`).join(', ');
  const text = `select ${entity.select}, ${cursorColumns} from ${entity.from} where ${where}${beyond} order by ${order} limit ${limit}${from > 0 ? ` offset ${from}` : ''}`;
  return {
    rows: { text, values: filters.values },
    count: counted,
    reversed,
    cursor: (row) => Buffer.from(JSON.stringify(orders.map((_, i) => row[`cursor_${i}`]))).toString('base64'),
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
    if (column === undefined) throw Problem.unreadable(`Unexpected value '${field}' for enum field 'field'`);
    return { column, descending: (textOf(one, 'order') ?? 'ASC').toUpperCase() === 'DESC' };
  });
  // the tenant is always the same
  const useful = orders.filter((o) => !o.column.sql.startsWith("'"));
  return [...useful, { column: { sql: entity.key, type: 'key' }, descending: false }];
}

function readCursor(cursor: string, orders: readonly Order[]): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    if (
      Array.isArray(values) &&
      values.length === orders.length &&
      values.every((v) => v === null || typeof v !== 'object')
    )
      return values;
  } catch {
    // said below
  }
  throw Problem.invalid(`'${cursor}' is no cursor of this search`);
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
