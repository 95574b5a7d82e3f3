import { feilfakta } from './feil.ts';

/** Så lenge får det som ble startet på seg til å stoppe når appen har falt. */
const STOPP_ETTER_FALL_MS = 5_000;

/** Feilen med slag, kode og sted, på linjer en leser; til konsollen når appen ikke kom opp eller ikke lot seg stoppe. */
export function feiltekst(feil: unknown): string {
  return JSON.stringify(feilfakta(feil), null, 2);
}

/**
 * Tar imot feil ingen andre tok imot. Node ville skrevet alt feilen bærer på, også parametrene til en setning; her skrives slag,
 * kode og sted. Så stoppes det som er startet, og prosessen går ut med kode 1.
 * @param stopp stopper det som er startet
 */
export function vedFall(stopp: () => Promise<void>): void {
  let falt = false;
  for (const hendelse of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(hendelse, (feil: unknown) => {
      process.stderr.write(`Appen falt på en feil ingen tok imot, og stopper: ${feiltekst(feil)}\n`);
      if (falt) return;
      falt = true;
      setTimeout(() => process.exit(1), STOPP_ETTER_FALL_MS);
      void stopp().then(
        () => process.exit(1),
        () => process.exit(1),
      );
    });
  }
}
