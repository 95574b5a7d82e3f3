/** Endpoints that only read: rows of the engine's tables, never through the writer. */
import type { EngineDoor } from '../commands/types.ts';
import { TENANT } from './commands.ts';
import {
  CORRELATIONS,
  DEFINITIONS,
  ELEMENTS,
  INCIDENTS,
  INSTANCES,
  JOBS,
  SUBSCRIPTIONS,
  USER_TASKS,
  VARIABLES,
} from './entities.ts';
import type { Entity } from './entities.ts';
import { boundNumber } from './bounds.ts';
import { done, json, jsonPage, Problem } from './problem.ts';
import type { Reader, Row } from './reader.ts';
import { objectOf } from './request.ts';
import type { Call } from './request.ts';
import type { Routes } from './router.ts';
import { Filters, pageQuery, totals } from './sql.ts';
import type { Statement } from './sql.ts';

/** The version whose behaviour the engine imitates. */
const VERSION = '8.8.21';

/** Adds the endpoints to the routes. */
export function searchRoutes(routes: Routes, door: EngineDoor, reader: Reader): void {
  table('process-instances', INSTANCES);
  table('element-instances', ELEMENTS);
  table('user-tasks', USER_TASKS);
  table('incidents', INCIDENTS);
  table('process-definitions', DEFINITIONS);
  table('variables', VARIABLES);
  table('jobs', JOBS);
  table('message-subscriptions', SUBSCRIPTIONS);
  routes.on('POST', '/v2/correlated-message-subscriptions/search', (call) => page(call, CORRELATIONS));

  /** Search and get-by-key for one kind of entity. */
  function table(path: string, entity: Entity): void {
    routes.on('POST', `/v2/${path}/search`, (call) => page(call, entity));
    routes.on('GET', `/v2/${path}/{key}`, async (call) => json(entity.json(await get(entity, call), false)));
  }

  async function get(entity: Entity, call: Call): Promise<Row> {
    const key = call.key();
    const where = entity.where === undefined ? '' : ` and ${entity.where}`;
    const [row] = await reader.query(
      `select ${entity.select(false)} from ${entity.from} where ${entity.keys[0]} = $1${where}`,
      [key],
      call.signal,
    );
    if (row === undefined) throw Problem.notFound(entity.what, key);
    return row;
  }

  async function page(call: Call, entity: Entity, extra?: (filters: Filters) => string): Promise<Response> {
    const truncate = call.flag('truncateValues', true);
    const read = (statement: Statement): Promise<readonly Row[]> =>
      reader.query(statement.text, statement.values, call.signal);
    const body = await call.body();
    const query = await pageQuery({ entity, body, truncate, read, ...(extra === undefined ? {} : { extra }) });
    const [extent] = await read(query.extent);
    boundNumber('page.limit in bytes of its items', Number(extent?.['bytes'] ?? 0), 'pageBytes');
    const rows = await read(query.rows);
    const ordered = query.reversed ? [...rows].reverse() : rows;
    const first = ordered[0];
    const last = ordered.at(-1);
    const about = {
      ...totals(Number(extent?.['n'] ?? 0)),
      startCursor: first === undefined ? undefined : query.cursor(first),
      endCursor: last === undefined ? undefined : query.cursor(last),
    };
    return jsonPage(ordered, (row) => entity.json(row, truncate), about);
  }

  // ---- variables as a task sees them -----------------------------------------------------------------------------------------

  /** The scopes of a user task, innermost first: its element instance and all around it, the process instance last. */
  const AROUND = `with recursive around (key, depth) as (
      select t.element_instance_key, 0 from engine.user_task t where t.key = $1
      union all
      select e.scope_key, around.depth + 1 from around join engine.element_instance e on e.key = around.key
    )`;

  async function scopes(call: Call): Promise<readonly number[]> {
    const key = call.key();
    const rows = await reader.query(`${AROUND} select key from around order by depth`, [key], call.signal);
    if (rows.length === 0) throw Problem.notFound('User Task', key);
    return rows.map((row) => Number(row['key']));
  }

  routes.on('POST', '/v2/user-tasks/{key}/variables/search', async (call) => {
    const around = await scopes(call);
    return page(call, VARIABLES, (filters) => `t.scope_key = any(${filters.parameter(around, 'bigint[]')})`);
  });
  routes.on('POST', '/v2/user-tasks/{key}/effective-variables/search', async (call) => {
    const around = await scopes(call);
    return page(call, VARIABLES, (filters) => {
      const list = filters.parameter(around, 'bigint[]');
      // of each name the nearest
      return `t.scope_key = any(${list}) and not exists (select 1 from engine.variable nearer
        where nearer.name = t.name and array_position(${list}, nearer.scope_key) < array_position(${list}, t.scope_key))`;
    });
  });

  // ---- forms and files -------------------------------------------------------------------------------------------------------

  const form = (row: Row | undefined): Response =>
    row === undefined
      ? done()
      : json({
          formKey: String(row['key']),
          formId: row['form_id'],
          version: row['version'],
          schema: JSON.parse(String(row['schema'])) as unknown,
          tenantId: TENANT,
        });

  routes.on('GET', '/v2/user-tasks/{key}/form', async (call) => {
    const task = await get(USER_TASKS, call);
    if (task['form_key'] === null) return done();
    const [row] = await reader.query(
      'select key, form_id, version, schema from engine.form where key = $1',
      [task['form_key']],
      call.signal,
    );
    return form(row);
  });
  routes.on('GET', '/v2/process-definitions/{key}/form', async (call) => {
    const key = call.key();
    await get(DEFINITIONS, call);
    const [row] = await reader.query(
      `select f.key, f.form_id, f.version, f.schema from engine.process_definition d join engine.form f on f.form_id = d.start_form_id
       where d.key = $1 and not f.deleted order by f.version desc limit 1`,
      [key],
      call.signal,
    );
    return form(row);
  });
  routes.on('GET', '/v2/process-definitions/{key}/xml', async (call) => {
    const key = call.key();
    await get(DEFINITIONS, call);
    const [row] = await reader.query(
      'select resource from engine.process_definition where key = $1',
      [key],
      call.signal,
    );
    const resource = row?.['resource'];
    if (!(resource instanceof Uint8Array)) throw Problem.notFound('Process Definition', key);
    // what comes back is what was sent, byte for byte
    return new Response(new Uint8Array(resource), { headers: { 'content-type': 'text/xml' } });
  });

  // ---- of one instance or definition -----------------------------------------------------------------------------------------

  async function statistics(call: Call, where: string, values: readonly unknown[]): Promise<Response> {
    const rows = await reader.query(
      `select t.element_id,
         count(*) filter (where t.state = 'ACTIVE' and not t.has_incident)::int as active,
         count(*) filter (where t.state = 'TERMINATED')::int as canceled,
         count(*) filter (where t.state = 'ACTIVE' and t.has_incident)::int as incidents,
         count(*) filter (where t.state = 'COMPLETED')::int as completed
       from engine.element_instance t where ${where} group by t.element_id order by t.element_id`,
      values,
      call.signal,
    );
    return json({
      items: rows.map((row) => ({
        elementId: row['element_id'],
        active: row['active'],
        canceled: row['canceled'],
        incidents: row['incidents'],
        completed: row['completed'],
      })),
    });
  }

  routes.on('POST', '/v2/process-definitions/{key}/statistics/element-instances', async (call) => {
    const filters = new Filters(INSTANCES);
    const definition = filters.parameter(call.key(), 'bigint');
    const instances = filters.all(objectOf(await call.body(), 'filter') ?? {});
    if (instances === 'true') return statistics(call, `t.definition_key = ${definition}`, filters.values);
    return statistics(
      call,
      `t.instance_key in (select t.key from engine.process_instance t where t.definition_key = ${definition} and ${instances})`,
      filters.values,
    );
  });
  routes.on('GET', '/v2/process-instances/{key}/statistics/element-instances', (call) =>
    statistics(call, 't.instance_key = $1', [call.key()]),
  );
  routes.on('POST', '/v2/process-instances/{key}/incidents/search', (call) =>
    page(call, INCIDENTS, (filters) => `t.instance_key = ${filters.parameter(call.key(), 'bigint')}`),
  );
  routes.on('GET', '/v2/process-instances/{key}/sequence-flows', async (call) => {
    const key = call.key();
    const rows = await reader.query('select * from engine.sequence_flow where instance_key = $1', [key], call.signal);
    return json({
      items: rows.map((row) => ({
        sequenceFlowId: `${key}_${String(row['flow_id'])}`,
        elementId: row['flow_id'],
        processInstanceKey: String(key),
        processDefinitionKey: String(row['definition_key']),
        processDefinitionId: row['process_id'],
        tenantId: TENANT,
      })),
    });
  });
  routes.on('GET', '/v2/process-instances/{key}/call-hierarchy', async (call) => {
    const key = call.key();
    const rows = await reader.query(
      `with recursive calling (key, definition_key, name, parent, depth) as (
         select p.key, p.definition_key, coalesce(p.name, p.process_id), p.parent_instance_key, 0 from engine.process_instance p where p.key = $1
         union all
         select p.key, p.definition_key, coalesce(p.name, p.process_id), p.parent_instance_key, c.depth + 1
         from calling c join engine.process_instance p on p.key = c.parent
       ) select key, definition_key, name from calling order by depth desc`,
      [key],
      call.signal,
    );
    if (rows.length === 0) throw Problem.notFound('Process Instance', key);
    return json(
      rows.map((row) => ({
        processInstanceKey: String(row['key']),
        processDefinitionKey: String(row['definition_key']),
        processDefinitionName: row['name'],
      })),
    );
  });

  // ---- the cluster itself ----------------------------------------------------------------------------------------------------

  routes.on('GET', '/v2/status', () => {
    if (!door.isWriter())
      throw new Problem(503, 'UNAVAILABLE', 'This process is a stand-by: another one is the engine', 1);
    return done();
  });
  routes.on('GET', '/v2/topology', () =>
    json({
      brokers: [
        {
          nodeId: 0,
          host: 'localhost',
          port: 26501,
          version: VERSION,
          partitions: [{ partitionId: 1, role: door.isWriter() ? 'leader' : 'follower', health: 'healthy' }],
        },
      ],
      clusterSize: 1,
      partitionsCount: 1,
      replicationFactor: 1,
      gatewayVersion: VERSION,
      lastCompletedChangeId: '-1',
    }),
  );
  // not Camunda: nothing here needs Camunda's licence
  routes.on('GET', '/v2/license', () => json({ validLicense: false, licenseType: 'unknown', isCommercial: false }));
}
