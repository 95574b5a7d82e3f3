/**
 * The tables of the embedded cluster, in its own schema `engine`. Rows are the only truth: the writer's memory is rebuilt from them.
 * Times are milliseconds since 1970 (bigint), keys bigint, JSON kept as text (it is never searched inside, and text costs no parsing).
 *
 * `instance` holds one document per live root or called instance: its element instances, variables and jobs. The other tables
 * are what is searched by and, at the same time, the history the API reads; they are written in the same statement as the document.
 * Column order matters nowhere; the API selects by name on a connection of its own.
 */

/** Append-only: a released step is never changed. Each runs once, in its own transaction, under the writer's lock. */
export const MIGRATIONS: readonly string[] = [
  `
create table engine.writer (
  id int primary key check (id = 1),
  next_key bigint not null,            -- keys below this may have been handed out
  clock_offset bigint not null default 0,
  clock_pin bigint                     -- controlled clock only
);
insert into engine.writer (id, next_key) values (1, 2251799813685249);
create table engine.epoch (            -- one row per take-over; last_batch settles a commit whose outcome is unknown
  epoch bigserial primary key,
  owner text not null,
  since bigint not null,
  last_batch bigint not null default 0
);
create table engine.instance (key bigint primary key, doc text not null) with (fillfactor = 70);
create table engine.continuation (key bigint primary key, doc text not null);  -- work left over from a command that was cut short

create table engine.deployment (key bigint primary key, deployed bigint not null);
create table engine.process_definition (
  key bigint primary key,
  process_id text not null,
  version int not null,
  version_tag text,
  name text,
  resource_name text not null,
  resource bytea not null,             -- the file as it was sent
  checksum text not null,
  deployment_key bigint not null,
  has_start_form boolean not null,
  start_form_id text,
  latest boolean not null,             -- the newest version not deleted
  deleted boolean not null default false
);
create index on engine.process_definition (process_id, version);
create table engine.form (
  key bigint primary key,
  form_id text not null,
  version int not null,
  version_tag text,
  resource_name text not null,
  schema text not null,
  checksum text not null,
  deployment_key bigint not null,
  latest boolean not null,
  deleted boolean not null default false
);
create index on engine.form (form_id, version);

create table engine.process_instance (
  key bigint primary key,
  definition_key bigint not null,
  process_id text not null,
  version int not null,
  version_tag text,
  name text,                           -- of the process; the id when it has none
  parent_instance_key bigint,
  parent_element_instance_key bigint,
  root_key bigint not null,            -- the outermost calling instance (itself for a root)
  state text not null,                 -- ACTIVE, COMPLETED, TERMINATED
  start_ms bigint not null,
  end_ms bigint,
  has_incident boolean not null,
  tags text not null                   -- JSON list
) with (fillfactor = 85);
create index on engine.process_instance (process_id, key);
create index on engine.process_instance (definition_key);
create index on engine.process_instance (start_ms);
create index on engine.process_instance (parent_instance_key) where parent_instance_key is not null;
create index on engine.process_instance (root_key);
create index on engine.process_instance (key) where state = 'ACTIVE';
create index on engine.process_instance (key) where has_incident;

create table engine.element_instance (
  key bigint primary key,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  element_id text not null,
  element_name text not null,          -- the id when it has no name
  type text not null,
  state text not null,                 -- ACTIVE, COMPLETED, TERMINATED
  start_ms bigint not null,
  end_ms bigint,
  scope_key bigint not null,
  incident_key bigint,
  has_incident boolean not null
) with (fillfactor = 85);
create index on engine.element_instance (instance_key, key);
create index on engine.element_instance (scope_key);
create index on engine.element_instance (definition_key, element_id, state);

create table engine.sequence_flow (
  instance_key bigint not null,
  flow_id text not null,
  definition_key bigint not null,
  process_id text not null,
  primary key (instance_key, flow_id)
);

create table engine.variable (
  key bigint primary key,
  scope_key bigint not null,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  name text not null,
  value text not null                  -- JSON
) with (fillfactor = 85);
create index on engine.variable (scope_key, name);
create index on engine.variable (instance_key, key);
create index on engine.variable (name, md5(value));

create table engine.job (
  key bigint primary key,
  type text not null,
  worker text not null,
  state text not null,                 -- as the REST API names it: CREATED, COMPLETED, CANCELED, FAILED, ERROR_THROWN, TIMED_OUT, RETRIES_UPDATED, MIGRATED
  phase text not null,                 -- what the engine goes by: READY, TAKEN, BACKOFF, STUCK (needs an incident resolved), DONE
  kind text not null,
  listener_event_type text not null,
  retries int not null,
  deadline bigint,                     -- of a taken job, kept after it ended
  recur_ms bigint,                     -- end of a back-off
  error_code text,
  error_message text,
  custom_headers text not null,        -- JSON object
  element_id text not null,
  element_instance_key bigint not null,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  end_ms bigint,
  is_denied boolean,
  denied_reason text,
  tags text not null                   -- JSON list
) with (fillfactor = 75);
create index on engine.job (key) where phase <> 'DONE';
create index on engine.job (instance_key);
create index on engine.job (type, key);
create index on engine.job (element_instance_key);

create table engine.user_task (
  key bigint primary key,
  state text not null,                 -- CREATING, CREATED, ASSIGNING, UPDATING, COMPLETING, COMPLETED, CANCELING, CANCELED
  element_id text not null,
  element_instance_key bigint not null,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  version int not null,
  name text not null,
  process_name text not null,
  assignee text,
  candidate_groups text[] not null,
  candidate_users text[] not null,
  due_ms bigint,
  follow_ms bigint,
  priority int not null,
  form_key bigint,
  external_form_reference text,
  custom_headers text not null,        -- JSON object
  creation_ms bigint not null,
  completion_ms bigint,
  tags text not null                   -- JSON list
) with (fillfactor = 75);
create index on engine.user_task (state, key);
create index on engine.user_task (state, creation_ms, key);
create index on engine.user_task (state, due_ms, key);
create index on engine.user_task (state, follow_ms, key);
create index on engine.user_task (state, priority, key);
create index on engine.user_task (assignee, state, key) where assignee is not null;
create index on engine.user_task (instance_key);
create index on engine.user_task (element_instance_key);
create index on engine.user_task (process_id, element_id, state);
create index on engine.user_task using gin (candidate_groups);

create table engine.incident (
  key bigint primary key,
  error_type text not null,
  error_message text not null,
  state text not null,                 -- ACTIVE, RESOLVED
  creation_ms bigint not null,
  element_id text not null,
  element_instance_key bigint not null,
  instance_key bigint not null,
  root_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  job_key bigint,
  instance_path bigint[] not null      -- the instance and every calling one, outermost first
) with (fillfactor = 85);
create index on engine.incident (state, key);
create index on engine.incident (instance_key);
create index on engine.incident using gin (instance_path);

create table engine.message_subscription (
  key bigint primary key,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  element_id text not null,
  element_instance_key bigint not null,
  state text not null,                 -- CREATED, CORRELATED, DELETED, MIGRATED
  open boolean not null,               -- still takes messages
  interrupting boolean not null,
  updated_ms bigint not null,
  message_name text not null,
  correlation_key text not null
) with (fillfactor = 85);
create index on engine.message_subscription (key) where open;
create index on engine.message_subscription (instance_key);
create index on engine.message_subscription (message_name, correlation_key);
create table engine.correlated_message (
  message_key bigint not null,
  subscription_key bigint not null,
  message_name text not null,
  correlation_key text not null,
  instance_key bigint not null,
  definition_key bigint not null,
  process_id text not null,
  element_id text not null,
  element_instance_key bigint not null,
  correlation_ms bigint not null,
  primary key (message_key, subscription_key)
);
create index on engine.correlated_message (instance_key);

create table engine.message (          -- buffered until its time to live is over
  key bigint primary key,
  name text not null,
  correlation_key text not null,
  message_id text not null,
  deadline bigint not null,
  variables text not null,
  reached text not null                -- JSON list of process ids it has been correlated to
);
create table engine.timer (
  key bigint primary key,
  due_ms bigint not null,
  instance_key bigint,                 -- null for a start timer
  element_instance_key bigint,
  element_id text not null,
  definition_key bigint not null,
  repetitions int not null,            -- -1 for ever
  spec text not null                   -- the cycle as text, empty for one shot
);
create index on engine.timer (instance_key);
create table engine.signal_subscription (
  key bigint primary key,
  name text not null,
  instance_key bigint not null,
  element_instance_key bigint not null,
  element_id text not null
);
create index on engine.signal_subscription (instance_key);
create table engine.start_lock (       -- an active instance that a message with this correlation key started
  instance_key bigint primary key,
  process_id text not null,
  correlation_key text not null
);
`,
];
