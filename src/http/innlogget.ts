import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { Innlogget } from '../contract/tilgang.ts';
import { Problemfeil, ikkeFunnet } from './problem.ts';

declare module 'express-session' {
  interface SessionData {
    brukerId?: string;
    /** pågående innlogging hos identitetstjenesten */
    oidc?: { verifikator: string; tilstand: string; nonce: string; tilbake: string };
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
