import { hkdfSync } from 'node:crypto';
import { parseCookie } from 'cookie';
import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { EncryptJWT, jwtDecrypt } from 'jose';
import * as oidc from 'openid-client';
import type { Logger } from 'pino';
import { z } from 'zod';
import { tryggSti } from '../contract/adresse.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { leggIOekten, nyOekt } from './oekt.ts';
import { sendSide, type Sideinnhold } from './side.ts';

export interface OidcOppsett {
  utsteder: string;
  klientId: string;
  klienthemmelighet: string;
  /** adressen brukerne ser, uten skråstrek til slutt */
  nettadresse: string;
  /** nøkkelen til kapslene som husker et innloggingsforsøk; den samme i alle prosesser */
  hemmelighet: string;
}

interface OidcAvh {
  hentBruker: (id: string) => Promise<Innlogget | null>;
  hentBrukerForSubjekt: (subjekt: string) => Promise<Innlogget | null>;
  vedOektSlutt: (oektId: string) => void;
  logg: Pick<Logger, 'error'>;
}

export interface Oidc {
  ruter: Router;
  /** Adressen som avslutter økten hos identitetstjenesten; null når den ikke har en slik, eller ikke svarer. */
  utlogging(idToken: string | undefined): Promise<string | null>;
}

/** Så lenge kan noen bruke på å logge inn. */
const FORSOEK_MINUTTER = 30;
/** Så mange faner kan stå i innlogging samtidig; da glemmes den eldste. */
const FLEST_FORSOEK = 6;
const KAPSEL = 'ip.inn.';
/** Slik er tilstanden vi sender med (base64url). */
const TILSTAND = /^[\w-]{1,100}$/;

const forsoek = z.object({ tilstand: z.string(), verifikator: z.string(), nonce: z.string(), tilbake: z.string() });
type Forsoek = z.infer<typeof forsoek>;

/** Et svar fra innloggingen som vises som en side, ikke som problem details: det er et menneske som har fulgt en lenke. */
class Innloggingsstopp extends Error {
  readonly status: number;
  readonly side: Sideinnhold;

  constructor(status: number, side: Sideinnhold, options?: ErrorOptions) {
    super(side.tittel, options);
    this.status = status;
    this.side = side;
  }
}

const loggInn = (tilbake: string, bytt = false): string =>
  `/auth/logg-inn?${new URLSearchParams({ tilbake, ...(bytt ? { bytt: 'ja' } : {}) }).toString()}`;

const tjenestenBorte = (cause: unknown, tilbake = '/'): Innloggingsstopp =>
  new Innloggingsstopp(
    503,
    {
      tittel: 'Innloggingstjenesten svarer ikke',
      tekst: ['Du er ikke logget inn. Det du har lagret før, er trygt. Vent litt og prøv igjen.'],
      lenker: [{ tekst: 'Prøv igjen', til: loggInn(tilbake) }],
    },
    { cause },
  );

/** Forsøket er for gammelt, eller svaret er brukt før (tilbake-knappen, en lenke som er lagret). */
const ikkeLengerGyldig = (tilbake = '/'): Innloggingsstopp =>
  new Innloggingsstopp(400, {
    tittel: 'Innloggingen gjelder ikke lenger',
    tekst: ['Den tok for lang tid, eller den er brukt før. Du er ikke logget inn.'],
    lenker: [{ tekst: 'Logg inn på nytt', til: loggInn(tilbake) }],
  });

/** Det identitetstjenesten svarte i stedet for en kode (OAuth 2.0 § 4.1.2.1 og OpenID Connect Core § 3.1.2.6). */
function avvist(feil: oidc.AuthorizationResponseError, tilbake: string): Innloggingsstopp {
  if (feil.error === 'temporarily_unavailable' || feil.error === 'server_error') return tjenestenBorte(feil, tilbake);
  const avbrutt = feil.error === 'access_denied';
  return new Innloggingsstopp(403, {
    tittel: avbrutt ? 'Innloggingen ble avbrutt' : 'Innloggingen ble ikke godtatt',
    tekst: [
      avbrutt
        ? 'Du avbrøt, eller innloggingstjenesten sa nei. Du er ikke logget inn.'
        : 'Innloggingstjenesten sa nei. Du er ikke logget inn. Gjentar det seg, si fra til systemansvarlig.',
    ],
    lenker: [{ tekst: 'Prøv igjen', til: loggInn(tilbake) }],
  });
}

/** Tidsgrensen gikk ut, eller noe foran tjenesten svarte i stedet for den. */
const BORTE = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON']);

