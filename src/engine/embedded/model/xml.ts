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
  if (/<!DOCTYPE/i.test(text)) throw new DeploymentRefusal(`'${fileName}': a document type definition is not allowed`);
  let result: { rootElement: unknown; warnings: readonly { message: string; property?: unknown }[] };
  try {
    result = await moddle.fromXML(text.replace(/^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']/, '$1'));
  } catch (error) {
    throw new DeploymentRefusal(`'${fileName}': ${oneLine(error instanceof Error ? error.message : String(error))}`);
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

/** The element around a place that the parser names only by line and column, both counted from 0. */
function elementBefore(text: string, message: string): string {
  const place = /line: (\d+)\s+column: (\d+)/.exec(message);
  if (place === null) return '';
  const lines = text.split('\n');
  const before = [...lines.slice(0, Number(place[1])), lines[Number(place[1])]?.slice(0, Number(place[2])) ?? ''].join(
    '\n',
  );
  const tag = [...before.matchAll(/<[\w:]+(?=[^>]*\sid=)[^>]*>?/g)].at(-1)?.[0] ?? '';
  const id = /\sid="([^"]*)"/.exec(tag)?.[1];
  const name = /\sname="([^"]*)"/.exec(tag)?.[1];
  return id === undefined ? '' : `- Element: ${id}${name === undefined ? '' : ` ('${name}')`}: `;
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ');
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
