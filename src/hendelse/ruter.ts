import { Router } from 'express';
import { innlogget } from '../http/innlogget.ts';
import { Problemfeil } from '../http/problem.ts';
import type { Hub } from './hub.ts';

export interface HendelseAvh {
  hub: Hub;
}

/** Nettlesere og mellomledd lukker stille forbindelser; et tegn i blant holder dem åpne. */
const PULS_MS = 20_000;
/** Etter så lang tid kobler skjermen seg til på nytt, og da leses rollene på nytt. */
const LEVETID_MS = 10 * 60_000;
const MAKS_SKJERMER = 2_000;

/**
 * GET /api/hendelser: id-er til det som endrer seg og som brukeren har tilgang til (server-sent events). Begynner med
 * `bruker` (hvem strømmen er for) og slutter med `slutt` når økten ikke gjelder lenger.
 */
export function lagHendelseRuter(avh: HendelseAvh): Router {
  const ruter = Router();
  ruter.get('/hendelser', (req, res) => {
    const bruker = innlogget(req);
    if (avh.hub.antall() >= MAKS_SKJERMER) {
      throw new Problemfeil(503, 'For mange følger med', 'Siden virker, men oppdaterer seg ikke selv akkurat nå.');
    }
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    // Strømmen følger økten, ikke siden: den sier hvem den er for, så en side som viser en annen, ikke bruker den.
    res.write(`retry: 2000\n\nevent: bruker\ndata: ${JSON.stringify({ id: bruker.id })}\n\n`);
    const meldAv = avh.hub.abonner({
      oektId: req.sessionID,
      bruker,
      send: (varsel) => void res.write(`data: ${JSON.stringify(varsel)}\n\n`),
      slutt: () => res.end('event: slutt\ndata: {}\n\n'),
    });
    const puls = setInterval(() => res.write(': puls\n\n'), PULS_MS);
    const slutt = setTimeout(() => res.end(), LEVETID_MS);
    puls.unref();
    slutt.unref();
    res.on('close', () => {
      meldAv();
      clearInterval(puls);
      clearTimeout(slutt);
    });
  });
  return ruter;
}
