import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmbeddedCluster } from '../../src/engine/embedded/index.ts';
import { lagTestdatabase } from '../hjelp/database.ts';

/** Et cluster på en egen adresse, slik kommunens Camunda ville vært, som kan tas bort og komme tilbake. */
export interface Fjernklynge {
  adresse: string;
  /** Nettet til clusteret brytes: hvert kall mister forbindelsen uten svar. */
  taBort(): void;
  kommTilbake(): void;
  stopp(): Promise<void>;
}

async function kropp(inn: IncomingMessage): Promise<Buffer> {
  const deler: Buffer[] = [];
  for await (const del of inn) deler.push(del as Buffer); // en strøm uten koding gir Buffer
  return Buffer.concat(deler);
}

/** Starter clusteret på en ledig port. */
export async function startFjernklynge(): Promise<Fjernklynge> {
  const db = await lagTestdatabase();
  const klynge = await startEmbeddedCluster({ connectionString: db.url });
  let borte = false;
  const tjener = createServer((inn, ut) => {
    // Den som venter på en jobb og blir borte, skal ikke få den: da ble den liggende til tiden var ute.
    const gaatt = new AbortController();
    ut.once('close', () => gaatt.abort());
    void (async () => {
      const data = await kropp(inn);
      if (borte) return inn.socket.destroy();
      const svar = await klynge.fetch(
        new Request(`http://klynge.invalid${inn.url ?? '/'}`, {
          method: inn.method ?? 'GET',
          signal: gaatt.signal,
          headers: { 'content-type': inn.headers['content-type'] ?? 'application/json' },
          ...(data.length > 0 ? { body: new Uint8Array(data) } : {}),
        }),
      );
      const innhold = Buffer.from(await svar.arrayBuffer());
      if (borte) return inn.socket.destroy();
      ut.writeHead(svar.status, { 'content-type': svar.headers.get('content-type') ?? 'application/json' });
      ut.end(innhold);
      return undefined;
    })().catch(() => inn.socket.destroy());
  });
  await new Promise<void>((ok) => tjener.listen(0, '127.0.0.1', ok));
  const { port } = tjener.address() as AddressInfo; // en TCP-tjener som lytter, har alltid en slik adresse
  return {
    adresse: `http://127.0.0.1:${port}`,
    taBort() {
      borte = true;
      tjener.closeAllConnections();
    },
    kommTilbake() {
      borte = false;
    },
    async stopp() {
      tjener.closeAllConnections();
      await new Promise((ok) => tjener.close(ok));
      await klynge.stop();
      await db.slett();
    },
  };
}
