import { Button, Checkbox, Field, Label, Search, Select } from '@digdir/designsystemet-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { Fristgruppe, OppgaveListe } from '../../../../src/contract/api.ts';
import { MAKS_FORDELING } from '../../../../src/contract/fordeling.ts';
import { tall } from '../../felles/format.ts';
import { oppgaveliste } from '../../felles/kvittering.ts';
import { Side } from '../../felles/Side.tsx';
import { useSnarveier } from '../../felles/tastatur.ts';
import { Feilvisning, Skjelett, Tom } from '../../felles/Tilstand.tsx';
import { useMeg } from '../../ramme/meg.ts';
import { useStille } from '../../ramme/Soek.tsx';
import { erFiltrert, tilAdresse, useFilter } from './filter.ts';
import { useOppgaveliste } from './liste.ts';
import type { Plass } from './plasser.ts';
import { antallOppgaver, FordelSkjema } from './FordelSkjema.tsx';
import { Rad, useTaOgLeggTilbake, Velger } from './Rad.tsx';
import { useUtvalg, type Utvalg } from './utvalg.ts';

const GRUPPE: Record<Fristgruppe, string> = {
  tilbake: 'Kommet tilbake',
  forfalt: 'Forfalt',
  'i-dag': 'I dag',
  'denne-uka': 'Denne uka',
  senere: 'Senere',
  'uten-frist': 'Uten frist',
};
const FANER = [
  { id: 'mine', tekst: 'Mine' },
  { id: 'ledige', tekst: 'Ledige' },
  { id: 'enheten', tekst: 'Hele enheten' },
] as const;
const TOMT: Record<string, { tittel: string; tekst: string }> = {
  mine: { tittel: 'Du har ingen oppgaver', tekst: 'Oppgaver du har tatt, eller som er lagt til deg, står her.' },
  ledige: {
    tittel: 'Ingen ledige oppgaver',
    tekst: 'Oppgaver som rollene dine kan ta, og som ingen har tatt ennå, står her.',
  },
  enheten: {
    tittel: 'Enheten har ingen åpne oppgaver',
    tekst: 'Alle åpne oppgaver i enheten, med hvem som har dem, står her.',
  },
};

/** Sist åpnede rad: den får fokus igjen når en kommer tilbake til lista. */
let sistAapnet: string | null = null;

function Filtre({
  hode,
  filter,
  endre,
}: {
  hode: OppgaveListe | undefined;
  filter: ReturnType<typeof useFilter>[0];
  endre: ReturnType<typeof useFilter>[1];
}) {
  const [sok, settSok] = useState(filter.sok);
  const stille = useStille(sok, 250);
  const sistSendt = useRef(filter.sok);
  useEffect(() => {
    if (stille !== sistSendt.current) {
      sistSendt.current = stille;
      endre({ sok: stille });
    }
  }, [stille, endre]);
  // Tilbakeknappen eller «nullstill» endrer adressen; da følger feltet etter.
  useEffect(() => {
    if (filter.sok !== sistSendt.current) {
      sistSendt.current = filter.sok;
      settSok(filter.sok);
    }
  }, [filter.sok]);
  const valg = hode?.filtre;
  // På smal skjerm ligger filtrene bak en knapp, så lista kommer først.
  const [aapen, settAapen] = useState(false);
  const antallValgte = [filter.steg, filter.rutine, filter.enhet, filter.forfalt].filter((v) => v !== '').length;
  const nedtrekk = (
    navn: 'steg' | 'rutine' | 'enhet',
    ledetekst: string,
    alle: string,
    liste: readonly { id: string; navn: string }[] | undefined,
  ) =>
    (liste && liste.length > 1) || filter[navn] !== '' ? (
      <Field data-size="sm">
        <Label>{ledetekst}</Label>
        <Select value={filter[navn]} onChange={(e) => endre({ [navn]: e.target.value })}>
          <Select.Option value="">{alle}</Select.Option>
          {liste?.map((v) => (
            <Select.Option key={v.id} value={v.id}>
              {v.navn}
            </Select.Option>
          ))}
        </Select>
      </Field>
    ) : null;
  return (
    <div className="filtre" role="search" aria-label="Filtrer oppgavene">
      <Field data-size="sm" className="filtre__sok">
        <Label>Finn i lista</Label>
        <Search>
          <Search.Input
            aria-label="Finn i lista"
            placeholder="Navn, saksnummer eller steg"
            value={sok}
            onChange={(e) => settSok(e.target.value)}
          />
          <Search.Clear aria-label="Tøm" onClick={() => settSok('')} />
        </Search>
      </Field>
      <Button
        className="filtre__vis"
        variant="secondary"
        data-size="sm"
        aria-expanded={aapen}
        aria-controls="flere-filtre"
        onClick={() => settAapen(!aapen)}
      >
        {antallValgte > 0 ? `Filtre (${antallValgte})` : 'Filtre'}
      </Button>
      <div id="flere-filtre" className={aapen ? 'filtre__mer filtre__mer--aapen' : 'filtre__mer'}>
        {nedtrekk('steg', 'Steg', 'Alle steg', valg?.steg)}
        {nedtrekk('rutine', 'Rutine', 'Alle rutiner', valg?.rutiner)}
        {nedtrekk('enhet', 'Enhet', 'Alle enheter', valg?.enheter)}
        <Field data-size="sm">
          <Label>Sorter</Label>
          <Select
            value={`${filter.sorter}:${filter.retning}`}
            onChange={(e) => {
              const [sorter = 'frist', retning = 'stigende'] = e.target.value.split(':');
              endre({ sorter, retning });
            }}
          >
            <Select.Option value="frist:stigende">Frist først</Select.Option>
            <Select.Option value="frist:synkende">Frist sist</Select.Option>
            <Select.Option value="opprettet:stigende">Eldste først</Select.Option>
            <Select.Option value="opprettet:synkende">Nyeste først</Select.Option>
            <Select.Option value="navn:stigende">Navn, A–Å</Select.Option>
            <Select.Option value="steg:stigende">Steg, A–Å</Select.Option>
          </Select>
        </Field>
        <Checkbox
          data-size="sm"
          label={`Bare forfalte${hode ? ` (${tall(hode.antall.forfalt)})` : ''}`}
          checked={filter.forfalt === 'ja'}
          onChange={(e) => endre({ forfalt: e.target.checked ? 'ja' : '' })}
        />
      </div>
    </div>
  );
}

