/**
 * The engine's API over HTTP, for Camunda's own clients and tools. It knows no access per row, so it listens on loopback only and wants a
 * token; it is off unless port and token are set (ENGINE_API_PORT, ENGINE_API_TOKEN).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { BOUNDS } from './bounds.ts';
import { Problem, problemResponse } from './problem.ts';
import { tooLarge } from './request.ts';

export interface EngineApiServer {
  /** The port it listens on: the one asked for, or the one the system chose when 0 was asked for. */
  readonly port: number;
  /** Ends open polls and closes. */
  close(): Promise<void>;
}

/**
 * @param options.fetch the handlers
 * @param options.token taken as `Authorization: Bearer <token>`, or as the password of `Basic`
 * @throws Error when the token is shorter than 16 characters, or the port is taken
 */
export async function serveEngineApi(options: {
  fetch: (request: Request) => Promise<Response>;
  port: number;
  token: string;
}): Promise<EngineApiServer> {
  if (options.token.length < 16) throw new Error('ENGINE_API_TOKEN must have at least 16 characters');
  const bodies = new Bodies();
  const server: Server = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    // also comes after a complete answer; then nobody waits any more
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    const held = bodies.open();
    void answer(incoming, gone.signal, held, options)
      .then((response) => send(response, outgoing))
      .finally(() => held.close());
  });
  server.maxConnections = BOUNDS.connections.limit;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The bytes of one request's body that are in memory. */
interface Held {
  /** @throws Problem 413 when the body is too large, 429 when all bodies together are */
  add(bytes: number): void;
  close(): void;
}

/** The bodies of all requests that are being read or answered. */
class Bodies {
  private bytes = 0;

  open(): Held {
    let mine = 0;
    return {
      add: (bytes) => {
        mine += bytes;
        this.bytes += bytes;
        if (mine > BOUNDS.bodyBytes.limit) throw tooLarge();
        if (this.bytes > BOUNDS.bodiesInFlight.limit)
          throw Problem.exhausted('The bodies of all requests together are too large; try again shortly');
      },
      close: () => {
        this.bytes -= mine;
        mine = 0;
      },
    };
  }
}

async function answer(
  incoming: IncomingMessage,
  signal: AbortSignal,
  held: Held,
  options: { fetch: (request: Request) => Promise<Response>; token: string },
): Promise<Response> {
  const path = (incoming.url ?? '/').split('?')[0] ?? '/';
  try {
    if (!authorized(incoming.headers.authorization, options.token)) {
      incoming.resume();
      const response = problemResponse(
        new Problem(401, 'Unauthorized', 'Give the token as Bearer, or as the password of Basic'),
        path,
      );
      response.headers.set('www-authenticate', 'Basic realm="engine", charset="UTF-8"');
      return response;
    }
    return await options.fetch(await toRequest(incoming, signal, held));
  } catch (error) {
    if (error instanceof Problem) return problemResponse(error, path);
    return problemResponse(Problem.unreadable('The request cannot be read'), path);
  }
}

function authorized(header: string | undefined, token: string): boolean {
  const [scheme = '', credentials = ''] = (header ?? '').split(' ');
  let given: string | undefined;
  if (scheme.toLowerCase() === 'bearer') given = credentials;
  else if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    given = text.slice(text.indexOf(':') + 1);
  }
  if (given === undefined) return false;
  // digests have the same length, so the comparison tells nothing about the token
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal, held: Held): Promise<Request> {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'authorization') continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const body = method === 'GET' || method === 'HEAD' ? undefined : await readBody(incoming, held);
  // the host is ours whatever the client wrote
  const target = incoming.url?.startsWith('/') === true ? incoming.url : '/';
  return new Request(`http://127.0.0.1${target}`, {
    method,
    headers,
    signal,
    ...(body === undefined || body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
}

async function readBody(incoming: IncomingMessage, held: Held): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of incoming.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(part)) continue;
      held.add(part.length);
      parts.push(part);
    }
  } catch (error) {
    // the rest is read and thrown away, so that the answer can be sent; the connection ends with it
    incoming.resume();
    throw error;
  }
  return Buffer.concat(parts);
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  try {
    const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer());
    const headers = Object.fromEntries(response.headers);
    // the rest of a body that was not read must not be taken for the next request
    if (response.status === 401 || response.status === 413 || response.status === 429) headers['connection'] = 'close';
    outgoing.writeHead(response.status, headers);
    outgoing.end(body);
  } catch {
    // the caller has gone
    outgoing.destroy();
  }
}
