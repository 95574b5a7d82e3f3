/**
 * What a request body may hold. Camunda's gateway (since 8.8) refuses unknown properties and turns no value into another type. The
 * shapes are compiled once; checking allocates nothing.
 *
 * The table's notation: `S` name, `T` longer text, `C` cursor, `I` and `L` 32 and 64 bit integer, `B` boolean, `O` variables, `F` a text or
 * an object of filter operators, `N` the same with an integer, `(A|B)` one of these words, `F(A|B)` a filter on them, `[x]#bound` a list
 * with so many entries at most, `{name:x …}` an object, `@name` another line (inside an object: its properties too). A property may
 * always be null, which says nothing. The bounds are those of bounds.ts.
 */
import { BOUNDS, boundCount, boundText, shown } from './bounds.ts';
import type { BoundName } from './bounds.ts';
import { Problem } from './problem.ts';

/** Throws a Problem when the value does not fit. */
export type Shape = (value: unknown, path: string) => void;

function unreadable(path: string): Problem {
  return path === ''
    ? Problem.unreadable('The request body is not a JSON object')
    : Problem.unreadable(`Request property [${shown(path)}] cannot be parsed: it is unknown or of the wrong type`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function integer(low: number, high: number): Shape {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw unreadable(path);
    if (value < low || value > high) throw Problem.unreadable(`Request property [${shown(path)}] is out of range`);
  };
}

function text(bound: BoundName): Shape {
  return (value, path) => {
    if (typeof value !== 'string') throw unreadable(path);
    boundText(path, value, bound);
  };
}

const PLAIN: Readonly<Record<string, Shape>> = {
  S: text('name'),
  T: text('text'),
  C: text('cursor'),
  F: text('filterText'),
  I: integer(-2147483648, 2147483647),
  L: integer(-(2 ** 63), 2 ** 63),
  B: (value, path) => {
    if (typeof value !== 'boolean') throw unreadable(path);
  },
  O: (value, path) => {
    if (!isObject(value)) throw unreadable(path);
    let count = 0;
    for (const name in value) {
      boundText('name of a variable', name, 'name');
      count += 1;
    }
    boundCount(path, count, 'variables');
  },
};

function word(words: readonly string[]): Shape {
  return (value, path) => {
    if (typeof value !== 'string') throw unreadable(path);
    if (!words.includes(value)) {
      const field = path.slice(path.lastIndexOf('.') + 1);
      throw Problem.unreadable(
        `Unexpected value '${shown(value)}' for enum field '${field}'. Use any of the following values: [${words.join(', ')}]`,
      );
    }
  };
}

function many(item: Shape, bound: BoundName): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw unreadable(path);
    boundCount(path, value.length, bound);
    for (const one of value) if (one !== null) item(one, path);
  };
}

const like: Shape = (value, path) => {
  if (typeof value !== 'string') throw unreadable(path);
  boundText(path, value, 'like');
  boundCount(path, value.match(/[*?]/g)?.length ?? 0, 'wildcards');
};

const OPERATORS = new Set(['$eq', '$neq', '$in', '$notIn', '$exists', '$like', '$gt', '$gte', '$lt', '$lte']);

function filter(plain: Shape): Shape {
  const list = many(plain, 'inList');
  return (value, path) => {
    if (!isObject(value)) {
      plain(value, path);
      return;
    }
    for (const operator in value) {
      if (!OPERATORS.has(operator)) throw unreadable(path);
      const operand = value[operator];
      if (operand === null) continue;
      const shape =
        operator === '$exists'
          ? PLAIN['B']
          : operator === '$like'
            ? like
            : operator === '$in' || operator === '$notIn'
              ? list
              : plain;
      shape?.(operand, path);
    }
  };
}

function fields(known: ReadonlyMap<string, Shape>): Shape {
  return (value, path) => {
    if (!isObject(value)) throw unreadable(path);
    for (const name in value) {
      const at = path === '' ? name : `${path}.${name}`;
      const shape = known.get(name);
      if (shape === undefined) throw unreadable(at);
      const one = value[name];
      if (one !== null) shape(one, at);
    }
  };
}