function radId(p: Plass | undefined): string | null {
  return p && p.slag !== 'venter' ? p.rad.id : null;
}

function Liste({
  plasser,
  vis,
  meg,
  visMeg,
  utvalg,
}: {
  plasser: Plass[];
  vis: (fra: number, til: number) => void;
  meg: string;
  visMeg: boolean;
  /** det lederen har krysset av; null der oppgaver ikke fordeles */
  utvalg: Utvalg | null;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [topp, settTopp] = useState(0);
  useLayoutEffect(() => {
    const maal = (): void => settTopp(ref.current?.offsetTop ?? 0);
    maal();
    window.addEventListener('resize', maal);
    return () => window.removeEventListener('resize', maal);
  }, []);
  const v = useWindowVirtualizer({
    count: plasser.length,
    estimateSize: () => 57,
    overscan: 12,
    scrollMargin: topp,
    getItemKey: (i) => radId(plasser[i]) ?? `venter-${i}`,
  });
  const vises = v.getVirtualItems();
  const fra = vises[0]?.index ?? 0;
  const til = vises.at(-1)?.index ?? 0;
  useEffect(() => {
    if (plasser.length > 0) vis(fra, til);
  }, [fra, til, plasser.length, vis]);

  const [aktivId, settAktivId] = useState<string | null>(sistAapnet);
  const aktivNr = Math.max(
    0,
    plasser.findIndex((p) => radId(p) === aktivId),
  );
  const { ta, tilbake } = useTaOgLeggTilbake();

  const [skalFokusere, settSkalFokusere] = useState<string | null>(sistAapnet);
  useEffect(() => {
    if (!skalFokusere) return;
    const el = ref.current?.querySelector<HTMLElement>(`[data-rad="${CSS.escape(skalFokusere)}"]`);
    if (el) {
      el.focus({ preventScroll: skalFokusere === sistAapnet });
      sistAapnet = null;
      settSkalFokusere(null);
    }
  }, [skalFokusere, vises]);

  const gaaTil = (nr: number): void => {
    const n = Math.min(Math.max(nr, 0), plasser.length - 1);
    const id = radId(plasser[n]);
    v.scrollToIndex(n, { align: 'auto' });
    if (id) {
      settAktivId(id);
      settSkalFokusere(id);
    }
  };
  const fokusertNr = (): number | null => {
    const id = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['rad'] : undefined;
    if (!id) return null;
    const nr = plasser.findIndex((p) => radId(p) === id);
    return nr < 0 ? null : nr;
  };
  const paaRad = (gjoer: (p: Extract<Plass, { slag: 'rad' | 'borte' }>) => void) => (): void | boolean => {
    const nr = fokusertNr();
    const p = nr === null ? undefined : plasser[nr];
    return nr === null || p?.slag !== 'rad' ? false : gjoer(p);
  };
  useSnarveier({
    ArrowDown: () => {
      const aktiv = document.activeElement;
      // Piltaster i menyen, knapper og faner hører til dem.
      if (aktiv !== document.body && !ref.current?.contains(aktiv) && aktiv?.tagName !== 'H1') return false;
      return gaaTil((fokusertNr() ?? aktivNr - 1) + 1);
    },
    ArrowUp: () => {
      const nr = fokusertNr();
      return nr === null ? false : gaaTil(nr - 1);
    },
    Home: () => (fokusertNr() === null ? false : gaaTil(0)),
    End: () => (fokusertNr() === null ? false : gaaTil(plasser.length - 1)),
    t: paaRad((p) => {
      if (p.rad.kanTa) ta.mutate(p.rad);
    }),
    x: paaRad((p) => {
      if (utvalg && p.rad.kanFordele) utvalg.bytt(p.rad.id);
    }),
    l: paaRad((p) => {
      if (p.rad.kanLeggeTilbake) tilbake.mutate(p.rad);
    }),
  });

  return (
    <div
      ref={ref}
      role="list"
      aria-label="Oppgaver"
      className="rader"
      style={{ height: v.getTotalSize() }}
      onClick={(e) => {
        const lenke = e.target instanceof Element ? e.target.closest<HTMLElement>('[data-rad]') : null;
        if (lenke) sistAapnet = lenke.dataset['rad'] ?? null;
      }}
    >
      {vises.map((item) => {
        const p = plasser[item.index];
        if (!p) return null;
        return (
          <div
            key={item.key}
            role="listitem"
            aria-setsize={plasser.length}
            aria-posinset={item.index + 1}
            data-index={item.index}
            ref={v.measureElement}
            className="rader__plass"
            style={{ transform: `translateY(${item.start - v.options.scrollMargin}px)` }}
          >
            {p.slag === 'venter' ? (
              <div className="rad rad--venter" aria-hidden="true" />
            ) : (
              <>
                {p.forste ? <h2 className={`gruppe gruppe--${p.rad.gruppe}`}>{GRUPPE[p.rad.gruppe]}</h2> : null}
                <div className="rad-ramme">
                  {utvalg && p.slag === 'rad' && p.rad.kanFordele ? (
                    <Velger rad={p.rad} valgt={utvalg.ider.has(p.rad.id)} paaValg={utvalg.bytt} />
                  ) : null}
                  <Rad
                    rad={p.rad}
                    borte={p.slag === 'borte'}
                    meg={meg}
                    visMeg={visMeg}
                    visSiden={utvalg !== null}
                    aktiv={item.index === aktivNr}
                    paaFokus={() => settAktivId(p.rad.id)}
                  />
                </div>
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Velg alle som vises, og linja nederst som fordeler de valgte. */
function Valglinje({ plasser, utvalg }: { plasser: readonly Plass[]; utvalg: Utvalg }) {
  const mulige = plasser.flatMap((p) => (p.slag === 'rad' && p.rad.kanFordele ? [p.rad] : []));
  if (mulige.length === 0) return null;
  const alle = mulige.slice(0, MAKS_FORDELING);
  const erAlle = alle.every((r) => utvalg.ider.has(r.id));
  return (
    <Checkbox
      data-size="sm"
      className="velg-alle"
      label={mulige.length > MAKS_FORDELING ? `Velg de ${MAKS_FORDELING} første` : `Velg alle ${tall(mulige.length)}`}
      checked={erAlle}
      onChange={() => utvalg.sett(erAlle ? [] : alle.map((r) => r.id))}
    />
  );
}

function Fordel({ plasser, utvalg }: { plasser: readonly Plass[]; utvalg: Utvalg }) {
  const valgte = plasser.flatMap((p) => (p.slag === 'rad' && utvalg.ider.has(p.rad.id) ? [p.rad] : []));
  // Åpnes først når noen er valgt, så linja ikke dekker radene mens det velges.
  const [aapen, settAapen] = useState(false);
  if (valgte.length === 0) return null;
  const hvor = (
    <strong aria-live="polite" className="fordel__antall">
      {antallOppgaver(valgte.length)} valgt
    </strong>
  );
  const avbryt = (): void => {
    settAapen(false);
    utvalg.sett([]);
  };
  if (!aapen) {
    return (
      <div className="bunn bunn--fordel">
        <div className="fordel__felter">
          {hvor}
          <Button data-size="sm" onClick={() => settAapen(true)}>
            Gjør ledige eller gi til noen
          </Button>
          <Button variant="tertiary" data-size="sm" onClick={avbryt}>
            Avbryt
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="bunn bunn--fordel">
      <FordelSkjema
        oppgaver={valgte}
        overskrift={hvor}
        paaFerdig={(avvist) => {
          settAapen(false);
          utvalg.sett(avvist);
        }}
        avbryt={avbryt}
      />
    </div>
  );
}

export default function Oppgaver() {
  const meg = useMeg();
  const sted = useLocation();
  const [filter, endre, nullstill] = useFilter();
  const liste = useOppgaveliste(filter);
  useEffect(() => oppgaveliste.husk(sted.pathname + sted.search), [sted]);
  const { hode } = liste;
  const utvalg = useUtvalg(JSON.stringify(filter));
  const leder = filter.fane === 'enheten' ? utvalg : null;
  const antall: Record<(typeof FANER)[number]['id'], number | null | undefined> = {
    mine: hode?.antall.mine,
    ledige: hode?.antall.ledige,
    enheten: hode?.antall.enheten,
  };
  const faner = FANER.filter(
    (f) => f.id !== 'enheten' || filter.fane === 'enheten' || typeof antall.enheten === 'number',
  );
  const fane = FANER.find((f) => f.id === filter.fane)?.tekst ?? 'Mine';
  const filtrert = erFiltrert(filter);
  const treff = liste.plasser.filter((p) => p.slag !== 'borte').length;
  const tomt = TOMT[filter.fane] ?? { tittel: 'Ingen oppgaver', tekst: '' };
  return (
    <Side tittel={`Oppgaver: ${fane.toLowerCase()}`} overskrift="Oppgaver">
      <nav aria-label="Hvilke oppgaver" className="faner">
        {faner.map((f) => (
          <Link
            key={f.id}
            to={{ search: tilAdresse({ ...filter, fane: f.id }).toString() }}
            aria-current={filter.fane === f.id ? 'page' : undefined}
            className="faner__lenke"
          >
            {f.tekst}
            {typeof antall[f.id] === 'number' ? <span className="faner__antall">{tall(antall[f.id] ?? 0)}</span> : null}
          </Link>
        ))}
      </nav>
      <Filtre hode={hode} filter={filter} endre={endre} />
      <p className="kun-lest" role="status">
        {hode && !liste.gammelt ? `${tall(treff)} oppgaver vises.` : ''}
      </p>
      {filtrert && hode && treff > 0 ? (
        <p className="treff liten">
          {tall(hode.totalt)} treff.{' '}
          <button type="button" className="ds-link lenkeknapp" onClick={nullstill}>
            Nullstill filtrene
          </button>
        </p>
      ) : null}
      {!hode ? (
        liste.feil ? (
          <Feilvisning feil={liste.feil} paaNytt={liste.proevIgjen} />
        ) : (
          <Skjelett rader={8} />
        )
      ) : liste.plasser.length === 0 ? (
        filtrert ? (
          <Tom
            tittel="Ingen oppgaver passer med filtrene"
            handling={
              <Button variant="secondary" data-size="sm" onClick={nullstill}>
                Nullstill filtrene
              </Button>
            }
          >
            Prøv et kortere søk, eller vis alle igjen.
          </Tom>
        ) : (
          <Tom
            tittel={tomt.tittel}
            handling={
              filter.fane === 'mine' && (antall.ledige ?? 0) > 0 ? (
                <Link className="ds-link" to={{ search: tilAdresse({ ...filter, fane: 'ledige' }).toString() }}>
                  {antall.ledige === 1
                    ? 'Se den ene ledige oppgaven'
                    : `Se de ${tall(antall.ledige ?? 0)} ledige oppgavene`}
                </Link>
              ) : filter.fane !== 'enheten' && (antall.enheten ?? 0) > 0 ? (
                <Link className="ds-link" to={{ search: tilAdresse({ ...filter, fane: 'enheten' }).toString() }}>
                  Se oppgavene i hele enheten ({tall(antall.enheten ?? 0)})
                </Link>
              ) : undefined
            }
          >
            {tomt.tekst}
          </Tom>
        )
      ) : (
        <div aria-busy={liste.gammelt} className={liste.gammelt ? 'henter' : ''}>
          {leder ? <Valglinje plasser={liste.plasser} utvalg={leder} /> : null}
          <Liste
            plasser={liste.plasser}
            vis={liste.vis}
            meg={meg.bruker.id}
            visMeg={filter.fane !== 'mine'}
            utvalg={leder}
          />
          {leder ? <Fordel plasser={liste.plasser} utvalg={leder} /> : null}
        </div>
      )}
    </Side>
  );
}
