import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { feilkode } from '../logg/index.ts';
import { Kopifeil } from './beholder.ts';

/** Det datamappa holder som ikke lages på nytt: signeringen av øktene, og navnet motoren kjenner installasjonen på. */
const HEMMELIGHETER = ['okthemmelighet', 'installasjon'];
const LOVLIG = /^(?:okthemmelighet|installasjon|(?:utsending|arkiv)\/[0-9a-f-]{36}\/[^/\\]+)$/;

export interface Fil {
  /** stien i datamappa, med skråstrek */
  sti: string;
  innhold: Buffer;
}

async function lesHvisFinnes(sti: string): Promise<Buffer | null> {
  return readFile(sti).catch((feil: unknown) => {
    if (feilkode(feil) === 'ENOENT') return null;
    throw feil;
  });
}

/**
 * Filene som hører til radene i øyeblikksbildet. En forsendelse som radene sier ikke er sendt, er ikke med: den skrives på nytt, med
 * samme id, av den som gjenoppretter. Mappene skrives én gang og endres aldri, så de kan leses etter radene.
 * @param manglet kalles med stien til en mappe som radene nevner og som er flyttet bort
 */
export async function* finnFiler(
  klient: pg.Client,
  dataDir: string,
  manglet: (sti: string) => void,
): AsyncGenerator<Fil> {
  for (const navn of HEMMELIGHETER) {
    const innhold = await lesHvisFinnes(path.join(dataDir, navn));
    if (innhold) yield { sti: navn, innhold };
  }
  for (const [rot, sporring] of [
    ['utsending', `select id::text from utsending where sendt is not null order by id`],
    ['arkiv', `select id::text from arkivering where arkivert is not null order by id`],
  ] as const) {
    const { rows } = await klient.query<{ id: string }>(sporring);
    for (const { id } of rows) {
      const mappe = path.join(dataDir, rot, id);
      const navn = await readdir(mappe).catch((feil: unknown) => {
        if (feilkode(feil) === 'ENOENT') return null;
        throw feil;
      });
      if (!navn) manglet(`${rot}/${id}`);
      for (const n of [...(navn ?? [])].sort()) {
        yield { sti: `${rot}/${id}/${n}`, innhold: await readFile(path.join(mappe, n)) };
      }
    }
  }
}

/** Legger en fil fra kopien i datamappa. @throws Kopifeil når stien peker et annet sted */
export async function leggFil(dataDir: string, { sti, innhold }: Fil): Promise<void> {
  if (!LOVLIG.test(sti) || sti.includes('..'))
    throw new Kopifeil('Sikkerhetskopien har en fil som ikke hører hjemme i datamappa.');
  const maal = path.join(dataDir, ...sti.split('/'));
  await mkdir(path.dirname(maal), { recursive: true, ...(sti.includes('/') ? { mode: 0o700 } : {}) });
  const fil = await open(maal, 'wx', 0o600);
  try {
    await fil.writeFile(innhold);
    await fil.sync();
  } finally {
    await fil.close();
  }
}
