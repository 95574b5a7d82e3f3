import { Alert, Button, Heading, Paragraph, Spinner, Tag } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Feltfeil, FullfoerSvar, OppgaveDetalj } from '../../../../src/contract/api.ts';
import { UTKAST_ENDRET } from '../../../../src/contract/utkast.ts';
import { ApiFeil } from '../../api/klient.ts';
import { forhaandsvisBrev, fullfoer, oppgaveSpoerring, proevIgjen } from '../../api/spoerringer.ts';
import { dag, klokkeslett, siden } from '../../felles/format.ts';
import { Feilliste } from '../../felles/Feilliste.tsx';
import { Frist } from '../../felles/Frist.tsx';
import { nyId } from '../../felles/id.ts';
import { Ikon } from '../../felles/Ikon.tsx';
import { kvitter, oppgaveliste } from '../../felles/kvittering.ts';
import { Side } from '../../felles/Side.tsx';
import { useSnarveier } from '../../felles/tastatur.ts';
import { Brevtekst, Rutinetekst, Setning } from '../../felles/Tekst.tsx';
import { feilsetning, Skjelett, Visning } from '../../felles/Tilstand.tsx';
import { useMeg } from '../../ramme/meg.ts';
import { useStille } from '../../ramme/Soek.tsx';
import { konfliktfelter } from '../../skjema/konfliktfelter.ts';
import type { Skjemafeil, SkjemaHaandtak } from '../../skjema/Skjema.tsx';
import { ulike } from '../../utkast/skriver.ts';
import { Utkastkonflikt } from '../../utkast/Utkastkonflikt.tsx';
import { Utkastlinje } from '../../utkast/Utkastlinje.tsx';
import { useTaOgLeggTilbake } from '../oppgaver/Rad.tsx';
import { Hvorfor, Lederdel, Mistet } from './Fordelt.tsx';
import { useForslag } from './forslag.ts';
import { useOppgaveutkast } from './utkast.ts';

const Skjema = lazy(() => import('../../skjema/Skjema.tsx'));

/** Bredt nok til tre deler ved siden av hverandre? Da står steget og saken åpne fra start. */
const bredt = (): boolean =>
  window.innerWidth >= 75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

function OmSteget({ d }: { d: OppgaveDetalj }) {
  const { rutine } = d;
  const [aapen, settAapen] = useState(bredt);
  return (
    <details className="del" open={aapen} onToggle={(e) => settAapen(e.currentTarget.open)}>
      <summary>Om steget</summary>
      <div className="del__innhold">
        {rutine.tekst === '' ? (
          <p className="dempet">Rutinen har ingen tekst om dette steget.</p>
        ) : (
          <Rutinetekst tekst={rutine.tekst} />
        )}
        {rutine.dokumenter.length > 0 ? (
          <>
            <h2>Dokumenter</h2>
            <ul>
              {rutine.dokumenter.map((dok) => (
                <li key={dok}>{dok}</li>
              ))}
            </ul>
          </>
        ) : null}
        {rutine.hjemler.length > 0 ? (
          <>
            <h2>Hjemmel</h2>
            <p>{rutine.hjemler.join('; ')}</p>
          </>
        ) : null}
        <p className="liten">
          {rutine.id ? (
            <Link className="ds-link" to={`/rutiner/${rutine.id}?steg=${d.oppgave.stegId}`}>
              {rutine.navn}
            </Link>
          ) : (
            rutine.navn
          )}
          {rutine.versjon > 0 ? <span className="dempet">, versjon {rutine.versjon}</span> : null}
        </p>
      </div>
    </details>
  );
}

