/** BPMN XML to a tree of moddle elements, from bytes. */
import { createHash } from 'node:crypto';
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { DeploymentRefusal } from './types.ts';

/** An element as moddle gives it: attributes and children are properties, unknown attributes stand in `$attrs`. */
export interface Node {
  readonly $type: string;
  readonly $attrs?: Readonly<Record<string, string>>;
  readonly $parent?: unknown;
  readonly id?: string;
  readonly [property: string]: unknown;
}

const moddle = new BpmnModdle({ zeebe });

/**
 * The text of a file, as the file itself says how it is encoded: byte order mark first, UTF-16 recognised by its zero bytes.
 * @throws TypeError when the bytes are no text in that encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  let encoding = 'utf-8';
  if (a === 0xfe && b === 0xff) encoding = 'utf-16be';
  else if (a === 0xff && b === 0xfe) encoding = 'utf-16le';
  else if (a === 0 && b === 0x3c) encoding = 'utf-16be';
  else if (a === 0x3c && b === 0) encoding = 'utf-16le';
  else {
    const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
    const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1]?.toLowerCase();
    if (declared !== undefined && !declared.startsWith('utf-16')) encoding = declared;
  }
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/** Hex SHA-256 of a file: same name and same checksum is the same version. */
export function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * @returns the `bpmn:Definitions` element
 * @throws DeploymentRefusal when it is no BPMN, or refers to something that is not there
 */
export async function readDefinitions(bytes: Uint8Array, fileName: string): Promise<Node> {
  let text: string;
  try {
    text = decodeText(bytes);
  } catch {
    throw new DeploymentRefusal(`'${fileName}': the file is not text in the encoding it declares`);
  }
  const problem = outlineProblem(text);
  if (problem !== undefined) throw new DeploymentRefusal(`'${fileName}': ${problem}`);
  let result: { rootElement: unknown; warnings: readonly { message: string; property?: unknown }[] };
  try {
    // the first mistake ends it: the parser counts lines from the beginning for each one it tells
    result = await moddle.fromXML(withoutDeclaration(text), { lax: false });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DeploymentRefusal(`'${fileName}': ${elementBefore(text, message)}${oneLine(message)}`);
  }
  const root = result.rootElement;
  if (!isNode(root) || root.$type !== 'bpmn:Definitions') {
    throw new DeploymentRefusal(`'${fileName}': the root element is not bpmn:definitions`);
  }
  // a shape without its element is only a drawing, and flows are read from the flows
  const wrong = result.warnings.filter(
    (w) =>
      !['bpmndi:bpmnElement', 'bpmn:incoming', 'bpmn:outgoing'].includes(String(w.property)) &&
      // told together with their element
      !w.message.startsWith('unknown attribute '),
  );
  const first = wrong[0];
  if (first !== undefined)
    throw new DeploymentRefusal(`'${fileName}': ${elementBefore(text, first.message)}${oneLine(first.message)}`);
  return root;
}

/**
 * What a file may be at most. A diagram of a hundred activities with its drawing has about 2,000 elements, and nests by three for each
 * level of subprocesses. Within these bounds reading takes a fraction of a second.
 */
export const MOST_ELEMENTS = 10_000;
export const DEEPEST_ELEMENT = 100;
export const LONGEST_ATTRIBUTE = 100_000;
const MOST_ATTRIBUTES = 100;
const MOST_ENTITIES = 50_000;
/** The parser looks at the whole file anew for each thing it finds wrong. */
const MOST_DUPLICATES = 20;
const MOST_STRAY_TEXTS = 20;
/** Elements that hold other elements and no text. */
const WITHOUT_TEXT =
  /(?:[tT]ask|[eE]vent|Gateway|[pP]rocess|Flow|Activity|EventDefinition|definitions|lane|laneSet|collaboration|participant|extensionElements|Shape|Edge|Plane|Diagram|Bounds|waypoint)$/;
const LONGEST_MESSAGE = 2000;

