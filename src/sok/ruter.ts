import { Router } from 'express';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { sokSvar } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { loggSoek } from '../dokument/index.ts';
import { innlogget } from '../http/innlogget.ts';
import { tolk } from '../http/tolk.ts';
import { soekOppgaver } from '../oppgave/liste.ts';
import { soekPersonerPaaNavn } from '../person/index.ts';
import { soekSaker } from '../sak/index.ts';
import type { Innlogget } from '../tilgang/index.ts';

const KORTESTE_SOK = 2;
const FLEST_TREFF = 10;
/**
 * Seks sifre på rad er en fødselsdato eller mer. Det skal ikke stå i en adresse og søkes ikke her; skjermen sender et
 * helt fødselsnummer i kroppen til /personer/soek.
 */
const NUMMER = /\d{6}/;
const sporring = z.object({ q: z.string().trim().max(200, 'Søket kan ha høyst 200 tegn.').default('') });

/**
 * Personer, saker og oppgaver på én gang. Hver del bruker sin egen liste med sitt eget tilgangsfilter, så søket aldri
 * finner mer enn listene viser. Hvem det viste fram, står i innsynsloggen.
 */
export async function soek(
  ds: DataSource,
  klokke: Klokke,
  bruker: Innlogget,
  q: string,
): Promise<z.infer<typeof sokSvar>> {
  if (q.length < KORTESTE_SOK || NUMMER.test(q.replace(/\s/g, ''))) return { personer: [], saker: [], oppgaver: [] };
  return iTransaksjon(ds, async (tx) => {
    const svar = {
      personer: (await soekPersonerPaaNavn(tx, klokke, bruker, q)).slice(0, FLEST_TREFF),
      saker: await soekSaker(tx, bruker, q, FLEST_TREFF),
      oppgaver: await soekOppgaver(tx, bruker, q, klokke.naa(), FLEST_TREFF),
    };
    const ider = (rader: readonly { id: string }[]): string[] => rader.map((r) => r.id);
    await loggSoek(tx, {
      naa: klokke.naa(),
      brukerId: bruker.id,
      handling: 'soek',
      personer: ider(svar.personer),
      saker: ider(svar.saker),
      oppgaver: ider(svar.oppgaver),
    });
    return svar;
  });
}

/** GET /sok?q= for navn, saksnummer og steg. */
export function lagSokRuter({ ds, klokke }: { ds: DataSource; klokke: Klokke }): Router {
  const ruter = Router();
  ruter.get('/sok', async (req, res) => {
    res.json(await soek(ds, klokke, innlogget(req), tolk(sporring, req.query).q));
  });
  return ruter;
}
