/**
 * What scenarios run against: the embedded cluster in this process, the real engine in `test/zeebe-lab`, or any cluster behind
 * CAMUNDA_REST_ADDRESS. All three look alike: a `fetch`, an address, and whether time can be moved.
 */
import { createCamundaClient, type CamundaClient, type CamundaOptions } from '@camunda8/orchestration-cluster-api';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestDatabase } from './database.ts';

export interface Target {
  readonly name: 'embedded' | 'lab' | 'cluster';
  readonly version: string;
  /**
   * `steps`: one can wait until the engine is idle, so the trace holds what each act brought about. `end`: searches lag, so only answers
   * and the final state are compared, and asking is repeated for a while.
   */
  readonly grain: 'steps' | 'end';
  /** How long a statement may take to become true. */
  readonly patienceMs: number;
  readonly hasClock: boolean;
  /** Camunda's client; `onAnswer` hears the status of every answer. */
  client(onAnswer?: (status: number) => void): CamundaClient;
  /** A request the client would refuse to send. `path` begins with `/v2`. */
  raw(method: string, path: string, body?: string | FormData, contentType?: string): Promise<Response>;
  /** Time passes, stopping at what is due on the way; with `leap` in one jump. */
  advance(milliseconds: number, leap: boolean): Promise<void>;
  /** Returns when nothing is left to do (at once where that cannot be known). */
  settle(): Promise<void>;
  /** To be called before a scenario that moves the clock. */
  useClock(): Promise<void>;
  stop(): Promise<void>;
}

/** Thrown when the client's check of a request or an answer against the API's description found something. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/**
 * Time on a cluster, moved by pinning its clock. A pinned clock stands still, and whatever is scheduled for a moment later never comes; going back
 * to real time leaves everything periodic waiting for a time that is far away. So, once started, the pin is moved on four times a second until
 * the run is over.
 */
class PinnedClock {
  readonly #pin: (timestamp: number) => Promise<unknown>;
  #ahead = 0;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(pin: (timestamp: number) => Promise<unknown>) {
    this.#pin = pin;
  }

  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#pin(Date.now() + this.#ahead);
    } finally {
      this.#busy = false;
    }
  }

  async start(): Promise<void> {
    if (this.#timer) return;
    await this.#tick();
    // a tick that fails is made good by the next one
    this.#timer = setInterval(() => void this.#tick().catch(() => undefined), 250);
  }

  /** In a dozen steps, so that what is due on the way comes by itself; in one when it shall leap. */
  async advance(milliseconds: number, leap: boolean): Promise<void> {
    const steps = leap ? 1 : 12;
    for (let step = 0; step < steps; step++) {
      this.#ahead += milliseconds / steps;
      await sleep(1300);
    }
  }

  /** @returns whether the clock had been started */
  stop(): boolean {
    clearInterval(this.#timer);
    return this.#timer !== undefined;
  }
}

type Fetch = (request: Request) => Promise<Response>;

function makeTarget(
  about: Pick<Target, 'name' | 'version' | 'grain' | 'patienceMs' | 'hasClock'> & {
    address: string;
    fetch: Fetch;
    /** Absent: neither settling nor moving time by the lab's own endpoints. */
    steered: boolean;
    /** Settings of the SDK; absent: no login. */
    login?: CamundaOptions['config'];
    stop: () => Promise<void>;
  },
): Target {
  const { address, fetch } = about;
  const client = (onAnswer?: (status: number) => void): CamundaClient =>
    createCamundaClient({
      config: {
        ...about.login,
        CAMUNDA_REST_ADDRESS: address,
        ...(about.login ? {} : { CAMUNDA_AUTH_STRATEGY: 'NONE' as const }),
        // req:strict would send 64 bit numbers as text, which gateways refuse (test/zeebe-lab/REST.md)
        CAMUNDA_SDK_VALIDATION: 'req:warn,res:fanatical',
        CAMUNDA_SDK_HTTP_RETRY_MAX_ATTEMPTS: about.name === 'cluster' ? 3 : 1,
        CAMUNDA_SDK_BACKPRESSURE_PROFILE: 'LEGACY',
      },
      fetch: async (input, init) => {
        const answer = await fetch(new Request(input, init));
        onAnswer?.(answer.status);
        return answer;
      },
      log: {
        level: 'warn',
        transport: (event) => {
          const said = JSON.stringify(event, (_, value: unknown) =>
            typeof value === 'bigint' ? value.toString() : value,
          );
          if (said.includes('validat')) throw new ShapeError(said);
        },
      },
    });
  const raw: Target['raw'] = async (method, path, body, contentType = 'application/json') => {
    const headers: Record<string, string> = about.login ? await client().getAuthHeaders() : {};
    if (typeof body === 'string') headers['content-type'] = contentType;
    return fetch(new Request(address + path, { method, headers, ...(body === undefined ? {} : { body }) }));
  };
  const steer = async (path: string, body: object): Promise<void> => {
    const answer = await raw('POST', path, JSON.stringify(body));
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const clock =
    about.steered || !about.hasClock ? undefined : new PinnedClock((timestamp) => client().pinClock({ timestamp }));
  return {
    name: about.name,
    version: about.version,
    grain: about.grain,
    patienceMs: about.patienceMs,
    hasClock: about.hasClock,
    client,
    raw,
    async advance(milliseconds, leap) {
      if (about.steered) return steer('/lab/advance', { milliseconds, leap });
      await clock?.advance(milliseconds, leap);
    },
    async settle() {
      if (about.steered) await steer('/lab/settle', {});
    },
    async useClock() {
      await clock?.start();
    },
    async stop() {
      if (clock?.stop()) await client().resetClock();
      await about.stop();
    },
  };
}

// ---- embedded ------------------------------------------------------------------------------

/** The embedded cluster in this process, on a database of its own. With `searchDelayMs` its searches lag as a cluster's do. */
export async function startEmbedded(options: { searchDelayMs?: number } = {}): Promise<Target> {
  const { startEmbeddedCluster } = await import('../../src/engine/embedded/index.ts');
  const database = await startTestDatabase();
  const cluster = await startEmbeddedCluster({
    connectionString: database.connectionString,
    clock: 'controlled',
    ...options,
  });
  const lags = (options.searchDelayMs ?? 0) > 0;
  return makeTarget({
    name: 'embedded',
    version: 'embedded',
    grain: lags ? 'end' : 'steps',
    patienceMs: lags ? 5_000 : 2_000,
    hasClock: true,
    address: 'http://embedded.invalid',
    fetch: (request) => cluster.fetch(request),
    steered: true,
    stop: async () => {
      await cluster.stop();
      await database.stop();
    },
  });
}

// ---- the lab -------------------------------------------------------------------------------

const LAB = join(import.meta.dirname, '..', 'zeebe-lab');

/** Directory of a JDK 21 or newer: JAVA_HOME, else the default one or those installed beside it; undefined when there is none. */
export function findJdk(): string | undefined {
  const candidates = [process.env['JAVA_HOME'] ?? ''];
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const java = join(folder, 'java');
    if (!existsSync(java)) continue;
    const home = dirname(dirname(realpathSync(java)));
    candidates.push(home, ...readdirSync(dirname(home)).map((beside) => join(dirname(home), beside)));
    break;
  }
  if (existsSync('/usr/lib/jvm'))
    candidates.push(...readdirSync('/usr/lib/jvm').map((name) => join('/usr/lib/jvm', name)));
  return candidates.find((home) => home !== '' && existsSync(join(home, 'bin', 'javac')) && majorOf(home) >= 21);
}

/** The version in the file `release` that every JDK since 9 carries. */
function majorOf(home: string): number {
  const release = join(home, 'release');
  if (!existsSync(release)) return 0;
  const text = readFileSync(release, 'utf8');
  return Number(/JAVA_VERSION="(\d+)/.exec(text)?.[1] ?? 0);
}

/** What the lab needs and this machine lacks, in words; undefined when it can run. */
export function labLacks(): string | undefined {
  if (findJdk() === undefined) return 'a JDK 21 or newer (JAVA_HOME)';
  const maven = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, 'mvn')));
  if (!maven && !existsSync(join(LAB, 'target', 'built'))) return 'Maven';
  return undefined;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/**
 * Starts the lab as a process of its own, or uses the one at LAB_ADDRESS. The first start builds it, which takes a minute and the
 * network.
 */
