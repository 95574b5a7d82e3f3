import { execFile } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Systemfeil } from '../logg/index.ts';

const run = promisify(execFile);

interface Eier {
  pid: number;
  /** når prosessen startet, så et gjenbrukt prosessnummer ikke forveksles med eieren */
  startet: string;
}

/** Datamappa er i bruk av en annen, levende prosess. */
export class DatamappeIBruk extends Systemfeil {
  override name = 'DatamappeIBruk';
}

async function startet(pid: number): Promise<string | null> {
  try {
    process.kill(pid, 0);
  } catch (feil) {
    if (!(feil instanceof Error && 'code' in feil && feil.code === 'EPERM')) return null;
  }
  if (process.platform === 'win32') return String(pid);
  if (process.platform === 'linux') {
    // Felt 22 er starttiden; navnet i parentes kan selv ha mellomrom og parenteser. Små containere har ikke alltid ps.
    return readFile(`/proc/${pid}/stat`, 'utf8').then(
      (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null,
      () => null,
    );
  }
  return run('ps', ['-p', String(pid), '-o', 'lstart='], { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } }).then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}

/**
 * Tar datamappa for denne prosessen. To prosesser på samme innebygde database ville stoppe den for hverandre.
 * En eier som er død (kill -9) tas over.
 * @returns funksjonen som gir mappa fri
 * @throws DatamappeIBruk når en levende prosess har den
 */
export async function taDatamappa(mappe: string): Promise<() => Promise<void>> {
  const fil = path.join(mappe, 'eier.json');
  const egen: Eier = { pid: process.pid, startet: (await startet(process.pid)) ?? '' };
  for (let forsoek = 0; forsoek < 5; forsoek++) {
    try {
      const haandtak = await open(fil, 'wx', 0o600);
      await haandtak.writeFile(JSON.stringify(egen));
      await haandtak.close();
      return () => rm(fil, { force: true });
    } catch (feil) {
      if (!(feil instanceof Error && 'code' in feil && feil.code === 'EEXIST')) throw feil;
    }
    const tekst = await readFile(fil, 'utf8').catch(() => '');
    const eier = lesEier(tekst);
    if (eier && eier.pid !== process.pid && (await startet(eier.pid)) === eier.startet) {
      throw new DatamappeIBruk(
        `Systemet kjører allerede på denne datamappa (${mappe}), som prosess ${eier.pid}. Stopp det først, eller velg en annen DATA_DIR.`,
      );
    }
    await rm(fil, { force: true });
  }
  throw new DatamappeIBruk(`Flere prosesser prøver å starte på ${mappe} samtidig.`);
}

function lesEier(tekst: string): Eier | null {
  try {
    const verdi: unknown = JSON.parse(tekst);
    if (typeof verdi !== 'object' || verdi === null || !('pid' in verdi) || !('startet' in verdi)) return null;
    return typeof verdi.pid === 'number' && typeof verdi.startet === 'string'
      ? { pid: verdi.pid, startet: verdi.startet }
      : null;
  } catch {
    return null; // en halvskrevet fil etter et avbrudd
  }
}
