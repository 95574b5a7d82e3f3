import { Alert, Button, SkipLink } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type RefObject, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router';
import type { Meg } from '../../../src/contract/api.ts';
import { useSanntid } from '../api/hendelser.ts';
import { identitet, meldInnlogging, useIdentitet } from '../api/identitet.ts';
import { ApiFeil, forbindelse, hentMeg, sjekkInnlogging } from '../api/klient.ts';
import { loggUt, megSpoerring, oppgaveTallSpoerring } from '../api/spoerringer.ts';
import { tall } from '../felles/format.ts';
import { rollenavn } from '../felles/roller.ts';
import { Ikon, type Ikonnavn } from '../felles/Ikon.tsx';
import { kvitter, kvitteringVedSidebytte, oppgaveliste, ulagretTekst, useKvittering } from '../felles/kvittering.ts';
import { useSnarveier } from '../felles/tastatur.ts';
import { Feilvisning, feilsetning, Skjelett } from '../felles/Tilstand.tsx';
import { IkkeLagret, lagreAlleUtkast } from '../utkast/skriver.ts';
import { Innloggingsvarsel } from './Innloggingsvarsel.tsx';
import { foelgSkriving, noeErSkrevet } from './skrevet.ts';
import { Soek } from './Soek.tsx';
import { Tastaturhjelp } from './Tastaturhjelp.tsx';

const MENY: Record<
  Exclude<Meg['meny'][number], 'oversikt'> | 'kompetanse',
  { til: string; tekst: string; ikon: Ikonnavn }
> = {
  oppgaver: { til: '/oppgaver', tekst: 'Oppgaver', ikon: 'oppgaver' },
  saker: { til: '/saker', tekst: 'Saker', ikon: 'saker' },
  'ny-anmodning': { til: '/ny-anmodning', tekst: 'Ny anmodning', ikon: 'ny' },
  rutiner: { til: '/rutiner', tekst: 'Rutiner', ikon: 'rutiner' },
  kompetanse: { til: '/kompetanse', tekst: 'Kompetanse', ikon: 'kompetanse' },
  brukere: { til: '/brukere', tekst: 'Brukere', ikon: 'person' },
  drift: { til: '/drift', tekst: 'Drift', ikon: 'drift' },
  hjelp: { til: '/hjelp', tekst: 'Hjelp', ikon: 'hjelp' },
};

/** Menyen er det rollen har. Kompetanse registreres av dem som følger opp kurs: ledere og saksbehandlere. */
export function menyFor(meg: Meg): (keyof typeof MENY)[] {
  const valg = meg.meny.filter((m) => m !== 'oversikt');
  const medKompetanse = meg.bruker?.roller.some((r) => r.rolle === 'leder' || r.rolle === 'saksbehandler') ?? false;
  return valg.flatMap((m) => (m === 'rutiner' && medKompetanse ? [m, 'kompetanse' as const] : [m]));
}

function useFrakoblet(): boolean {
  const serverBorte = useSyncExternalStore(forbindelse.abonner, forbindelse.erFrakoblet);
  const utenNett = useSyncExternalStore(
    (f) => {
      window.addEventListener('online', f);
      window.addEventListener('offline', f);
      return () => {
        window.removeEventListener('online', f);
        window.removeEventListener('offline', f);
      };
    },
    () => !navigator.onLine,
  );
  return serverBorte || utenNett;
}

function Beskjeder() {
  const frakoblet = useFrakoblet();
  const kvittering = useKvittering();
  const klient = useQueryClient();
  // Serveren kan være tilbake uten at noen trykker: spør til den svarer.
  useEffect(() => {
    if (!frakoblet) return;
    const t = setInterval(() => {
      void klient.invalidateQueries();
    }, 5000);
    return () => clearInterval(t);
  }, [frakoblet, klient]);
  return (
    <div className="beskjeder" role="status">
      {frakoblet ? (
        <Alert data-color="warning" data-size="sm">
          Får ikke kontakt med serveren. Arbeidet som er lagret, er trygt, og det du skriver, blir stående her til
          forbindelsen er tilbake.
        </Alert>
      ) : null}
      {kvittering?.vises === 'opplest' ? (
        <span className="kun-lest">{kvittering.tekst}</span>
      ) : kvittering ? (
        <Alert
          data-color={kvittering.slag}
          data-size="sm"
          className={kvittering.vises === 'flytende' ? 'beskjed--flytende' : ''}
        >
          <span className="beskjed">
            <span>
              {kvittering.tekst}{' '}
              {kvittering.lenke ? (
                <Link className="ds-link" to={kvittering.lenke.til} onClick={() => kvitter(null)}>
                  {kvittering.lenke.tekst}
                </Link>
              ) : null}
            </span>
            <Button icon variant="tertiary" data-size="sm" aria-label="Lukk beskjeden" onClick={() => kvitter(null)}>
              <Ikon navn="lukk" />
            </Button>
          </span>
        </Alert>
      ) : null}
    </div>
  );
}

