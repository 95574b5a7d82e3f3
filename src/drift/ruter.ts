import { Router } from 'express';
import { iTransaksjon } from '../db/transaksjon.ts';
import { idParam, innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { proevIgjen } from '../oppgave/index.ts';
import { proevUtboksIgjen } from '../outbox/index.ts';
import { kan } from '../tilgang/index.ts';
import { hentDrift, type DriftAvh } from './status.ts';

/** Rutene til drift: bildet, og å prøve igjen det som feilet. */
export function lagDriftRuter(avh: DriftAvh): Router {
  const ruter = Router();
  ruter.get('/drift', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'drift:les')) throw ikkeFunnet();
    res.json(await hentDrift(avh, bruker));
  });
  ruter.post('/drift/utboks/proev-igjen', async (req, res) => {
    if (!kan(innlogget(req), 'drift:proev-igjen')) throw ikkeFunnet();
    res.json({ antall: await iTransaksjon(avh.ds, (tx) => proevUtboksIgjen(tx, null)) });
  });
  ruter.post('/oppgaver/:id/proev-igjen', async (req, res) => {
    const bruker = innlogget(req);
    await iTransaksjon(avh.ds, (tx) => proevIgjen(tx, avh.klokke, bruker, idParam(req)));
    res.status(204).end();
  });
  return ruter;
}
