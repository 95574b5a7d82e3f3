import { readFileSync } from 'node:fs';
import { lesKonfig } from './config.ts';
import { vedFall } from './logg/index.ts';
import { startApp, type App } from './server.ts';
import { forklarStartfeil } from './startfeil.ts';

/** Under `nohup` skal appen leve videre når terminalen lukkes; en egen lytter på SIGHUP ville tatt det bort. */
function hangupErIgnorert(): boolean {
  try {
    const ignorert = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return ignorert !== undefined && (BigInt(`0x${ignorert}`) & 1n) === 1n;
  } catch {
    return false; // ikke Linux
  }
}

/**
 * Kjører appen til den får SIGINT eller SIGTERM, og stopper da alt den startet, også midt i starten.
 * @param rot prosjektets rot
 */
export async function kjoer(rot: string): Promise<void> {
  // En lukket terminal eller logg skal ikke ta med seg appen.
  for (const stroem of [process.stdout, process.stderr]) stroem.on('error', () => undefined);
  const avbryt = new AbortController();
  let app: App | null = null;
  let kode = 0;
  vedFall(() => app?.stopp() ?? Promise.resolve());
  const stoppApp = (oppe: App): void => {
    void oppe.stopp().then(
      () => process.exit(kode),
      (feil: unknown) => {
        console.error(forklarStartfeil(feil));
        process.exit(1);
      },
    );
  };
  const stopp = (): void => {
    if (avbryt.signal.aborted) process.exit(1); // den som trykker to ganger vil ut nå; databasen får beskjed og tåler det
    avbryt.abort();
    console.log('Stopper …');
    if (app) stoppApp(app);
  };
  process.on('SIGINT', stopp);
  process.on('SIGTERM', stopp);
  if (!hangupErIgnorert()) process.on('SIGHUP', stopp);
  try {
    const oppe = await startApp(lesKonfig(rot), {
      si: (linje) => console.log(linje),
      avbrutt: avbryt.signal,
      vedTapt: () => {
        console.error('En annen prosess har tatt datamappa. Denne stopper for ikke å skrive i den samtidig.');
        kode = 1;
        if (!avbryt.signal.aborted) stopp();
      },
    });
    app = oppe;
    if (avbryt.signal.aborted) return stoppApp(oppe);
    console.log(oppe.velkomst.join('\n'));
  } catch (feil) {
    if (avbryt.signal.aborted) process.exit(kode);
    console.error(forklarStartfeil(feil));
    process.exit(1);
  }
}