function Meny({ meg, paaValg }: { meg: Meg; paaValg: () => void }) {
  const punkter = menyFor(meg);
  const antall = useQuery({ ...oppgaveTallSpoerring, enabled: punkter.includes('oppgaver') });
  return (
    <nav aria-label="Hovedmeny" className="meny" id="hovedmeny">
      <ul>
        {punkter.map((navn) => {
          const { til, tekst, ikon } = MENY[navn];
          return (
            <li key={navn}>
              <NavLink
                to={navn === 'oppgaver' ? oppgaveliste.adresse() : til}
                className="meny__lenke"
                onClick={paaValg}
              >
                <Ikon navn={ikon} />
                <span>{tekst}</span>
                {navn === 'oppgaver' && antall.data ? (
                  <span className="meny__antall">
                    {tall(antall.data.mine)}
                    <span className="kun-lest"> hos deg</span>
                  </span>
                ) : null}
              </NavLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

const LIKEVEL = 'Trykk Logg ut en gang til for å logge ut uten å ta vare på det.';

/** Så lenge gjelder advarselen; den som trykker senere, har glemt den. */
const ADVARSEL_MS = 30_000;

/**
 * Lagrer det som er skrevet, før det logges ut: etterpå kan ingen gjøre det i navnet til den som skrev.
 * @param advart hva brukeren alt er advart om; samme svar to ganger slipper ham ut
 * @throws IkkeLagret med det som ville gått tapt
 */
async function lagreFoerUtlogging(advart: RefObject<string>): Promise<void> {
  if (identitet.les().slag !== 'vist') return; // da kan ingenting lagres herfra, og varselet øverst har sagt det
  let tapt = '';
  try {
    await lagreAlleUtkast();
    if (ulagretTekst.finnes()) tapt = 'Det er noe på siden du ikke har sendt, og som ikke lagres som utkast.';
  } catch (feil) {
    if (!(feil instanceof IkkeLagret)) throw feil;
    tapt = feil.message;
  }
  const hva = tapt && `${tapt} ${ulagretTekst.hvilke()}`;
  if (hva === '' || advart.current === hva) return;
  advart.current = hva;
  setTimeout(() => (advart.current = ''), ADVARSEL_MS);
  throw new IkkeLagret(`Du er ikke logget ut. ${tapt} ${LIKEVEL}`);
}

function Bruker({ bruker }: { bruker: NonNullable<Meg['bruker']> }) {
  const klient = useQueryClient();
  const naviger = useNavigate();
  const advart = useRef('');
  const ut = useMutation({
    mutationFn: async () => {
      await lagreFoerUtlogging(advart);
      return loggUt();
    },
    onSuccess: async ({ videre }) => {
      meldInnlogging(null);
      // Identitetstjenesten avslutter sin økt også, og sender nettleseren tilbake til innloggingssiden.
      if (videre) window.location.assign(videre);
      else await tilInnlogging();
    },
    onError: async (feil) => {
      if (feil instanceof ApiFeil && feil.status === 401)
        await tilInnlogging(); // alt logget ut
      else {
        // Flytende: siden kan være rullet, og den som ikke ser hvorfor, trykker bare en gang til.
        const slag = feil instanceof IkkeLagret ? 'warning' : 'danger';
        kvitter({ slag, tekst: feilsetning(feil), vises: 'flytende' });
      }
    },
  });
  const tilInnlogging = async (): Promise<void> => {
    kvitter(null);
    oppgaveliste.husk('/oppgaver');
    identitet.glem();
    await naviger('/logg-inn');
    klient.clear();
  };
  const enheter = [...new Set(bruker.roller.map((r) => r.enhetNavn))];
  return (
    <div className="hvem">
      <div className="hvem__tekst">
        <span className="hvem__navn">{bruker.navn}</span>
        <span className="dempet liten">
          {rollenavn(bruker.roller)} · {enheter.join(', ')}
        </span>
      </div>
      <Button variant="tertiary" data-size="sm" onClick={() => ut.mutate()} disabled={ut.isPending}>
        Logg ut
      </Button>
    </div>
  );
}

/** Rammen om alle sider: meny til venstre, søk og hvem jeg er øverst. Uten innlogging: til Logg inn og tilbake hit. */
export function Ramme({ children }: { children?: ReactNode }) {
  const meg = useQuery(megSpoerring);
  const sted = useLocation();
  const naviger = useNavigate();
  const klient = useQueryClient();
  const [menyAapen, settMenyAapen] = useState(false);
  const [hjelpAapen, settHjelpAapen] = useState(false);
  const hvem = useIdentitet();
  useSanntid(hvem.slag === 'vist' ? hvem.vist.id : null);
  useSnarveier({ '?': () => settHjelpAapen(true) });

  const her = sted.pathname + sted.search;
  useEffect(kvitteringVedSidebytte, [sted.pathname]);
  useEffect(foelgSkriving, []);
  useEffect(() => {
    const vedSyn = (): void => {
      if (document.visibilityState === 'visible') sjekkInnlogging();
    };
    document.addEventListener('visibilitychange', vedSyn);
    return () => document.removeEventListener('visibilitychange', vedSyn);
  }, []);
  // Innloggingen er tilbake: det som sto stille imens, hentes.
  const stanset = hvem.slag === 'byttet' || hvem.slag === 'ute';
  useEffect(() => {
    if (!stanset) return;
    return () => {
      if (identitet.les().slag === 'vist') void klient.invalidateQueries();
    };
  }, [stanset, klient]);
  const gikkUt = hvem.slag === 'ute';
  useEffect(() => {
    if (!gikkUt) return;
    if (!noeErSkrevet() && !ulagretTekst.finnes()) {
      // Logger noen inn som en annen, er den forrige økten slutt et øyeblikk før den nye er her: da skal siden si hvem.
      const t = setTimeout(() => {
        const videre = async (): Promise<void> => {
          await hentMeg().catch(() => undefined);
          if (identitet.les().slag !== 'ute') return;
          identitet.glem();
          await naviger(`/logg-inn?til=${encodeURIComponent(her)}`, { replace: true });
          klient.clear();
        };
        void videre();
      }, 1_000);
      return () => clearTimeout(t);
    }
    // Ingen er logget inn, så ingens økt holdes i live av at vi spør.
    const t = setInterval(sjekkInnlogging, 10_000);
    return () => clearInterval(t);
  }, [gikkUt, her, naviger, klient]);
  const maaLoggeInn = meg.data !== undefined && meg.data.bruker === null;
  useEffect(() => {
    if (maaLoggeInn) void naviger(`/logg-inn?til=${encodeURIComponent(her)}`, { replace: true });
  }, [maaLoggeInn, her, naviger]);

  if (!meg.data?.bruker) {
    return (
      <main className="uten-ramme">
        <title>Individuell plan</title>
        {meg.error ? <Feilvisning feil={meg.error} paaNytt={() => void meg.refetch()} /> : <Skjelett rader={3} />}
      </main>
    );
  }
  const data = meg.data;
  return (
    <>
      <SkipLink href="#innhold">Hopp til innholdet</SkipLink>
      {data.demo ? (
        <section className="demobanner" aria-label="Demo">
          Demo i {data.kommune}: alle personer er oppdiktet, og hvem som helst kan logge inn som hvem som helst.
        </section>
      ) : null}
      <div className="ramme">
        <header className="topp">
          <Button
            className="topp__meny"
            variant="tertiary"
            data-size="sm"
            aria-expanded={menyAapen}
            aria-controls="hovedmeny"
            onClick={() => settMenyAapen(!menyAapen)}
          >
            <Ikon navn={menyAapen ? 'lukk' : 'meny'} /> Meny
          </Button>
          <Link to="/oppgaver" className="topp__navn">
            Individuell plan
          </Link>
          <Soek kanRegistrere={data.meny.includes('ny-anmodning')} />
          {data.bruker ? <Bruker bruker={data.bruker} /> : null}
        </header>
        <div className={menyAapen ? 'venstre venstre--aapen' : 'venstre'}>
          <div className="venstre__fast">
            <Meny meg={data} paaValg={() => settMenyAapen(false)} />
            <Button className="venstre__hjelp" variant="tertiary" data-size="sm" onClick={() => settHjelpAapen(true)}>
              <kbd>?</kbd> Tastaturet
            </Button>
          </div>
        </div>
        <main id="innhold" tabIndex={-1} className="innhold">
          <Innloggingsvarsel />
          <Beskjeder />
          <Suspense fallback={<Skjelett />}>{children ?? <Outlet context={data} />}</Suspense>
        </main>
      </div>
      <Tastaturhjelp aapen={hjelpAapen} lukk={() => settHjelpAapen(false)} />
      {/* Lista husker hvor du var på adressen sin; andre sider på steget i historikken. */}
      <ScrollRestoration getKey={(l) => (l.pathname === '/oppgaver' ? l.pathname + l.search : l.key)} />
    </>
  );
}