/** The table, in the notation above: operation or name of a part, and its shape. */
export const TABLE = `
page = {from:I limit:I after:C before:C}
order = (ASC|DESC|asc|desc)
variable = {name:S value:F}
startOrEnd = F(ACTIVE|COMPLETED|TERMINATED)
reference = {operationReference:L}
errorType = (UNSPECIFIED|UNKNOWN|IO_MAPPING_ERROR|JOB_NO_RETRIES|EXECUTION_LISTENER_NO_RETRIES|TASK_LISTENER_NO_RETRIES|AD_HOC_SUB_PROCESS_NO_RETRIES|CONDITION_ERROR|EXTRACT_VALUE_ERROR|CALLED_ELEMENT_ERROR|UNHANDLED_ERROR_EVENT|MESSAGE_SIZE_EXCEEDED|CALLED_DECISION_ERROR|DECISION_EVALUATION_ERROR|FORM_NOT_FOUND|RESOURCE_NOT_FOUND)
elementType = (UNSPECIFIED|PROCESS|SUB_PROCESS|EVENT_SUB_PROCESS|AD_HOC_SUB_PROCESS|AD_HOC_SUB_PROCESS_INNER_INSTANCE|START_EVENT|INTERMEDIATE_CATCH_EVENT|INTERMEDIATE_THROW_EVENT|BOUNDARY_EVENT|END_EVENT|SERVICE_TASK|RECEIVE_TASK|USER_TASK|MANUAL_TASK|TASK|EXCLUSIVE_GATEWAY|INCLUSIVE_GATEWAY|PARALLEL_GATEWAY|EVENT_BASED_GATEWAY|SEQUENCE_FLOW|MULTI_INSTANCE_BODY|CALL_ACTIVITY|BUSINESS_RULE_TASK|SCRIPT_TASK|SEND_TASK|UNKNOWN)
within = {startDate:F endDate:F state:@startOrEnd hasIncident:B tenantId:F variables:[@variable]#variableFilters processInstanceKey:F parentProcessInstanceKey:F parentElementInstanceKey:F batchOperationId:F batchOperationKey:F errorMessage:F hasRetriesLeft:B elementInstanceState:@startOrEnd elementId:F hasElementInstanceIncident:B incidentErrorHashCode:N tags:[S]#tags}
instance = {@within processDefinitionId:F processDefinitionName:F processDefinitionVersion:N processDefinitionVersionTag:F processDefinitionKey:F}
instanceOr = {@instance $or:[@instance]#branches}
statistics = {@within $or:[@within]#branches}
variableSort = (value|name|tenantId|variableKey|scopeKey|processInstanceKey)
incidentSort = (incidentKey|processDefinitionKey|processDefinitionId|processInstanceKey|errorType|errorMessage|elementId|elementInstanceKey|creationTime|state|jobKey|tenantId)
POST /v2/jobs/activation = {type:S worker:S timeout:L maxJobsToActivate:I fetchVariable:[S]#fetchVariables requestTimeout:L tenantIds:[S]#tenants}
POST /v2/jobs/{key}/failure = {retries:I errorMessage:T retryBackOff:L variables:O}
POST /v2/jobs/{key}/error = {errorCode:S errorMessage:T variables:O}
POST /v2/jobs/{key}/completion = {variables:O result:{type:(userTask|adHocSubProcess) denied:B deniedReason:T corrections:{assignee:S dueDate:S followUpDate:S candidateUsers:[S]#candidates candidateGroups:[S]#candidates priority:I} activateElements:[{elementId:S variables:O}]#activateElements isCompletionConditionFulfilled:B isCancelRemainingInstances:B}}
PATCH /v2/jobs/{key} = {changeset:{retries:I timeout:L} operationReference:L}
POST /v2/jobs/search = {page:@page sort:[{field:(deadline|deniedReason|elementId|elementInstanceKey|endTime|errorCode|errorMessage|isDenied|jobKey|kind|listenerEventType|processDefinitionId|processDefinitionKey|processInstanceKey|retries|state|tenantId|type|worker) order:@order}]#sort filter:{deadline:F deniedReason:F elementId:F elementInstanceKey:F endTime:F errorCode:F errorMessage:F hasFailedWithRetriesLeft:B isDenied:B jobKey:F kind:F(BPMN_ELEMENT|EXECUTION_LISTENER|TASK_LISTENER|AD_HOC_SUB_PROCESS) listenerEventType:F(ASSIGNING|CANCELING|COMPLETING|CREATING|END|START|UNSPECIFIED|UPDATING) processDefinitionId:F processDefinitionKey:F processInstanceKey:F retries:N state:F(CANCELED|COMPLETED|CREATED|ERROR_THROWN|FAILED|MIGRATED|RETRIES_UPDATED|TIMED_OUT) tenantId:F type:F worker:F}}
POST /v2/incidents/{key}/resolution = @reference
POST /v2/incidents/search = {page:@page sort:[{field:@incidentSort order:@order}]#sort filter:{processDefinitionId:S errorType:@errorType errorMessage:T elementId:S creationTime:F state:(ACTIVE|MIGRATED|RESOLVED|PENDING) tenantId:S incidentKey:S processDefinitionKey:S processInstanceKey:S elementInstanceKey:S jobKey:S}}
POST /v2/process-instances/{key}/incidents/search = {page:@page sort:[{field:@incidentSort order:@order}]#sort}
POST /v2/user-tasks/{key}/completion = {variables:O action:S}
POST /v2/user-tasks/{key}/assignment = {assignee:S allowOverride:B action:S}
PATCH /v2/user-tasks/{key} = {changeset:{dueDate:S followUpDate:S candidateUsers:[S]#candidates candidateGroups:[S]#candidates priority:I} action:S}
POST /v2/user-tasks/search = {page:@page sort:[{field:(creationDate|completionDate|followUpDate|dueDate|priority|name) order:@order}]#sort filter:{state:F(CREATING|CREATED|ASSIGNING|UPDATING|COMPLETING|COMPLETED|CANCELING|CANCELED|FAILED) assignee:F priority:N elementId:S name:S candidateGroup:F candidateUser:F tenantId:F processDefinitionId:S creationDate:F completionDate:F followUpDate:F dueDate:F processInstanceVariables:[@variable]#variableFilters localVariables:[@variable]#variableFilters userTaskKey:S processDefinitionKey:S processInstanceKey:S elementInstanceKey:S}}
POST /v2/user-tasks/{key}/variables/search = {page:@page sort:[{field:@variableSort order:@order}]#sort filter:{name:F}}
POST /v2/user-tasks/{key}/effective-variables/search = {page:{from:I limit:I} sort:[{field:@variableSort order:@order}]#sort filter:{name:F}}
POST /v2/variables/search = {page:@page sort:[{field:@variableSort order:@order}]#sort filter:{name:F value:F tenantId:S isTruncated:B variableKey:F scopeKey:F processInstanceKey:F}}
PUT /v2/clock = {timestamp:L}
POST /v2/process-definitions/search = {page:@page sort:[{field:(processDefinitionKey|name|resourceName|version|versionTag|processDefinitionId|tenantId) order:@order}]#sort filter:{name:F isLatestVersion:B resourceName:S version:I versionTag:S processDefinitionId:F tenantId:S processDefinitionKey:S hasStartForm:B state:(ACTIVE|DELETED)}}
POST /v2/process-definitions/{key}/statistics/element-instances = {filter:@statistics}
POST /v2/process-instances = {processDefinitionId:S processDefinitionKey:S processDefinitionVersion:I variables:O tenantId:S operationReference:L startInstructions:[{elementId:S}]#startInstructions runtimeInstructions:[{type:(TERMINATE_PROCESS_INSTANCE) afterElementId:S}]#runtimeInstructions awaitCompletion:B fetchVariables:[S]#fetchVariables requestTimeout:L tags:[S]#tags}
POST /v2/process-instances/search = {page:@page sort:[{field:(processInstanceKey|processDefinitionId|processDefinitionName|processDefinitionVersion|processDefinitionVersionTag|processDefinitionKey|parentProcessInstanceKey|parentElementInstanceKey|startDate|endDate|state|hasIncident|tenantId) order:@order}]#sort filter:@instanceOr}
POST /v2/process-instances/{key}/cancellation = @reference
POST /v2/process-instances/{key}/migration = {targetProcessDefinitionKey:S mappingInstructions:[{sourceElementId:S targetElementId:S}]#mappingInstructions operationReference:L}
POST /v2/process-instances/{key}/modification = {operationReference:L activateInstructions:[{elementId:S variableInstructions:[{variables:O scopeId:S}]#variableInstructions ancestorElementInstanceKey:S}]#activateInstructions terminateInstructions:[{elementInstanceKey:S}]#terminateInstructions}
POST /v2/element-instances/search = {page:@page sort:[{field:(elementInstanceKey|processInstanceKey|processDefinitionKey|processDefinitionId|startDate|endDate|elementId|elementName|type|state|incidentKey|tenantId) order:@order}]#sort filter:{processDefinitionId:S state:@startOrEnd type:@elementType elementId:S elementName:S hasIncident:B tenantId:S elementInstanceKey:S processInstanceKey:S processDefinitionKey:S incidentKey:S startDate:F endDate:F elementInstanceScopeKey:S}}
PUT /v2/element-instances/{key}/variables = {variables:O local:B operationReference:L}
POST /v2/messages/publication = {name:S correlationKey:S timeToLive:L messageId:S variables:O tenantId:S}
POST /v2/messages/correlation = {name:S correlationKey:S variables:O tenantId:S}
POST /v2/signals/broadcast = {signalName:S variables:O tenantId:S}
POST /v2/correlated-message-subscriptions/search = {page:@page sort:[{field:(correlationKey|correlationTime|elementId|elementInstanceKey|messageKey|messageName|partitionId|processDefinitionId|processDefinitionKey|processInstanceKey|subscriptionKey|tenantId) order:@order}]#sort filter:{correlationKey:F correlationTime:F elementId:F elementInstanceKey:F messageKey:F messageName:F partitionId:N processDefinitionId:F processDefinitionKey:F processInstanceKey:F subscriptionKey:F tenantId:F}}
POST /v2/message-subscriptions/search = {page:@page sort:[{field:(messageSubscriptionKey|processDefinitionId|processInstanceKey|elementId|elementInstanceKey|messageSubscriptionState|lastUpdatedDate|messageName|correlationKey|tenantId) order:@order}]#sort filter:{messageSubscriptionKey:F processDefinitionId:F processInstanceKey:F elementId:F elementInstanceKey:F messageSubscriptionState:F(CORRELATED|CREATED|DELETED|MIGRATED) lastUpdatedDate:F messageName:F correlationKey:F tenantId:F}}
POST /v2/resources/{key}/deletion = @reference
POST /lab/advance = {milliseconds:L leap:B}
`;

