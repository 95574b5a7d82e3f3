/** What can be searched: per kind the table, the columns behind the API's names, and how a row becomes JSON. */
import { TENANT } from './commands.ts';
import type { Row } from './reader.ts';
import type { Filters } from './sql.ts';

export type ColumnType = 'key' | 'text' | 'int' | 'bool' | 'date';
export interface Column {
  /** SQL expression over the alias `t`. */
  readonly sql: string;
  readonly type: ColumnType;
}

export interface Entity {
  /** As in messages: `User Task`. */
  readonly what: string;
  /** The table, aliased `t`, with what is joined to it. */
  readonly from: string;
  /** @param truncate whether long values are cut */
  select(truncate: boolean): string;
  /** How many bytes the texts of a row have. */
  bytes(truncate: boolean): string;
  /** Columns that make a row the only one: they sort when nothing else does, and break ties. */
  readonly keys: readonly string[];
  /** A condition that always holds, if any. */
  readonly where?: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Filters that are more than the comparison of a column. */
  readonly special?: Readonly<Record<string, (wanted: unknown, filters: Filters) => string>>;
  json(row: Row, truncate: boolean): object;
}

const column =
  (type: ColumnType) =>
  (sql: string): Column => ({ sql: sql.includes('(') || sql.includes("'") ? sql : `t.${sql}`, type });
const key = column('key');
const text = column('text');
const int = column('int');
const bool = column('bool');
const date = column('date');
const tenantId: Column = { sql: `'${TENANT}'::text`, type: 'text' };

const str = (value: unknown): string | undefined => (value === null || value === undefined ? undefined : String(value));
/** Empty texts are left out, as empty fields are. */
const filled = (value: unknown): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value);
const stamp = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : new Date(Number(value)).toISOString();
const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** Values longer than this are cut in searches, as Camunda does. */
const TRUNCATE_AT = 8191;

const all = (): string => 't.*';
/** The bytes in columns of type text (or lists of text) that may be empty. */
const bytesIn =
  (...columns: string[]) =>
  (): string =>
    columns.map((one) => `coalesce(octet_length(t.${one}::text), 0)`).join(' + ');

const common = (row: Row): object => ({
  processDefinitionId: row['process_id'],
  processDefinitionKey: str(row['definition_key']),
  processInstanceKey: str(row['instance_key']),
  tenantId: TENANT,
});

const commonColumns = {
  processDefinitionId: text('process_id'),
  processDefinitionKey: key('definition_key'),
  processInstanceKey: key('instance_key'),
  tenantId,
};

/** Variables of a scope with a given name and value. */
const variablesOf =
  (scope: string) =>
  (wanted: unknown, filters: Filters): string =>
    filters.variables(wanted, scope);

