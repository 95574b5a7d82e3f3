import { Router, type Request } from 'express';
import { aapneRolle, avsluttRolle, brukerSoek, medGrunn, sperrBruker } from '../contract/api.ts';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kanKanskje, type Handling } from '../tilgang/index.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { hentBrukere } from './liste.ts';
import {
  aapneBruker,
  aapneRolle as aapneRollen,
  avsluttRolle as avsluttRollen,
  frigjoerHos,
  sperrBruker as sperr,
  type BrukerAvh,
} from './sperring.ts';

const ID = /^[a-z0-9-]{2,60}$/;

/** Brukeren i adressen. Det som ikke er en id, finnes ikke. */
function brukerParam(req: Request): string {
  const id = req.params['id'];
  if (typeof id !== 'string' || !ID.test(id)) throw ikkeFunnet();
  return id;
}

function krev(req: Request, handling: Handling): Innlogget {
  const bruker = innlogget(req);
  if (!kanKanskje(bruker, handling)) throw ikkeFunnet();
  return bruker;
}

/** Rutene under /api/brukere: hvem som har hvilke roller og oppgaver, og det å ta dem bort og gi dem igjen. */
export function lagBrukerRuter(avh: BrukerAvh): Router {
  const ruter = Router();
  ruter.get('/brukere', async (req, res) => {
    const bruker = krev(req, 'bruker:les');
    res.json(await hentBrukere(avh.ds.manager, bruker, tolk(brukerSoek, req.query), avh.klokke.naa()));
  });
  ruter.post('/brukere/:id/sperr', async (req, res) => {
    const bruker = krev(req, 'bruker:sperr');
    res.json(await sperr(avh, bruker, brukerParam(req), tolk(sperrBruker, req.body)));
  });
  ruter.post('/brukere/:id/aapne', async (req, res) => {
    const bruker = krev(req, 'bruker:sperr');
    res.json(await aapneBruker(avh, bruker, brukerParam(req), tolk(medGrunn, req.body).grunn));
  });
  ruter.post('/brukere/:id/roller/avslutt', async (req, res) => {
    const bruker = krev(req, 'bruker:avslutt-rolle');
    res.json(await avsluttRollen(avh, bruker, brukerParam(req), tolk(avsluttRolle, req.body)));
  });
  ruter.post('/brukere/:id/roller/aapne', async (req, res) => {
    const bruker = krev(req, 'bruker:avslutt-rolle');
    res.json(await aapneRollen(avh, bruker, brukerParam(req), tolk(aapneRolle, req.body)));
  });
  ruter.post('/brukere/:id/frigjoer', async (req, res) => {
    const bruker = krev(req, 'oppgave:fordel');
    res.json(await frigjoerHos(avh, bruker, brukerParam(req), tolk(medGrunn, req.body).grunn));
  });
  return ruter;
}
