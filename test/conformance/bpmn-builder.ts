/**
 * Diagrams for scenarios, told from left to right: each new element is joined by a sequence flow to the one before it, `from` goes back to an
 * earlier one, `to` joins to one that exists. Sequence flows stand in the file in the order they are told, which matters: the engine
 * takes them from the last to the first.
 *
 * Every name that is shared on a cluster (process ids, job types, messages, signals, form ids, version tags) is made unique with a suffix when the
 * XML is written, so a scenario can say `work` and still meet nobody else's work.
 */

/** Who may hear an event. At most one of the kinds. */
export interface EventSpec {
  /** Message name; `key` is the FEEL expression of its correlation key (message start events of a process need none). */
  message?: string;
  key?: string;
  /** ISO 8601 or FEEL (`=…`). */
  duration?: string;
  date?: string;
  cycle?: string;
  signal?: string;
  /** Error code; `null` catches every error. */
  error?: string | null;
  /** Escalation code; `null` catches every escalation. */
  escalation?: string | null;
  link?: string;
  terminate?: boolean;
  /** A throwing message event is done by a worker of this job type. */
  type?: string;
}

/** What every element may carry. */
export interface Common {
  name?: string;
  /** target → source; sources begin with `=`. */
  input?: Record<string, string>;
  output?: Record<string, string>;
  /** Job types of execution listeners. */
  onStart?: string[];
  onEnd?: string[];
  listenerRetries?: number;
}

/** Multi-instance, sequential or parallel. */
export interface LoopSpec {
  collection: string;
  element?: string;
  outputCollection?: string;
  outputElement?: string;
  until?: string;
  sequential?: boolean;
}

export interface Activity extends Common {
  each?: LoopSpec;
}

export interface JobSpec extends Activity {
  type?: string;
  retries?: string;
  headers?: Record<string, string>;
}

export type TaskListenerEvent = 'creating' | 'assigning' | 'updating' | 'completing' | 'canceling';

export interface UserTaskSpec extends Activity {
  assignee?: string;
  groups?: string;
  users?: string;
  due?: string;
  followUp?: string;
  priority?: string;
  form?: string;
  binding?: 'latest' | 'deployment' | 'versionTag';
  externalForm?: string;
  headers?: Record<string, string>;
  /** [event, job type] in the order they run. */
  listeners?: [TaskListenerEvent, string][];
  taskListenerRetries?: string;
}