export const INSTANCES: Entity = {
  what: 'Process Instance',
  from: 'engine.process_instance t',
  select: all,
  bytes: bytesIn('name', 'version_tag', 'tags'),
  keys: ['t.key'],
  columns: {
    processInstanceKey: key('key'),
    processDefinitionId: text('process_id'),
    processDefinitionName: text('name'),
    processDefinitionVersion: int('version'),
    processDefinitionVersionTag: text('version_tag'),
    processDefinitionKey: key('definition_key'),
    parentProcessInstanceKey: key('parent_instance_key'),
    parentElementInstanceKey: key('parent_element_instance_key'),
    startDate: date('start_ms'),
    endDate: date('end_ms'),
    state: text('state'),
    hasIncident: bool('has_incident'),
    tenantId,
  },
  special: {
    variables: variablesOf('t.key'),
    tags: (wanted, filters) => filters.tags(wanted, 't.tags'),
    errorMessage: (wanted, filters) =>
      `exists (select 1 from engine.incident i where i.instance_key = t.key and i.state = 'ACTIVE' and ${filters.compare({ sql: 'i.error_message', type: 'text' }, wanted)})`,
    hasRetriesLeft: (wanted) =>
      `${wanted === true ? '' : 'not '}exists (select 1 from engine.job j where j.instance_key = t.key and j.state = 'FAILED' and j.retries > 0)`,
    elementId: (wanted, filters) => element(filters.compare({ sql: 'e.element_id', type: 'text' }, wanted)),
    elementInstanceState: (wanted, filters) => element(filters.compare({ sql: 'e.state', type: 'text' }, wanted)),
    hasElementInstanceIncident: (wanted) => element(`e.has_incident = ${wanted === true ? 'true' : 'false'}`),
    // batch operations do not exist here, so nothing belongs to one
    batchOperationId: () => 'false',
    batchOperationKey: () => 'false',
    incidentErrorHashCode: () => 'false',
  },
  json: (row) => ({
    processInstanceKey: str(row['key']),
    processDefinitionId: row['process_id'],
    processDefinitionName: row['name'],
    processDefinitionVersion: row['version'],
    processDefinitionVersionTag: filled(row['version_tag']),
    processDefinitionKey: str(row['definition_key']),
    parentProcessInstanceKey: str(row['parent_instance_key']),
    parentElementInstanceKey: str(row['parent_element_instance_key']),
    startDate: stamp(row['start_ms']),
    endDate: stamp(row['end_ms']),
    state: row['state'],
    hasIncident: row['has_incident'],
    tenantId: TENANT,
    tags: parsed(row['tags']),
  }),
};

function element(condition: string): string {
  return `exists (select 1 from engine.element_instance e where e.instance_key = t.key and ${condition})`;
}

export const ELEMENTS: Entity = {
  what: 'Element Instance',
  from: 'engine.element_instance t',
  select: all,
  bytes: bytesIn('element_id', 'element_name'),
  keys: ['t.key'],
  columns: {
    ...commonColumns,
    elementInstanceKey: key('key'),
    elementId: text('element_id'),
    elementName: text('element_name'),
    type: text('type'),
    state: text('state'),
    startDate: date('start_ms'),
    endDate: date('end_ms'),
    incidentKey: key('incident_key'),
    hasIncident: bool('has_incident'),
    elementInstanceScopeKey: key('scope_key'),
  },
  json: (row) => ({
    ...common(row),
    elementInstanceKey: str(row['key']),
    elementId: row['element_id'],
    elementName: row['element_name'],
    type: row['type'],
    state: row['state'],
    startDate: stamp(row['start_ms']),
    endDate: stamp(row['end_ms']),
    hasIncident: row['has_incident'],
    incidentKey: str(row['incident_key']),
  }),
};

export const USER_TASKS: Entity = {
  what: 'User Task',
  from: 'engine.user_task t',
  select: all,
  bytes: bytesIn('name', 'process_name', 'candidate_groups', 'candidate_users', 'custom_headers'),
  keys: ['t.key'],
  columns: {
    ...commonColumns,
    userTaskKey: key('key'),
    elementId: text('element_id'),
    elementInstanceKey: key('element_instance_key'),
    name: text('name'),
    state: text('state'),
    assignee: text('assignee'),
    priority: int('priority'),
    creationDate: date('creation_ms'),
    completionDate: date('completion_ms'),
    followUpDate: date('follow_ms'),
    dueDate: date('due_ms'),
  },
  special: {
    candidateGroup: (wanted, filters) => filters.oneOf('t.candidate_groups', wanted),
    candidateUser: (wanted, filters) => filters.oneOf('t.candidate_users', wanted),
    processInstanceVariables: variablesOf('t.instance_key'),
    localVariables: variablesOf('t.element_instance_key'),
  },
  json: (row) => ({
    ...common(row),
    userTaskKey: str(row['key']),
    elementId: row['element_id'],
    elementInstanceKey: str(row['element_instance_key']),
    name: row['name'],
    processName: row['process_name'],
    processDefinitionVersion: row['version'],
    state: row['state'],
    assignee: filled(row['assignee']),
    candidateGroups: row['candidate_groups'],
    candidateUsers: row['candidate_users'],
    priority: row['priority'],
    creationDate: stamp(row['creation_ms']),
    completionDate: stamp(row['completion_ms']),
    dueDate: stamp(row['due_ms']),
    followUpDate: stamp(row['follow_ms']),
    formKey: str(row['form_key']),
    externalFormReference: filled(row['external_form_reference']),
    customHeaders: parsed(row['custom_headers']),
  }),
};

