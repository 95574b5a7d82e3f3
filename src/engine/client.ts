import { createCamundaClient, type CamundaClient } from '@camunda8/orchestration-cluster-api';

export type { CamundaClient } from '@camunda8/orchestration-cluster-api';

/** The embedded cluster as the client sees it: one handler for every path under `/v2`, called without a socket. */
export interface InnebygdKlynge {
  fetch(request: Request): Promise<Response>;
}

/**
 * The client of the cluster the app runs on. With `cluster` it calls the embedded one in the same process, and the environment
 * is not read; without, the SDK's own names decide (CAMUNDA_REST_ADDRESS, CAMUNDA_AUTH_STRATEGY …). Both are the same type, so
 * nothing else in the app knows which it is.
 *
 * The SDK's own HTTP retries are off unless configured: outbox, workers and reconciler each retry in their own way, and a
 * second layer below would only hide that the cluster is away.
 *
 * `CAMUNDA_SDK_VALIDATION=res:fanatical` checks every answer. `req:strict` cannot be used with 8.8.4: its validation rewrites
 * 64-bit numbers (`timeout`, `timeToLive`) as texts, and the API refuses a number that is a text.
 */
export function lagMotorklient(valg: {
  cluster?: InnebygdKlynge;
  env?: Record<string, string | undefined>;
}): CamundaClient {
  const egne = { CAMUNDA_SDK_HTTP_RETRY_MAX_ATTEMPTS: '1', CAMUNDA_SDK_LOG_LEVEL: 'silent' };
  const { cluster, env = {} } = valg;
  if (!cluster) return createCamundaClient({ env: { ...egne, ...env } });
  return createCamundaClient({
    env: {
      ...egne,
      CAMUNDA_REST_ADDRESS: 'http://embedded.invalid',
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      // The embedded cluster says 429/503 itself; the client's own gate would queue behind it.
      CAMUNDA_SDK_BACKPRESSURE_PROFILE: 'LEGACY',
      CAMUNDA_SDK_VALIDATION: env['CAMUNDA_SDK_VALIDATION'],
    },
    fetch: (input, init) => cluster.fetch(new Request(input, init)),
  });
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
  const detalj = felt(feil, 'detail') ?? felt(feil, 'message');
  const melding = typeof detalj === 'string' ? detalj : String(feil);
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
    if (ute) throw new Error(`No answer from the engine within ${ms} ms.`, { cause: feil });
    throw feil;
  } finally {
    clearTimeout(vakt);
  }
}
