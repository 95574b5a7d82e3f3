import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../contract/api.ts';
import { Problemfeil, ikkeFunnet } from './problem.ts';

/** Feilkoder som betyr at databasen er borte eller på vei opp: nettverk, og PostgreSQL klasse 08, 53 og 57P. */
const DATABASE_BORTE = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|08...|53...|57P..)$/;
/** PostgreSQL lagrer ikke tegnet NUL, verken i tekst (22021) eller JSON (22P05). */
const UGYLDIG_TEGN = /^(22021|22P05)$/;
/** «already released»: TypeORM gir fra seg en tilkobling som brytes mellom to spørringer i en transaksjon. */
const TILKOBLING_BRUTT =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|already released/;

function kode(feil: unknown): string {
  for (let e = feil; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string') return e.code;
    if ('driverError' in e && e.driverError instanceof Error && e.driverError !== e) return kode(e.driverError);
  }
  return '';
}

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
  if (feil instanceof Error && feil.name === 'MulterError') {
    return new Problemfeil(413, 'Vedlegget kan ikke tas imot', vedleggsfeil(kode(feil)), [
      { felt: 'filer', melding: vedleggsfeil(kode(feil)) },
    ]);
  }
  if (kode(feil) === 'EBADCSRFTOKEN' || status === 403) {
    return new Problemfeil(
      403,
      'Økten er fornyet',
      'Siden var åpen for lenge. Last siden på nytt og prøv igjen. Ingenting er lagret.',
    );
  }
  if (UGYLDIG_TEGN.test(kode(feil))) {
    return new Problemfeil(
      422,
      'Ugyldig tegn',
      'Teksten inneholder et usynlig tegn som ikke kan lagres. Ingenting er lagret. Skriv teksten på nytt uten å lime inn.',
    );
  }
  if (status === 400)
    return new Problemfeil(400, 'Kan ikke leses', 'Forespørselen kan ikke leses. Ingenting er lagret.');
  if (DATABASE_BORTE.test(kode(feil)) || (feil instanceof Error && TILKOBLING_BRUTT.test(feil.message))) {
    return new Problemfeil(
      503,
      'Systemet er borte et øyeblikk',
      'Databasen svarer ikke. Det du har lagret før er trygt. Vent litt og prøv igjen.',
      undefined,
      { cause: feil },
    );
  }
  return new Problemfeil(
    500,
    'Noe gikk galt',
    'Det skjedde en feil hos oss. Ingenting av det du gjorde nå er lagret. Prøv igjen, og si fra til systemansvarlig hvis det gjentar seg.',
    undefined,
    { cause: feil },
  );
}

function vedleggsfeil(kode: string): string {
  if (kode === 'LIMIT_FILE_SIZE') return 'En fil er for stor. Hver fil kan være høyst 20 MB.';
  if (kode === 'LIMIT_FILE_COUNT') return 'For mange filer. Legg ved høyst ti.';
  return 'Vedleggene kan ikke leses.';
}

/** Det ene stedet feil blir til svar: problem details på bokmål, med riktig status, og uten innmat. */
export function lagFeilbehandler(logg: Logger): ErrorRequestHandler {
  return (feil: unknown, req, res, _next) => {
    const problemfeil = tilProblem(feil);
    // Adressens spørredel kan inneholde navn og skrives aldri i loggen.
    if (problemfeil.status >= 500)
      logg.error({ err: problemfeil.cause ?? feil, metode: req.method, sti: req.path }, problemfeil.title);
    if (res.headersSent) {
      // Svaret er alt på vei (en strøm, eller økten som ikke lot seg fornye): det kan bare avsluttes.
      res.end();
      return;
    }
    const kropp: Problem = {
      type: 'about:blank',
      title: problemfeil.title,
      status: problemfeil.status,
      detail: problemfeil.message,
      ...(problemfeil.feil ? { feil: problemfeil.feil } : {}),
    };
    if (problemfeil.status === 503) res.setHeader('Retry-After', '2');
    res.status(problemfeil.status).type('application/problem+json').send(JSON.stringify(kropp));
  };
}

/** Alt under /api som ingen rute svarer på. */
export const ukjentRute: RequestHandler = () => {
  throw ikkeFunnet();
};