export const INCIDENTS: Entity = {
  what: 'Incident',
  from: 'engine.incident t',
  select: all,
  bytes: bytesIn('error_message', 'element_id'),
  keys: ['t.key'],
  columns: {
    ...commonColumns,
    incidentKey: key('key'),
    errorType: text('error_type'),
    errorMessage: text('error_message'),
    elementId: text('element_id'),
    elementInstanceKey: key('element_instance_key'),
    creationTime: date('creation_ms'),
    state: text('state'),
    jobKey: key('job_key'),
  },
  json: (row) => ({
    ...common(row),
    incidentKey: str(row['key']),
    errorType: row['error_type'],
    errorMessage: row['error_message'],
    elementId: row['element_id'],
    elementInstanceKey: str(row['element_instance_key']),
    creationTime: stamp(row['creation_ms']),
    state: row['state'],
    jobKey: str(row['job_key']),
  }),
};

/** Deleted ones too: 8.8 does not tell its searches of deletions (camunda/camunda-docs issue 6888). */
export const DEFINITIONS: Entity = {
  what: 'Process Definition',
  from: 'engine.process_definition t',
  select: () => 't.key, t.process_id, t.version, t.version_tag, t.name, t.resource_name, t.has_start_form',
  bytes: bytesIn('name', 'version_tag', 'resource_name'),
  keys: ['t.key'],
  columns: {
    processDefinitionKey: key('key'),
    processDefinitionId: text('process_id'),
    name: text('name'),
    resourceName: text('resource_name'),
    version: int('version'),
    versionTag: text('version_tag'),
    hasStartForm: bool('has_start_form'),
    isLatestVersion: bool('latest'),
    tenantId,
  },
  special: { state: (wanted) => (wanted === 'ACTIVE' ? 'true' : 'false') },
  json: (row) => ({
    processDefinitionKey: str(row['key']),
    processDefinitionId: row['process_id'],
    name: filled(row['name']),
    version: row['version'],
    versionTag: filled(row['version_tag']),
    resourceName: row['resource_name'],
    hasStartForm: row['has_start_form'],
    tenantId: TENANT,
  }),
};

export const VARIABLES: Entity = {
  what: 'Variable',
  from: 'engine.variable t',
  select: (truncate) =>
    truncate
      ? `t.key, t.scope_key, t.instance_key, t.name, left(t.value, ${TRUNCATE_AT + 1}) as value`
      : 't.key, t.scope_key, t.instance_key, t.name, t.value',
  bytes: (truncate) => (truncate ? `least(octet_length(t.value), ${TRUNCATE_AT})` : 'octet_length(t.value)'),
  keys: ['t.key'],
  columns: {
    variableKey: key('key'),
    name: text('name'),
    value: text('value'),
    scopeKey: key('scope_key'),
    processInstanceKey: key('instance_key'),
    isTruncated: bool(`(length(t.value) > ${TRUNCATE_AT})`),
    tenantId,
  },
  json: (row, truncate) => {
    const value = String(row['value']);
    const cut = truncate && value.length > TRUNCATE_AT;
    return {
      variableKey: str(row['key']),
      name: row['name'],
      value: cut ? value.slice(0, TRUNCATE_AT) : value,
      isTruncated: cut,
      scopeKey: str(row['scope_key']),
      processInstanceKey: str(row['instance_key']),
      tenantId: TENANT,
    };
  },
};