export async function startLab(): Promise<Target & { readonly address: string }> {
  const running = process.env['LAB_ADDRESS'];
  let child: ChildProcess | undefined;
  let address = running;
  if (address === undefined) {
    const home = findJdk();
    if (home === undefined) throw new Error('The lab needs a JDK 21 or newer; set JAVA_HOME.');
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    child = await spawnLab(home, port);
  }
  const version = await versionOf(address, (request) => globalThis.fetch(request));
  const target = makeTarget({
    name: 'lab',
    version,
    grain: 'steps',
    patienceMs: 2_000,
    hasClock: true,
    address,
    fetch: (request) => globalThis.fetch(request),
    steered: true,
    stop: async () => {
      child?.kill('SIGTERM');
    },
  });
  return { ...target, address };
}

async function spawnLab(home: string, port: number): Promise<ChildProcess> {
  const child = spawn(join(LAB, 'run'), [String(port)], {
    env: { ...process.env, JAVA_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // whoever forgets to stop it must not leave it behind
  process.once('exit', () => child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('zeebe-lab ready')) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) =>
      reject(new Error(`The lab ended with ${code ?? 'a signal'} before it was ready:\n${said}`)),
    );
    child.once('error', reject);
  });
  return child;
}

async function versionOf(address: string, fetch: Fetch, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(new Request(`${address}/v2/topology`, { headers }));
  if (!answer.ok) throw new Error(`${address}/v2/topology answered ${answer.status}`);
  const topology: unknown = await answer.json();
  if (typeof topology === 'object' && topology !== null && 'gatewayVersion' in topology)
    return String(topology.gatewayVersion);
  return 'unknown';
}

// ---- any cluster ---------------------------------------------------------------------------

/**
 * A cluster at CAMUNDA_REST_ADDRESS, with the SDK's own environment variables for logging in.
 * @param options.moveClock whether scenarios may pin the cluster's clock, which everyone on it would notice
 */
export async function connectCluster(options: { moveClock: boolean }): Promise<Target> {
  const given = process.env['CAMUNDA_REST_ADDRESS'];
  if (given === undefined) throw new Error('Set CAMUNDA_REST_ADDRESS, e.g. http://localhost:8080');
  const address = given.replace(/\/+$/, '').replace(/\/v2$/, '');
  const probe = createCamundaClient({ config: { CAMUNDA_REST_ADDRESS: address } });
  const version = await versionOf(address, (request) => globalThis.fetch(request), await probe.getAuthHeaders());
  return makeTarget({
    name: 'cluster',
    version,
    grain: 'end',
    patienceMs: 20_000,
    hasClock: options.moveClock,
    address,
    fetch: (request) => globalThis.fetch(request),
    steered: false,
    login: { CAMUNDA_REST_ADDRESS: address },
    stop: () => Promise.resolve(),
  });
}
