import type { InnebygdKlynge } from '../../src/engine/client.ts';
import { lagClusterklient, lagMotorklient } from '../../src/engine/client.ts';

import { lagTestdatabase } from '../hjelp/database.ts';

export interface Testmotor {
  klient: { klynge: InnebygdKlynge } | { env: Record<string, string> };
  /** Publiserer en melding utenom utboksen. */
  publiser(navn: string, noekkel: string): Promise<void>;
  /** Lar tiden gå i motoren. */
  flytt(ms: number): Promise<void>;
  stopp(): Promise<void>;
}

/** Motoren prøvene går på: Camundas egen når LAB_ADDRESS er satt, ellers den innebygde på en egen database. */
export async function startTestmotor(): Promise<Testmotor> {
  const lab = process.env['LAB_ADDRESS'];
  const db = lab ? null : await lagTestdatabase();
  const klynge: (InnebygdKlynge & { stop(): Promise<void> }) | null = db
    ? await (
        await import('../../src/engine/embedded/index.ts')
      ).startEmbeddedCluster({ connectionString: db.url, clock: 'controlled' })
    : null;
  const env = { CAMUNDA_REST_ADDRESS: lab ?? '' };
  if (lab) await fetch(`${lab}/lab/reset`, { method: 'POST' });
  const klient = klynge ? lagMotorklient({ cluster: klynge }) : await lagClusterklient(lab ?? '');
  const send = (request: Request): Promise<Response> => (klynge ? klynge.fetch(request) : fetch(request));
  return {
    klient: klynge ? { klynge } : { env },
    async publiser(navn, noekkel) {
      await klient.publishMessage({ name: navn, correlationKey: noekkel, timeToLive: 60_000 });
    },
    async flytt(ms) {
      const adresse = klynge ? 'http://innebygd.invalid' : env.CAMUNDA_REST_ADDRESS;
      await send(
        new Request(`${adresse}/lab/advance`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ milliseconds: ms }),
        }),
      );
    },
    async stopp() {
      await klynge?.stop();
      await db?.slett();
    },
  };
}
