/** A request as the handlers see it, and small readers for checked bodies. */
import type { Key } from '../commands/types.ts';
import type { JsonValue } from '../feel/types.ts';
import { BOUNDS, boundCount, shown } from './bounds.ts';
import { Problem } from './problem.ts';
import type { Shape } from './shape.ts';

/** A body whose shape has been checked. */
export interface Body {
  readonly [name: string]: unknown;
}

const NOTHING: Body = Object.freeze({});
const NUMBER_OF_DIGITS = /^-?\d+$/;

/**
 * How deep brackets are nested and how many values there may be at most, those inside of strings left out. Read off the text, before it
 * becomes objects that take a multiple of its memory.
 */
function extent(text: string): { depth: number; values: number } {
  let at = 0;
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i += 1;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x2c) values += 1;
    else if (c === 0x7b || c === 0x5b) {
      values += 1;
      depth = Math.max(depth, (at += 1));
    } else if (c === 0x7d || c === 0x5d) at -= 1;
  }
  return { depth, values };
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
    if (this.segment.length > BOUNDS.key.limit || !NUMBER_OF_DIGITS.test(this.segment))
      throw Problem.unreadable(`Failed to convert 'key' with value: '${shown(this.segment)}'`);
    const key = Number(this.segment);
    // keys of the engine are safe integers; a larger number can belong to nothing
    return Number.isSafeInteger(key) ? key : -1;
  }

  /** The body; an absent one is empty. */
  async body(): Promise<Body> {
    const text = await this.text();
    if (text === '') return NOTHING;
    const type = this.request.headers.get('content-type');
    if (type !== null && !/^(application\/json|text\/plain;charset=UTF-8)/i.test(type)) {
      throw new Problem(415, 'Unsupported Media Type', `Content-Type '${shown(type)}' is not supported.`);
    }
    if (text.length > BOUNDS.depth.limit) {
      const { depth, values } = extent(text);
      if (depth > BOUNDS.depth.limit)
        throw Problem.unreadable(
          `Failed to read request: the body is nested ${depth} levels deep but at most ${BOUNDS.depth.limit} are allowed`,
        );
      boundCount('the request body', values, 'values');
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
    if (declared > BOUNDS.bodyBytes.limit) throw tooLarge();
    let text: string;
    try {
      text = await this.request.text();
    } catch (error) {
      throw error instanceof Problem ? error : Problem.unreadable('The request body could not be read');
    }
    if (text.length > BOUNDS.bodyBytes.limit) throw tooLarge();
    return text;
  }

  flag(name: string, otherwise: boolean): boolean {
    if (this.query === '') return otherwise;
    const value = new URLSearchParams(this.query).get(name);
    if (value === null || value === '') return otherwise;
    if (value !== 'true' && value !== 'false')
      throw Problem.unreadable(`Failed to convert '${name}' with value: '${shown(value)}'`);
    return value === 'true';
  }
}

/** @returns a promise that rejects when the caller goes away, and what ends the listening for that */
export function callerGone(signal: AbortSignal): { left: Promise<never>; forget(): void } {
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(Problem.gone());
  });
  left.catch(() => undefined);
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave);
  return { left, forget: () => signal.removeEventListener('abort', leave) };
}

export function tooLarge(): Problem {
  return new Problem(413, 'Content Too Large', `The request body is larger than ${BOUNDS.bodyBytes.limit} bytes`);
}

/** Text, or undefined when absent or null. Length and characters have been checked with the shape. */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
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
  if (!NUMBER_OF_DIGITS.test(value))
    throw Problem.invalid(`The provided ${name} '${shown(value)}' is not a valid key. Expected a numeric value`);
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
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** A document of variables; absent is empty. */
export function variablesOf(body: Body, name = 'variables'): { [name: string]: JsonValue } {
  return (objectOf(body, name) ?? {}) as { [name: string]: JsonValue }; // parsed from JSON, so every value is JSON
}