export interface CallSpec extends Activity {
  process: string;
  binding?: 'latest' | 'deployment' | 'versionTag';
  versionTag?: string;
  propagateAllParentVariables?: boolean;
  propagateAllChildVariables?: boolean;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const attributes = (values: Record<string, string | number | boolean | undefined>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

interface Node {
  id: string;
  tag: string;
  attrs: Record<string, string | boolean | undefined>;
  extensions: (shared: Shared) => string;
  /** After incoming and outgoing. */
  inner: (shared: Shared) => string;
  defaultFlow?: string;
}

interface Flow {
  id: string;
  source: string;
  target: string;
  condition?: string;
}

/** What the definitions element must declare, gathered while the XML is written. */
class Shared {
  readonly declarations = new Map<string, string>();
  readonly #suffix: string;

  constructor(suffix: string) {
    this.#suffix = suffix;
  }

  /** A name shared on the cluster; expressions stay as they are. */
  unique(name: string): string {
    return name.startsWith('=') ? name : name + this.#suffix;
  }

  declare(id: string, xml: string): string {
    this.declarations.set(id, xml);
    return id;
  }
}

const idOf = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, '_');

function eventDefinition(id: string, spec: EventSpec, shared: Shared): string {
  if (spec.message !== undefined) {
    // one message element per name and key expression, as the modeler would make them
    const messageId = `Message_${idOf(spec.message)}_${idOf(spec.key ?? '')}`;
    const key =
      spec.key === undefined
        ? ''
        : `<bpmn:extensionElements><zeebe:subscription correlationKey="${escapeXml(spec.key)}" /></bpmn:extensionElements>`;
    shared.declare(
      messageId,
      `<bpmn:message id="${messageId}" name="${escapeXml(shared.unique(spec.message))}">${key}</bpmn:message>`,
    );
    return `<bpmn:messageEventDefinition id="${id}_def" messageRef="${messageId}" />`;
  }
  if (spec.type !== undefined) {
    shared.declare('Message_thrown', '<bpmn:message id="Message_thrown" name="thrown" />');
    return `<bpmn:messageEventDefinition id="${id}_def" messageRef="Message_thrown" />`;
  }
  const timer = (tag: string, value: string): string =>
    `<bpmn:timerEventDefinition id="${id}_def"><bpmn:${tag}>${escapeXml(value)}</bpmn:${tag}></bpmn:timerEventDefinition>`;
  if (spec.duration !== undefined) return timer('timeDuration', spec.duration);
  if (spec.date !== undefined) return timer('timeDate', spec.date);
  if (spec.cycle !== undefined) return timer('timeCycle', spec.cycle);
  if (spec.signal !== undefined) {
    const signalId = shared.declare(
      `Signal_${idOf(spec.signal)}`,
      `<bpmn:signal id="Signal_${idOf(spec.signal)}" name="${escapeXml(shared.unique(spec.signal))}" />`,
    );
    return `<bpmn:signalEventDefinition id="${id}_def" signalRef="${signalId}" />`;
  }
  if (spec.error === null) return `<bpmn:errorEventDefinition id="${id}_def" />`;
  if (spec.error !== undefined) {
    const errorId = `Error_${idOf(spec.error)}`;
    shared.declare(errorId, `<bpmn:error id="${errorId}" name="${errorId}" errorCode="${escapeXml(spec.error)}" />`);
    return `<bpmn:errorEventDefinition id="${id}_def" errorRef="${errorId}" />`;
  }
  if (spec.escalation === null) return `<bpmn:escalationEventDefinition id="${id}_def" />`;
  if (spec.escalation !== undefined) {
    const escalationId = `Escalation_${idOf(spec.escalation)}`;
    shared.declare(
      escalationId,
      `<bpmn:escalation id="${escalationId}" name="${escalationId}" escalationCode="${escapeXml(spec.escalation)}" />`,
    );
    return `<bpmn:escalationEventDefinition id="${id}_def" escalationRef="${escalationId}" />`;
  }
  if (spec.link !== undefined) return `<bpmn:linkEventDefinition id="${id}_def" name="${escapeXml(spec.link)}" />`;
  if (spec.terminate) return `<bpmn:terminateEventDefinition id="${id}_def" />`;
  return '';
}

function commonExtensions(spec: Common, shared: Shared): string {
  let xml = '';
  const inputs = Object.entries(spec.input ?? {});
  const outputs = Object.entries(spec.output ?? {});
  if (inputs.length + outputs.length > 0) {
    const mapping =
      (tag: string) =>
      ([target, source]: [string, string]) =>
        `<zeebe:${tag}${attributes({ source, target })} />`;
    xml += `<zeebe:ioMapping>${inputs.map(mapping('input')).join('')}${outputs.map(mapping('output')).join('')}</zeebe:ioMapping>`;
  }
  const listeners = [
    ...(spec.onStart ?? []).map((type) => ['start', type] as const),
    ...(spec.onEnd ?? []).map((type) => ['end', type] as const),
  ];
  if (listeners.length > 0) {
    const one = ([eventType, type]: readonly [string, string]): string =>
      `<zeebe:executionListener${attributes({ eventType, type: shared.unique(type), retries: spec.listenerRetries })} />`;
    xml += `<zeebe:executionListeners>${listeners.map(one).join('')}</zeebe:executionListeners>`;
  }
  return xml;
}

function jobExtensions(spec: JobSpec, shared: Shared): string {
  let xml = '';
  if (spec.type !== undefined)
    xml += `<zeebe:taskDefinition${attributes({ type: shared.unique(spec.type), retries: spec.retries })} />`;
  return xml + headerExtensions(spec.headers) + commonExtensions(spec, shared);
}

function headerExtensions(headers: Record<string, string> | undefined): string {
  if (!headers) return '';
  const entries = Object.entries(headers).map(([key, value]) => `<zeebe:header${attributes({ key, value })} />`);
  return `<zeebe:taskHeaders>${entries.join('')}</zeebe:taskHeaders>`;
}

function loopXml(each: LoopSpec | undefined): string {
  if (!each) return '';
  const characteristics = attributes({
    inputCollection: each.collection,
    inputElement: each.element,
    outputCollection: each.outputCollection,
    outputElement: each.outputElement,
  });
  const until =
    each.until === undefined ? '' : `<bpmn:completionCondition>${escapeXml(each.until)}</bpmn:completionCondition>`;
  return (
    `<bpmn:multiInstanceLoopCharacteristics${each.sequential ? ' isSequential="true"' : ''}>` +
    `<bpmn:extensionElements><zeebe:loopCharacteristics${characteristics} /></bpmn:extensionElements>${until}` +
    '</bpmn:multiInstanceLoopCharacteristics>'
  );
}

/** The inside of a process, subprocess or event subprocess. */
export class Scope {
  readonly #nodes: Node[] = [];
  readonly #flows: Flow[] = [];
  #cursor: string | undefined;
  #condition: string | undefined;
  #isDefault = false;

