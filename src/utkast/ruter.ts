import { Router } from 'express';
import type { DataSource } from 'typeorm';
import { utkastlagring } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kanKanskje, type Innlogget } from '../tilgang/index.ts';
import { hentUtkast, lagreUtkast, slettUtkast, type Utkastnoekkel } from './lager.ts';

/** Utkast som er ens egne: ingen andre kan lese dem, og hver har ett. Slaget er det siste leddet i adressen. */
function mittEget(bruker: Innlogget): Utkastnoekkel {
  if (!kanKanskje(bruker, 'sak:opprett')) throw ikkeFunnet();
  return { slag: 'ny-anmodning', gjelder: bruker.id };
}

/** GET, PUT og DELETE /utkast/ny-anmodning: det en har skrevet på en ny anmodning som ikke er sendt ennå. */
export function lagUtkastRuter({ ds, klokke }: { ds: DataSource; klokke: Klokke }): Router {
  const ruter = Router();
  ruter.get('/utkast/ny-anmodning', async (req, res) => {
    res.json({ utkast: await hentUtkast(ds.manager, mittEget(innlogget(req))) });
  });
  ruter.put('/utkast/ny-anmodning', async (req, res) => {
    const bruker = innlogget(req);
    const noekkel = mittEget(bruker);
    const innsendt = tolk(utkastlagring, req.body);
    res.json(await iTransaksjon(ds, (tx) => lagreUtkast(tx, noekkel, bruker.id, innsendt, klokke.naa())));
  });
  ruter.delete('/utkast/ny-anmodning', async (req, res) => {
    const noekkel = mittEget(innlogget(req));
    await iTransaksjon(ds, (tx) => slettUtkast(tx, noekkel));
    res.status(204).end();
  });
  return ruter;
}
