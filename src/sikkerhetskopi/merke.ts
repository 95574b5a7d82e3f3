import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Startfeil } from '../db/startfeil.ts';

/** Ligger i datamappa så lenge en gjenoppretting pågår. Blir den avbrutt, starter ingen på noe halvt. */
const MERKE = 'gjenoppretting-paagaar';
/** Det et filsystem selv legger i rota av en disk. */
const FILSYSTEMETS = new Set(['lost+found', '.snapshot']);

/** @throws Startfeil når en gjenoppretting til mappa ble avbrutt */
export async function krevHelDatamappe(dataDir: string): Promise<void> {
  const halv = await stat(path.join(dataDir, MERKE)).then(
    () => true,
    () => false,
  );
  if (!halv) return;
  throw new Startfeil(
    `En gjenoppretting til ${dataDir} ble avbrutt eller pågår. Det som ligger der, er ikke helt. Tøm mappa og kjør npm run restore igjen.`,
  );
}

async function innhold(dataDir: string): Promise<string[]> {
  return (await readdir(dataDir)).filter((navn) => !FILSYSTEMETS.has(navn));
}

export interface Gjenoppretting {
  /** Mappa er hel: herfra kan systemet startes. */
  fullfoer(): Promise<void>;
  /** Tar bort alt som rakk å bli lagt inn; mappa er tom som før. */
  angre(): Promise<void>;
}

/**
 * Merker den tomme datamappa som under gjenoppretting.
 * @throws Startfeil når mappa har noe i seg
 */
export async function startGjenoppretting(dataDir: string): Promise<Gjenoppretting> {
  await mkdir(dataDir, { recursive: true });
  const fraFoer = await innhold(dataDir);
  if (fraFoer.length > 0) {
    throw new Startfeil(
      `${dataDir} er ikke tom. Ingenting er endret. Gjenopprett til en tom mappe (DATA_DIR), og bytt til den når du har sett at alt er der.`,
    );
  }
  const merke = path.join(dataDir, MERKE);
  const fil = await open(merke, 'wx', 0o600);
  await fil.sync();
  await fil.close();
  return {
    fullfoer: () => rm(merke),
    async angre() {
      // Merket til slutt: et avbrudd her etterlater heller ikke noe som ser helt ut.
      for (const navn of (await innhold(dataDir)).filter((n) => n !== MERKE)) {
        await rm(path.join(dataDir, navn), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      }
      await rm(merke, { force: true });
    },
  };
}