function SakenKort({ d }: { d: OppgaveDetalj }) {
  const { sak } = d;
  const frist = d.oppgave.frist ? (
    <>
      <h2>Frist</h2>
      <p>
        {dag(d.oppgave.frist)}
        {d.fristKilde ? <span className="dempet liten kilde">{d.fristKilde}</span> : null}
      </p>
    </>
  ) : null;
  const [aapen, settAapen] = useState(bredt);
  return (
    <details className="del" open={aapen} onToggle={(e) => settAapen(e.currentTarget.open)}>
      <summary>Saken i korte trekk</summary>
      <div className="del__innhold">
        {sak ? (
          <>
            <p>
              <strong>{sak.person.navn}</strong>, {sak.person.alder} år
              {sak.person.tolk ? (
                <>
                  <br />
                  Tolk: {sak.person.tolk}
                </>
              ) : null}
            </p>
            <p className="liten">
              <Link className="ds-link" to={`/saker/${sak.id}`}>
                Sak {sak.saksnummer}
              </Link>
              <span className="dempet"> · {sak.fase}</span>
            </p>
            {frist}
            <h2>Avgjort så langt</h2>
            {sak.avgjort.length > 0 ? (
              <ul>
                {sak.avgjort.map((a) => (
                  <li key={a.tekst}>{a.tekst}</li>
                ))}
              </ul>
            ) : (
              <p className="dempet">Ingenting er avgjort ennå.</p>
            )}
            <h2>Siste hendelser</h2>
            <ol className="hendelser hendelser--kort">
              {sak.hendelser.slice(0, 5).map((h) => (
                <li key={h.id}>
                  <time dateTime={h.tid} className="dempet liten" title={`${dag(h.tid)} kl. ${klokkeslett(h.tid)}`}>
                    {siden(h.tid)}
                  </time>
                  <span>{h.tekst}</span>
                </li>
              ))}
            </ol>
          </>
        ) : (
          <>
            <p className="dempet">Du har tilgang til denne oppgaven, men ikke til resten av saken.</p>
            {frist}
          </>
        )}
      </div>
    </details>
  );
}

