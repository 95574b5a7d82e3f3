/**
 * From BPMN XML to the executable model. Everything the interpreter cannot do as Camunda's engine does is refused here, with the
 * element's id and name: a diagram that deploys behaves as it does on a cluster.
 */
import { FeelRefusal } from '../feel/types.ts';
import type { Expression, FeelEnvironment } from '../feel/types.ts';
import { parseExpression, staticExpression } from '../feel/index.ts';
import { schedule } from '../behaviour/timers.ts';
import { breathe } from '../state/slices.ts';
import { textProblem } from '../state/texts.ts';
import { straightThroughLoops } from './loops.ts';
import { DeploymentRefusal } from './types.ts';
import type {
  Binding,
  CalledElement,
  ElementKind,
  EventDefinition,
  FormRef,
  IoMapping,
  JobDefinition,
  Listener,
  Loop,
  ModelElement,
  ParsedBpmn,
  ProcessModel,
  SequenceFlow,
  TimerDefinition,
  UserTaskDefinition,
  UserTaskEventType,
} from './types.ts';
import { node, nodes, readDefinitions, text, visit } from './xml.ts';
import type { Node } from './xml.ts';

const KINDS: Readonly<Record<string, ElementKind>> = {
  'bpmn:SubProcess': 'SUB_PROCESS',
  'bpmn:StartEvent': 'START_EVENT',
  'bpmn:IntermediateCatchEvent': 'INTERMEDIATE_CATCH_EVENT',
  'bpmn:IntermediateThrowEvent': 'INTERMEDIATE_THROW_EVENT',
  'bpmn:BoundaryEvent': 'BOUNDARY_EVENT',
  'bpmn:EndEvent': 'END_EVENT',
  'bpmn:ServiceTask': 'SERVICE_TASK',
  'bpmn:SendTask': 'SEND_TASK',
  'bpmn:BusinessRuleTask': 'BUSINESS_RULE_TASK',
  'bpmn:ScriptTask': 'SCRIPT_TASK',
  'bpmn:UserTask': 'USER_TASK',
  'bpmn:ReceiveTask': 'RECEIVE_TASK',
  'bpmn:ManualTask': 'MANUAL_TASK',
  'bpmn:Task': 'TASK',
  'bpmn:CallActivity': 'CALL_ACTIVITY',
  'bpmn:ExclusiveGateway': 'EXCLUSIVE_GATEWAY',
  'bpmn:ParallelGateway': 'PARALLEL_GATEWAY',
  'bpmn:InclusiveGateway': 'INCLUSIVE_GATEWAY',
  'bpmn:EventBasedGateway': 'EVENT_BASED_GATEWAY',
};

/** Parts of a diagram that the engine itself does not look at. */
const WITHOUT_EFFECT = new Set(['bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference']);

const ACTIVITIES = new Set<ElementKind>([
  'SUB_PROCESS',
  'SERVICE_TASK',
  'SEND_TASK',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'USER_TASK',
  'RECEIVE_TASK',
  'MANUAL_TASK',
  'TASK',
  'CALL_ACTIVITY',
]);

/** Which of the engine's extension elements each kind of element may carry; all may carry `zeebe:properties`. */
const JOB = ['taskDefinition', 'taskHeaders'];
const MAPPED = ['ioMapping', 'executionListeners'];
const EXTENSIONS: Readonly<Record<ElementKind, readonly string[]>> = {
  PROCESS: ['executionListeners', 'versionTag', 'userTaskForm'],
  SUB_PROCESS: MAPPED,
  EVENT_SUB_PROCESS: MAPPED,
  START_EVENT: [...MAPPED, 'formDefinition'],
  INTERMEDIATE_CATCH_EVENT: MAPPED,
  INTERMEDIATE_THROW_EVENT: [...MAPPED, ...JOB],
  BOUNDARY_EVENT: MAPPED,
  END_EVENT: [...MAPPED, ...JOB],
  SERVICE_TASK: [...MAPPED, ...JOB],
  SEND_TASK: [...MAPPED, ...JOB],
  BUSINESS_RULE_TASK: [...MAPPED, ...JOB],
  SCRIPT_TASK: [...MAPPED, ...JOB, 'script'],
  USER_TASK: [
    ...MAPPED,
    'userTask',
    'taskHeaders',
    'formDefinition',
    'assignmentDefinition',
    'taskSchedule',
    'priorityDefinition',
    'taskListeners',
  ],
  RECEIVE_TASK: MAPPED,
  MANUAL_TASK: MAPPED,
  TASK: MAPPED,
  CALL_ACTIVITY: [...MAPPED, 'calledElement'],
  EXCLUSIVE_GATEWAY: ['executionListeners'],
  PARALLEL_GATEWAY: ['executionListeners'],
  INCLUSIVE_GATEWAY: ['executionListeners'],
  EVENT_BASED_GATEWAY: ['executionListeners'],
};

const USER_TASK_EVENTS: readonly UserTaskEventType[] = ['creating', 'assigning', 'updating', 'completing', 'canceling'];
/** Words that no target of a mapping may be (the engine's list). */
const RESERVED = ['null', 'true', 'false', 'function', 'if', 'then', 'else', 'for', 'between', 'instance', 'of'];

/** While the model is built its parts are filled in step by step. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };
type Draft = Mutable<ModelElement>;
type DraftProcess = Mutable<ProcessModel>;
type DraftFlow = Mutable<SequenceFlow>;

/** Errors found in one file, as the engine lists them. */
class Findings {
  readonly lines: string[] = [];
  /** Characters of expressions so far. */
  expressions = 0;
  #more = 0;
  readonly where = (of: Node, message: string): void => {
    const name = text(of, 'name');
    this.add(
      `- Element: ${clip(of.id ?? of.$type)}${name === undefined || name === '' ? '' : ` ('${clip(name)}')`}\n    - ERROR: ${clip(message, 2000)}`,
    );
  };

