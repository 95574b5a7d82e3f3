import { Router, type Request } from 'express';
import { rateLimit } from 'express-rate-limit';
import * as oidc from 'openid-client';
import { demoLoggInn, type Demobruker, type Meg } from '../contract/api.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { innlogget } from './innlogget.ts';
import { Problemfeil } from './problem.ts';
import { tolk } from './tolk.ts';

export interface OidcOppsett {
  utsteder: string;
  klientId: string;
  klienthemmelighet: string;
  /** adressen brukerne ser, uten skråstrek til slutt */
  nettadresse: string;
}

export interface InnloggingAvh {
  /** null: demo-innlogging */
  oidc: OidcOppsett | null;
  kommunenavn: () => Promise<string>;
  meny: (bruker: Innlogget) => Meg['meny'];
  hentBruker: (id: string) => Promise<Innlogget | null>;
  hentBrukerForSubjekt: (subjekt: string) => Promise<Innlogget | null>;
  demobrukere: () => Promise<Demobruker[]>;
  csrfToken: (req: Request) => string;
}

function lagre(req: Request): Promise<void> {
  return new Promise((ok, feil) => req.session.save((e: unknown) => (e ? feil(e) : ok())));
}

/** Ny økt-id ved innlogging og utlogging, så en økt-id som er kjent fra før ikke kan brukes (session fixation). */
async function nyOekt(req: Request, brukerId?: string): Promise<void> {
  await new Promise<void>((ok, feil) => req.session.regenerate((e: unknown) => (e ? feil(e) : ok())));
  if (brukerId) req.session.brukerId = brukerId;
  await lagre(req);
}

/** Bare adresser i appen selv: en innlogging skal ikke kunne sende noen til et fremmed nettsted. */
function tryggTilbake(verdi: unknown): string {
  return typeof verdi === 'string' && /^\/(?![/\\])/.test(verdi) ? verdi : '/';
}

/** Rutene for hvem jeg er, demo-innlogging og innlogging med OpenID Connect (autorisasjonskode med PKCE). */
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

  ruter.get('/api/meg', async (req, res) => {
    const bruker = req.session.brukerId ? await avh.hentBruker(req.session.brukerId) : null;
    const svar: Meg = {
      bruker: bruker ? { id: bruker.id, navn: bruker.navn, roller: bruker.roller } : null,
      meny: bruker ? avh.meny(bruker) : [],
      kommune: await avh.kommunenavn(),
      demo: avh.oidc === null,
      loggInnAdresse: avh.oidc ? '/auth/logg-inn' : null,
      csrf: avh.csrfToken(req),
    };
    res.json(svar);
  });

  ruter.post('/api/logg-ut', async (req, res) => {
    innlogget(req);
    await nyOekt(req);
    res.status(204).end();
  });

  if (avh.oidc) leggTilOidc(ruter, avh, avh.oidc, begrens);
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
    await nyOekt(req, bruker.id);
    res.status(204).end();
  });
}

function leggTilOidc(
  ruter: Router,
  avh: InnloggingAvh,
  oppsett: OidcOppsett,
  begrens: ReturnType<typeof rateLimit>,
): void {
  const tilbakeadresse = `${oppsett.nettadresse}/auth/tilbake`;
  let konfigurasjon: Promise<oidc.Configuration> | null = null;
  const hentKonfigurasjon = (): Promise<oidc.Configuration> => {
    const paaHttp = oppsett.utsteder.startsWith('http://') ? { execute: [oidc.allowInsecureRequests] } : undefined;
    konfigurasjon ??= oidc
      .discovery(
        new URL(oppsett.utsteder),
        oppsett.klientId,
        oppsett.klienthemmelighet || undefined,
        undefined,
        paaHttp,
      )
      .catch((cause: unknown) => {
        konfigurasjon = null; // tjenesten kan komme tilbake
        throw new Problemfeil(
          503,
          'Innlogging er borte',
          'Innloggingstjenesten svarer ikke. Prøv igjen om litt.',
          undefined,
          { cause },
        );
      });
    return konfigurasjon;
  };

  ruter.get('/auth/logg-inn', begrens, async (req, res) => {
    const konfig = await hentKonfigurasjon();
    const verifikator = oidc.randomPKCECodeVerifier();
    const tilstand = oidc.randomState();
    const nonce = oidc.randomNonce();
    req.session.oidc = { verifikator, tilstand, nonce, tilbake: tryggTilbake(req.query['tilbake']) };
    await lagre(req);
    const adresse = oidc.buildAuthorizationUrl(konfig, {
      redirect_uri: tilbakeadresse,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifikator),
      code_challenge_method: 'S256',
      state: tilstand,
      nonce,
    });
    res.redirect(adresse.href);
  });

  ruter.get('/auth/tilbake', begrens, async (req, res) => {
    const paagaaende = req.session.oidc;
    if (!paagaaende)
      throw new Problemfeil(400, 'Innloggingen er brutt', 'Innloggingen tok for lang tid. Start på nytt.');
    const konfig = await hentKonfigurasjon();
    const svar = await oidc
      .authorizationCodeGrant(konfig, new URL(req.originalUrl, oppsett.nettadresse), {
        pkceCodeVerifier: paagaaende.verifikator,
        expectedState: paagaaende.tilstand,
        expectedNonce: paagaaende.nonce,
      })
      .catch((cause: unknown) => {
        throw new Problemfeil(
          400,
          'Innloggingen er brutt',
          'Innloggingstjenesten godtok ikke innloggingen. Start på nytt.',
          undefined,
          { cause },
        );
      });
    const subjekt = svar.claims()?.sub;
    const bruker = subjekt ? await avh.hentBrukerForSubjekt(subjekt) : null;
    if (!bruker)
      throw new Problemfeil(403, 'Ingen tilgang', 'Du er ikke registrert som bruker her. Snakk med lederen din.');
    await nyOekt(req, bruker.id);
    res.redirect(paagaaende.tilbake);
  });
}
