import { Router, type Request, type RequestHandler } from 'express';
import type { DataSource, EntityManager } from 'typeorm';
import { leggVedDokument as leggVedKropp, nyAnmodning, sakSoek, trekkSak, type Prosess } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { FLEST_VEDLEGG, loggInnsynEnGang, loggSoek, STOERSTE_VEDLEGG } from '../dokument/index.ts';
import { idParam, innlogget } from '../http/innlogget.ts';
import { lagOpplasting } from '../http/opplasting.ts';
import { ikkeFunnet, ugyldigeFelter } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kan, kanKanskje } from '../tilgang/index.ts';
import { krevUendret, slettUtkast } from '../utkast/index.ts';
import { hentMottaksenheter, registrerAnmodning } from './anmodning.ts';
import { leggVedDokument } from './dokument.ts';
import { hentPersonstatus, hentSak, hentSaker } from './les.ts';
import { kreverSak } from './tilgang.ts';
import { trekkAnmodning } from './trekk.ts';

export interface SakAvh {
  ds: DataSource;
  klokke: Klokke;
  /** diagrammene saken er i; leveres av modulen som kjenner motoren */
  hentProsess: (m: EntityManager, sakId: string) => Promise<Prosess>;
}

const STOERSTE_FELT = 200 * 1024;

/** Anmodningen i feltet «anmodning» når det er filer med, ellers kroppen selv. */
function anmodningskropp(req: Request): unknown {
  if (!req.is('multipart/form-data')) return req.body;
  const felt: unknown = req.body?.anmodning;
  try {
    return typeof felt === 'string' ? JSON.parse(felt) : undefined;
  } catch {
    throw ugyldigeFelter([{ felt: 'anmodning', melding: 'Anmodningen er ikke gyldig JSON.' }]);
  }
}

function filene(req: Request): Express.Multer.File[] {
  return Array.isArray(req.files) ? req.files : [];
}

/** Rutene for anmodning, saksliste, saksbilde, prosess og trekk, og hva som gjelder for en person. */
export function lagSakRuter({ ds, klokke, hentProsess }: SakAvh): Router {
  const ruter = Router();
  const medFiler = lagOpplasting('filer', {
    filstoerrelse: STOERSTE_VEDLEGG,
    filer: FLEST_VEDLEGG,
    feltstoerrelse: STOERSTE_FELT,
  });

  ruter.get('/anmodninger/enheter', async (req, res) => {
    if (!kanKanskje(innlogget(req), 'sak:opprett')) throw ikkeFunnet();
    res.json(await hentMottaksenheter(ds.manager, innlogget(req)));
  });
  ruter.get('/personer/:id/status', async (req, res) => {
    const bruker = innlogget(req);
    const id = idParam(req);
    if (!kan(bruker, 'person:soek')) throw ikkeFunnet();
    const status = await iTransaksjon(ds, async (tx) => {
      const funnet = await hentPersonstatus(tx, klokke, bruker, id);
      await loggInnsynEnGang(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'person:les', personId: id });
      return funnet;
    });
    res.json(status);
  });

  // Tilgangen avgjøres før filene tas imot.
  const kanOpprette: RequestHandler = (req, _res, neste) => {
    if (!kanKanskje(innlogget(req), 'sak:opprett')) throw ikkeFunnet();
    neste();
  };
  const kanLeggeVed: RequestHandler = async (req, _res, neste) => {
    await kreverSak(ds.manager, innlogget(req), 'dokument:registrer', idParam(req));
    neste();
  };

  ruter.post('/saker', kanOpprette, medFiler, async (req, res) => {
    const bruker = innlogget(req);
    const anmodning = tolk(nyAnmodning, anmodningskropp(req));
    const sak = await iTransaksjon(ds, async (tx) => {
      const utkast = { slag: 'ny-anmodning', gjelder: bruker.id } as const;
      const { utkastversjon } = anmodning;
      if (utkastversjon !== undefined) await krevUendret(tx, utkast, utkastversjon);
      const registrert = await registrerAnmodning(tx, klokke, bruker, anmodning, filene(req));
      if (utkastversjon !== undefined) await slettUtkast(tx, utkast);
      return registrert;
    });
    res.status(201).json(sak);
  });

  ruter.get('/saker', async (req, res) => {
    const bruker = innlogget(req);
    const soek = tolk(sakSoek, req.query);
    const liste = await iTransaksjon(ds, async (tx) => {
      const funnet = await hentSaker(tx, bruker, soek);
      // Arbeidslista selv logges ikke rad for rad; et søk i den viser fram dem det fant.
      if (soek.sok.trim() !== '') {
        const saker = funnet.rader.map((r) => r.id);
        await loggSoek(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'sak:soek', saker });
      }
      return funnet;
    });
    res.json(liste);
  });

  ruter.get('/saker/:id', async (req, res) => {
    const bruker = innlogget(req);
    const id = idParam(req);
    const sak = await iTransaksjon(ds, async (tx) => {
      const detalj = await hentSak(tx, klokke, bruker, id);
      await loggInnsynEnGang(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'sak:les', sakId: id });
      return detalj;
    });
    res.json(sak);
  });

  ruter.get('/saker/:id/prosess', async (req, res) => {
    const id = idParam(req);
    const bruker = innlogget(req);
    // Loggraden først, i sin egen transaksjon: motoren skal ikke svare mens en transaksjon står åpen.
    await iTransaksjon(ds, async (tx) => {
      await kreverSak(tx, bruker, 'sak:les', id);
      await loggInnsynEnGang(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'sak:les', sakId: id });
    });
    res.json(await hentProsess(ds.manager, id));
  });

  ruter.post('/saker/:id/dokumenter', kanLeggeVed, medFiler, async (req, res) => {
    const bruker = innlogget(req);
    const id = idParam(req);
    const kropp = tolk(leggVedKropp, req.body);
    await iTransaksjon(ds, (tx) => leggVedDokument(tx, klokke, bruker, id, kropp, filene(req)));
    res.status(204).end();
  });

  ruter.post('/saker/:id/trekk', async (req, res) => {
    const bruker = innlogget(req);
    const id = idParam(req);
    await kreverSak(ds.manager, bruker, 'sak:les', id);
    const kropp = tolk(trekkSak, req.body);
    await iTransaksjon(ds, (tx) => trekkAnmodning(tx, klokke, bruker, id, kropp));
    res.status(204).end();
  });

  return ruter;
}