/** Brevet slik det blir, ved siden av skjemaet. Følger det som skrives. */
function Brev({ id, data }: { id: string; data: Record<string, unknown> }) {
  const stille = useStille(data, 600);
  const svar = useQuery({
    queryKey: ['brev', id, stille],
    queryFn: ({ signal }) => forhaandsvisBrev(id, stille, signal),
    placeholderData: (forrige) => forrige,
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  return (
    <section className="brevpanel" aria-labelledby="brev-tittel" tabIndex={0}>
      <Heading level={2} data-size="2xs" id="brev-tittel">
        Forhåndsvisning: {svar.data?.tittel ?? 'brevet'}
      </Heading>
      <p className="dempet liten">
        Slik blir brevet med det du har skrevet nå. Det sendes ikke før oppgaven er fullført.
      </p>
      {svar.error && !svar.isFetching ? (
        <Alert data-color="warning" data-size="sm">
          {feilsetning(svar.error)}
        </Alert>
      ) : null}
      {svar.data && svar.data.merknader.length > 0 ? (
        <Alert data-color="warning" data-size="sm" role="status">
          {svar.data.merknader.map((m) => (
            <Paragraph key={m} data-size="sm">
              {m}
            </Paragraph>
          ))}
        </Alert>
      ) : null}
      {svar.data ? (
        <div aria-busy={svar.isFetching}>
          <Brevtekst html={svar.data.html} />
        </div>
      ) : svar.isPending ? (
        <Skjelett rader={5} />
      ) : null}
    </section>
  );
}

/** Det som ble gjort, og veien videre. */
function Ferdig({ svar }: { svar: FullfoerSvar }) {
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <section className="ferdig" aria-live="polite">
      <Alert data-color="success">
        <Paragraph data-size="sm">
          <Setning tekst={svar.melding} />
        </Paragraph>
        {svar.motorHarSvart ? null : (
          <Paragraph data-size="sm">Arbeidet er lagret. Saken går videre når systemet er tilbake.</Paragraph>
        )}
      </Alert>
      <p className="knapperad">
        {svar.nesteOppgaveId ? (
          <Button asChild>
            <Link to={`/oppgaver/${svar.nesteOppgaveId}`} ref={ref}>
              Neste oppgave i saken
            </Link>
          </Button>
        ) : null}
        <Button asChild variant={svar.nesteOppgaveId ? 'secondary' : 'primary'}>
          <Link to={oppgaveliste.adresse()}>Tilbake til oppgavene</Link>
        </Button>
        {svar.sakId ? (
          <Button asChild variant="tertiary">
            <Link to={`/saker/${svar.sakId}`}>Åpne saken</Link>
          </Button>
        ) : null}
      </p>
    </section>
  );
}

function Teknisk({ d }: { d: OppgaveDetalj }) {
  const klient = useQueryClient();
  const igjen = useMutation({
    mutationFn: () => proevIgjen(d.oppgave.id),
    onSuccess: () => {
      kvitter({ slag: 'success', tekst: 'Prøver igjen. Går det bra, forsvinner oppgaven av seg selv.' });
      return klient.invalidateQueries();
    },
  });
  if (!d.teknisk) return null;
  return (
    <section className="teknisk">
      <Heading level={2} data-size="2xs">
        {d.teknisk.hva}
      </Heading>
      <p>Dette stoppet:</p>
      <pre className="teknisk__feil">{d.teknisk.feil}</pre>
      <p>Saken står trygt der den er til feilen er rettet. Ingenting er sendt to ganger.</p>
      {igjen.error ? (
        <Alert data-color="danger" data-size="sm" role="alert">
          {feilsetning(igjen.error)}
        </Alert>
      ) : null}
      {d.teknisk.kanProevesIgjen ? (
        <Button onClick={() => igjen.mutate()} disabled={igjen.isPending}>
          {igjen.isPending ? 'Prøver …' : 'Prøv igjen'}
        </Button>
      ) : null}
    </section>
  );
}

function Innhold({ d, paaFerdig }: { d: OppgaveDetalj; paaFerdig: (svar: FullfoerSvar) => void }) {
  const { oppgave } = d;
  const naviger = useNavigate();
  const klient = useQueryClient();
  const skjema = useRef<SkjemaHaandtak>(null);
  const [verdier, settVerdier] = useState<Record<string, unknown>>({});
  const [feil, settFeil] = useState<Skjemafeil[]>([]);
  const [forsoek, settForsoek] = useState(0);
  const sisteVerdier = useRef<Record<string, unknown>>({});
  const [visBrev, settVisBrev] = useState(false);
  const innsendingId = useRef(nyId());
  const { ta } = useTaOgLeggTilbake();
  const sistForslag = useRef(d.forslag);
  const { skriver, endret, foerSending } = useOppgaveutkast(d, sistForslag);
  /*
   * Skjemaet fylles én gang, og det som er skrevet, blir stående også når oppgaven blir borte imens. Kommer det et
   * nyere utkast fra serveren før noen har rørt det (åpnet fra et gammelt mellomlager), fylles det på nytt. Etterpå er det
   * bare lagringen som sier fra om noe nyere, så ingen bygger på noe de ikke har sett.
   */
  const [fylt, settFylt] = useState({
    skjema: d.skjema,
    data: { ...d.data, ...skriver.ulagret },
    forslag: d.forslag,
    versjon: d.utkast?.versjon ?? 0,
  });
  useEffect(() => {
    sistForslag.current = fylt.forslag;
    skriver.begynnFra({ data: fylt.data, versjon: fylt.versjon });
  }, [fylt, skriver]);
  const [roert, settRoert] = useState(false);
  const nyere = !skriver.ulagret && (d.utkast?.versjon ?? 0) > fylt.versjon;
  if (!roert && d.skjema !== null && (fylt.skjema === null || nyere)) {
    settFylt({ skjema: d.skjema, data: d.data, forslag: d.forslag, versjon: d.utkast?.versjon ?? 0 });
  }

  const min = d.kanFullfoere;
  const aapen = oppgave.status === 'aapen' || oppgave.status === 'gikk-videre';
  useEffect(() => {
    // Tatt igjen etter at den ble borte: det som sto ulagret imens, lagres.
    if (min) skriver.proevIgjen();
  }, [min, skriver]);
  const paaEndring = useCallback(
    (v: Record<string, unknown>, slag: 'start' | 'endret') => {
      const forrige = sisteVerdier.current;
      sisteVerdier.current = v;
      settVerdier(v);
      // Det som rettes, faller ut av lista; feltet selv sier fra hvis det fortsatt er galt.
      settFeil((f) => {
        const igjen = f.filter((x) => JSON.stringify(v[x.felt]) === JSON.stringify(forrige[x.felt]));
        return igjen.length === f.length ? f : igjen;
      });
      if (slag === 'start' || !min) return;
      settRoert(true);
      endret(v);
    },
    [min, endret],
  );

  const ajour = useForslag(oppgave.id, sistForslag, fylt.forslag !== null && min && aapen, verdier, skjema);

  const send = useMutation({
    mutationFn: async (data: Record<string, unknown>) => {
      await foerSending();
      return fullfoer(oppgave.id, innsendingId.current, await ajour(data), skriver.versjon);
    },
    onSuccess: async (svar) => {
      skriver.ferdig();
      void klient.invalidateQueries({ queryKey: ['oppgaver'] });
      void klient.invalidateQueries({ queryKey: ['sak'] });
      void klient.invalidateQueries({ queryKey: ['saker'] });
      if (svar.nesteOppgaveId) {
        paaFerdig(svar);
        window.scrollTo({ top: 0 });
        return;
      }
      const videre = svar.motorHarSvart ? '' : ' Arbeidet er lagret. Saken går videre når systemet er tilbake.';
      kvitter({
        slag: 'success',
        tekst: svar.melding.replaceAll('*', '') + videre,
        ...(svar.sakId ? { lenke: { til: `/saker/${svar.sakId}`, tekst: 'Åpne saken' } } : {}),
      });
      await naviger(oppgaveliste.adresse());
    },
    onError: (e) => {
      skriver.pause(false);
      if (e instanceof ApiFeil && e.problem.type === UTKAST_ENDRET) {
        skriver.konflikt(e.problem.utkast ?? null, verdier);
      } else if (e instanceof ApiFeil) {
        innsendingId.current = nyId();
        const felt: Feltfeil[] = e.feil;
        settFeil(skjema.current?.visFeil(felt) ?? felt.map((f) => ({ ...f, ledetekst: '', elementId: '' })));
        settForsoek((n) => n + 1);
        if (e.status === 409 || e.status === 404) void klient.invalidateQueries({ queryKey: ['oppgave', oppgave.id] });
      }
      window.scrollTo({ top: 0 });
    },
  });
  const sendInn = (): void => {
    if (send.isPending || !min || !aapen) return;
    if (fylt.skjema !== null && !skjema.current) return;
    const { data, feil: f } = skjema.current?.sjekk() ?? { data: {}, feil: [] };
    settFeil(f);
    if (f.length > 0) {
      settForsoek((n) => n + 1);
      window.scrollTo({ top: 0 });
      return;
    }
    send.mutate(data);
  };
  const feilrader = useMemo(
    () =>
      feil.map((f) => ({
        elementId: f.elementId,
        tekst: f.ledetekst ? `${f.ledetekst}${/[?.!]$/.test(f.ledetekst) ? '' : ':'} ${f.melding}` : f.melding,
      })),
    [feil],
  );
  useSnarveier({ 'ctrl+enter': sendInn });

  const utfall = d.knapper.felt ? verdier[d.knapper.felt] : undefined;
  const utfallsverdi = utfall === undefined || utfall === null ? '' : String(utfall);
  const knapp = d.knapper.tekster[utfallsverdi] ?? d.knapper.standard;
  const hvaSkjer = d.hvaSkjer[utfallsverdi] ?? d.hvaSkjer[''];
  const sendefeil = send.error && feil.length === 0 ? feilsetning(send.error) : null;

  return (
    <>
      {!aapen ? (
        <Alert data-color="info" className="foreldet">
          <Heading level={2} data-size="2xs">
            {oppgave.status === 'fullfoerer'
              ? 'Arbeidet er lagret'
              : d.avsluttet
                ? d.avsluttet.maate === 'fullfoert'
                  ? `Oppgaven ble fullført av ${d.avsluttet.av} ${siden(d.avsluttet.tid)}`
                  : `Oppgaven falt bort ${siden(d.avsluttet.tid)}`
                : oppgave.status === 'fullfoert'
                  ? 'Oppgaven er fullført'
                  : 'Oppgaven er ikke lenger aktuell'}
          </Heading>
          <Paragraph data-size="sm">
            {oppgave.status === 'fullfoerer'
              ? 'Saken går videre når systemet er tilbake. Du trenger ikke gjøre noe.'
              : 'Saken har gått videre. Det som står under, er bare til lesing.'}{' '}
            <Link className="ds-link" to={oppgaveliste.adresse()}>
              Til oppgavene
            </Link>
          </Paragraph>
        </Alert>
      ) : null}
      <Mistet d={d} tilstand={skriver.tilstand()} roert={roert} />
      <Feilliste feil={feilrader} forsoek={forsoek} />
      {sendefeil ? (
        <Alert data-color="danger" role="alert">
          {sendefeil} Det du har skrevet, står her fortsatt.
        </Alert>
      ) : null}
      <div className={visBrev ? 'oppgave oppgave--medbrev' : 'oppgave'}>
        {oppgave.type === 'gikk-videre' ? null : (
          <aside className="oppgave__venstre" aria-label="Om steget">
            <OmSteget d={d} />
          </aside>
        )}
        <section className="oppgave__midt" aria-label={oppgave.tittel}>
          {oppgave.type === 'teknisk' ? <Teknisk d={d} /> : null}
          {oppgave.type === 'gikk-videre' ? <Rutinetekst tekst={d.rutine.tekst} /> : null}
          {fylt.skjema !== null ? (
            <>
              {min && aapen ? (
                <>
                  <Utkastlinje skriver={skriver} hentet={d.utkast?.lagret ?? null} />
                  <Utkastkonflikt
                    skriver={skriver}
                    skrevet={verdier}
                    felter={konfliktfelter(fylt.skjema, fylt.data)}
                    velg={(valgt) => {
                      for (const felt of ulike(valgt, verdier)) skjema.current?.sett(felt, valgt[felt]);
                    }}
                  />
                </>
              ) : null}
              <Suspense fallback={<Skjelett rader={6} />}>
                <Skjema
                  key={fylt.versjon}
                  ref={skjema}
                  stegId={oppgave.stegId}
                  skjema={fylt.skjema}
                  data={fylt.data}
                  lesbar={!min || !aapen || send.isPending}
                  paaEndring={paaEndring}
                />
              </Suspense>
              {d.kanForhaandsviseBrev && aapen ? (
                <Button
                  variant="secondary"
                  data-size="sm"
                  aria-expanded={visBrev}
                  className="visbrev"
                  onClick={() => settVisBrev(!visBrev)}
                >
                  <Ikon navn="dokument" /> {visBrev ? 'Skjul brevet' : 'Forhåndsvis brevet'}
                </Button>
              ) : null}
            </>
          ) : null}
        </section>
        {visBrev && d.kanForhaandsviseBrev ? <Brev id={oppgave.id} data={verdier} /> : null}
        <aside className="oppgave__hoeyre" aria-label="Saken i korte trekk">
          <SakenKort d={d} />
        </aside>
      </div>
      {aapen && (min || oppgave.kanTa || oppgave.hindring) ? (
        <div className="bunn">
          {min ? (
            fylt.skjema !== null || oppgave.type === 'gikk-videre' ? (
              <>
                <Button onClick={sendInn} disabled={send.isPending} className="bunn__knapp">
                  {send.isPending ? (
                    <>
                      <Spinner aria-hidden="true" data-size="xs" /> Lagrer …
                    </>
                  ) : (
                    knapp
                  )}
                </Button>
                <p className="bunn__tekst" aria-live="polite">
                  {hvaSkjer ? (
                    <>
                      <span className="bunn__etikett">Da skjer dette:</span> <Setning tekst={hvaSkjer} />
                    </>
                  ) : null}
                </p>
              </>
            ) : null
          ) : oppgave.hindring ? (
            <p className="bunn__tekst">{oppgave.hindring}</p>
          ) : (
            <>
              <Button onClick={() => ta.mutate(oppgave)} disabled={ta.isPending} className="bunn__knapp">
                Ta oppgaven
              </Button>
              <p className="bunn__tekst">
                {oppgave.type === 'teknisk'
                  ? 'Oppgaven er ledig. Ta den, så andre ser at du er på saken.'
                  : 'Oppgaven er ledig. Ta den for å fylle ut skjemaet.'}
              </p>
            </>
          )}
        </div>
      ) : null}
    </>
  );
}

function Hode({ d }: { d: OppgaveDetalj }) {
  const meg = useMeg();
  const { tilbake } = useTaOgLeggTilbake();
  const { oppgave } = d;
  return (
    <div className="oppgavehode">
      <p className="oppgavehode__linje">
        {oppgave.personNavn ? <strong>{oppgave.personNavn}</strong> : null}
        {oppgave.saksnummer ? (
          oppgave.sakId && d.sak ? (
            <Link className="ds-link" to={`/saker/${oppgave.sakId}`}>
              Sak {oppgave.saksnummer}
            </Link>
          ) : (
            <span>Sak {oppgave.saksnummer}</span>
          )
        ) : null}
        <Frist frist={oppgave.frist} medDato />
        <span className="dempet">
          {oppgave.eier ? (oppgave.eier.id === meg.bruker.id ? 'Hos deg' : `Hos ${oppgave.eier.navn}`) : 'Ledig'}
          {oppgave.eier && oppgave.eier.id !== meg.bruker.id && oppgave.tatt ? `, ${siden(oppgave.tatt)}` : ''}
          {' · '}
          {oppgave.enhetNavn}
        </span>
        {oppgave.fase ? (
          <Tag data-size="sm" data-color="neutral">
            {oppgave.fase}
          </Tag>
        ) : null}
      </p>
      {oppgave.kanLeggeTilbake && oppgave.status === 'aapen' ? (
        <Button variant="tertiary" data-size="sm" onClick={() => tilbake.mutate(oppgave)} disabled={tilbake.isPending}>
          Legg tilbake
        </Button>
      ) : null}
    </div>
  );
}

export default function Oppgave() {
  const { id = '' } = useParams();
  const svar = useQuery(oppgaveSpoerring(id));
  // Står her, over det som hentes: en fullført oppgave kan svare 404 til den som bare hadde tilgang gjennom den.
  const [ferdig, settFerdig] = useState<{ id: string; tittel: string; svar: FullfoerSvar } | null>(null);
  if (ferdig?.id === id) {
    return (
      <Side tittel={`${ferdig.tittel} er gjort`}>
        <Ferdig svar={ferdig.svar} />
      </Side>
    );
  }
  return (
    <Visning svar={svar} side="Oppgave" skjelett={<Skjelett rader={7} />}>
      {(d) => (
        <Side
          tittel={d.oppgave.saksnummer ? `${d.oppgave.tittel} – sak ${d.oppgave.saksnummer}` : d.oppgave.tittel}
          overskrift={d.oppgave.tittel}
          over={
            <p className="brodsmule liten">
              <Link className="ds-link" to={oppgaveliste.adresse()}>
                <Ikon navn="tilbake" /> Oppgaver
              </Link>
            </p>
          }
        >
          <Hode d={d} />
          <Hvorfor d={d} />
          <Lederdel d={d} />
          <Innhold
            key={d.oppgave.id}
            d={d}
            paaFerdig={(s) => settFerdig({ id: d.oppgave.id, tittel: d.oppgave.tittel, svar: s })}
          />
        </Side>
      )}
    </Visning>
  );
}
