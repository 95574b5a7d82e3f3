/** From method and path to a handler. */
import { shown } from './bounds.ts';
import { Problem } from './problem.ts';
import { Call } from './request.ts';
import { shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

export type Handler = (call: Call) => Promise<Response> | Response;

interface Route {
  readonly handler: Handler;
  readonly shape: Shape | undefined;
}
interface Branch {
  readonly words: Map<string, Branch>;
  /** Any one segment: a key. */
  any: Branch | undefined;
  readonly methods: Map<string, Route>;
}

const branch = (): Branch => ({ words: new Map(), any: undefined, methods: new Map() });

export class Routes {
  private readonly root = branch();
  /** Every operation there is, as `POST /v2/jobs/{key}/completion`. */
  readonly operations: string[] = [];

  /** Adds a route; `{key}` in the path matches one segment, and there is at most one. */
  on(method: string, path: string, handler: Handler): void {
    let at = this.root;
    for (const segment of path.slice(1).split('/')) {
      if (segment.startsWith('{')) at = at.any ??= branch();
      else {
        let next = at.words.get(segment);
        if (next === undefined) at.words.set(segment, (next = branch()));
        at = next;
      }
    }
    this.operations.push(`${method} ${path}`);
    at.methods.set(method, { handler, shape: shapeOf(`${method} ${path}`) });
  }

  /** @throws Problem 404, 405 or, for what Camunda has and we have not, 501 */
  find(request: Request, path: string, query: string): { handler: Handler; call: Call } {
    let at: Branch | undefined = this.root;
    let key = '';
    let from = 1;
    while (at !== undefined && from <= path.length) {
      const slash = path.indexOf('/', from);
      const segment = path.slice(from, slash < 0 ? path.length : slash);
      from = slash < 0 ? path.length + 1 : slash + 1;
      const next: Branch | undefined = at.words.get(segment);
      if (next === undefined && segment !== '') key = segment;
      at = next ?? (segment === '' ? undefined : at.any);
    }
    if (at === undefined || at.methods.size === 0) {
      if (path.startsWith('/v2/'))
        throw Problem.notImplemented(`The embedded cluster has no endpoint ${request.method} ${shown(path)}`);
      throw new Problem(404, 'Not Found', `No endpoint ${shown(path)}`);
    }
    const route = at.methods.get(request.method);
    if (route === undefined)
      throw new Problem(405, 'Method Not Allowed', `Method '${request.method}' is not supported.`);
    if (key.includes('%')) {
      try {
        key = decodeURIComponent(key);
      } catch {
        throw Problem.unreadable(`'${shown(key)}' in the path is not properly encoded`);
      }
    }
    return { handler: route.handler, call: new Call(request, path, query, key, route.shape) };
  }
}
