import { rmSync } from 'node:fs';
import path from 'node:path';
import { lesKonfig } from '../../src/config.ts';
import type { Klokke } from '../../src/contract/klokke.ts';
import { startApp, type App } from '../../src/server.ts';
import { startLab } from '../conformance/harness.ts';
import { lagTestdatabase } from './database.ts';
import { lagTestmappe } from './mappe.ts';

const ROT = path.resolve(import.meta.dirname, '..', '..');

export interface Testapp {
  adresse: string;
  app: App;
  databaseUrl: string;
  dataDir: string;
  /** Flytter tiden for motor og fagdel, med stopp ved hver frist på veien. */
  flyttTid(ms: number): Promise<void>;
  stopp(): Promise<void>;
}

interface Valg {
  motor: 'innebygd' | 'zeebe';
  /** ekstra innstillinger, som i miljøet */
  miljoe?: NodeJS.ProcessEnv;
  /** som Startvalg.avstemMs */
  avstemMs?: number;
}

/** Appen i denne prosessen, på en egen database, med den innebygde motoren eller Camundas egen (zeebe-lab), og en klokke som kan flyttes. */
export async function startTestapp({ motor, miljoe = {}, avstemMs = 60_000 }: Valg): Promise<Testapp> {
  const db = await lagTestdatabase();
  const dataDir = lagTestmappe('app-');
  const lab = motor === 'zeebe' ? await startLab() : null;
  let forskjoevet = 0;
  const labklokke: Klokke = { naa: () => new Date(Date.now() + forskjoevet) };
  const konfig = lesKonfig(ROT, {
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: db.url,
    DEMO_DATA: 'nei',
    ENGINE_CLOCK: 'controlled',
    LOG_LEVEL: process.env['TEST_LOGG'] ?? 'error',
    ...(lab ? { CAMUNDA_REST_ADDRESS: lab.address } : {}),
    ...miljoe,
  });
  const app = await startApp(konfig, lab ? { klokke: labklokke, avstemMs } : { avstemMs });
  return {
    adresse: app.adresse,
    app,
    databaseUrl: db.url,
    dataDir,
    async flyttTid(ms) {
      if (lab) {
        forskjoevet += ms;
        await lab.advance(ms, false);
      } else {
        const kropp = JSON.stringify({ milliseconds: ms });
        const svar = await app.klynge?.fetch(
          new Request('http://innebygd.invalid/lab/advance', {
            method: 'POST',
            body: kropp,
            headers: { 'content-type': 'application/json' },
          }),
        );
        if (svar?.ok !== true)
          throw new Error(`tiden lot seg ikke flytte: ${svar?.status} ${(await svar?.text()) ?? ''}`);
      }
    },
    async stopp() {
      await app.stopp();
      await lab?.stop();
      await db.slett();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
