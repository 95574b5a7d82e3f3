/** From rows to memory: at a take-over all small indexes, later the instances and models that commands ask for. */
import type { Client } from 'pg';
import { parseBpmn } from '../model/parse.ts';
import type { FeelEnvironment } from '../feel/types.ts';
import type { ProcessModel } from '../model/types.ts';
import type { Key } from '../commands/types.ts';
import { Memory, type NeedRows } from './memory.ts';
import { definitionKeyOf, hydrate, type Definition, type JobPhase } from './model.ts';
import { MIGRATIONS } from './schema.ts';

type Raw = Record<string, unknown>;
const num = (v: unknown): number => Number(v);
const numOrNull = (v: unknown): number | null => (v === null ? null : Number(v));
const text = (v: unknown): string => String(v);
const textOrNull = (v: unknown): string | null => (v === null ? null : String(v));

async function rows(client: Client, sql: string, values: unknown[] = []): Promise<Raw[]> {
  return (await client.query<Raw>(sql, values)).rows;
}

/**
 * Brings the schema `engine` up to date, or to an older version (for a restore); to be called with the writer's lock held or on a
 * database that nobody else uses.
 */
export async function migrate(client: Client, last = MIGRATIONS.length): Promise<void> {
  await client.query('create schema if not exists engine');
  await client.query(
    'create table if not exists engine.migration (version int primary key, applied timestamptz not null default now())',
  );
  const done = num((await rows(client, 'select coalesce(max(version), 0) as v from engine.migration'))[0]?.['v']);
  for (let version = done + 1; version <= last; version++) {
    await client.query('begin');
    try {
      await client.query(MIGRATIONS[version - 1] ?? '');
      await client.query('insert into engine.migration (version) values ($1)', [version]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }
}

/** Parses the file of a definition and gives the models of all its processes that are in memory. */
async function loadModel(client: Client, memory: Memory, key: Key, environment: FeelEnvironment): Promise<void> {
  const definition = memory.definitions.get(key);
  if (!definition || definition.model) return;
  const [row] = await rows(client, 'select resource from engine.process_definition where key = $1', [key]);
  const content = row?.['resource'];
  if (!(content instanceof Uint8Array)) throw new Error(`process definition ${key} has no resource`);
  const parsed = await parseBpmn(content, environment);
  for (const model of parsed.processes)
    for (const version of memory.versions.get(model.id) ?? [])
      if (
        version.deploymentKey === definition.deploymentKey &&
        version.resourceName === definition.resourceName &&
        !version.model
      )
        version.model = model;
  if (!definition.model) throw new Error(`process definition ${key}: its file has no process ${definition.processId}`);
}

/**
 * Builds the whole memory from rows.
 * @throws when rows contradict each other or the database is lost
 */
export async function loadMemory(client: Client, environment: FeelEnvironment): Promise<Memory> {
  const memory = new Memory();
  const [writer] = await rows(client, 'select next_key, clock_offset, clock_pin from engine.writer where id = 1');
  memory.nextKey = memory.reservedKey = num(writer?.['next_key']);
  memory.clockOffset = num(writer?.['clock_offset']);
  memory.clockPin = numOrNull(writer?.['clock_pin']);
  const undo: (() => void)[] = [];
  for (const r of await rows(
    client,
    `select key, process_id, version, version_tag, name, resource_name, checksum, deployment_key, has_start_form, start_form_id,
       latest, deleted from engine.process_definition order by process_id, version, key`,
  ))
    memory.addDefinition(
      {
        key: num(r['key']),
        processId: text(r['process_id']),
        version: num(r['version']),
        versionTag: textOrNull(r['version_tag']),
        name: textOrNull(r['name']),
        resourceName: text(r['resource_name']),
        checksum: text(r['checksum']),
        deploymentKey: num(r['deployment_key']),
        hasStartForm: r['has_start_form'] === true,
        startFormId: textOrNull(r['start_form_id']),
        latest: r['latest'] === true,
        deleted: r['deleted'] === true,
        model: null,
        active: 0,
      },
      undo,
    );
  for (const r of await rows(
    client,
    `select key, form_id, version, version_tag, resource_name, checksum, deployment_key, latest, deleted
       from engine.form order by form_id, version, key`,
  ))
    memory.addForm(
      {
        key: num(r['key']),
        formId: text(r['form_id']),
        version: num(r['version']),
        versionTag: textOrNull(r['version_tag']),
        resourceName: text(r['resource_name']),
        checksum: text(r['checksum']),
        deploymentKey: num(r['deployment_key']),
        latest: r['latest'] === true,
        deleted: r['deleted'] === true,
      },
      undo,
    );
  for (const r of await rows(
    client,
    `select key, definition_key from engine.process_instance where state = 'ACTIVE' order by key`,
  )) {
    const definition = memory.definitions.get(num(r['definition_key']));
    memory.live.set(num(r['key']), num(r['definition_key']));
    if (definition) definition.active++;
  }
  for (const r of await rows(
    client,
    `select key, instance_key, element_instance_key, type, phase, deadline, recur_ms from engine.job where phase <> 'DONE' order by key`,
  ))
    memory.setJob(
      {
        key: num(r['key']),
        instance: num(r['instance_key']),
        element: num(r['element_instance_key']),
        type: text(r['type']),
        phase: text(r['phase']) as JobPhase, // only the writer writes this column
        deadline: numOrNull(r['deadline']),
        recur: numOrNull(r['recur_ms']),
      },
      undo,
    );
  for (const r of await rows(
    client,
    `select key, instance_key, element_instance_key from engine.user_task where state not in ('COMPLETED', 'CANCELED')`,
  ))
    memory.tasks.set(num(r['key']), { instance: num(r['instance_key']), element: num(r['element_instance_key']) });
  for (const r of await rows(client, `select key, instance_key from engine.incident where state = 'ACTIVE'`))
    memory.incidents.set(num(r['key']), num(r['instance_key']));
  for (const r of await rows(
    client,
    `select key, instance_key, element_instance_key, process_id, interrupting, message_name, correlation_key
       from engine.message_subscription where open order by key`,
  ))
    memory.addSubscription(
      {
        key: num(r['key']),
        name: text(r['message_name']),
        correlationKey: text(r['correlation_key']),
        instance: num(r['instance_key']),
        element: num(r['element_instance_key']),
        processId: text(r['process_id']),
        interrupting: r['interrupting'] === true,
      },
      undo,
    );
  for (const r of await rows(client, 'select * from engine.message order by key'))
    memory.addMessage(
      {
        key: num(r['key']),
        name: text(r['name']),
        correlationKey: text(r['correlation_key']),
        messageId: text(r['message_id']),
        deadline: num(r['deadline']),
        variables: JSON.parse(text(r['variables'])) as Record<string, never>, // our own text
        reached: JSON.parse(text(r['reached'])) as string[], // our own text
      },
      undo,
    );
  for (const r of await rows(client, 'select * from engine.timer order by key')) {
    const key = num(r['key']);
    const due = num(r['due_ms']);
    if (r['instance_key'] === null)
      memory.startTimers.set(key, {
        key,
        definition: num(r['definition_key']),
        elementId: text(r['element_id']),
        due,
        repetitions: num(r['repetitions']),
        spec: text(r['spec']),
      });
    memory.due.push({ at: due, kind: 'timer', key, instance: numOrNull(r['instance_key']) ?? 0 });
  }
  for (const r of await rows(client, 'select * from engine.signal_subscription order by key'))
    memory.addSignal(
      {
        key: num(r['key']),
        name: text(r['name']),
        instance: num(r['instance_key']),
        element: num(r['element_instance_key']),
      },
      undo,
    );
  for (const r of await rows(client, 'select * from engine.start_lock'))
    memory.lockStart(text(r['process_id']), text(r['correlation_key']), num(r['instance_key']), undo);
  for (const r of await rows(client, 'select key, doc from engine.continuation order by key'))
    memory.continuations.set(num(r['key']), text(r['doc']));
  // the newest versions listen for messages, signals and timers, so their models are needed at once
  for (const definition of memory.definitions.values())
    if (definition.latest) await loadModel(client, memory, definition.key, environment);
  return memory;
}

/** Loads what a command asked for with `NeedRows`. Rows committed by this writer only: nobody else writes. */
export async function loadNeeded(
  client: Client,
  memory: Memory,
  need: NeedRows,
  environment: FeelEnvironment,
): Promise<void> {
  for (const key of need.definitions) await loadModel(client, memory, key, environment);
  if (need.elements.length > 0) {
    const found = await rows(
      client,
      `select key, instance_key from engine.element_instance where key = any($1::bigint[]) and state = 'ACTIVE'`,
      [need.elements],
    );
    for (const key of need.elements) memory.owners.set(key, null);
    for (const r of found) memory.owners.set(num(r['key']), num(r['instance_key']));
  }
  if (need.instances.length === 0) return;
  const texts = (
    await rows(client, 'select key, doc from engine.instance where key = any($1::bigint[])', [need.instances])
  ).map((r) => text(r['doc']));
  if (texts.length < need.instances.length)
    throw new Error(`live instances without a document among ${need.instances.join(', ')}`);
  for (const doc of texts) {
    const definition: Definition | undefined = memory.definitions.get(definitionKeyOf(doc));
    if (!definition) throw new Error(`instance of unknown definition ${definitionKeyOf(doc)}`);
    if (!definition.model) await loadModel(client, memory, definition.key, environment);
    const model: ProcessModel | null = definition.model;
    if (!model) throw new Error(`definition ${definition.key} has no model`);
    const instance = hydrate(doc, definition, model);
    memory.instances.set(instance.key, instance);
  }
}