  add(line: string): void {
    if (this.lines.length < MOST_FINDINGS) this.lines.push(line);
    else this.#more++;
  }

  get text(): string {
    return `${this.lines.join('\n')}\n${this.#more > 0 ? `and ${this.#more} more\n` : ''}`;
  }
}

/** So many errors of a file are told; who has mended those sees the others. */
const MOST_FINDINGS = 100;
/** Ids are searched by, and names stand in each row of an element. */
const LONGEST_ELEMENT_NAME = 4000;
/** All expressions of a file together, in characters. */
const MOST_EXPRESSIONS = 500_000;

const clip = (text: string, longest = 200): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/**
 * Reads a BPMN file.
 * @param content the file as it was sent
 * @param env what its expressions are evaluated with
 * @param fileName only for messages
 * @throws DeploymentRefusal when the file is not valid BPMN, breaks a rule of the engine, or uses what the embedded cluster lacks; the
 *   message names every element concerned
 */
export async function parseBpmn(
  content: Uint8Array,
  env: FeelEnvironment,
  fileName = 'diagram.bpmn',
): Promise<ParsedBpmn> {
  const root = await readDefinitions(content, fileName);
  const findings = new Findings();
  const bound: ParsedBpmn['deploymentBound'][number][] = [];
  unknownAttributes(root, findings);
  const executable = nodes(root, 'rootElements').filter(
    (e) => e.$type === 'bpmn:Process' && e['isExecutable'] === true,
  );
  if (executable.length === 0) findings.where(root, 'Must contain at least one executable process');
  const processes: ProcessModel[] = [];
  for (const process of executable) processes.push(await new ProcessBuilder(process, env, findings, bound).build());
  if (findings.lines.length === 0) {
    for (const { process, path } of straightThroughLoops(processes)) {
      findings.add(
        `- Process: ${process.id}\n    - ERROR: Processes are not allowed to contain a straight-through processing loop: ${clip(path, 2000)}`,
      );
    }
  }
  if (findings.lines.length > 0) throw new DeploymentRefusal(`'${fileName}': ${findings.text}`);
  return { processes, deploymentBound: bound };
}

/** Attributes of BPMN or of the engine's namespace that are not known; those of other namespaces have no effect. */
function unknownAttributes(root: Node, findings: Findings): void {
  visit(root, root, (of, owner) => {
    if (!/^(bpmn|zeebe):/.test(of.$type)) return;
    for (const name of Object.keys(of.$attrs ?? {})) {
      if (name.startsWith('xmlns') || (name.includes(':') && !/^(bpmn|zeebe):/.test(name))) continue;
      findings.where(owner, `The attribute '${name}'${of === owner ? '' : ` of '${of.$type}'`} is not supported`);
    }
  });
}

class ProcessBuilder {
  private readonly root: Node;
  private readonly env: FeelEnvironment;
  private readonly findings: Findings;
  private readonly bound: ParsedBpmn['deploymentBound'][number][];
  private readonly elements: Draft[] = [];
  private readonly flows: DraftFlow[] = [];
  private readonly byId = new Map<string, Draft>();
  private readonly nodeOf = new Map<ModelElement, Node>();
  private readonly process: DraftProcess;
  /** Activities with events on their boundary. */
  private readonly hosts = new Set<Draft>();

  constructor(root: Node, env: FeelEnvironment, findings: Findings, bound: ParsedBpmn['deploymentBound'][number][]) {
    this.root = root;
    this.env = env;
    this.findings = findings;
    this.bound = bound;
    const draft = this.draft(root, 'PROCESS', undefined);
    this.process = Object.assign(draft, {
      kind: 'PROCESS' as const,
      versionTag: undefined,
      startForm: undefined,
      elements: this.elements,
      flows: this.flows,
      byId: this.byId,
      flowById: new Map<string, SequenceFlow>(),
    });
    this.process.process = this.process;
  }

  /** Compiling expressions takes its time: others get a turn in between. */
  async build(): Promise<ProcessModel> {
    this.element(this.process, this.root);
    this.process.versionTag = text(this.extension(this.root, 'versionTag'), 'value');
    await this.children(this.process, this.root);
    await this.sequenceFlows();
    for (const element of this.elements) {
      this.structure(element);
      await breathe();
    }
    for (const host of this.hosts)
      this.sameTwice(host.boundaryEvents, (event, what) => this.findings.where(this.nodeFor(event), what));
    this.links();
    this.process.flowById = new Map(this.flows.map((f) => [f.id, f]));
    const formStart = this.process.noneStart;
    if (formStart !== undefined) this.process.startForm = this.form(this.nodeFor(formStart), formStart);
    return this.process;
  }

  // ---- elements --------------------------------------------------------------------------------------------------------------

  private draft(of: Node, kind: ElementKind, scope: Draft | undefined): Draft {
    const id = of.id ?? '';
    if (id === '') this.findings.where(of, 'An id is required');
    this.idProblem(of);
    const name = text(of, 'name');
    if (name !== undefined && name.length > LONGEST_ELEMENT_NAME)
      this.findings.where(of, `The name must not be longer than ${LONGEST_ELEMENT_NAME} characters`);
    const element: Draft = {
      id,
      name: name === '' ? undefined : name,
      kind,
      index: this.elements.length,
      scope,
      process: this.process,
      outgoing: [],
      incoming: [],
      defaultFlow: undefined,
      inputs: [],
      outputs: [],
      executionListeners: { start: [], end: [] },
      children: [],
      noneStart: undefined,
      startEvents: [],
      eventSubProcesses: [],
      boundaryEvents: [],
      attachedTo: undefined,
      interrupting: true,
      event: undefined,
      gatewayEvents: [],
      job: undefined,
      script: undefined,
      userTask: undefined,
      calledElement: undefined,
      loop: undefined,
      properties: {},
    };
    this.elements.push(element);
    this.byId.set(id, element);
    this.nodeOf.set(element, of);
    return element;
  }

