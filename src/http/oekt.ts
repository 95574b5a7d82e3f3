import type { Request } from 'express';
import type { SessionData } from 'express-session';
import type pg from 'pg';
import type { Innlogget } from '../contract/tilgang.ts';

function lagre(req: Request): Promise<void> {
  return new Promise((ok, feil) => req.session.save((e: unknown) => (e ? feil(e) : ok())));
}

type Innhold = Pick<SessionData, 'brukerId' | 'idToken' | 'spoerIgjen'>;

/**
 * Ny økt-id ved innlogging og utlogging, så en økt-id som er kjent fra før ikke kan brukes (session fixation).
 * @param innhold det den nye økten vet
 * @param vedSlutt får id-en til økten som er slutt, når den er borte fra databasen
 */
export async function nyOekt(req: Request, innhold: Innhold, vedSlutt: (oektId: string) => void): Promise<void> {
  const gammel = req.sessionID;
  await new Promise<void>((ok, feil) => req.session.regenerate((e: unknown) => (e ? feil(e) : ok())));
  Object.assign(req.session, innhold);
  await lagre(req);
  vedSlutt(gammel);
}

/** Legger noe til i økten som fortsetter. */
export async function leggIOekten(req: Request, innhold: Innhold): Promise<void> {
  Object.assign(req.session, innhold);
  await lagre(req);
}

/**
 * Lager oppslaget som sier hvilke økter som fortsatt gjelder, og hvem de tilhører med rollene de har nå. En økt som er
 * logget ut, utløpt eller byttet, og en bruker som er sperret, er ikke med i svaret.
 * @param pool økttabellens pool
 */
export function lagOektoppslag(
  pool: pg.Pool,
  hentBrukere: (ider: readonly string[]) => Promise<ReadonlyMap<string, Innlogget>>,
): (oektIder: readonly string[]) => Promise<ReadonlyMap<string, Innlogget>> {
  return async (oektIder) => {
    const { rows } = await pool.query<{ sid: string; bruker: string }>(
      `select sid, sess ->> 'brukerId' as bruker from session
        where sid = any($1) and expire >= to_timestamp($2) and sess ->> 'brukerId' is not null`,
      [oektIder, Date.now() / 1000],
    );
    const brukere = await hentBrukere([...new Set(rows.map((r) => r.bruker))]);
    return new Map(
      rows.flatMap((r) => {
        const bruker = brukere.get(r.bruker);
        return bruker ? [[r.sid, bruker] as const] : [];
      }),
    );
  };
}
