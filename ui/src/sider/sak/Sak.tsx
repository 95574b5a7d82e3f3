import { Button, Heading, Tag, Textarea, Field, Label, ValidationMessage } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { HendelseRad, SakDetalj } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { sakSpoerring, trekkSak } from '../../api/spoerringer.ts';
import { dag, dagOgTid, dato } from '../../felles/format.ts';
import { Frist } from '../../felles/Frist.tsx';
import { nyId } from '../../felles/id.ts';
import { Ikon } from '../../felles/Ikon.tsx';
import { kvitter, useUlagret } from '../../felles/kvittering.ts';
import { Side } from '../../felles/Side.tsx';
import { Rutinetekst } from '../../felles/Tekst.tsx';
import { feilsetning, Skjelett, Tom, Visning } from '../../felles/Tilstand.tsx';
import { useMeg } from '../../ramme/meg.ts';
import { useTaOgLeggTilbake } from '../oppgaver/Rad.tsx';
import { Dokumenter } from './Dokumenter.tsx';
import { hendelsesslag, SLAG, type Slag } from './slag.ts';

const Prosess = lazy(() => import('./Prosess.tsx'));

function Naa({ d }: { d: SakDetalj }) {
  const meg = useMeg();
  const { ta } = useTaOgLeggTilbake();
  return (
    <section aria-labelledby="naa" className="naa">
      <Heading level={2} data-size="2xs" id="naa">
        Nå
      </Heading>
      {d.oppgaver.length === 0 ? (
        <p className="dempet">
          {d.sak.status === 'aapen'
            ? 'Ingen åpne oppgaver akkurat nå. Saken venter på noe utenfra, eller er på vei til neste steg.'
            : 'Saken er avsluttet. Ingenting gjenstår.'}
        </p>
      ) : (
        <ul className="naa__liste">
          {d.oppgaver.map((o) => (
            <li key={o.id} className="naa__oppgave">
              <Link className="rad__lenke" to={`/oppgaver/${o.id}`}>
                {o.tittel}
              </Link>
              <Frist frist={o.frist} medDato />
              <span className="dempet">
                {o.eier ? (o.eier.id === meg.bruker.id ? 'Hos deg' : `Hos ${o.eier.navn}`) : `Ledig, ${o.enhetNavn}`}
              </span>
              {o.kanTa ? (
                <Button
                  variant="secondary"
                  data-size="sm"
                  onClick={() => ta.mutate(o)}
                  disabled={ta.isPending}
                  aria-label={`Ta «${o.tittel}»`}
                >
                  Ta
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Historikk({ hendelser }: { hendelser: readonly HendelseRad[] }) {
  const [p, settP] = useSearchParams();
  const valgt = p.get('slag');
  const slag = Object.keys(SLAG).filter((s): s is Slag => hendelser.some((h) => hendelsesslag(h.type) === s));
  const vises = hendelser.filter((h) => !valgt || hendelsesslag(h.type) === valgt);
  const velg = (s: string | null): void =>
    settP(
      (f) => {
        const n = new URLSearchParams(f);
        if (s) n.set('slag', s);
        else n.delete('slag');
        return n;
      },
      { replace: true, preventScrollReset: true },
    );
  return (
    <>
      {slag.length > 1 ? (
        <div className="slag" role="group" aria-label="Vis bare">
          <button type="button" aria-pressed={!valgt} onClick={() => velg(null)}>
            Alt
          </button>
          {slag.map((s) => (
            <button key={s} type="button" aria-pressed={valgt === s} onClick={() => velg(s)}>
              {SLAG[s]}
            </button>
          ))}
        </div>
      ) : null}
      {vises.length === 0 ? (
        <Tom
          tittel={hendelser.length === 0 ? 'Ingenting har skjedd ennå' : 'Ingen hendelser av dette slaget'}
          handling={
            hendelser.length > 0 ? (
              <Button variant="secondary" data-size="sm" onClick={() => velg(null)}>
                Vis alt
              </Button>
            ) : undefined
          }
        />
      ) : (
        <ol className="hendelser">
          {vises.map((h) => (
            <li key={h.id}>
              <time dateTime={h.tid} className="dempet liten">
                {dagOgTid(h.tid)}
              </time>
              <span>
                {h.tekst}
                {h.tekst.startsWith(h.av) ? null : <span className="dempet liten"> ({h.av})</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** De første ordene i ett strekk, uten merkene for overskrifter og punkter. */
function begynnelsen(tekst: string): string {
  const flat = tekst.replace(/^(#+|-)\s+/gm, '').replace(/\s+/g, ' ');
  return flat.slice(0, flat.indexOf(' ', 90));
}

/** Lange tekster (brev) foldes, så resten av det registrerte kan leses i ett strekk. */
function Verdi({ verdi }: { verdi: string }) {
  if (verdi === '') return <span className="dempet">Ikke fylt ut</span>;
  if (verdi.length < 700) return <Rutinetekst tekst={verdi} />;
  return (
    <details>
      <summary>{begynnelsen(verdi)} … (vis hele teksten)</summary>
      <Rutinetekst tekst={verdi} />
    </details>
  );
}

function Fakta({ d }: { d: SakDetalj }) {
  if (d.fakta.length === 0) {
    return <Tom tittel="Ingenting er registrert ennå">Det som registreres i hvert steg, står her med hvem og når.</Tom>;
  }
  return d.fakta.map((f) => (
    <section key={f.stegTittel + f.tid} className="fakta">
      <Heading level={3} data-size="2xs">
        {f.stegTittel}
      </Heading>
      <p className="dempet liten">
        {f.av}, {dagOgTid(f.tid)}
      </p>
      <dl>
        {f.felter.map((felt) => (
          <div key={felt.ledetekst}>
            <dt>{felt.ledetekst}</dt>
            <dd>
              <Verdi verdi={felt.verdi} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function Trekk({ sakId, lukk }: { sakId: string; lukk: () => void }) {
  const klient = useQueryClient();
  const [tekst, settTekst] = useState('');
  const [feil, settFeil] = useState<string | null>(null);
  const innsending = useRef(nyId());
  const felt = useRef<HTMLTextAreaElement>(null);
  useEffect(() => felt.current?.focus(), []);
  useUlagret('trekk', tekst !== '');
  const trekk = useMutation({
    mutationFn: () => trekkSak(sakId, innsending.current, tekst.trim()),
    onSuccess: async () => {
      kvitter({ slag: 'success', tekst: 'Anmodningen er trukket. Den som spurte, får en bekreftelse.' });
      await klient.invalidateQueries();
      lukk();
    },
    onError: (e) => {
      if (e instanceof ApiFeil) innsending.current = nyId();
      settFeil(e instanceof ApiFeil && e.feil[0] ? e.feil[0].melding : feilsetning(e));
    },
  });
  return (
    <form
      className="trekk"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (erBlank(tekst)) {
          settFeil('Skriv hvem som trakk anmodningen og hvorfor.');
          felt.current?.focus();
          return;
        }
        trekk.mutate();
      }}
    >
      <Heading level={2} data-size="2xs">
        Trekk anmodningen
      </Heading>
      <p>
        Saken avsluttes, åpne oppgaver faller bort, og den som spurte, får en bekreftelse. Historikken blir stående.
      </p>
      <Field>
        <Label>Hvem trakk anmodningen, og hvorfor?</Label>
        <Textarea
          ref={felt}
          rows={3}
          maxLength={4000}
          value={tekst}
          aria-invalid={feil !== null}
          onChange={(e) => {
            settTekst(e.target.value);
            settFeil(null);
          }}
        />
        {feil ? <ValidationMessage>{feil}</ValidationMessage> : null}
      </Field>
      <p className="knapperad">
        <Button type="submit" disabled={trekk.isPending}>
          {trekk.isPending ? 'Trekker …' : 'Trekk anmodningen'}
        </Button>
        <Button variant="tertiary" onClick={lukk}>
          Avbryt
        </Button>
      </p>
    </form>
  );
}

const DELER = [
  ['historikk', 'Historikk'],
  ['dokumenter', 'Dokumenter'],
  ['fakta', 'Fakta'],
  ['prosess', 'Prosess'],
] as const;

function Innhold({ d }: { d: SakDetalj }) {
  const [p] = useSearchParams();
  const del = DELER.find(([v]) => v === p.get('del'))?.[0] ?? 'historikk';
  const [trekker, settTrekker] = useState(false);
  const { sak, person } = d;
  return (
    <Side
      tittel={`${person.navn} – sak ${sak.saksnummer}`}
      overskrift={person.navn}
      over={
        <p className="brodsmule liten">
          <Link className="ds-link" to="/saker">
            <Ikon navn="tilbake" /> Saker
          </Link>
        </p>
      }
      ved={
        sak.kanTrekkes && !trekker ? (
          <Button variant="secondary" data-size="sm" onClick={() => settTrekker(true)}>
            Trekk anmodningen
          </Button>
        ) : null
      }
    >
      <dl className="sakhode">
        <div>
          <dt>Sak</dt>
          <dd>{sak.saksnummer}</dd>
        </div>
        <div>
          <dt>Fase</dt>
          <dd>
            <Tag data-size="sm" data-color="neutral">
              {sak.fase}
            </Tag>
          </dd>
        </div>
        <div>
          <dt>Ønsket</dt>
          <dd>{sak.oenske}</dd>
        </div>
        <div>
          <dt>Enhet</dt>
          <dd>
            {sak.enhetNavn}
            {sak.vedtaksinstans !== sak.enhetNavn ? (
              <span className="dempet"> · avgjøres av {sak.vedtaksinstans}</span>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>Mottatt</dt>
          <dd>{dag(sak.mottatt)}</dd>
        </div>
        <div>
          <dt>Venter på</dt>
          <dd>
            {sak.venterPaa ?? 'Ingen'}
            {sak.venterSiden ? <span className="dempet">, siden {dag(sak.venterSiden)}</span> : null}
          </dd>
        </div>
        <div>
          <dt>Person</dt>
          <dd>
            {person.alder} år, født {dato(person.fodselsdato)}
            {person.tolk ? ` · tolk: ${person.tolk}` : ''}
          </dd>
        </div>
        <div>
          <dt>Kontakt</dt>
          <dd>
            {person.beskyttetAdresse ? (
              <strong>Beskyttet adresse</strong>
            ) : (
              (person.adresse ?? <span className="dempet">Adressen er ikke registrert</span>)
            )}
            {person.telefon ? <span className="samlet"> · {person.telefon}</span> : null}
          </dd>
        </div>
        {d.avgjort.length > 0 ? (
          <div className="sakhode__bred">
            <dt>Avgjort</dt>
            <dd>{d.avgjort.map((a) => a.tekst).join(' ')}</dd>
          </div>
        ) : null}
      </dl>
      {trekker ? <Trekk sakId={sak.id} lukk={() => settTrekker(false)} /> : null}
      <Naa d={d} />
      <nav className="faner" aria-label="Deler av saken">
        {DELER.map(([v, t]) => (
          <Link
            key={v}
            className="faner__lenke"
            to={{ search: v === 'historikk' ? '' : `?del=${v}` }}
            aria-current={del === v ? 'page' : undefined}
            preventScrollReset
          >
            {t}
            {v === 'dokumenter' && d.dokumenter.length > 0 ? (
              <span className="faner__antall">{d.dokumenter.length}</span>
            ) : null}
          </Link>
        ))}
      </nav>
      <section aria-label={DELER.find(([v]) => v === del)?.[1]} className="sakdel">
        {del === 'historikk' ? <Historikk hendelser={d.hendelser} /> : null}
        {del === 'dokumenter' ? <Dokumenter d={d} /> : null}
        {del === 'fakta' ? <Fakta d={d} /> : null}
        {del === 'prosess' ? (
          <Suspense fallback={<Skjelett />}>
            <Prosess sakId={sak.id} />
          </Suspense>
        ) : null}
      </section>
    </Side>
  );
}

export default function Sak() {
  const { id = '' } = useParams();
  const svar = useQuery(sakSpoerring(id));
  return (
    <Visning svar={svar} side="Sak" skjelett={<Skjelett rader={7} />}>
      {(d) => <Innhold key={d.sak.id} d={d} />}
    </Visning>
  );
}
