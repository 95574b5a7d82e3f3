import { createCamundaClient, type CamundaClient } from '@camunda8/orchestration-cluster-api';
import { feilsetning, Systemfeil } from '../logg/index.ts';

export type { CamundaClient } from '@camunda8/orchestration-cluster-api';

/** The embedded cluster as the client sees it: one handler for every path under `/v2`, called without a socket. */
export interface InnebygdKlynge {
  fetch(request: Request): Promise<Response>;
}

/**
 * The client of the embedded cluster: Camunda's own, with the cluster's handlers as its `fetch`. The same type as a real cluster's
 * client, so nothing else in the app knows which it is.
 *
 * Retries of the client are off: outbox, workers and reconciler each retry in their own way, and a second layer below would only
 * hide that the cluster is away.
 * @param validering `CAMUNDA_SDK_VALIDATION`; tests check every answer with `req:warn,res:fanatical` (`req:strict` of 8.8.4 sends
 *   64 bit numbers as text, which Camunda's gateway refuses as well)
 */
export function lagMotorklient(valg: { cluster: InnebygdKlynge; validering?: string | undefined }): CamundaClient {
  return createCamundaClient({
    env: {
      CAMUNDA_SDK_HTTP_RETRY_MAX_ATTEMPTS: '1',
      CAMUNDA_SDK_LOG_LEVEL: 'silent',
      // Observes only. The default gate lets 16 calls through at a time; the workers' long polls, one per job type, would hold them
      // all while every command waits for a poll to end. The cluster says 429/503 itself.
      CAMUNDA_SDK_BACKPRESSURE_PROFILE: 'LEGACY',
      CAMUNDA_REST_ADDRESS: 'http://embedded.invalid',
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      CAMUNDA_SDK_VALIDATION: valg.validering,
    },
    fetch: (input, init) => valg.cluster.fetch(new Request(input, init)),
  });
}

/**
 * The client of a Camunda 8 cluster, made by the SDK: authentication, TLS and the rest come from the SDK's own names in the
 * environment. Without CAMUNDA_AUTH_STRATEGY it does not log in. The SDK is loaded only here, since it is large.
 */
export async function lagClusterklient(adresse: string): Promise<CamundaClient> {
  // The SDK hands on only the settings it knows itself; this one is read from the environment (why: lagMotorklient).
  process.env['CAMUNDA_SDK_BACKPRESSURE_PROFILE'] ??= 'LEGACY';
  const { Camunda8 } = await import('@camunda8/sdk');
  return new Camunda8({
    // The SDK derives CAMUNDA_REST_ADDRESS from this older name, whose default would win over the environment.
    ZEEBE_REST_ADDRESS: adresse,
    ...(process.env['CAMUNDA_AUTH_STRATEGY'] ? {} : { CAMUNDA_AUTH_STRATEGY: 'NONE' as const }),
  }).getOrchestrationClusterApiClient();
}

/** A failed call, reduced to what our own code decides on. `status` is null when the cluster did not answer at all. */
export interface Motorfeil {
  status: number | null;
  melding: string;
  /** The same call may succeed later: no answer, overload, or the cluster not ready. */
  kanProevesIgjen: boolean;
}

function felt(verdi: unknown, navn: string): unknown {
  return typeof verdi === 'object' && verdi !== null && navn in verdi ? Reflect.get(verdi, navn) : undefined;
}

/** Reads status and text out of anything that the client throws. */
export function lesMotorfeil(feil: unknown): Motorfeil {
  const raa = felt(feil, 'status');
  const status = typeof raa === 'number' ? raa : null;
  // Only the cluster's own answer may speak; the text of anything else (the database's, the network's) can quote what was sent.
  const detalj = status === null ? undefined : felt(feil, 'detail');
  const melding = typeof detalj === 'string' ? detalj : feilsetning(feil);
  return { status, melding, kanProevesIgjen: status === null || status === 408 || status === 429 || status >= 500 };
}

/** Runs a call with a limit; when it is passed the request is aborted, so that nothing hangs on a cluster that went silent. */
export async function medTidsgrense<T>(kall: Promise<T> & { cancel(): void }, ms: number): Promise<T> {
  let ute = false;
  const vakt = setTimeout(() => {
    ute = true;
    kall.cancel();
  }, ms);
  try {
    return await kall;
  } catch (feil) {
    if (ute) throw new Systemfeil(`No answer from the engine within ${ms} ms.`, { cause: feil });
    throw feil;
  } finally {
    clearTimeout(vakt);
  }
}
