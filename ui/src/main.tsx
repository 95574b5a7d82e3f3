import '@fontsource-variable/inter';
import '@digdir/designsystemet-css/theme';
import '@digdir/designsystemet-css';
import './app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, Navigate, RouterProvider, useRouteError } from 'react-router';
import { ApiFeil, NettFeil } from './api/klient.ts';
import { Feilvisning, FinnesIkke } from './felles/Tilstand.tsx';
import { Side } from './felles/Side.tsx';
import { useMeg } from './ramme/meg.ts';
import { menyFor, Ramme } from './ramme/Ramme.tsx';
import LoggInn from './sider/LoggInn.tsx';
import Oppgaver from './sider/oppgaver/Oppgaver.tsx';

const Oppgave = lazy(() => import('./sider/oppgave/Oppgave.tsx'));
const Saker = lazy(() => import('./sider/Saker.tsx'));
const Sak = lazy(() => import('./sider/sak/Sak.tsx'));
const NyAnmodning = lazy(() => import('./sider/anmodning/NyAnmodning.tsx'));
const Rutiner = lazy(() => import('./sider/Rutiner.tsx'));
const Rutine = lazy(() => import('./sider/Rutiner.tsx').then((m) => ({ default: m.Rutine })));
const Drift = lazy(() => import('./sider/Drift.tsx'));
const Brukere = lazy(() => import('./sider/Brukere.tsx'));
const Kompetanse = lazy(() => import('./sider/Kompetanse.tsx'));
const Hjelp = lazy(() => import('./sider/Hjelp.tsx'));
const Tilgjengelighet = lazy(() => import('./sider/Hjelp.tsx').then((m) => ({ default: m.Tilgjengelighet })));

const klient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      // Serverens nei er et svar; bare det som kan gå over, prøves igjen.
      retry: (antall, feil) =>
        antall < 2 && (feil instanceof NettFeil || (feil instanceof ApiFeil && feil.status >= 500)),
      retryDelay: (n) => 400 * 2 ** n,
    },
    // Uten nett skal et trykk gi en setning, ikke stå og vente.
    mutations: { networkMode: 'always' },
  },
});

/** Forsiden er det første rollen har i menyen: oppgavene for de fleste, drift for den som bare har drift. */
function Forside() {
  const [foerste] = menyFor(useMeg());
  return <Navigate to={`/${foerste ?? 'hjelp'}`} replace />;
}
function IkkeFunnet() {
  return (
    <Side tittel="Finnes ikke">
      <FinnesIkke />
    </Side>
  );
}
function Uhell() {
  const feil = useRouteError();
  return (
    <main className="uten-ramme">
      <title>Noe gikk galt – Individuell plan</title>
      <Feilvisning feil={feil} paaNytt={() => window.location.reload()} />
    </main>
  );
}

/*
 * En fane som ble åpnet før systemet ble oppgradert, spør etter filer som ikke finnes lenger. Adressen er alt den nye
 * siden, så den lastes på nytt i den nye utgaven; det som var skrevet på den forrige, er lagret da den ble forlatt.
 * Bare én gang i minuttet, så en fil som virkelig mangler, ikke gir en ring.
 */
window.addEventListener('vite:preloadError', (e) => {
  const sist = Number(sessionStorage.getItem('ip-lastet-paa-nytt') ?? 0);
  if (Date.now() - sist < 60_000) return;
  sessionStorage.setItem('ip-lastet-paa-nytt', String(Date.now()));
  e.preventDefault();
  window.location.reload();
});

const ruter = createBrowserRouter([
  { path: '/logg-inn', element: <LoggInn />, errorElement: <Uhell /> },
  {
    element: <Ramme />,
    errorElement: <Uhell />,
    children: [
      { path: '/', element: <Forside /> },
      { path: '/oppgaver', element: <Oppgaver /> },
      { path: '/oppgaver/:id', element: <Oppgave /> },
      { path: '/saker', element: <Saker /> },
      { path: '/saker/:id', element: <Sak /> },
      { path: '/ny-anmodning', element: <NyAnmodning /> },
      { path: '/rutiner', element: <Rutiner /> },
      { path: '/rutiner/:id', element: <Rutine /> },
      { path: '/brukere', element: <Brukere /> },
      { path: '/drift', element: <Drift /> },
      { path: '/kompetanse', element: <Kompetanse /> },
      { path: '/hjelp', element: <Hjelp /> },
      { path: '/tilgjengelighet', element: <Tilgjengelighet /> },
      { path: '*', element: <IkkeFunnet /> },
    ],
  },
]);

const rot = document.getElementById('app');
if (!rot) throw new Error('Siden mangler elementet #app.');
createRoot(rot).render(
  <StrictMode>
    <QueryClientProvider client={klient}>
      <RouterProvider router={ruter} />
    </QueryClientProvider>
  </StrictMode>,
);
