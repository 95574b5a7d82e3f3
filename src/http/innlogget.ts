import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { ANNEN_BRUKER, BRUKER_MANGLER, BRUKERHODE } from '../contract/innlogging.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { Problemfeil, ikkeFunnet } from './problem.ts';

declare module 'express-session' {
  interface SessionData {
    brukerId?: string;
    /** beviset fra identitetstjenesten på hvem som logget inn; sendes med når brukeren logges ut der også */
    idToken?: string;
    /** noen har logget ut her: neste innlogging skal spørre hvem det er, også når identitetstjenesten husker den forrige */
    spoerIgjen?: boolean;
  }
}

const brukere = new WeakMap<Request, Innlogget>();

/** Den innloggede brukeren; 401 når ingen er logget inn. */
export function innlogget(req: Request): Innlogget {
  const bruker = brukere.get(req);
  if (!bruker) throw new Problemfeil(401, 'Ikke logget inn', 'Du er ikke logget inn. Logg inn og prøv igjen.');
  return bruker;
}

/** Slår opp brukeren i økten ved hver forespørsel, så en rolle som er tatt bort slutter å virke straks. */
export function lesInnlogget(hentBruker: (id: string) => Promise<Innlogget | null>): RequestHandler {
  return async (req, _res, next) => {
    const id = req.session?.brukerId;
    const bruker = id ? await hentBruker(id) : null;
    if (bruker) brukere.set(req, bruker);
    next();
  };
}

/** Det som må virke uavhengig av hvem siden viser: å finne ut hvem som er logget inn, og å logge inn. */
const UTEN_BRUKER = new Set(['/meg', '/demo/brukere', '/demo/logg-inn']);

/**
 * Slipper bare gjennom det som kommer fra den siden viser. Økten deles av alle faner i nettleseren; uten dette ville det
 * en fane viser som den enes, bli gjort i navnet til den som har logget inn i en annen fane imens. En endring må si hvem
 * den er fra (hodet `x-bruker`); en lesing uten hodet er en lenke som er åpnet, og gjelder den som er logget inn.
 * Står under `/api` og foran CSRF-kontrollen, så svaret sier hva som er galt.
 * @throws 401 når ingen er logget inn, 409 (ANNEN_BRUKER) når det er en annen, 428 (BRUKER_MANGLER) når hodet mangler
 */
export const krevSammePerson: RequestHandler = (req, _res, next) => {
  if (UTEN_BRUKER.has(req.path)) return next();
  const bruker = innlogget(req);
  const vist = req.get(BRUKERHODE);
  const lesing = req.method === 'GET' || req.method === 'HEAD';
  if (vist === undefined && !lesing) {
    throw new Problemfeil(
      428,
      'Siden er fra en eldre utgave',
      'Siden er eldre enn systemet. Kopier det du har skrevet, og last siden på nytt. Ingenting er sendt.',
      undefined,
      { type: BRUKER_MANGLER },
    );
  }
  if (vist !== undefined && vist !== bruker.id) {
    throw new Problemfeil(
      409,
      `Du er nå logget inn som ${bruker.navn}`,
      `Du er nå logget inn som ${bruker.navn} i en annen fane. Det du har skrevet her, er ikke sendt, og ingenting er lagret.`,
      undefined,
      { type: ANNEN_BRUKER, bruker: { id: bruker.id, navn: bruker.navn } },
    );
  }
  next();
};

/** Slipper bare innloggede videre. */
export const krevInnlogget: RequestHandler = (req, _res, next) => {
  innlogget(req);
  next();
};

const uuid = z.uuid();
/** En id i adressen. Det som ikke er en id, finnes ikke. */
export function idParam(req: Request, navn = 'id'): string {
  const svar = uuid.safeParse(req.params[navn]);
  if (!svar.success) throw ikkeFunnet();
  return svar.data;
}
