import { parentPort, workerData } from 'node:worker_threads';
import { feilsetning } from '../logg/index.ts';
import { tegnBrev } from './pdf-tegner.ts';
import type { Dekning, Skrifter } from './skrift.ts';
import type { Brev } from './typer.ts';

// Tråden startes bare av pdf.ts, som sender skriftene som workerData og ett brev per melding.
const { skrifter, dekt } = workerData as { skrifter: Skrifter; dekt: Dekning };

parentPort?.on('message', (brev: Brev) => {
  // I et løfte fra første stund: en feil i begynnelsen av tegningen skal heller ikke felle tråden.
  void Promise.resolve(brev)
    .then((b) => tegnBrev(b, skrifter, dekt))
    .then(
      (pdf) => parentPort?.postMessage({ pdf }),
      // Bare hva og hvor: en feil i tegningen kan sitere brevet.
      (feil: unknown) => parentPort?.postMessage({ feil: feilsetning(feil) }),
    );
});
