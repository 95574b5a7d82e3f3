import path from 'node:path';
import connectPgSimple from 'connect-pg-simple';
import { csrfSync } from 'csrf-sync';
import expressStaticGzip from 'express-static-gzip';
import express, { type Express, type Request, type RequestHandler, type Router } from 'express';
import session from 'express-session';
import helmet from 'helmet';
import type pg from 'pg';
import type { Logger } from 'pino';
import { lagFeilbehandler, ukjentRute } from './feilbehandler.ts';
import { krevInnlogget, krevSammePerson, lesInnlogget } from './innlogget.ts';
import { lagInnloggingsruter, type InnloggingAvh } from './innlogging.ts';
import { komprimer } from './komprimering.ts';

export interface HttpAvh {
  logg: Logger;
  /** egen liten pool for økter */
  oektpool: pg.Pool;
  oekthemmelighet: string;
  /** sann når brukerne kommer over https */
  https: boolean;
  innlogging: Omit<InnloggingAvh, 'csrfToken' | 'logg'>;
  /** klokka motor og fagdel deler; skjermene regner «2 dager igjen» ut fra den */
  naa: () => Date;
  /** ruter under /api som krever innlogging */
  ruter: Router[];
  /** mappa med de bygde skjermene */
  uiMappe: string;
  /** om brukerne får det de venter, og svaret for hver del */
  klar: () => Promise<{ klar: boolean } & Record<string, boolean>>;
}

const HALV_ARBEIDSDAG_MS = 5 * 60 * 60 * 1000;

/** Setter sammen HTTP-laget: sikkerhetshoder, økt, CSRF, innlogging, feature-enes ruter, skjermene og feilsvarene. */
export function lagHttpApp(avh: HttpAvh): Express {
  const app = express();
  app.disable('x-powered-by');
  if (avh.https) app.set('trust proxy', 1);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          // bpmn-js og form-js setter stiler på elementene de tegner
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          frameSrc: ["'self'", 'blob:'],
          frameAncestors: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
        },
      },
      hsts: avh.https,
      frameguard: { action: 'sameorigin' },
      referrerPolicy: { policy: 'same-origin' },
    }),
  );
  app.use(komprimer);
  app.get('/health/live', (_req, res) => {
    res.json({ status: 'live' });
  });
  app.get('/health/ready', async (_req, res) => {
    const { klar, ...deler } = await avh.klar();
    res.status(klar ? 200 : 503).json({ status: klar ? 'ready' : 'not ready', ...deler });
  });

  const PgLager = connectPgSimple(session);
  const oekt = session({
    name: 'ip.sid',
    secret: avh.oekthemmelighet,
    store: new PgLager({
      pool: avh.oektpool,
      tableName: 'session',
      pruneSessionInterval: 15 * 60,
      errorLog: () => undefined,
    }),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { httpOnly: true, sameSite: 'lax', secure: avh.https, maxAge: HALV_ARBEIDSDAG_MS, path: '/' },
  });
  const { generateToken, csrfSynchronisedProtection } = csrfSync({
    getTokenFromRequest: (req) => req.get('x-csrf-token'),
    getTokenFromState: (req) => req.session?.csrfToken ?? null,
    storeTokenInState: (req, token) => {
      if (req.session && token) req.session.csrfToken = token;
    },
  });
  const medOekt: RequestHandler[] = [oekt, lesInnlogget(avh.innlogging.hentBruker)];

  app.use(['/api', '/auth'], ...medOekt);
  app.use('/api', (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('x-naa', avh.naa().toISOString());
    next();
  });
  app.use('/api', krevSammePerson);
  app.use('/api', csrfSynchronisedProtection);
  app.use('/api', express.json({ limit: '1mb' }));
  app.use(lagInnloggingsruter({ ...avh.innlogging, logg: avh.logg, csrfToken: (req: Request) => generateToken(req) }));
  app.use('/api', krevInnlogget, ...avh.ruter, ukjentRute);

  // Bygget har lagt en komprimert utgave ved siden av hver fil (scripts/lib/bygg.mjs).
  const filer = (mappe: string, serveStatic: { maxAge: string; immutable?: boolean }): RequestHandler =>
    expressStaticGzip(mappe, {
      enableBrotli: true,
      orderPreference: ['br'],
      index: false,
      serveStatic: { ...serveStatic, index: false },
    });
  app.use('/assets', filer(path.join(avh.uiMappe, 'assets'), { immutable: true, maxAge: '1y' }), ukjentRute);
  app.use(filer(avh.uiMappe, { maxAge: '1h' }));
  const skjermside: RequestHandler = (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache');
    // Med rot: ellers avvises enhver mappe på veien dit som begynner med punktum.
    res.sendFile('index.html', { root: avh.uiMappe });
  };
  app.get('/{*sti}', skjermside);
  app.use(ukjentRute);
  app.use(lagFeilbehandler(avh.logg));
  return app;
}
