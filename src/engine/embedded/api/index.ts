/**
 * The Orchestration Cluster REST API v2 of the embedded cluster: one set of handlers for calls within the process and over HTTP.
 */
import type { EngineDoor } from '../commands/types.ts';
import { commandRoutes } from './commands.ts';
import { Problem, problemResponse } from './problem.ts';
import { openReader } from './reader.ts';
import { Routes } from './router.ts';
import { searchRoutes } from './searches.ts';

export interface EngineApi {
  /** Answers any request; never rejects. */
  fetch(request: Request): Promise<Response>;
  /** Every operation that is answered, as `POST /v2/jobs/{key}/completion`. */
  readonly operations: readonly string[];
  /** Closes the connections that searches use. */
  close(): Promise<void>;
}

/**
 * @param door the writer's side of the engine
 * @param log told about errors that are nobody's request: a database that is away, a defect
 */
export function createApi(door: EngineDoor, log: (message: string, data: object) => void = () => undefined): EngineApi {
  const reader = openReader(door.connectionString, door.searchDelayMs);
  const routes = new Routes();
  commandRoutes(routes, door);
  searchRoutes(routes, door, reader);

  return {
    operations: routes.operations,
    async fetch(request) {
      const { path, query } = split(request.url);
      try {
        const { handler, call } = routes.find(request, path, query);
        return await handler(call);
      } catch (error) {
        return problemResponse(problemOf(error, request, path, log), path);
      }
    },
    close: () => reader.close(),
  };
}

/** Path and query of an absolute URL; a URL object would cost more than the whole rest of the routing. */
function split(url: string): { path: string; query: string } {
  const scheme = url.indexOf('//');
  const start = scheme < 0 ? 0 : url.indexOf('/', scheme + 2);
  if (start < 0) return { path: '/', query: '' };
  const hash = url.indexOf('#', start);
  const end = hash < 0 ? url.length : hash;
  const mark = url.indexOf('?', start);
  return mark < 0 || mark > end
    ? { path: url.slice(start, end), query: '' }
    : { path: url.slice(start, mark), query: url.slice(mark + 1, end) };
}

function problemOf(
  error: unknown,
  request: Request,
  path: string,
  log: (message: string, data: object) => void,
): Problem {
  if (error instanceof Problem) return error;
  if (request.signal.aborted) return Problem.gone();
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  // the path only as far as it is ours: what follows is the caller's
  const where = { method: request.method, path: path.split('/').slice(0, 3).join('/') };
  // PostgreSQL's classes for a value that it cannot take (22) and for a statement that is too much for it (54): no fault of the database's
  if (/^(22|54)...$/.test(code)) {
    log('a request got through that should have been refused', { ...where, err: error });
    return Problem.invalid('A value of the request is out of range or cannot be read');
  }
  log('engine request failed', { ...where, err: error });
  // connection errors of the operating system and of PostgreSQL (classes 08 and 57, e.g. shutting down)
  if (
    /^(E[A-Z]+|08...|57...|53...)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(message)
  ) {
    return new Problem(
      503,
      'UNAVAILABLE',
      code === '53100' ? "The disk of the engine's database is full" : 'The database of the engine cannot be reached',
      1,
    );
  }
  return new Problem(500, 'INTERNAL_ERROR', 'Unexpected error occurred during the request processing');
}
