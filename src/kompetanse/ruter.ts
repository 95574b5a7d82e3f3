import { Router } from 'express';
import type { DataSource } from 'typeorm';
import { registrerKompetanse } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kanKanskje } from '../tilgang/index.ts';
import { hentOversikt, registrerOppmoete } from './oppmoete.ts';

export interface KompetanseAvh {
  ds: DataSource;
  klokke: Klokke;
}

/** POST /kompetanse (registrer oppmøte på kurs) og GET /kompetanse/oversikt. */
export function lagKompetanseRuter({ ds, klokke }: KompetanseAvh): Router {
  const ruter = Router();
  ruter.post('/kompetanse', async (req, res) => {
    const bruker = innlogget(req);
    if (!kanKanskje(bruker, 'kompetanse:registrer')) throw ikkeFunnet();
    const data = tolk(registrerKompetanse, req.body);
    await iTransaksjon(ds, (tx) => registrerOppmoete(tx, klokke, bruker, data));
    res.status(204).end();
  });
  ruter.get('/kompetanse/oversikt', async (req, res) => {
    const bruker = innlogget(req);
    if (!kanKanskje(bruker, 'kompetanse:les')) throw ikkeFunnet();
    res.json(await hentOversikt(ds.manager, klokke, bruker));
  });
  return ruter;
}
