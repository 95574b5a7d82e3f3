import { Innstillingsfeil, lesKonfig } from './config.ts';
import { DatamappeIBruk } from './db/eier.ts';
import { startApp } from './server.ts';

/**
 * Kjører appen til den får SIGINT eller SIGTERM, og stopper da alt den startet.
 * @param rot prosjektets rot
 */
export async function kjoer(rot: string): Promise<void> {
  try {
    const app = await startApp(lesKonfig(rot), { si: (linje) => console.log(linje) });
    console.log(app.velkomst.join('\n'));
    let stopper = false;
    const stopp = (): void => {
      if (stopper) process.exit(1); // den som trykker to ganger vil ut nå; databasen tåler det
      stopper = true;
      console.log('Stopper …');
      void app.stopp().then(
        () => process.exit(0),
        (feil: unknown) => {
          console.error(feil);
          process.exit(1);
        },
      );
    };
    process.on('SIGINT', stopp);
    process.on('SIGTERM', stopp);
    process.on('SIGHUP', stopp);
  } catch (feil) {
    if (feil instanceof Innstillingsfeil || feil instanceof DatamappeIBruk) console.error(feil.message);
    else if (feil instanceof Error && 'code' in feil && feil.code === 'EADDRINUSE') {
      console.error('Porten er opptatt av et annet program. Velg en annen med PORT, f.eks. PORT=3001 npm start.');
    } else console.error('Appen kom ikke opp:', feil);
    process.exit(1);
  }
}
