import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Systemfeil } from '../logg/index.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ULOVLIG = /[\\/:*?"<>|\u0000-\u001f]/g;

/** Et navn som er trygt som filnavn: ingen stier, ingen tegn et filsystem tolker. */
export function tryggFilnavn(navn: string): string {
  const rent = navn.replace(ULOVLIG, '_').replace(/^\.+/, '_').slice(0, 150);
  return rent === '' ? 'fil' : rent;
}

async function finnes(sti: string): Promise<boolean> {
  return stat(sti).then(
    (s) => s.isDirectory(),
    () => false,
  );
}

async function skrivOgSikre(sti: string, innhold: string | Buffer): Promise<void> {
  const fil = await open(sti, 'wx', 0o600);
  try {
    await fil.writeFile(innhold);
    await fil.sync();
  } finally {
    await fil.close();
  }
}

async function sikreMappe(sti: string): Promise<void> {
  // Windows kan ikke åpne en mappe for fsync; der er navnebyttet journalført av filsystemet.
  const mappe = await open(sti, 'r').catch(() => null);
  await mappe?.sync().catch(() => undefined);
  await mappe?.close();
}

/** Tar bort det et drept forsøk på den samme id-en etterlot. Et forsøk som pågår, ser da at mappa finnes og er fornøyd. */
async function fjernRester(arbeidsmappe: string, id: string): Promise<void> {
  const navn = await readdir(arbeidsmappe).catch(() => []);
  for (const n of navn) {
    if (n.startsWith(id)) await rm(path.join(arbeidsmappe, n), { recursive: true, force: true });
  }
}

/**
 * Skriver filene i mappa `<rot>/<id>` helt eller ikke i det hele tatt: de skrives i en arbeidsmappe ved siden av
 * (`<rot>.tmp`), som til slutt får det riktige navnet. Finnes id-en fra før, gjøres ingenting. Tåler at appen drepes når
 * som helst, og at to skriver samtidig.
 * @returns true når mappa ble laget nå
 */
export async function skrivMappeEnGang(rot: string, id: string, filer: Map<string, string | Buffer>): Promise<boolean> {
  if (!ID.test(id)) throw new Systemfeil('Id-en er ikke en UUID og kan ikke bli et mappenavn.');
  const maal = path.join(rot, id);
  const arbeidsmappe = `${rot}.tmp`;
  const midlertidig = path.join(arbeidsmappe, `${id}-${randomUUID()}`);
  let ny = false;
  if (!(await finnes(maal))) {
    try {
      await mkdir(rot, { recursive: true, mode: 0o700 });
      await mkdir(midlertidig, { recursive: true, mode: 0o700 });
      for (const [navn, innhold] of filer) await skrivOgSikre(path.join(midlertidig, tryggFilnavn(navn)), innhold);
      await sikreMappe(midlertidig);
      await rename(midlertidig, maal);
      await sikreMappe(rot);
      ny = true;
    } catch (feil) {
      await rm(midlertidig, { recursive: true, force: true });
      // En annen skrev den samme id-en imens; å bytte navn til en mappe med innhold blir avvist.
      if (!(await finnes(maal))) throw feil;
    }
  }
  await fjernRester(arbeidsmappe, id);
  return ny;
}
