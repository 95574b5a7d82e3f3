import { lesKonfig } from './config.ts';
import { feilfakta, feilkode, Systemfeil } from './logg/index.ts';
import { startApp, type App } from './server.ts';

/** Så lenge får det som ble startet på seg til å stoppe når appen har falt. */
const STOPP_ETTER_FALL_MS = 5_000;

/** Feilen med slag, kode og sted, på linjer en leser. Node ville skrevet alt feilen bærer på, også parametrene til en setning. */
function iTekst(feil: unknown): string {
  return JSON.stringify(feilfakta(feil), null, 2);
}

/**
 * Kjører appen til den får SIGINT eller SIGTERM, og stopper da alt den startet. En feil ingen tok imot, stopper den også.
 * @param rot prosjektets rot
 */
export async function kjoer(rot: string): Promise<void> {
  let app: App | null = null;
  let stopper = false;
  const avslutt = (kode: number): void => {
    if (stopper) process.exit(1); // den som trykker to ganger vil ut nå; databasen tåler det
    stopper = true;
    void (app?.stopp() ?? Promise.resolve()).then(
      () => process.exit(kode),
      (feil: unknown) => {
        console.error('Noe lot seg ikke stoppe:', iTekst(feil));
        process.exit(1);
      },
    );
  };
  for (const hendelse of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(hendelse, (feil: unknown) => {
      console.error('Appen falt på en feil ingen tok imot, og stopper:', iTekst(feil));
      setTimeout(() => process.exit(1), STOPP_ETTER_FALL_MS).unref();
      avslutt(1);
    });
  }
  try {
    app = await startApp(lesKonfig(rot), { si: (linje) => console.log(linje) });
    console.log(app.velkomst.join('\n'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!stopper) console.log('Stopper …');
        avslutt(0);
      });
    }
  } catch (feil) {
    if (feil instanceof Systemfeil) console.error(feil.message);
    else if (feilkode(feil) === 'EADDRINUSE') {
      console.error('Porten er opptatt av et annet program. Velg en annen med PORT, f.eks. PORT=3001 npm start.');
    } else console.error('Appen kom ikke opp:', iTekst(feil));
    process.exit(1);
  }
}
