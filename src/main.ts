import { lesKonfig } from './config.ts';
import { feilkode, feiltekst, Systemfeil, vedFall } from './logg/index.ts';
import { startApp, type App } from './server.ts';

/**
 * Kjører appen til den får SIGINT eller SIGTERM, og stopper da alt den startet.
 * @param rot prosjektets rot
 */
export async function kjoer(rot: string): Promise<void> {
  let oppe: App | null = null;
  vedFall(() => oppe?.stopp() ?? Promise.resolve());
  try {
    const app = await startApp(lesKonfig(rot), { si: (linje) => console.log(linje) });
    oppe = app;
    console.log(app.velkomst.join('\n'));
    let stopper = false;
    const stopp = (): void => {
      if (stopper) process.exit(1); // den som trykker to ganger vil ut nå; databasen tåler det
      stopper = true;
      console.log('Stopper …');
      void app.stopp().then(
        () => process.exit(0),
        (feil: unknown) => {
          console.error('Noe lot seg ikke stoppe:', feiltekst(feil));
          process.exit(1);
        },
      );
    };
    process.on('SIGINT', stopp);
    process.on('SIGTERM', stopp);
    process.on('SIGHUP', stopp);
  } catch (feil) {
    if (feil instanceof Systemfeil) console.error(feil.message);
    else if (feilkode(feil) === 'EADDRINUSE') {
      console.error('Porten er opptatt av et annet program. Velg en annen med PORT, f.eks. PORT=3001 npm start.');
    } else console.error('Appen kom ikke opp:', feiltekst(feil));
    process.exit(1);
  }
}