/** Feil som betyr at tjenesten ikke nås eller ikke svarer som den skal, til forskjell fra at den sier nei. */
function tilStopp(feil: unknown, tilbake: string): Innloggingsstopp {
  if (feil instanceof oidc.AuthorizationResponseError) return avvist(feil, tilbake);
  // Koden er brukt eller utløpt (RFC 6749 § 5.2).
  if (feil instanceof oidc.ResponseBodyError && feil.status < 500) {
    return feil.error === 'invalid_grant' ? ikkeLengerGyldig(tilbake) : oppsettsfeil(feil, tilbake);
  }
  const svarteIkke = !(feil instanceof oidc.ClientError) || BORTE.has(feil.code ?? '');
  return svarteIkke ? tjenestenBorte(feil, tilbake) : oppsettsfeil(feil, tilbake);
}

const oppsettsfeil = (cause: unknown, tilbake: string): Innloggingsstopp =>
  new Innloggingsstopp(
    502,
    {
      tittel: 'Innloggingen gikk ikke',
      tekst: [
        'Innloggingstjenesten og dette systemet er ikke enige. Du er ikke logget inn. Si fra til systemansvarlig hvis det gjentar seg.',
      ],
      lenker: [{ tekst: 'Prøv igjen', til: loggInn(tilbake) }],
    },
    { cause },
  );

/**
 * Innlogging med OpenID Connect: autorisasjonskode med PKCE. Hvert forsøk har sin egen kapsel, kryptert og kortlivet, så to
 * faner kan logge inn samtidig uten å ta hverandres plass. Alt som ikke går, ender på en side i ord.
 */
