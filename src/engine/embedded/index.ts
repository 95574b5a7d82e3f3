/**
 * The embedded cluster: Camunda's Orchestration Cluster REST API v2 (8.8) in this process, on PostgreSQL. See
 * docs/adr/0001-embedded-engine-single-writer-group-commit.md.
 */
import { createApi } from './api/index.ts';
import { Engine } from './engine.ts';
import { MIGRATIONS } from './state/schema.ts';
import type { Log } from './state/writer.ts';

export { migrate as migrateEngineSchema } from './state/load.ts';
/** The version of the schema `engine` that this code writes. */
export const ENGINE_SCHEMA_VERSION = MIGRATIONS.length;

export interface EmbeddedClusterOptions {
  /** PostgreSQL; the engine keeps its own schema `engine` there and migrates it itself. */
  connectionString: string;
  /** 'controlled' allows `PUT /v2/clock` and what tests use to let time pass. Default 'system'. */
  clock?: 'system' | 'controlled';
  /** The zone whose calendar long durations and cron cycles follow. Default Europe/Oslo. */
  zone?: string;
  /** Test switch: searches see only what was committed this long ago, as on a real cluster. Default 0. */
  searchDelayMs?: number;
  /** Tests: allows `POST /lab/reset`, which empties the engine. */
  allowReset?: boolean;
  /** At most so many commands share a commit (512), wait (2,000), and so many instances stay loaded (20,000). */
  maxBatch?: number;
  maxQueue?: number;
  maxLoaded?: number;
  /** Commands that wait hold at most so many characters together (64 Mi). */
  maxQueueSize?: number;
  log?: Log;
}

export interface EmbeddedCluster {
  /** The whole `/v2` API without a socket; a `fetch` for Camunda's own client. */
  fetch(input: Request): Promise<Response>;
  /** The engine's clock. */
  now(): Date;
  /** False: a stand-by, commands answer 503 until the lock is won. */
  isWriter(): boolean;
  metrics(): ReturnType<Engine['metrics']>;
  /** Test switch: drops the writer's connection as a network would. */
  breakConnection(): void;
  /** Finishes the batch that is running and lets the lock go. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded cluster. Resolves when this process writes, or has found that another one does.
 * @throws when the database cannot be reached or its rows cannot be read
 */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const engine = new Engine({
    connectionString: options.connectionString,
    clock: options.clock ?? 'system',
    zone: options.zone ?? 'Europe/Oslo',
    searchDelayMs: options.searchDelayMs ?? 0,
    allowReset: options.allowReset ?? false,
    maxBatch: options.maxBatch ?? 512,
    maxQueue: options.maxQueue ?? 2000,
    maxQueueSize: options.maxQueueSize ?? 64 * 1024 * 1024,
    maxLoaded: options.maxLoaded ?? 20_000,
    log: options.log ?? (() => undefined),
  });
  await engine.start();
  const api = createApi(engine, (message, data) => options.log?.('error', message, data));
  let stopped: Promise<void> | undefined;
  return {
    fetch: (request) => api.fetch(request),
    now: () => engine.now(),
    isWriter: () => engine.isWriter(),
    metrics: () => engine.metrics(),
    breakConnection: () => engine.breakConnection(),
    stop: () => (stopped ??= engine.stop().then(() => api.close())),
  };
}
