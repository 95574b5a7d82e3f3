/** Answers of the API: JSON, nothing, or a problem document (RFC 9457). */
import type { Rejection, RejectionKind } from '../commands/types.ts';

/** An expected failure, answered as a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  /** Seconds after which a retry makes sense; 429 and 503 only. */
  readonly retryAfter: number | undefined;

  constructor(status: number, title: string, detail: string, retryAfter?: number) {
    super(detail);
    this.status = status;
    this.title = title;
    this.retryAfter = retryAfter;
  }

  /** A value that breaks a rule. */
  static invalid(detail: string): Problem {
    return new Problem(400, 'INVALID_ARGUMENT', detail);
  }

  /** A request that cannot be read: unknown property, wrong type, unknown word. */
  static unreadable(detail: string): Problem {
    return new Problem(400, 'Bad Request', detail);
  }

  static notFound(what: string, key: string | number): Problem {
    return new Problem(404, 'NOT_FOUND', `${what} with key '${key}' not found`);
  }

  /** Too much at the same time, or too much for the time there is: the same may go well later, or with less asked. */
  static exhausted(detail: string): Problem {
    return new Problem(429, 'RESOURCE_EXHAUSTED', detail, 1);
  }

  /** Nobody reads this: the caller has gone. */
  static gone(): Problem {
    return new Problem(499, 'Client Closed Request', 'The client has gone');
  }

  static notImplemented(detail: string): Problem {
    return new Problem(501, 'Not Implemented', detail);
  }
}

const STATUS: Readonly<Record<RejectionKind, number>> = {
  NOT_FOUND: 404,
  INVALID_STATE: 409,
  ALREADY_EXISTS: 409,
  INVALID_ARGUMENT: 400,
  EXHAUSTED: 429,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  INTERNAL: 500,
};
const TITLE: Partial<Record<RejectionKind, string>> = {
  EXHAUSTED: 'RESOURCE_EXHAUSTED',
  TIMEOUT: 'DEADLINE_EXCEEDED',
  INTERNAL: 'INTERNAL_ERROR',
};

/** The engine refused a command: title and status as Camunda's gateway gives them. */
export function rejectionProblem(command: string, rejection: Rejection): Problem {
  const kind = rejection.rejected;
  const status = STATUS[kind];
  const refused = status === 400 || status === 404 || status === 409;
  const detail = refused
    ? `Command '${command}' rejected with code '${kind}': ${rejection.message}`
    : rejection.message;
  return new Problem(status, TITLE[kind] ?? kind, detail, status === 429 || status === 503 ? 1 : undefined);
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** 200 with a JSON body. */
export function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { headers: JSON_TYPE });
}

/** So many items become text in one go; then others have their turn. */
const SLICE = 200;

/** 200 with a page of a search: what may be large is written in slices, so that it does not hold up other requests. */
export async function jsonPage<T>(rows: readonly T[], item: (row: T) => object, page: object): Promise<Response> {
  const parts: string[] = [];
  for (let at = 0; at < rows.length; at += SLICE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const row of rows.slice(at, at + SLICE)) parts.push(JSON.stringify(item(row)));
  }
  return new Response(`{"items":[${parts.join(',')}],"page":${JSON.stringify(page)}}`, { headers: JSON_TYPE });
}

/** 204 */
export function done(): Response {
  return new Response(null, { status: 204 });
}

export function problemResponse(problem: Problem, path: string): Response {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (problem.retryAfter !== undefined) headers['retry-after'] = String(problem.retryAfter);
  const body = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance: path,
  };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}
