import { Router } from 'express';
import type { DataSource } from 'typeorm';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import { hentRutiner } from './lager.ts';
import type { Diagramelement } from './les-diagram.ts';

function krevLesing(bruker: Innlogget): void {
  if (!kan(bruker, 'rutine:les')) throw ikkeFunnet();
}

function tilSteg({ elementId, navn, fase, tekst, dokumenter, hjemler }: Diagramelement) {
  return { elementId, navn, fase, tekst, dokumenter, hjemler };
}

/** GET /api/rutiner og /api/rutiner/:id: rutinene slik de gjelder nå. */
export function lagRutineRuter(avh: { ds: DataSource }): Router {
  const ruter = Router();
  ruter.get('/rutiner', async (req, res) => {
    krevLesing(innlogget(req));
    const rutiner = await hentRutiner(avh.ds.manager);
    res.json(
      rutiner.map((r) => ({
        id: r.prosessId,
        navn: r.navn,
        versjon: r.versjon,
        antallSteg: r.steg.filter((s) => s.slag === 'UserTask').length,
      })),
    );
  });
  ruter.get('/rutiner/:id', async (req, res) => {
    krevLesing(innlogget(req));
    const rutine = (await hentRutiner(avh.ds.manager)).find((r) => r.prosessId === req.params.id);
    if (!rutine) throw ikkeFunnet();
    const oppgaver = rutine.steg.filter((s) => s.slag === 'UserTask');
    res.json({
      id: rutine.prosessId,
      navn: rutine.navn,
      versjon: rutine.versjon,
      antallSteg: oppgaver.length,
      xml: rutine.xml,
      steg: oppgaver.map(tilSteg),
    });
  });
  return ruter;
}
