import { readFile } from 'node:fs/promises';
import { Startfeil } from '../db/startfeil.ts';

const MINSTE_LENGDE = 12;

/**
 * Nøkkelen en sikkerhetskopi krypteres med: innholdet i nøkkelfila når den er gitt, ellers BACKUP_KEY.
 * @returns null når ingen er gitt
 * @throws Startfeil når fila ikke kan leses, eller nøkkelen er for kort til å beskytte noe
 */
export async function lesNoekkel(fraMiljoet: string, noekkelfil: string | null): Promise<string | null> {
  let noekkel = fraMiljoet;
  if (noekkelfil !== null) {
    noekkel = await readFile(noekkelfil, 'utf8').then(
      (tekst) => tekst.trim(),
      (cause: unknown) => {
        throw new Startfeil(`Nøkkelfila ${noekkelfil} kan ikke leses.`, { cause });
      },
    );
  } else if (!noekkel) return null;
  if (noekkel.length >= MINSTE_LENGDE) return noekkel;
  throw new Startfeil(`Nøkkelen er for kort. Den må ha minst ${MINSTE_LENGDE} tegn.`);
}
