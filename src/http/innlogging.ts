import { Router, type Request } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { demoLoggInn, type Demobruker, type loggUtSvar, type Meg } from '../contract/api.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { innlogget } from './innlogget.ts';
import { lagOidc, type OidcOppsett } from './oidc.ts';
import { nyOekt } from './oekt.ts';
import { Problemfeil } from './problem.ts';
import { tolk } from './tolk.ts';

export interface InnloggingAvh {
  /** null: demo-innlogging */
  oidc: OidcOppsett | null;
  kommunenavn: () => Promise<string>;
  meny: (bruker: Innlogget) => Meg['meny'];
  hentBruker: (id: string) => Promise<Innlogget | null>;
  hentBrukerForSubjekt: (subjekt: string) => Promise<Innlogget | null>;
  demobrukere: () => Promise<Demobruker[]>;
  csrfToken: (req: Request) => string;
  /** kalles når en økt er slutt: noen logget ut, eller inn som en annen */
  vedOektSlutt: (oektId: string) => void;
  logg: Pick<Logger, 'error'>;
}

/** Rutene for hvem jeg er, utlogging, demo-innlogging og innlogging med OpenID Connect (se oidc.ts). */
export function lagInnloggingsruter(avh: InnloggingAvh): Router {
  const ruter = Router();
  const begrens = rateLimit({
    windowMs: 60_000,
    limit: 120,
    standardHeaders: true,
    legacyHeaders: false,
    handler: () => {
      throw new Problemfeil(
        429,
        'For mange forsøk',
        'For mange innlogginger på kort tid. Vent et minutt og prøv igjen.',
      );
    },
  });
  const oidc = avh.oidc && lagOidc(avh.oidc, avh, begrens);

  ruter.get('/api/meg', async (req, res) => {
    const bruker = req.session.brukerId ? await avh.hentBruker(req.session.brukerId) : null;
    const svar: Meg = {
      bruker: bruker ? { id: bruker.id, navn: bruker.navn, roller: bruker.roller } : null,
      meny: bruker ? avh.meny(bruker) : [],
      kommune: await avh.kommunenavn(),
      demo: oidc === null,
      loggInnAdresse: oidc ? '/auth/logg-inn' : null,
      csrf: avh.csrfToken(req),
    };
    res.json(svar);
  });

  ruter.post('/api/logg-ut', async (req, res) => {
    innlogget(req);
    const { idToken } = req.session;
    await nyOekt(req, { spoerIgjen: true }, avh.vedOektSlutt);
    const svar: z.infer<typeof loggUtSvar> = { videre: (await oidc?.utlogging(idToken)) ?? null };
    res.json(svar);
  });

  if (oidc) ruter.use(oidc.ruter);
  else leggTilDemo(ruter, avh, begrens);
  return ruter;
}

function leggTilDemo(ruter: Router, avh: InnloggingAvh, begrens: ReturnType<typeof rateLimit>): void {
  ruter.get('/api/demo/brukere', async (_req, res) => {
    res.json(await avh.demobrukere());
  });
  ruter.post('/api/demo/logg-inn', begrens, async (req, res) => {
    const { brukerId } = tolk(demoLoggInn, req.body);
    const bruker = (await avh.demobrukere()).some((b) => b.id === brukerId) ? await avh.hentBruker(brukerId) : null;
    if (!bruker) {
      throw new Problemfeil(422, 'Noe må rettes', 'Demobrukeren finnes ikke.', [
        { felt: 'brukerId', melding: 'Velg en av demobrukerne.' },
      ]);
    }
    await nyOekt(req, { brukerId: bruker.id }, avh.vedOektSlutt);
    res.status(204).end();
  });
}
