import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../contract/api.ts';
import { feilkode, feilslag, type Feilslag } from '../logg/index.ts';
import { Problemfeil, ikkeFunnet } from './problem.ts';
import { sendSide } from './side.ts';

/** PostgreSQL lagrer ikke tegnet NUL, verken i tekst (22021) eller JSON (22P05). */
const UGYLDIG_TEGN = /^(22021|22P05)$/;

type Svar = readonly [status: number, tittel: string, detalj: string];

/**
 * Svaret når det er omgivelsene som svikter. 507 når disken er full eller feiler: 503 sier at det går over av seg selv, og får
 * både mellomledd og nettlesere til å prøve igjen; dette går ikke over før noen rydder plass. Resten går over, og er 503.
 */
const OMGIVELSER: Record<Exclude<Feilslag, 'ukjent'>, Svar> = {
  borte: [
    503,
    'Systemet er borte et øyeblikk',
    'Databasen svarer ikke. Det du har lagret før er trygt. Vent litt og prøv igjen.',
  ],
  full: [
    507,
    'Ikke plass til mer',
    'Det er ikke plass til mer på disken, så ingenting av det du gjorde nå er lagret. Si fra til systemansvarlig med en gang. Det du har lagret før er trygt.',
  ],
  disk: [
    507,
    'Disken kan ikke skrives til',
    'Disken er full eller virker ikke som den skal, så ingenting av det du gjorde nå er lagret. Si fra til systemansvarlig med en gang.',
  ],
  overlast: [
    503,
    'For mye å gjøre akkurat nå',
    'Databasen har for mye å gjøre akkurat nå. Ingenting av det du gjorde nå er lagret. Vent litt og prøv igjen.',
  ],
  avbrutt: [
    503,
    'Det tok for lang tid',
    'Det tok for lang tid og ble avbrutt. Ingenting av det du gjorde nå er lagret. Prøv igjen, og si fra til systemansvarlig hvis det gjentar seg.',
  ],
  samtidig: [
    503,
    'Noen andre gjorde det samme',
    'Noen andre endret det samme i samme øyeblikk. Ingenting av det du gjorde nå er lagret. Det er trygt å prøve igjen.',
  ],
};

function tilProblem(feil: unknown): Problemfeil {
  if (feil instanceof Problemfeil) return feil;
  const slag = feil instanceof Error && 'type' in feil ? feil.type : undefined;
  const status = feil instanceof Error && 'status' in feil ? feil.status : undefined;
  if (slag === 'entity.too.large') {
    return new Problemfeil(
      413,
      'For mye på én gang',
      'Det du sendte er for stort. Ingenting er lagret. Del det opp eller kort det ned.',
    );
  }
  if (slag === 'entity.parse.failed' || slag === 'charset.unsupported' || slag === 'encoding.unsupported') {
    return new Problemfeil(400, 'Kan ikke leses', 'Innholdet er ikke gyldig JSON. Ingenting er lagret.');
  }
  if (feilkode(feil) === 'EBADCSRFTOKEN' || status === 403) {
    return new Problemfeil(
      403,
      'Økten er fornyet',
      'Siden var åpen for lenge. Last siden på nytt og prøv igjen. Ingenting er lagret.',
    );
  }
  if (UGYLDIG_TEGN.test(feilkode(feil))) {
    return new Problemfeil(
      422,
      'Ugyldig tegn',
      'Teksten inneholder et usynlig tegn som ikke kan lagres. Ingenting er lagret. Skriv teksten på nytt uten å lime inn.',
    );
  }
  if (status === 400)
    return new Problemfeil(400, 'Kan ikke leses', 'Forespørselen kan ikke leses. Ingenting er lagret.');
  const omgivelser = feilslag(feil);
  if (omgivelser !== 'ukjent') return new Problemfeil(...OMGIVELSER[omgivelser], undefined, { cause: feil });
  return new Problemfeil(
    500,
    'Noe gikk galt',
    'Det skjedde en feil hos oss. Ingenting av det du gjorde nå er lagret. Prøv igjen, og si fra til systemansvarlig hvis det gjentar seg.',
    undefined,
    { cause: feil },
  );
}

const DELER = new Set(['api', 'auth', 'assets', 'health']);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Ruta og id-ene i adressen. Resten av adressen kan være noe en person har skrevet, og skrives aldri i loggen. */
function sted(req: Request): { sti: string; ider?: string } {
  const del = req.path.split('/')[1] ?? '';
  const rute: unknown = req.route?.path;
  const ider = req.path.match(UUID)?.join(' ');
  const sti = `/${DELER.has(del) ? del : ''}${typeof rute === 'string' && rute !== '/{*sti}' ? rute : ' …'}`;
  return { sti: sti.replace(/^\/(api|auth)\/\1\//, '/$1/'), ...(ider ? { ider } : {}) };
}

/** Det ene stedet feil blir til svar: problem details på bokmål, med riktig status, og uten innmat. */
export function lagFeilbehandler(logg: Logger): ErrorRequestHandler {
  return (feil: unknown, req, res, _next) => {
    const problemfeil = tilProblem(feil);
    if (problemfeil.status >= 500)
      logg.error({ err: problemfeil.cause ?? feil, metode: req.method, ...sted(req) }, problemfeil.title);
    if (res.headersSent) {
      // Svaret er alt på vei (en strøm, eller økten som ikke lot seg fornye): det kan bare avsluttes.
      res.end();
      return;
    }
    if (problemfeil.status === 503) res.setHeader('Retry-After', '2');
    const detalj = problemfeil.message;
    // En lenke som åpnes i nettleseren (et dokument i ny fane), får ord å lese; kall fra skjermen får problem details.
    if (req.method === 'GET' && req.accepts(['json', 'html']) === 'html') {
      sendSide(res, problemfeil.status, {
        tittel: problemfeil.title,
        tekst: [detalj],
        lenker:
          problemfeil.status === 401
            ? [{ tekst: 'Logg inn', til: '/logg-inn' }]
            : [{ tekst: 'Gå til Individuell plan', til: '/' }],
      });
      return;
    }
    const kropp: Problem = {
      type: problemfeil.type,
      title: problemfeil.title,
      status: problemfeil.status,
      detail: detalj,
      ...(problemfeil.feil ? { feil: problemfeil.feil } : {}),
      ...(problemfeil.utkast !== undefined ? { utkast: problemfeil.utkast } : {}),
      ...(problemfeil.bruker ? { bruker: problemfeil.bruker } : {}),
    };
    res.status(problemfeil.status).type('application/problem+json').send(JSON.stringify(kropp));
  };
}

/** Alt under /api som ingen rute svarer på. */
export const ukjentRute: RequestHandler = () => {
  throw ikkeFunnet();
};