  private idProblem(of: Node): void {
    const problem = textProblem(of.id ?? '');
    if (problem !== undefined) this.findings.where(of, `The id ${problem}`);
  }

  private nodeFor(element: ModelElement): Node {
    return this.nodeOf.get(element) ?? this.root; // every element was entered when it was made
  }

  private async children(scope: Draft, of: Node): Promise<void> {
    for (const child of nodes(of, 'flowElements')) {
      if (child.$type === 'bpmn:SequenceFlow' || WITHOUT_EFFECT.has(child.$type)) continue;
      let kind = KINDS[child.$type];
      if (kind === undefined) {
        this.findings.where(child, `Elements of type ${child.$type} are not supported`);
        continue;
      }
      if (kind === 'SUB_PROCESS' && child['triggeredByEvent'] === true) kind = 'EVENT_SUB_PROCESS';
      const element = this.draft(child, kind, scope);
      scope.children.push(element);
      if (kind === 'START_EVENT') scope.startEvents.push(element);
      if (kind === 'EVENT_SUB_PROCESS') scope.eventSubProcesses.push(element);
      this.element(element, child);
      if (kind === 'SUB_PROCESS' || kind === 'EVENT_SUB_PROCESS') await this.children(element, child);
      await breathe();
    }
    for (const artifact of nodes(of, 'artifacts')) {
      if (artifact.$type === 'bpmn:Association' && this.isCompensation(artifact)) {
        this.findings.where(artifact, 'Compensation is not supported');
      }
    }
  }

  private isCompensation(association: Node): boolean {
    return (
      node(association, 'sourceRef')?.$type === 'bpmn:BoundaryEvent' &&
      node(association, 'targetRef')?.['isForCompensation'] === true
    );
  }

  /** Everything about an element that does not need the others. */
  private element(element: Draft, of: Node): void {
    this.unsupported(element, of);
    this.mappings(element, of);
    element.properties = this.properties(of);
    element.executionListeners = this.executionListeners(of);
    if (ACTIVITIES.has(element.kind)) element.loop = this.loop(of);
    switch (element.kind) {
      case 'SERVICE_TASK':
      case 'SEND_TASK':
      case 'BUSINESS_RULE_TASK':
        element.job = this.job(of);
        if (element.job === undefined)
          this.findings.where(of, "Must have exactly one 'zeebe:taskDefinition' extension element");
        break;
      case 'SCRIPT_TASK':
        this.scriptTask(element, of);
        break;
      case 'USER_TASK':
        element.userTask = this.userTask(element, of);
        break;
      case 'CALL_ACTIVITY':
        element.calledElement = this.calledElement(element, of);
        break;
      case 'RECEIVE_TASK':
        element.event = this.message(of, node(of, 'messageRef'), true);
        break;
      case 'START_EVENT':
      case 'INTERMEDIATE_CATCH_EVENT':
      case 'INTERMEDIATE_THROW_EVENT':
      case 'BOUNDARY_EVENT':
      case 'END_EVENT':
        this.eventElement(element, of);
        break;
      default:
        break;
    }
  }

  private unsupported(element: Draft, of: Node): void {
    if (of['isForCompensation'] === true) this.findings.where(of, 'Compensation is not supported');
    if (nodes(of, 'loopCharacteristics').some((l) => l.$type !== 'bpmn:MultiInstanceLoopCharacteristics')) {
      this.findings.where(of, 'Only multi-instance loops are supported, no standard loops');
    }
    if (of['instantiate'] === true) this.findings.where(of, "The attribute 'instantiate' is not supported");
    const counts = new Map<string, number>();
    for (const extension of this.extensions(of)) {
      const name = extension.$type.slice('zeebe:'.length);
      const local = name.charAt(0).toLowerCase() + name.slice(1);
      counts.set(local, (counts.get(local) ?? 0) + 1);
      if (local !== 'properties' && !EXTENSIONS[element.kind].includes(local)) {
        this.findings.where(of, `The extension element 'zeebe:${local}' is not supported here`);
      }
    }
    for (const [local, count] of counts) {
      if (count > 1) this.findings.where(of, `Must have at most one 'zeebe:${local}' extension element`);
    }
  }

  // ---- extension elements ----------------------------------------------------------------------------------------------------

  private extensions(of: Node | undefined): readonly Node[] {
    return nodes(node(of, 'extensionElements'), 'values').filter((e) => e.$type.startsWith('zeebe:'));
  }