export const JOBS: Entity = {
  what: 'Job',
  from: 'engine.job t',
  select: all,
  bytes: bytesIn('error_message', 'custom_headers', 'denied_reason', 'tags'),
  keys: ['t.key'],
  columns: {
    ...commonColumns,
    jobKey: key('key'),
    type: text('type'),
    worker: text('worker'),
    state: text('state'),
    kind: text('kind'),
    listenerEventType: text('listener_event_type'),
    retries: int('retries'),
    deadline: date('deadline'),
    endTime: date('end_ms'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    elementId: text('element_id'),
    elementInstanceKey: key('element_instance_key'),
    isDenied: bool('is_denied'),
    deniedReason: text('denied_reason'),
    hasFailedWithRetriesLeft: bool("(t.state = 'FAILED' and t.retries > 0)"),
  },
  json: (row) => ({
    ...common(row),
    jobKey: str(row['key']),
    type: row['type'],
    worker: row['worker'],
    state: row['state'],
    kind: row['kind'],
    listenerEventType: row['listener_event_type'],
    retries: row['retries'],
    deadline: stamp(row['deadline']),
    endTime: stamp(row['end_ms']),
    errorCode: filled(row['error_code']),
    errorMessage: filled(row['error_message']),
    elementId: row['element_id'],
    elementInstanceKey: str(row['element_instance_key']),
    customHeaders: parsed(row['custom_headers']),
    isDenied: row['is_denied'] ?? undefined,
    deniedReason: filled(row['denied_reason']),
    hasFailedWithRetriesLeft: row['state'] === 'FAILED' && Number(row['retries']) > 0,
  }),
};

export const SUBSCRIPTIONS: Entity = {
  what: 'Message Subscription',
  from: 'engine.message_subscription t',
  select: all,
  bytes: bytesIn('message_name', 'correlation_key'),
  keys: ['t.key'],
  columns: {
    ...commonColumns,
    messageSubscriptionKey: key('key'),
    elementId: text('element_id'),
    elementInstanceKey: key('element_instance_key'),
    messageSubscriptionState: text('state'),
    lastUpdatedDate: date('updated_ms'),
    messageName: text('message_name'),
    correlationKey: text('correlation_key'),
  },
  json: (row) => ({
    messageSubscriptionKey: str(row['key']),
    processDefinitionId: row['process_id'],
    processInstanceKey: str(row['instance_key']),
    elementId: row['element_id'],
    elementInstanceKey: str(row['element_instance_key']),
    messageSubscriptionState: row['state'],
    lastUpdatedDate: stamp(row['updated_ms']),
    messageName: row['message_name'],
    correlationKey: row['correlation_key'],
    tenantId: TENANT,
  }),
};

/** The engine has one partition. */
const PARTITION = 1;

export const CORRELATIONS: Entity = {
  what: 'Correlated Message Subscription',
  from: 'engine.correlated_message t',
  select: all,
  bytes: bytesIn('message_name', 'correlation_key'),
  // a message may reach several subscriptions
  keys: ['t.message_key', 't.subscription_key'],
  columns: {
    ...commonColumns,
    correlationKey: text('correlation_key'),
    correlationTime: date('correlation_ms'),
    elementId: text('element_id'),
    elementInstanceKey: key('element_instance_key'),
    messageKey: key('message_key'),
    messageName: text('message_name'),
    partitionId: { sql: `(${PARTITION})::int`, type: 'int' },
    subscriptionKey: key('subscription_key'),
  },
  json: (row) => ({
    ...common(row),
    correlationKey: row['correlation_key'],
    correlationTime: stamp(row['correlation_ms']),
    elementId: row['element_id'],
    elementInstanceKey: str(row['element_instance_key']),
    messageKey: str(row['message_key']),
    messageName: row['message_name'],
    partitionId: PARTITION,
    subscriptionKey: str(row['subscription_key']),
  }),
};