/** @returns why a file is not read, told by one run through its characters; what is no well-formed XML is left to the parser */
function outlineProblem(text: string): string | undefined {
  let elements = 0;
  const open: string[] = [];
  let strayTexts = 0;
  let entities = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1))
    if (++entities > MOST_ENTITIES) return `the file has more than ${MOST_ENTITIES} entities`;
  const ids = new Set<string>();
  let duplicates = 0;
  const skip = (from: number, end: string): number => {
    const found = text.indexOf(end, from);
    return found < 0 ? text.length : found + end.length;
  };
  for (let at = text.indexOf('<'), from = at; at >= 0; from = at, at = text.indexOf('<', at)) {
    if (WITHOUT_TEXT.test(open.at(-1) ?? '')) {
      while (from < at && text.charCodeAt(from) <= 0x20) from++;
      if (from < at && ++strayTexts > MOST_STRAY_TEXTS) return 'text stands in elements that hold none';
    }
    if (text.startsWith('<!--', at)) at = skip(at + 4, '-->');
    else if (text.startsWith('<![CDATA[', at)) at = skip(at + 9, ']]>');
    else if (text.startsWith('<?', at)) at = skip(at + 2, '?>');
    else if (text.startsWith('<!', at)) return 'a document type definition is not allowed';
    else if (text.startsWith('</', at)) {
      open.pop();
      at = skip(at, '>');
    } else {
      if (++elements > MOST_ELEMENTS) return `the file has more than ${MOST_ELEMENTS} XML elements`;
      open.push(/^[^\s>/]{1,100}/.exec(text.slice(at + 1, at + 101))?.[0] ?? '');
      if (open.length > DEEPEST_ELEMENT) return `the XML elements are nested more than ${DEEPEST_ELEMENT} deep`;
      let end = at + 1;
      let attributes = 0;
      for (; end < text.length && text[end] !== '>'; end++) {
        const quote = text[end];
        if (quote !== '"' && quote !== "'") continue;
        const close = text.indexOf(quote, end + 1);
        if (close < 0) return undefined;
        if (++attributes > MOST_ATTRIBUTES) return `an XML element has more than ${MOST_ATTRIBUTES} attributes`;
        if (text.startsWith(' id=', end - 4)) {
          const id = text.slice(end + 1, Math.min(close, end + 200));
          if (ids.has(id) && ++duplicates > MOST_DUPLICATES) return `many ids are used twice, among them '${id}'`;
          ids.add(id);
        }
        if (close - end > LONGEST_ATTRIBUTE) return `an attribute is longer than ${LONGEST_ATTRIBUTE} characters`;
        end = close;
      }
      if (text[end - 1] === '/') open.pop();
      at = end + 1;
    }
  }
  return undefined;
}

/** The file without its XML declaration: the text is decoded already, so what that says about the encoding no longer holds. */
function withoutDeclaration(text: string): string {
  const start = text.search(/\S/);
  if (start < 0 || !text.startsWith('<?xml', start) || !/\s/.test(text.charAt(start + 5))) return text;
  const end = text.indexOf('?>', start);
  return end < 0 ? text : `${text.slice(0, start)}${text.slice(end + 2)}`;
}

/** The element around a place that the parser names only by line and column, both counted from 0. */
function elementBefore(text: string, message: string): string {
  const place = /line: (\d+)\s+column: (\d+)/.exec(message);
  if (place === null) return '';
  let start = 0;
  for (let line = Number(place[1]); line > 0; line--) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return '';
  }
  // outwards from the place to the first tag with an id
  let at = start + Number(place[2]);
  for (let tries = 0; tries < 1000; tries++) {
    at = text.lastIndexOf('<', at - 1);
    if (at < 0) return '';
    const tag = text.slice(at, Math.min(at + 2000, skipTag(text, at)));
    const id = /^<[\w:]+\s[^<]*?\bid="([^"<]*)"/.exec(tag)?.[1];
    if (id === undefined) {
      if (at === 0) return '';
      continue;
    }
    const name = /\sname="([^"<]*)"/.exec(tag)?.[1];
    return `- Element: ${id}${name === undefined ? '' : ` ('${name}')`}: `;
  }
  return '';
}

function skipTag(text: string, at: number): number {
  const end = text.indexOf('>', at);
  return end < 0 ? text.length : end + 1;
}

/** A message as one line, with only the beginning of what it quotes from the file. */
function oneLine(message: string): string {
  const line = message
    .slice(0, LONGEST_MESSAGE)
    .split('\n')
    .map((part) => part.trim())
    .join(' ');
  return message.length > LONGEST_MESSAGE ? `${line}…` : line;
}

/** @returns whether a property of an element is itself an element */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && '$type' in value && typeof value.$type === 'string';
}

/** Visits an element and all in it, but for the drawing; `owner` is the nearest around it that has an id. */
export function visit(of: Node, owner: Node, visitor: (of: Node, owner: Node) => void): void {
  visitor(of, owner);
  for (const value of Object.values(of)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      // a reference leads to an element with another parent
      if (!isNode(child) || child.$parent !== of || child.$type.startsWith('bpmndi:')) continue;
      visit(child, child.id === undefined || child.$type.startsWith('zeebe:') ? owner : child, visitor);
    }
  }
}

/** The elements under a property, whether it holds one, a list or none. */
export function nodes(parent: Node | undefined, property: string): readonly Node[] {
  const value = parent?.[property];
  if (Array.isArray(value)) return value.filter(isNode);
  return isNode(value) ? [value] : [];
}

/** The single element under a property. */
export function node(parent: Node | undefined, property: string): Node | undefined {
  const value = parent?.[property];
  return isNode(value) ? value : undefined;
}

/** A text attribute (or text body); undefined when it is missing. Blank text is kept. */
export function text(parent: Node | undefined, property: string): string | undefined {
  const value = parent?.[property];
  return typeof value === 'string' ? value : undefined;
}