const shapes = new Map<string, Shape>();
const properties = new Map<string, ReadonlyMap<string, Shape>>();

/** Reads one shape off the front of the tokens. */
function parse(tokens: string[]): { shape: Shape; known?: ReadonlyMap<string, Shape> } {
  const token = tokens.shift() ?? '';
  if (token.startsWith('@')) {
    const name = token.slice(1);
    const known = properties.get(name);
    const shape = shapes.get(name);
    if (shape === undefined) throw new Error(`no shape ${name}`);
    return known === undefined ? { shape } : { shape, known };
  }
  if (token.endsWith(')')) {
    const words = word(token.replace(/^F?\(|\)$/g, '').split('|'));
    return { shape: token.startsWith('F') ? filter(words) : words };
  }
  if (token === 'F' || token === 'N') return { shape: filter(plain(token === 'F' ? 'F' : 'I')) };
  if (token === '[') {
    const { shape } = parse(tokens);
    tokens.shift();
    const bound = tokens.shift()?.slice(1) ?? '';
    if (!isBound(bound)) throw new Error(`a list without a bound: ${bound}`);
    return { shape: many(shape, bound) };
  }
  if (token !== '{') return { shape: plain(token) };
  const known = new Map<string, Shape>();
  while (tokens[0] !== '}') {
    const name = tokens[0] ?? '';
    if (name.startsWith('@')) for (const [property, shape] of parse(tokens).known ?? []) known.set(property, shape);
    else {
      tokens.shift();
      known.set(name.slice(0, -1), parse(tokens).shape);
    }
  }
  tokens.shift();
  return { shape: fields(known), known };
}

const isBound = (name: string): name is BoundName => name in BOUNDS;

function plain(name: string): Shape {
  const shape = PLAIN[name];
  if (shape === undefined) throw new Error(`no shape ${name}`);
  return shape;
}

for (const line of TABLE.trim().split('\n')) {
  const at = line.indexOf(' = ');
  const tokens = line.slice(at + 3).match(/[$\w]+:|@\w+|#\w+|F?\([^)]*\)|[[\]{}STCILBOFN]/g) ?? [];
  const { shape, known } = parse([...tokens]);
  shapes.set(line.slice(0, at), shape);
  if (known !== undefined) properties.set(line.slice(0, at), known);
}

/** The shape of the body of an operation (`POST /v2/…`), undefined where anything goes. */
export function shapeOf(operation: string): Shape | undefined {
  return shapes.get(operation);
}