  private extension(of: Node | undefined, name: string): Node | undefined {
    const type = `zeebe:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return this.extensions(of).find((e) => e.$type === type);
  }

  /** Parses text from the diagram; blank or missing text gives `undefined` (and an error when `required` names it). */
  private expression(of: Node, source: string | undefined, required?: string): Expression | undefined {
    if (source === undefined || source.trim() === '') {
      if (required !== undefined) this.findings.where(of, `${required} is required`);
      return undefined;
    }
    this.findings.expressions += source.length;
    if (this.findings.expressions > MOST_EXPRESSIONS) {
      this.findings.where(
        of,
        `All expressions of a file together must not be longer than ${MOST_EXPRESSIONS} characters`,
      );
      return undefined;
    }
    try {
      return parseExpression(source, this.env);
    } catch (error) {
      if (!(error instanceof FeelRefusal)) throw error;
      this.findings.where(of, error.message);
      return undefined;
    }
  }

  /** As `expression`, where the engine takes no fixed value. */
  private feel(of: Node, source: string | undefined, required?: string): Expression | undefined {
    const expression = this.expression(of, source, required);
    if (expression?.isStatic !== true) return expression;
    this.findings.where(
      of,
      `Expected expression but found static value '${expression.source}'. An expression must start with '='`,
    );
    return undefined;
  }

  private mappings(element: Draft, of: Node): void {
    const mapping = this.extension(of, 'ioMapping');
    element.inputs = this.mappingList(of, nodes(mapping, 'inputParameters'), 'zeebe:input');
    element.outputs = this.mappingList(of, nodes(mapping, 'outputParameters'), 'zeebe:output');
  }

  private mappingList(of: Node, list: readonly Node[], what: string): IoMapping[] {
    const found: IoMapping[] = [];
    for (const one of list) {
      const source = this.expression(of, text(one, 'source') ?? '', `The source of '${what}'`);
      const target = text(one, 'target') ?? '';
      const path = target.split('.');
      if (!path.every((part) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(part)) || RESERVED.includes(target)) {
        this.findings.where(
          of,
          `The target '${target}' of '${what}' must be a name or path of ASCII letters, digits and _, and no reserved word`,
        );
        continue;
      }
      if (source !== undefined) found.push({ source, target: path });
    }
    return found;
  }

  private properties(of: Node): Record<string, string> {
    const found: Record<string, string> = {};
    for (const property of nodes(this.extension(of, 'properties'), 'properties')) {
      const name = text(property, 'name');
      if (name !== undefined) found[name] = text(property, 'value') ?? '';
    }
    return found;
  }

  private headers(of: Node | undefined): Record<string, string> {
    const found: Record<string, string> = {};
    for (const header of nodes(of, 'values')) {
      const key = text(header, 'key');
      if (key !== undefined && key !== '') found[key] = text(header, 'value') ?? '';
    }
    return found;
  }

  private listener(of: Node, one: Node, what: string): Listener | undefined {
    const type = this.expression(of, text(one, 'type'), `The type of '${what}'`);
    const retries = this.expression(of, text(one, 'retries') ?? '3');
    if (type === undefined || retries === undefined) return undefined;
    return { type, retries, headers: this.headers(this.extension(of, 'taskHeaders')) };
  }

  private executionListeners(of: Node): { start: Listener[]; end: Listener[] } {
    const found: { start: Listener[]; end: Listener[] } = { start: [], end: [] };
    const seen = new Set<string>();
    for (const one of nodes(this.extension(of, 'executionListeners'), 'listeners')) {
      const event = text(one, 'eventType');
      if (event !== 'start' && event !== 'end') {
        this.findings.where(of, `Execution listeners with the event type '${event ?? ''}' are not supported`);
        continue;
      }
      if (event === 'start' && (of.$type === 'bpmn:StartEvent' || of.$type === 'bpmn:BoundaryEvent')) {
        this.findings.where(of, "Execution listeners of type 'start' are not supported here");
      }
      if (
        event === 'end' &&
        (of.$type === 'bpmn:ExclusiveGateway' ||
          of.$type === 'bpmn:InclusiveGateway' ||
          of.$type === 'bpmn:EventBasedGateway' ||
          of.$type === 'bpmn:ParallelGateway')
      ) {
        this.findings.where(of, "Execution listeners of type 'end' are not supported here");
      }
      const listener = this.listener(of, one, 'zeebe:executionListener');
      if (listener === undefined) continue;
      const key = `${event} ${listener.type.source}`;
      if (seen.has(key))
        this.findings.where(of, `Found two execution listeners of type '${listener.type.source}' for '${event}'`);
      seen.add(key);
      found[event].push(listener);
    }
    return found;
  }

  private job(of: Node): JobDefinition | undefined {
    const definition = this.extension(of, 'taskDefinition');
    if (definition === undefined) return undefined;
    const type = this.expression(of, text(definition, 'type'), 'The type of the task definition');
    const retries = this.expression(of, text(definition, 'retries') ?? '3');
    if (type === undefined || retries === undefined) return undefined;
    return { type, retries, headers: this.headers(this.extension(of, 'taskHeaders')) };
  }

  private scriptTask(element: Draft, of: Node): void {
    const script = this.extension(of, 'script');
    element.job = this.job(of);
    if ((script === undefined) === (element.job === undefined)) {
      this.findings.where(of, "Must have either one 'zeebe:script' or one 'zeebe:taskDefinition' extension element");
      return;
    }
    if (script === undefined) return;
    const source = text(script, 'expression');
    if (source !== undefined && source.trim() !== '' && !source.trimStart().startsWith('=')) {
      this.findings.where(of, 'The script must be a FEEL expression that begins with =');
      return;
    }
    const expression = this.expression(of, source, 'The expression of the script');
    const resultVariable = text(script, 'resultVariable') ?? '';
    if (resultVariable.trim() === '') this.findings.where(of, 'The result variable of the script is required');
    if (expression !== undefined) element.script = { expression, resultVariable };
  }

  private binding(of: Node, extension: Node): Binding {
    const type = text(extension, 'bindingType') ?? 'latest';
    const versionTag = text(extension, 'versionTag');
    if (type === 'latest' || type === 'deployment') {
      if (versionTag !== undefined && versionTag !== '') {
        this.findings.where(of, `A version tag is only used with bindingType="versionTag", not "${type}"`);
      }
      return { type };
    }
    if (type !== 'versionTag') this.findings.where(of, `The binding type '${type}' is not supported`);
    else if (versionTag === undefined || versionTag.trim() === '') {
      this.findings.where(of, 'bindingType="versionTag" needs a version tag');
    }
    return { type: 'versionTag', versionTag: versionTag ?? '' };
  }

  private boundToDeployment(
    element: ModelElement,
    of: Node,
    kind: 'process' | 'form',
    id: Expression,
    binding: Binding,
  ): void {
    if (binding.type !== 'deployment') return;
    if (!id.isStatic) {
      this.findings.where(of, `bindingType="deployment" needs a fixed id, not the expression '${id.source}'`);
      return;
    }
    this.bound.push({ kind, id: id.source, elementId: element.id, elementName: element.name });
  }

  private form(of: Node, element: ModelElement): FormRef | undefined {
    const definition = this.extension(of, 'formDefinition');
    if (definition === undefined) return undefined;
    if (text(definition, 'formKey') !== undefined) {
      this.findings.where(
        of,
        'Forms inside the diagram (formKey) are not supported: deploy the form and name its formId',
      );
      return undefined;
    }
    const formId = this.expression(of, text(definition, 'formId'));
    if (formId === undefined) return undefined;
    const binding = this.binding(of, definition);
    this.boundToDeployment(element, of, 'form', formId, binding);
    return { formId, binding };
  }

  private userTask(element: Draft, of: Node): UserTaskDefinition | undefined {
    if (this.extension(of, 'userTask') === undefined) {
      this.findings.where(of, "User tasks done by job workers are not supported: add 'zeebe:userTask'");
      return undefined;
    }
    const assignment = this.extension(of, 'assignmentDefinition');
    const schedule = this.extension(of, 'taskSchedule');
    const definition = this.extension(of, 'formDefinition');
    const form = this.form(of, element);
    const externalFormReference = this.expression(of, text(definition, 'externalReference'));
    if (definition !== undefined && (form === undefined) === (externalFormReference === undefined)) {
      this.findings.where(of, "'zeebe:formDefinition' needs either a formId or an externalReference");
    }
    const priority = this.expression(of, text(this.extension(of, 'priorityDefinition'), 'priority'));
    if (priority?.isStatic === true) {
      const value = Number(priority.source);
      if (!Number.isInteger(value) || value < 0 || value > 100) {
        this.findings.where(of, `The priority must be an integer from 0 to 100, not '${priority.source}'`);
      }
    }
    for (const name of ['dueDate', 'followUpDate']) {
      const source = text(schedule, name);
      if (source === undefined || source === '' || source.trimStart().startsWith('=')) continue;
      if (!isZonedDate(source)) {
        this.findings.where(
          of,
          `${name} must be a date and time with a zone (ISO 8601) or an expression, not '${source}'`,
        );
      }
    }
    return {
      form,
      externalFormReference,
      assignee: this.expression(of, text(assignment, 'assignee')),
      candidateGroups: this.names(of, text(assignment, 'candidateGroups')),
      candidateUsers: this.names(of, text(assignment, 'candidateUsers')),
      dueDate: this.expression(of, text(schedule, 'dueDate')),
      followUpDate: this.expression(of, text(schedule, 'followUpDate')),
      priority,
      headers: this.headers(this.extension(of, 'taskHeaders')),
      listeners: this.taskListeners(of),
    };
  }

  /** A list of names: an expression, or text split at its commas. */
  private names(of: Node, source: string | undefined): Expression | undefined {
    if (source === undefined || source.trim() === '' || source.trimStart().startsWith('='))
      return this.expression(of, source);
    const parts = source.split(',').map((part) => part.trim());
    if (parts.some((part) => part === '')) {
      this.findings.where(of, `'${source}' must be a list of names separated by commas`);
      return undefined;
    }
    return staticExpression(source, parts);
  }

  private taskListeners(of: Node): Record<UserTaskEventType, Listener[]> {
    const found: Record<UserTaskEventType, Listener[]> = {
      creating: [],
      assigning: [],
      updating: [],
      completing: [],
      canceling: [],
    };
    for (const one of nodes(this.extension(of, 'taskListeners'), 'listeners')) {
      const event = text(one, 'eventType');
      const known = USER_TASK_EVENTS.find((e) => e === event);
      const listener = this.listener(of, one, 'zeebe:taskListener');
      if (known === undefined)
        this.findings.where(of, `Task listeners with the event type '${event ?? ''}' are not supported`);
      else if (listener !== undefined) found[known].push(listener);
    }
    return found;
  }

  private calledElement(element: Draft, of: Node): CalledElement | undefined {
    const called = this.extension(of, 'calledElement');
    const processId = this.expression(of, text(called, 'processId'), "The processId of 'zeebe:calledElement'");
    if (text(called, 'processIdExpression') !== undefined || text(called, 'businessId') !== undefined) {
      this.findings.where(of, "Only processId, binding and propagation are supported in 'zeebe:calledElement'");
    }
    if (called === undefined || processId === undefined) return undefined;
    const binding = this.binding(of, called);
    this.boundToDeployment(element, of, 'process', processId, binding);
    return {
      processId,
      binding,
      propagateAllChildVariables: called['propagateAllChildVariables'] !== false && element.outputs.length === 0,
      propagateAllParentVariables: called['propagateAllParentVariables'] !== false,
    };
  }

  private loop(of: Node): Loop | undefined {
    const characteristics = node(of, 'loopCharacteristics');
    if (characteristics?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return undefined;
    const zeebe = this.extension(characteristics, 'loopCharacteristics');
    for (const name of [
      'loopCardinality',
      'noneBehaviorEventRef',
      'oneBehaviorEventRef',
      'complexBehaviorDefinition',
    ]) {
      if (node(characteristics, name) !== undefined) {
        this.findings.where(of, `'${name}' of a multi-instance activity is not supported`);
      }
    }
    const inputCollection = this.feel(
      of,
      text(zeebe, 'inputCollection'),
      'The input collection of the multi-instance activity',
    );
    const outputCollection = nonBlank(text(zeebe, 'outputCollection'));
    const outputElement = this.feel(of, text(zeebe, 'outputElement'));
    if ((outputCollection === undefined) !== (outputElement === undefined)) {
      this.findings.where(of, 'The output collection and the output element belong together: give both or none');
    }
    const completionCondition = this.feel(of, text(node(characteristics, 'completionCondition'), 'body'));
    if (inputCollection === undefined) return undefined;
    return {
      sequential: characteristics['isSequential'] === true,
      inputCollection,
      inputElement: nonBlank(text(zeebe, 'inputElement')),
      outputCollection,
      outputElement,
      completionCondition,
    };
  }

  // ---- events ----------------------------------------------------------------------------------------------------------------

  private eventElement(element: Draft, of: Node): void {
    const definitions = nodes(of, 'eventDefinitions');
    if (nodes(of, 'eventDefinitionRef').length > 0)
      this.findings.where(of, 'References to event definitions are not supported');
    if (of['parallelMultiple'] === true || definitions.length > 1) {
      this.findings.where(of, 'Must have at most one event definition');
      return;
    }
    const definition = definitions[0];
    const scope = element.scope?.kind;
    element.event = definition === undefined ? { type: 'none' } : this.eventDefinition(element, of, definition);
    const type = element.event?.type;
    if (type === undefined) return;
    const wrong = (what: string): void => this.findings.where(of, what);
    switch (element.kind) {
      case 'START_EVENT':
        if (scope === 'PROCESS' && !['none', 'message', 'timer', 'signal'].includes(type)) {
          wrong('A start event of a process must be of type none, message, timer or signal');
        }
        if (scope === 'SUB_PROCESS' && type !== 'none') wrong('Start events in subprocesses must be of type none');
        if (scope === 'EVENT_SUB_PROCESS') {
          if (!['message', 'timer', 'error', 'escalation', 'signal'].includes(type)) {
            wrong('Start events in event subprocesses must be one of: message, timer, error, signal or escalation');
          }
          element.interrupting = of['isInterrupting'] !== false;
        }
        break;
      case 'INTERMEDIATE_CATCH_EVENT':
        if (!['message', 'timer', 'signal', 'link'].includes(type)) {
          wrong('An intermediate catch event must be of type message, timer, signal or link');
        }
        break;
      case 'BOUNDARY_EVENT':
        if (!['message', 'timer', 'error', 'escalation', 'signal'].includes(type)) {
          wrong('A boundary event must be of type message, timer, error, escalation or signal');
        }
        element.interrupting = of['cancelActivity'] !== false;
        break;
      case 'INTERMEDIATE_THROW_EVENT':
        if (!['none', 'message', 'signal', 'escalation', 'link'].includes(type)) {
          wrong('An intermediate throw event must be of type none, message, signal, escalation or link');
        }
        break;
      default:
        if (!['none', 'message', 'signal', 'error', 'escalation', 'terminate'].includes(type)) {
          wrong('An end event must be of type none, error, escalation, message, signal or terminate');
        }
    }
    if (type === 'error' && !element.interrupting) wrong('Error events must be interrupting');
    if (element.kind === 'END_EVENT' && type === 'error' && element.executionListeners.end.length > 0) {
      wrong("Execution listeners of type 'end' are not supported by [error] end events");
    }
    if (element.event?.type === 'timer') this.timerPlace(element, of, element.event.kind);
    const throws = element.kind === 'INTERMEDIATE_THROW_EVENT' || element.kind === 'END_EVENT';
    if (throws && type === 'message') {
      element.job = this.job(of);
      if (element.job === undefined) wrong("Must have exactly one 'zeebe:taskDefinition' extension element");
    } else if (this.extension(of, 'taskDefinition') !== undefined) {
      wrong("'zeebe:taskDefinition' is only supported on message events that throw");
    }
    if (
      element.kind === 'START_EVENT' &&
      this.extension(of, 'formDefinition') !== undefined &&
      (type !== 'none' || scope !== 'PROCESS')
    ) {
      wrong("'zeebe:formDefinition' is only supported on the none start event of a process");
    }
  }

  private timerPlace(element: Draft, of: Node, kind: 'date' | 'duration' | 'cycle'): void {
    const startOfProcess = element.kind === 'START_EVENT' && element.scope?.kind === 'PROCESS';
    if (kind === 'cycle') {
      if (element.kind === 'INTERMEDIATE_CATCH_EVENT') {
        this.findings.where(of, 'Intermediate timer catch event must have a time duration or a time date');
      } else if (!startOfProcess && element.interrupting) {
        this.findings.where(of, 'Interrupting timer event with time cycle is not allowed');
      }
    }
    if (kind === 'duration' && startOfProcess)
      this.findings.where(of, 'Timer start event must have a time cycle or a time date');
  }

  private eventDefinition(element: Draft, of: Node, definition: Node): EventDefinition | undefined {
    const catches = element.kind !== 'END_EVENT' && element.kind !== 'INTERMEDIATE_THROW_EVENT';
    switch (definition.$type) {
      case 'bpmn:TimerEventDefinition':
        return this.timer(element, of, definition);
      case 'bpmn:MessageEventDefinition': {
        if (!catches) return { type: 'message', name: staticExpression('', ''), correlationKey: undefined };
        const startOfProcess = element.kind === 'START_EVENT' && element.scope?.kind === 'PROCESS';
        return this.message(of, node(definition, 'messageRef'), !startOfProcess);
      }
      case 'bpmn:SignalEventDefinition': {
        const name = this.expression(of, text(node(definition, 'signalRef'), 'name'), 'The signal and its name');
        return name === undefined ? undefined : { type: 'signal', name };
      }
      case 'bpmn:ErrorEventDefinition':
        return this.code(of, node(definition, 'errorRef'), 'error', catches);
      case 'bpmn:EscalationEventDefinition':
        return this.code(of, node(definition, 'escalationRef'), 'escalation', catches);
      case 'bpmn:LinkEventDefinition': {
        const name = text(definition, 'name') ?? '';
        if (name.trim() === '') this.findings.where(of, 'A link event needs a name');
        return { type: 'link', name, target: undefined };
      }
      case 'bpmn:TerminateEventDefinition':
        return { type: 'terminate' };
      default:
        this.findings.where(of, `Event definitions of type ${definition.$type} are not supported`);
        return undefined;
    }
  }

  private code(
    of: Node,
    ref: Node | undefined,
    type: 'error' | 'escalation',
    catches: boolean,
  ): EventDefinition | undefined {
    const source = text(ref, type === 'error' ? 'errorCode' : 'escalationCode');
    if (catches) {
      if (ref === undefined) return { type, code: undefined };
      const code = this.expression(of, source, `The ${type} code`);
      if (code !== undefined && !code.isStatic) {
        this.findings.where(
          of,
          `The ${type} code of a catching event must be fixed, not the expression '${code.source}'`,
        );
      }
      return { type, code };
    }
    if (ref === undefined) {
      this.findings.where(of, `The ${type} and its code are required`);
      return undefined;
    }
    return { type, code: this.expression(of, source, `The ${type} code`) };
  }

  private message(of: Node, ref: Node | undefined, correlated: boolean): EventDefinition | undefined {
    if (ref === undefined) {
      this.findings.where(of, 'Must reference a message');
      return undefined;
    }
    const name = this.expression(of, text(ref, 'name'), 'The name of the message');
    const subscription = this.extension(ref, 'subscription');
    if (!correlated) return name === undefined ? undefined : { type: 'message', name, correlationKey: undefined };
    const source = text(subscription, 'correlationKey');
    const correlationKey = this.feel(of, source, "The correlation key ('zeebe:subscription') of the message");
    return name === undefined || correlationKey === undefined ? undefined : { type: 'message', name, correlationKey };
  }

  private timer(element: ModelElement, of: Node, definition: Node): EventDefinition | undefined {
    const given = (
      [
        ['date', 'timeDate'],
        ['duration', 'timeDuration'],
        ['cycle', 'timeCycle'],
      ] as const
    ).filter(([, property]) => node(definition, property) !== undefined);
    const only = given[0];
    if (only === undefined || given.length > 1) {
      this.findings.where(of, 'Must be exactly one type of timer: timeDuration, timeDate or timeCycle');
      return undefined;
    }
    const [kind, property] = only;
    const expression = this.expression(of, text(node(definition, property), 'body')?.trim(), `The ${property}`);
    if (expression === undefined) return undefined;
    const timer: TimerDefinition = { type: 'timer', kind, expression };
    // what is known at deployment must be right then: fixed texts, and start timers, which know no variables
    if (expression.isStatic || (element.kind === 'START_EVENT' && element.scope?.kind === 'PROCESS')) {
      const planned = schedule(timer, () => undefined, this.env.now(), this.env.zone);
      if (!planned.ok) this.findings.where(of, `Invalid timer ${kind} expression (${planned.failure.message})`);
    }
    return timer;
  }

  // ---- flows and structure ---------------------------------------------------------------------------------------------------

  private async sequenceFlows(): Promise<void> {
    const visit = async (of: Node, scope: Draft): Promise<void> => {
      for (const child of nodes(of, 'flowElements')) {
        if (child.$type === 'bpmn:SequenceFlow') this.sequenceFlow(child, scope);
        else {
          const inner = child.id === undefined ? undefined : this.byId.get(child.id);
          if (inner !== undefined && child.$type === 'bpmn:SubProcess') await visit(child, inner);
        }
        await breathe();
      }
    };
    await visit(this.root, this.process);
  }

  private sequenceFlow(of: Node, scope: Draft): void {
    const source = this.byId.get(node(of, 'sourceRef')?.id ?? '');
    const target = this.byId.get(node(of, 'targetRef')?.id ?? '');
    if (of.id === undefined) this.findings.where(of, 'An id is required');
    this.idProblem(of);
    if (source === undefined || target === undefined) {
      this.findings.where(of, 'A sequence flow needs a source and a target that exist in this process');
      return;
    }
    if (source.scope !== scope || target.scope !== scope) {
      this.findings.where(of, 'A sequence flow cannot cross the border of a subprocess');
      return;
    }
    const conditionNode = node(of, 'conditionExpression');
    const condition =
      conditionNode === undefined ? undefined : this.expression(of, text(conditionNode, 'body'), 'The condition');
    if (condition?.isStatic === true) {
      this.findings.where(of, `The condition must be a FEEL expression that begins with =, not '${condition.source}'`);
    }
    const flow: DraftFlow = {
      id: of.id ?? '',
      name: nonBlank(text(of, 'name')),
      index: this.flows.length,
      source,
      target,
      condition,
    };
    this.flows.push(flow);
    source.outgoing.push(flow);
    target.incoming.push(flow);
  }

  /** Rules that concern an element together with those around it. */
  private structure(element: Draft): void {
    const of = this.nodeFor(element);
    const wrong = (what: string): void => this.findings.where(of, what);
    const defaultId = node(of, 'default')?.id;
    if (defaultId !== undefined) {
      element.defaultFlow = element.outgoing.find((f) => f.id === defaultId);
      if (element.defaultFlow === undefined) wrong('Default flow must start at the element');
      else if (element.kind.endsWith('GATEWAY') && element.defaultFlow.condition !== undefined) {
        wrong('Default flow must not have a condition');
      }
    }
    switch (element.kind) {
      case 'PROCESS':
      case 'SUB_PROCESS':
      case 'EVENT_SUB_PROCESS':
        this.scopeStructure(element, wrong);
        break;
      case 'EXCLUSIVE_GATEWAY':
      case 'INCLUSIVE_GATEWAY':
        if (element.outgoing.length > 1) {
          for (const flow of element.outgoing) {
            if (flow !== element.defaultFlow && flow.condition === undefined) {
              wrong(`The sequence flow '${flow.id}' must have a condition or be the default flow`);
            }
          }
        }
        break;
      case 'EVENT_BASED_GATEWAY':
        this.eventBasedGateway(element, of, wrong);
        break;
      case 'BOUNDARY_EVENT': {
        const host = this.byId.get(node(of, 'attachedToRef')?.id ?? '');
        if (host === undefined || !ACTIVITIES.has(host.kind) || host.scope !== element.scope) {
          wrong('Must be attached to an activity in the same scope');
        } else {
          element.attachedTo = host;
          host.boundaryEvents.push(element);
          this.hosts.add(host);
          if (element.event?.type === 'escalation' && host.kind !== 'SUB_PROCESS' && host.kind !== 'CALL_ACTIVITY') {
            wrong('An escalation boundary event should only be attached to a subprocess, or a call activity');
          }
        }
        if (element.incoming.length > 0) wrong('Must not have incoming sequence flows');
        break;
      }
      case 'START_EVENT':
        if (element.incoming.length > 0) wrong('A start event must not have incoming sequence flows');
        break;
      case 'END_EVENT':
        if (element.outgoing.length > 0) wrong('End events must not have outgoing sequence flows');
        break;
      case 'INTERMEDIATE_THROW_EVENT':
        if (element.event?.type === 'link' && element.outgoing.length > 0)
          wrong('A link throw event must not have outgoing sequence flows');
        break;
      case 'INTERMEDIATE_CATCH_EVENT':
        if (element.event?.type === 'link' && element.incoming.length > 0)
          wrong('A link catch event must not have incoming sequence flows');
        break;
      default:
        break;
    }
  }

  private scopeStructure(scope: Draft, wrong: (what: string) => void): void {
    const plain = scope.startEvents.filter((e) => e.event?.type === 'none');
    scope.noneStart = scope.kind === 'EVENT_SUB_PROCESS' ? undefined : plain[0];
    if (scope.kind === 'PROCESS') {
      if (scope.startEvents.length === 0) wrong('Must have at least one start event');
      if (plain.length > 1) wrong('Multiple none start events are not allowed');
      const names = new Set<string>();
      for (const start of scope.startEvents) {
        if (start.event?.type !== 'message' && start.event?.type !== 'signal') continue;
        if (!start.event.name.isStatic)
          wrong(`The name of the ${start.event.type} of a start event must be fixed, not an expression`);
        const key = `${start.event.type} '${start.event.name.source}'`;
        if (names.has(key)) wrong(`Multiple start events for the ${key} are not allowed`);
        names.add(key);
      }
    } else if (scope.startEvents.length !== 1) wrong('Must have exactly one start event');
    if (scope.kind === 'EVENT_SUB_PROCESS') {
      if (scope.incoming.length > 0 || scope.outgoing.length > 0)
        wrong('An event subprocess must not have sequence flows to or from it');
      if (scope.boundaryEvents.length > 0) wrong('An event subprocess must not have boundary events');
      if (this.nodeFor(scope)['loopCharacteristics'] !== undefined)
        wrong('An event subprocess cannot be multi-instance');
    }
    this.sameTwice(
      scope.eventSubProcesses.flatMap((e) => e.startEvents),
      (_, what) => wrong(what),
    );
  }

  /** Two catching events at the same place that would both catch the same. */
  private sameTwice(catching: readonly ModelElement[], wrong: (second: ModelElement, what: string) => void): void {
    const seen = new Set<string>();
    for (const one of catching) {
      const { event } = one;
      let key: string | undefined;
      if (event?.type === 'error' || event?.type === 'escalation')
        key = `${event.type} code '${event.code?.source ?? ''}'`;
      else if (event?.type === 'message' || event?.type === 'signal') key = `${event.type} name '${event.name.source}'`;
      if (key === undefined) continue;
      if (seen.has(key)) wrong(one, `Multiple events with the same ${key} are not supported at the same place`);
      seen.add(key);
    }
  }

  private eventBasedGateway(element: Draft, of: Node, wrong: (what: string) => void): void {
    // the engine itself asks the gateway's `outgoing` children here, not the flows
    const declared = nodes(of, 'outgoing');
    if (declared.length < 2) wrong('Event-based gateway must have at least 2 outgoing sequence flows');
    const names = new Set<string>();
    for (const flow of element.outgoing) {
      const event = flow.target.event;
      const fits =
        flow.target.kind === 'INTERMEDIATE_CATCH_EVENT' &&
        (event?.type === 'timer' || event?.type === 'message' || event?.type === 'signal');
      if (!fits) {
        wrong(
          'Event-based gateway must not have an outgoing sequence flow to other elements than message/timer/signal intermediate catch events',
        );
      } else if (flow.target.incoming.length > 1) {
        this.findings.where(
          this.nodeFor(flow.target),
          'Target elements of an event gateway must not have any additional incoming sequence flows other than that from the event gateway',
        );
      }
      if (event?.type === 'message') {
        if (names.has(event.name.source)) wrong('Multiple message catch events with the same name are not allowed');
        names.add(event.name.source);
      }
      element.gatewayEvents.push(flow.target);
    }
  }

  private links(): void {
    const links = this.elements.filter((e) => e.event?.type === 'link');
    const byPlace = new Map<string, Draft[]>();
    const placeOf = (e: Draft): string => `${e.scope?.index} ${e.event?.type === 'link' ? e.event.name : ''}`;
    for (const element of links) {
      if (element.kind !== 'INTERMEDIATE_CATCH_EVENT') continue;
      const same = byPlace.get(placeOf(element));
      if (same === undefined) byPlace.set(placeOf(element), [element]);
      else same.push(element);
    }
    for (const element of links) {
      if (element.event?.type !== 'link') continue;
      const { name } = element.event;
      const catches = byPlace.get(placeOf(element)) ?? [];
      const of = this.nodeFor(element);
      if (catches.length > 1 && element === catches[1])
        this.findings.where(of, `Multiple link catch events with the name '${name}'`);
      if (element.kind !== 'INTERMEDIATE_THROW_EVENT') continue;
      if (catches[0] === undefined)
        this.findings.where(of, `There is no link catch event with the name '${name}' in this scope`);
      element.event = { type: 'link', name, target: catches[0] };
    }
  }
}

function nonBlank(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

/** ISO 8601 date and time with a zone, as the engine takes it for the dates of user tasks. */
function isZonedDate(value: string): boolean {
  return (
    /^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)(\[[^\]]+\])?$/.test(value) &&
    !Number.isNaN(Date.parse(value.replace(/\[.*$/, '')))
  );
}