export function lagOidc(oppsett: OidcOppsett, avh: OidcAvh, begrens: RequestHandler): Oidc {
  const tilbakeadresse = `${oppsett.nettadresse}/auth/tilbake`;
  const https = oppsett.nettadresse.startsWith('https://');
  const noekkel = new Uint8Array(hkdfSync('sha256', oppsett.hemmelighet, '', 'innloggingsforsoek', 32));
  let konfigurasjon: Promise<oidc.Configuration> | null = null;
  const hentKonfigurasjon = (): Promise<oidc.Configuration> => {
    const paaHttp = oppsett.utsteder.startsWith('http://') ? { execute: [oidc.allowInsecureRequests] } : {};
    konfigurasjon ??= oidc
      .discovery(new URL(oppsett.utsteder), oppsett.klientId, oppsett.klienthemmelighet || undefined, undefined, {
        ...paaHttp,
        timeout: 10,
      })
      .catch((feil: unknown) => {
        konfigurasjon = null; // tjenesten kan komme tilbake
        throw feil;
      });
    return konfigurasjon;
  };

  const kapselvalg = { httpOnly: true, sameSite: 'lax', secure: https, path: '/auth' } as const;
  const kapsler = (req: Request): [string, string][] =>
    Object.entries(parseCookie(req.headers.cookie ?? '')).flatMap(([navn, verdi]) =>
      navn.startsWith(KAPSEL) && verdi !== undefined ? [[navn, verdi]] : [],
    );
  async function husk(res: Response, innhold: Forsoek): Promise<void> {
    const verdi = await new EncryptJWT(innhold)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setIssuedAt()
      .setExpirationTime(`${FORSOEK_MINUTTER}m`)
      .encrypt(noekkel);
    res.cookie(KAPSEL + innhold.tilstand, verdi, { ...kapselvalg, maxAge: FORSOEK_MINUTTER * 60_000 });
  }
  async function les(verdi: string): Promise<(Forsoek & { startet: number }) | null> {
    try {
      const { payload } = await jwtDecrypt(verdi, noekkel);
      return { ...forsoek.parse(payload), startet: payload.iat ?? 0 };
    } catch {
      return null; // utløpt, laget med en annen nøkkel, eller tuklet med: da finnes ikke forsøket
    }
  }

  /** Rydder kapslene: de som ikke lar seg lese, og de eldste når det er for mange. */
  async function rydd(req: Request, res: Response): Promise<void> {
    const alle = await Promise.all(kapsler(req).map(async ([navn, verdi]) => ({ navn, lest: await les(verdi) })));
    const gyldige = alle.flatMap(({ navn, lest }) => (lest ? [{ navn, startet: lest.startet }] : []));
    const beholdes = new Set(
      gyldige
        .sort((a, b) => b.startet - a.startet)
        .slice(0, FLEST_FORSOEK - 1)
        .map((f) => f.navn),
    );
    for (const { navn } of alle) if (!beholdes.has(navn)) res.clearCookie(navn, kapselvalg);
  }

  const ruter = Router();
  ruter.get('/auth/logg-inn', begrens, async (req, res) => {
    const tilbake = tryggSti(req.query['tilbake']);
    const konfig = await hentKonfigurasjon().catch((feil: unknown) => {
      throw tjenestenBorte(feil, tilbake);
    });
    const verifikator = oidc.randomPKCECodeVerifier();
    const tilstand = oidc.randomState();
    const nonce = oidc.randomNonce();
    await rydd(req, res);
    await husk(res, { tilstand, verifikator, nonce, tilbake });
    // Etter en utlogging, og når noen vil bytte bruker, skal tjenesten spørre også om den husker den forrige.
    const spoer = req.session.spoerIgjen === true || req.query['bytt'] === 'ja';
    const adresse = oidc.buildAuthorizationUrl(konfig, {
      redirect_uri: tilbakeadresse,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifikator),
      code_challenge_method: 'S256',
      state: tilstand,
      nonce,
      ...(spoer ? { prompt: 'login' } : {}),
    });
    res.redirect(adresse.href);
  });

  ruter.get('/auth/tilbake', begrens, async (req, res) => {
    const innloggetFraFoer = req.session.brukerId ? await avh.hentBruker(req.session.brukerId) : null;
    const { state } = req.query;
    // Det som ikke kan være vårt, kan heller ikke være navnet på en kapsel.
    const navn = typeof state === 'string' && TILSTAND.test(state) ? KAPSEL + state : null;
    const verdi = navn === null ? undefined : kapsler(req).find(([n]) => n === navn)?.[1];
    const paagaaende = verdi === undefined ? null : await les(verdi);
    if (navn !== null) res.clearCookie(navn, kapselvalg);
    if (!paagaaende) {
      // Tilbake-knappen etter en innlogging som gikk bra: den som er logget inn, skal bare videre.
      if (innloggetFraFoer) return res.redirect('/');
      throw ikkeLengerGyldig();
    }
    const { tilbake } = paagaaende;
    const konfig = await hentKonfigurasjon().catch((feil: unknown) => {
      throw tjenestenBorte(feil, tilbake);
    });
    const svar = await oidc
      .authorizationCodeGrant(konfig, new URL(req.originalUrl, oppsett.nettadresse), {
        pkceCodeVerifier: paagaaende.verifikator,
        expectedState: paagaaende.tilstand,
        expectedNonce: paagaaende.nonce,
        idTokenExpected: true,
      })
      .catch((feil: unknown) => {
        throw tilStopp(feil, tilbake);
      });
    const subjekt = svar.claims()?.sub;
    const bruker = subjekt ? await avh.hentBrukerForSubjekt(subjekt) : null;
    if (!bruker) {
      throw new Innloggingsstopp(403, {
        tittel: 'Du er ikke registrert som bruker her',
        tekst: [
          'Innloggingstjenesten kjenner deg, men du har ikke fått tilgang til Individuell plan. Spør lederen din om tilgang.',
        ],
        lenker: [{ tekst: 'Logg inn som en annen', til: loggInn(tilbake, true) }],
      });
    }
    const idToken = svar.id_token;
    const innhold = { brukerId: bruker.id, ...(idToken ? { idToken } : {}) };
    // To faner som logget inn samtidig som den samme, deler økten; ellers ville den siste kastet ut den første.
    if (innloggetFraFoer?.id === bruker.id) await leggIOekten(req, innhold);
    else await nyOekt(req, innhold, avh.vedOektSlutt);
    res.redirect(tilbake);
  });
  ruter.use('/auth', lagSidevisning(avh.logg));

  return {
    ruter,
    async utlogging(idToken) {
      const konfig = await hentKonfigurasjon().catch(() => null);
      if (!konfig?.serverMetadata().end_session_endpoint) return null;
      return oidc.buildEndSessionUrl(konfig, {
        post_logout_redirect_uri: `${oppsett.nettadresse}/logg-inn`,
        ...(idToken ? { id_token_hint: idToken } : {}),
      }).href;
    },
  };
}

/** Det som stopper en innlogging, vises som en side. Svaret kan si hvem det gjaldt; loggen tar bare med feilens slag og koder. */
function lagSidevisning(logg: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (feil: unknown, req, res, next) => {
    if (!(feil instanceof Innloggingsstopp)) return next(feil);
    if (feil.status >= 500) logg.error({ err: feil.cause ?? feil, sti: `/auth${req.path}` }, feil.side.tittel);
    if (feil.status === 503) res.setHeader('Retry-After', '5');
    const innlogget = req.session?.brukerId !== undefined;
    sendSide(res, feil.status, {
      ...feil.side,
      lenker: [...feil.side.lenker, ...(innlogget ? [{ tekst: 'Gå til Individuell plan', til: '/' }] : [])],
    });
  };
}
