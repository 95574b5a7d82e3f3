import { Router } from 'express';
import {
  besvarFor as besvarForKropp,
  fordelingskandidaterSoek,
  fordelOppgaver as fordelKropp,
  fullfoerOppgave as fullfoerKropp,
  oppgaveSoek,
  skrevet,
  utkastlagring,
} from '../contract/api.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { loggSoek } from '../dokument/index.ts';
import { idParam, innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kanKanskje } from '../tilgang/index.ts';
import { forhaandsvisBrev, hentDetalj, hentForslag, hentOppgaverad, type DetaljAvh } from './detalj.ts';
import { besvarFor, fordelOppgaver, hentFordelingskandidater } from './fordeling.ts';
import { fullfoerOppgave, type FullfoerAvh } from './fullfoer.ts';
import { lagreOppgaveutkast, leggTilbake, taOppgave } from './krav.ts';
import { hentListe } from './liste.ts';

export type OppgaveAvh = FullfoerAvh & DetaljAvh;

/** Rutene under /api/oppgaver. */
export function lagOppgaveRuter(avh: OppgaveAvh): Router {
  const { ds, klokke } = avh;
  const ruter = Router();
  ruter.get('/oppgaver', async (req, res) => {
    const soek = tolk(oppgaveSoek, req.query);
    const bruker = innlogget(req);
    // Arbeidslista selv logges ikke rad for rad; et søk i den viser fram dem det fant.
    if (soek.sok.trim() === '' && soek.personId === undefined) {
      res.json(await hentListe(ds.manager, bruker, soek, klokke.naa()));
      return;
    }
    const liste = await iTransaksjon(ds, async (tx) => {
      const funnet = await hentListe(tx, bruker, soek, klokke.naa());
      const oppgaver = funnet.rader.map((r) => r.id);
      await loggSoek(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'oppgave:soek', oppgaver });
      return funnet;
    });
    res.json(liste);
  });
  ruter.get('/oppgaver/kandidater', async (req, res) => {
    const bruker = innlogget(req);
    if (!kanKanskje(bruker, 'oppgave:fordel')) throw ikkeFunnet();
    const { ider } = tolk(fordelingskandidaterSoek, req.query);
    res.json(await hentFordelingskandidater(avh, bruker, ider));
  });
  ruter.post('/oppgaver/fordel', async (req, res) => {
    const bruker = innlogget(req);
    if (!kanKanskje(bruker, 'oppgave:fordel')) throw ikkeFunnet();
    res.json(await fordelOppgaver(avh, bruker, tolk(fordelKropp, req.body)));
  });
  ruter.post('/oppgaver/:id/besvar-for', async (req, res) => {
    const bruker = innlogget(req);
    if (!kanKanskje(bruker, 'oppgave:besvar-for')) throw ikkeFunnet();
    const { grunn } = tolk(besvarForKropp, req.body);
    res.json(await besvarFor(avh, bruker, idParam(req), grunn));
  });
  ruter.get('/oppgaver/:id', async (req, res) => {
    res.json(await hentDetalj(avh, innlogget(req), idParam(req)));
  });
  ruter.post('/oppgaver/:id/ta', async (req, res) => {
    const bruker = innlogget(req);
    await iTransaksjon(ds, (tx) => taOppgave(tx, klokke, bruker, idParam(req)));
    res.json(await hentOppgaverad(avh, bruker, idParam(req)));
  });
  ruter.post('/oppgaver/:id/legg-tilbake', async (req, res) => {
    const bruker = innlogget(req);
    await iTransaksjon(ds, (tx) => leggTilbake(tx, klokke, bruker, idParam(req)));
    res.json(await hentOppgaverad(avh, bruker, idParam(req)));
  });
  ruter.put('/oppgaver/:id/utkast', async (req, res) => {
    const innsendt = tolk(utkastlagring, req.body);
    const bruker = innlogget(req);
    res.json(await iTransaksjon(ds, (tx) => lagreOppgaveutkast(tx, klokke, bruker, idParam(req), innsendt)));
  });
  ruter.post('/oppgaver/:id/fullfoer', async (req, res) => {
    const innsending = tolk(fullfoerKropp, req.body);
    res.json(await fullfoerOppgave(avh, innlogget(req), idParam(req), innsending));
  });
  ruter.post('/oppgaver/:id/forslag', async (req, res) => {
    const { data } = tolk(skrevet, req.body);
    res.json(await hentForslag(avh, innlogget(req), idParam(req), data));
  });
  ruter.post('/oppgaver/:id/forhaandsvis-brev', async (req, res) => {
    const { data } = tolk(skrevet, req.body);
    res.json(await forhaandsvisBrev(avh, innlogget(req), idParam(req), data));
  });
  return ruter;
}