  #add(
    id: string,
    tag: string,
    parts: Partial<Pick<Node, 'attrs' | 'extensions' | 'inner'>> = {},
    connect: 'flow' | 'apart' = 'flow',
  ): this {
    this.#nodes.push({
      id,
      tag,
      attrs: parts.attrs ?? {},
      extensions: parts.extensions ?? (() => ''),
      inner: parts.inner ?? (() => ''),
    });
    if (connect === 'flow' && this.#cursor !== undefined) this.#connect(id);
    this.#cursor = id;
    return this;
  }

  #connect(target: string): void {
    const source = this.#cursor;
    if (source === undefined) throw new Error(`nothing to connect ${target} to`);
    const same = this.#flows.filter((flow) => flow.source === source && flow.target === target).length;
    const flow: Flow = { id: `${source}__${target}${same > 0 ? `__${same + 1}` : ''}`, source, target };
    if (this.#condition !== undefined) flow.condition = this.#condition;
    this.#flows.push(flow);
    if (this.#isDefault) {
      const node = this.#nodes.find((one) => one.id === source);
      if (node) node.defaultFlow = flow.id;
    }
    this.#condition = undefined;
    this.#isDefault = false;
  }

  /** Continues from an element told before. */
  from(id: string): this {
    this.#cursor = id;
    return this;
  }

  /** Joins to an element of this scope, told before or after. */
  to(id: string): this {
    this.#connect(id);
    this.#cursor = id;
    return this;
  }

  /** The condition of the next flow. */
  when(condition: string): this {
    this.#condition = condition;
    return this;
  }

  /** The next flow is the default one. */
  otherwise(): this {
    this.#isDefault = true;
    return this;
  }

  #event(tag: string, id: string, spec: EventSpec & JobSpec, attrs: Node['attrs'], connect: 'flow' | 'apart'): this {
    return this.#add(
      id,
      tag,
      {
        attrs: { name: spec.name, ...attrs },
        extensions: (shared) => jobExtensions(spec, shared),
        inner: (shared) => eventDefinition(id, spec, shared),
      },
      connect,
    );
  }

  /** A start event; in an event subprocess `interrupting: false` lets the scope go on. Any number in a process. */
  start(id: string, spec: EventSpec & Common & { interrupting?: boolean; form?: string } = {}): this {
    const { form, interrupting, ...event } = spec;
    return this.#add(
      id,
      'startEvent',
      {
        attrs: { name: spec.name, isInterrupting: interrupting === false ? false : undefined },
        extensions: (shared) =>
          (form === undefined ? '' : `<zeebe:formDefinition${attributes({ formId: shared.unique(form) })} />`) +
          commonExtensions(event, shared),
        inner: (shared) => eventDefinition(id, event, shared),
      },
      'apart',
    );
  }

  end(id: string, spec: EventSpec & JobSpec = {}): this {
    return this.#event('endEvent', id, spec, {}, 'flow');
  }

  catches(id: string, spec: EventSpec & Common): this {
    // a link's target has no incoming flow
    return this.#event('intermediateCatchEvent', id, spec, {}, spec.link === undefined ? 'flow' : 'apart');
  }

  throws(id: string, spec: EventSpec & JobSpec = {}): this {
    return this.#event('intermediateThrowEvent', id, spec, {}, 'flow');
  }

  /** An event on the edge of an activity; the story goes on from it. */
  boundary(id: string, attachedTo: string, spec: EventSpec & Common & { interrupting?: boolean }): this {
    const { interrupting, ...event } = spec;
    return this.#event(
      'boundaryEvent',
      id,
      event,
      { attachedToRef: attachedTo, cancelActivity: interrupting === false ? false : undefined },
      'apart',
    );
  }

  #task(
    tag: string,
    id: string,
    spec: JobSpec,
    extra: (shared: Shared) => string = () => '',
    attrs: Node['attrs'] = {},
  ): this {
    return this.#add(id, tag, {
      attrs: { name: spec.name, ...attrs },
      extensions: (shared) => extra(shared) + jobExtensions(spec, shared),
      inner: () => loopXml(spec.each),
    });
  }

  service(id: string, spec: JobSpec = {}): this {
    return this.#task('serviceTask', id, { ...spec, type: spec.type ?? id });
  }

  send(id: string, spec: JobSpec = {}): this {
    return this.#task('sendTask', id, { ...spec, type: spec.type ?? id });
  }

  manual(id: string, spec: Activity = {}): this {
    return this.#task('manualTask', id, spec);
  }

  task(id: string, spec: Activity = {}): this {
    return this.#task('task', id, spec);
  }

  script(id: string, spec: Activity & { expression: string; result: string }): this {
    const { expression, result: resultVariable, ...rest } = spec;
    return this.#task('scriptTask', id, rest, () => `<zeebe:script${attributes({ expression, resultVariable })} />`);
  }

  receive(id: string, spec: Activity & { message: string; key: string }): this {
    const { message, key, ...rest } = spec;
    const messageId = `Message_${idOf(message)}_${idOf(key)}`;
    return this.#task(
      'receiveTask',
      id,
      rest,
      (shared) => {
        eventDefinition(id, { message, key }, shared);
        return '';
      },
      { messageRef: messageId },
    );
  }

  user(id: string, spec: UserTaskSpec = {}): this {
    return this.#task('userTask', id, spec, (shared) => {
      let xml = '<zeebe:userTask />';
      if (spec.assignee !== undefined || spec.groups !== undefined || spec.users !== undefined) {
        xml += `<zeebe:assignmentDefinition${attributes({ assignee: spec.assignee, candidateGroups: spec.groups, candidateUsers: spec.users })} />`;
      }
      if (spec.due !== undefined || spec.followUp !== undefined) {
        xml += `<zeebe:taskSchedule${attributes({ dueDate: spec.due, followUpDate: spec.followUp })} />`;
      }
      if (spec.priority !== undefined) xml += `<zeebe:priorityDefinition${attributes({ priority: spec.priority })} />`;
      if (spec.form !== undefined) {
        xml += `<zeebe:formDefinition${attributes({ formId: shared.unique(spec.form), bindingType: spec.binding })} />`;
      }
      if (spec.externalForm !== undefined) {
        xml += `<zeebe:formDefinition${attributes({ externalReference: spec.externalForm })} />`;
      }
      if (spec.listeners) {
        const one = ([eventType, type]: [string, string]): string =>
          `<zeebe:taskListener${attributes({ eventType, type: shared.unique(type), retries: spec.taskListenerRetries })} />`;
        xml += `<zeebe:taskListeners>${spec.listeners.map(one).join('')}</zeebe:taskListeners>`;
      }
      return xml;
    });
  }

  exclusive(id: string, spec: Common = {}): this {
    return this.#task('exclusiveGateway', id, spec);
  }

  parallel(id: string, spec: Common = {}): this {
    return this.#task('parallelGateway', id, spec);
  }

  inclusive(id: string, spec: Common = {}): this {
    return this.#task('inclusiveGateway', id, spec);
  }

  eventBased(id: string, spec: Common = {}): this {
    return this.#task('eventBasedGateway', id, spec);
  }

  subprocess(id: string, tell: (inside: Scope) => void, spec: Activity = {}): this {
    const inside = new Scope();
    tell(inside);
    return this.#add(id, 'subProcess', {
      attrs: { name: spec.name },
      extensions: (shared) => commonExtensions(spec, shared),
      inner: (shared) => loopXml(spec.each) + inside.xml(shared),
    });
  }

  /** An event subprocess of this scope; the story outside goes on where it was. */
  eventSubprocess(id: string, tell: (inside: Scope) => void, spec: Common = {}): this {
    const cursor = this.#cursor;
    const inside = new Scope();
    tell(inside);
    this.#add(
      id,
      'subProcess',
      {
        attrs: { name: spec.name, triggeredByEvent: true },
        extensions: (shared) => commonExtensions(spec, shared),
        inner: (shared) => inside.xml(shared),
      },
      'apart',
    );
    this.#cursor = cursor;
    return this;
  }

  call(id: string, spec: CallSpec): this {
    const { process, binding, versionTag, propagateAllParentVariables, propagateAllChildVariables, ...rest } = spec;
    return this.#task(
      'callActivity',
      id,
      rest,
      (shared) =>
        `<zeebe:calledElement${attributes({
          processId: shared.unique(process),
          bindingType: binding,
          versionTag,
          propagateAllParentVariables,
          propagateAllChildVariables,
        })} />`,
    );
  }

  /** Any other element, as XML: for what the engine must refuse. Not connected. */
  verbatim(xml: string): this {
    const cursor = this.#cursor;
    this.#add('verbatim', 'verbatim', { inner: () => xml }, 'apart');
    this.#cursor = cursor;
    return this;
  }

  /** The flow elements: nodes in the order told, then the flows in the order told. */
  xml(shared: Shared): string {
    const nodes = this.#nodes.map((node) => {
      if (node.tag === 'verbatim') return node.inner(shared);
      const extensions = node.extensions(shared);
      const inner = node.inner(shared);
      const incoming = this.#flows
        .filter((flow) => flow.target === node.id)
        .map((flow) => `<bpmn:incoming>${flow.id}</bpmn:incoming>`);
      const outgoing = this.#flows
        .filter((flow) => flow.source === node.id)
        .map((flow) => `<bpmn:outgoing>${flow.id}</bpmn:outgoing>`);
      return (
        `<bpmn:${node.tag}${attributes({ id: node.id, ...node.attrs, default: node.defaultFlow })}>` +
        (extensions === '' ? '' : `<bpmn:extensionElements>${extensions}</bpmn:extensionElements>`) +
        `${incoming.join('')}${outgoing.join('')}${inner}</bpmn:${node.tag}>`
      );
    });
    const flows = this.#flows.map((flow) => {
      const condition =
        flow.condition === undefined
          ? ''
          : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escapeXml(flow.condition)}</bpmn:conditionExpression>`;
      return `<bpmn:sequenceFlow${attributes({ id: flow.id, sourceRef: flow.source, targetRef: flow.target })}>${condition}</bpmn:sequenceFlow>`;
    });
    return `${nodes.join('\n')}\n${flows.join('\n')}`;
  }
}

/** A file to deploy; `content` gets the suffix that makes shared names unique. */
export interface Resource {
  readonly fileName: string;
  content(suffix: string): string;
}

/** A process, told by the methods of `Scope`. */
export class Diagram extends Scope implements Resource {
  readonly id: string;
  readonly #settings: ProcessSettings;

  constructor(id: string, settings: ProcessSettings) {
    super();
    this.id = id;
    this.#settings = settings;
  }

  get fileName(): string {
    return `${this.#settings.file ?? this.id}.bpmn`;
  }

  content(suffix: string): string {
    const shared = new Shared(suffix);
    const { name, versionTag, executable, onStart, onEnd } = this.#settings;
    const body = this.xml(shared);
    const extensions =
      (versionTag === undefined ? '' : `<zeebe:versionTag value="${escapeXml(versionTag)}" />`) +
      commonExtensions({ ...(onStart && { onStart }), ...(onEnd && { onEnd }) }, shared);
    return (
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
      'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" ' +
      'targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">\n' +
      `<bpmn:process${attributes({ id: shared.unique(this.id), name, isExecutable: executable ?? true })}>` +
      (extensions === '' ? '' : `<bpmn:extensionElements>${extensions}</bpmn:extensionElements>`) +
      `\n${body}\n</bpmn:process>\n${[...shared.declarations.values()].join('\n')}\n</bpmn:definitions>\n`
    );
  }
}

export interface ProcessSettings {
  name?: string;
  /** File name without ending; the process id when absent. */
  file?: string;
  versionTag?: string;
  executable?: boolean;
  onStart?: string[];
  onEnd?: string[];
}

/** Begins the telling of a process. */
export function process(id: string, settings: ProcessSettings = {}): Diagram {
  return new Diagram(id, settings);
}

/** A Camunda form with one text field. */
export function form(id: string, settings: { label?: string } = {}): Resource & { id: string } {
  return {
    id,
    fileName: `${id}.form`,
    content: (suffix) =>
      JSON.stringify({
        id: id + suffix,
        type: 'default',
        schemaVersion: 19,
        executionPlatform: 'Camunda Cloud',
        executionPlatformVersion: '8.8.0',
        components: [{ id: 'Field_1', type: 'textfield', key: 'answer', label: settings.label ?? 'Answer' }],
      }),
  };
}

/** A file given as it is. */
export function file(fileName: string, content: string): Resource {
  return { fileName, content: () => content };
}
