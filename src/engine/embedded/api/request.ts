/** A request as the handlers see it, and small readers for checked bodies. */
import type { Key } from '../commands/types.ts';
import type { JsonValue } from '../feel/types.ts';
import { Problem } from './problem.ts';
import type { Shape } from './shape.ts';

/** A body whose shape has been checked. */
export interface Body {
  readonly [name: string]: unknown;
}

const NOTHING: Body = Object.freeze({});
/** Larger bodies are refused: nothing the application sends comes near. */
export const MAX_BODY = 4 * 1024 * 1024;

/** As many levels as Camunda's gateway reads. */
const DEEPEST = 1000;

/** How deep brackets are nested, those inside of strings left out. */
function depth(text: string): number {
  let at = 0;
  let most = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i += 1;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x7b || c === 0x5b) most = Math.max(most, (at += 1));
    else if (c === 0x7d || c === 0x5d) at -= 1;
  }
  return most;
}

export class Call {
  readonly request: Request;
  /** The path without the query. */
  readonly path: string;
  private readonly query: string;
  /** The text in the place of `{key}`. */
  readonly segment: string;
  private readonly shape: Shape | undefined;

  constructor(request: Request, path: string, query: string, segment: string, shape: Shape | undefined) {
    this.request = request;
    this.path = path;
    this.query = query;
    this.segment = segment;
    this.shape = shape;
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }

  /** The key in the path. */
  key(): Key {
    const key = Number(this.segment);
    if (!/^-?\d+$/.test(this.segment))
      throw Problem.unreadable(`Failed to convert 'key' with value: '${this.segment}'`);
    // keys of the engine are safe integers; a larger number can belong to nothing
    return Number.isSafeInteger(key) ? key : -1;
  }

  /** The body; an absent one is empty. */
  async body(): Promise<Body> {
    const text = await this.text();
    if (text === '') return NOTHING;
    const type = this.request.headers.get('content-type');
    if (type !== null && !/^(application\/json|text\/plain;charset=UTF-8)/i.test(type)) {
      throw new Problem(415, 'Unsupported Media Type', `Content-Type '${type}' is not supported.`);
    }
    if (text.length > DEEPEST && depth(text) > DEEPEST) {
      throw Problem.unreadable(`Failed to read request: the body is nested deeper than ${DEEPEST}`);
    }
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch {
      throw Problem.unreadable('Failed to read request: the body is not valid JSON');
    }
    if (typeof read !== 'object' || read === null || Array.isArray(read)) {
      throw Problem.unreadable('Failed to read request: the body is not a JSON object');
    }
    this.shape?.(read, '');
    return read as Body; // a JSON object, as checked above
  }

  async requiredBody(): Promise<Body> {
    const body = await this.body();
    if (body === NOTHING) throw Problem.unreadable('Required request body is missing');
    return body;
  }

  private async text(): Promise<string> {
    if (this.request.body === null) return '';
    const declared = Number(this.request.headers.get('content-length') ?? 0);
    if (declared > MAX_BODY) throw tooLarge();
    let text: string;
    try {
      text = await this.request.text();
    } catch (error) {
      throw error instanceof Problem ? error : Problem.unreadable('The request body could not be read');
    }
    if (text.length > MAX_BODY) throw tooLarge();
    return text;
  }

  flag(name: string, otherwise: boolean): boolean {
    if (this.query === '') return otherwise;
    const value = new URLSearchParams(this.query).get(name);
    if (value === null || value === '') return otherwise;
    if (value !== 'true' && value !== 'false')
      throw Problem.unreadable(`Failed to convert '${name}' with value: '${value}'`);
    return value === 'true';
  }
}

export function tooLarge(): Problem {
  return new Problem(413, 'Content Too Large', `The request body is larger than ${MAX_BODY} bytes`);
}

/** Text, or undefined when absent or null. The character NUL is refused: no database column of type text takes it. */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? withoutNul(value, name) : undefined;
}

function withoutNul(text: string, name: string): string {
  if (text.includes('\0')) throw Problem.invalid(`The value of ${name} must not contain the character NUL`);
  return text;
}

export function requireText(body: Body, name: string, called = name): string {
  const value = textOf(body, name);
  if (value === undefined || value.trim() === '') throw Problem.invalid(`No ${called} provided`);
  return value;
}

export function numberOf(body: Body, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}

export function requireNumber(body: Body, name: string): number {
  const value = numberOf(body, name);
  if (value === undefined) throw Problem.invalid(`No ${name} provided`);
  return value;
}

/** A key out of a body: digits as text. */
export function keyOf(body: Body, name: string): Key | undefined {
  const value = textOf(body, name);
  if (value === undefined) return undefined;
  if (!/^-?\d+$/.test(value))
    throw Problem.invalid(`The provided ${name} '${value}' is not a valid key. Expected a numeric value`);
  const key = Number(value);
  return Number.isSafeInteger(key) ? key : -1;
}

export function requireKey(body: Body, name: string): Key {
  const key = keyOf(body, name);
  if (key === undefined) throw Problem.invalid(`No ${name} provided`);
  return key;
}

export function objectOf(body: Body, name: string): Body | undefined {
  const value = body[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined; // checked
}

export function bodiesOf(body: Body, name: string): readonly Body[] {
  const value = body[name];
  return Array.isArray(value) ? value.filter((one): one is Body => typeof one === 'object' && one !== null) : [];
}

export function textsOf(body: Body, name: string): string[] {
  const value = body[name];
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === 'string').map((one) => withoutNul(one, name))
    : [];
}

/** A document of variables; absent is empty. */
export function variablesOf(body: Body, name = 'variables'): { [name: string]: JsonValue } {
  const variables = objectOf(body, name) ?? {};
  for (const variable in variables) withoutNul(variable, 'a variable name');
  return variables as { [name: string]: JsonValue }; // parsed from JSON, so every value is JSON
}
