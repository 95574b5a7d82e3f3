import { setTimeout as vent } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

export interface Lytter {
  stopp(): Promise<void>;
}

/**
 * Lytter på PostgreSQL-kanaler over én egen tilkobling og kobler seg til igjen når den brytes. Det som ble meldt i
 * mellomtiden er tapt; `vedTilkobling` kalles derfor ved hver (ny) tilkobling, så mottakerne kan se etter selv.
 * @param url adressen til databasen
 * @param kanaler navnet på kanalen og hva som skal skje med hver melding
 */
export function startLytter(
  url: string,
  kanaler: Readonly<Record<string, (innhold: string) => void>>,
  valg: { logg: Pick<Logger, 'warn'>; vedTilkobling?: () => void },
): Lytter {
  const avbryt = new AbortController();
  let aktiv: pg.Client | null = null;

  async function hold(): Promise<void> {
    while (!avbryt.signal.aborted) {
      const klient = new pg.Client({
        connectionString: url,
        application_name: 'individuell-plan-lytter',
        keepAlive: true,
      });
      const brutt = new Promise<void>((klar) => {
        klient.on('end', () => klar());
        klient.on('error', () => klar());
      });
      klient.on('notification', ({ channel, payload }) => kanaler[channel]?.(payload ?? ''));
      try {
        await klient.connect();
        aktiv = klient;
        for (const kanal of Object.keys(kanaler)) await klient.query(`listen ${pg.escapeIdentifier(kanal)}`);
        valg.vedTilkobling?.();
        await brutt;
      } catch (feil) {
        if (!avbryt.signal.aborted) valg.logg.warn({ err: feil }, 'Får ikke lyttet på databasen. Prøver igjen.');
      }
      aktiv = null;
      await klient.end().catch(() => undefined);
      await vent(500, undefined, { signal: avbryt.signal }).catch(() => undefined);
    }
  }

  const loekke = hold();
  return {
    async stopp() {
      avbryt.abort();
      await aktiv?.end().catch(() => undefined);
      await loekke;
    },
  };
}
