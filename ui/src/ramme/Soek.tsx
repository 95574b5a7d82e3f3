import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { erFodselsnummer, soekOveralt, type SokSvar } from '../api/spoerringer.ts';
import { Ikon } from '../felles/Ikon.tsx';
import { useSnarveier } from '../felles/tastatur.ts';

interface Treff {
  id: string;
  gruppe: string;
  tekst: string;
  under: string;
  til: string;
}

/** Treffene i den rekkefølgen de vises. En person fører til ny anmodning, som sier hva personen har; ellers til sakene. */
function tilTreff(svar: SokSvar, kanRegistrere: boolean): Treff[] {
  return [
    ...svar.oppgaver.map((o) => ({
      id: `o-${o.id}`,
      gruppe: 'Oppgaver',
      tekst: o.tittel,
      under: [o.personNavn, o.saksnummer && `sak ${o.saksnummer}`, o.eier?.navn ?? 'Ledig'].filter(Boolean).join(' · '),
      til: `/oppgaver/${o.id}`,
    })),
    ...svar.saker.map((s) => ({
      id: `s-${s.id}`,
      gruppe: 'Saker',
      tekst: `${s.personNavn} – sak ${s.saksnummer}`,
      under: [s.fase, s.enhetNavn].filter(Boolean).join(' · '),
      til: `/saker/${s.id}`,
    })),
    ...svar.personer.map((p) => ({
      id: `p-${p.id}`,
      gruppe: 'Personer',
      tekst: p.navn,
      under: `${p.alder} år${p.beskyttetAdresse ? ' · beskyttet adresse' : ''}`,
      til: kanRegistrere
        ? `/ny-anmodning?person=${p.id}`
        : `/saker?${new URLSearchParams({ status: 'alle', sok: p.navn }).toString()}`,
    })),
  ];
}

/** Venter til det er stille i `ms` før verdien følger etter. */
export function useStille<T>(verdi: T, ms: number): T {
  const [stille, settStille] = useState(verdi);
  useEffect(() => {
    const t = setTimeout(() => settStille(verdi), ms);
    return () => clearTimeout(t);
  }, [verdi, ms]);
  return stille;
}

export function Soek({ kanRegistrere }: { kanRegistrere: boolean }) {
  const [tekst, settTekst] = useState('');
  const [aapen, settAapen] = useState(false);
  const [aktiv, settAktiv] = useState(-1);
  const felt = useRef<HTMLInputElement>(null);
  const boks = useRef<HTMLDivElement>(null);
  const listeId = useId();
  const naviger = useNavigate();
  const q = useStille(tekst.trim(), 200);
  const svar = useQuery({
    // Et fødselsnummer blir ikke liggende i minnet etter søket.
    queryKey: ['sok', q],
    queryFn: ({ signal }) => soekOveralt(q, signal),
    enabled: q.length >= 2,
    placeholderData: (forrige) => forrige,
    gcTime: erFodselsnummer(q) ? 0 : 60_000,
  });
  const treff = q.length >= 2 && svar.data ? tilTreff(svar.data, kanRegistrere) : [];
  const ferdig = q === tekst.trim() && !svar.isFetching;
  useSnarveier({
    '/': () => felt.current?.focus(),
    'ctrl+k': () => felt.current?.focus(),
  });
  useEffect(() => {
    const lytt = (e: Event): void => {
      if (e.target instanceof Node && !boks.current?.contains(e.target)) settAapen(false);
    };
    document.addEventListener('pointerdown', lytt);
    return () => document.removeEventListener('pointerdown', lytt);
  }, []);
  const velg = (t: Treff): void => {
    settAapen(false);
    settTekst('');
    settAktiv(-1);
    void naviger(t.til);
  };
  const vises = aapen && q.length >= 2;
  const aktivId = treff[aktiv]?.id;
  return (
    <search className="soek" ref={boks}>
      <label htmlFor={`${listeId}-felt`} className="kun-lest">
        Søk etter person, sak eller oppgave
      </label>
      <Ikon navn="soek" />
      <input
        id={`${listeId}-felt`}
        ref={felt}
        className="ds-input soek__felt"
        type="text"
        inputMode="search"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={vises}
        aria-controls={listeId}
        aria-autocomplete="list"
        aria-activedescendant={vises && aktivId ? `${listeId}-${aktivId}` : undefined}
        placeholder="Søk person, sak, oppgave"
        value={tekst}
        onChange={(e) => {
          settTekst(e.target.value);
          settAapen(true);
          settAktiv(-1);
        }}
        onFocus={() => settAapen(true)}
        onBlur={(e) => {
          if (e.relatedTarget instanceof Node && boks.current?.contains(e.relatedTarget)) return;
          settAapen(false);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            settAapen(true);
            const n = treff.length;
            if (n > 0) settAktiv((a) => (e.key === 'ArrowDown' ? (a + 1) % n : (a - 1 + n) % n));
          } else if (e.key === 'Enter') {
            const t = treff[aktiv] ?? (ferdig ? treff[0] : undefined);
            if (t) velg(t);
          } else if (e.key === 'Escape') {
            if (tekst === '') felt.current?.blur();
            settTekst('');
            settAapen(false);
          }
        }}
      />
      <kbd className="soek__snarvei" aria-hidden="true">
        /
      </kbd>
      <div className="soek__treff" hidden={!vises}>
        <div id={listeId} role="listbox" aria-label="Treff">
          {treff.map((t, i) => (
            <div
              key={t.id}
              id={`${listeId}-${t.id}`}
              role="option"
              aria-selected={i === aktiv}
              className="soek__rad"
              onPointerDown={(e) => e.preventDefault()}
              onClick={() => velg(t)}
            >
              <span className="soek__gruppe">{t.gruppe}</span>
              <span>{t.tekst}</span>
              <span className="dempet liten">{t.under}</span>
            </div>
          ))}
        </div>
        <p role="status" className="soek__status">
          {svar.isError
            ? 'Søket svarer ikke. Prøv igjen om litt.'
            : ferdig && treff.length === 0
              ? `Ingen treff på «${erFodselsnummer(q) ? 'fødselsnummeret' : q}».`
              : ''}
        </p>
      </div>
    </search>
  );
}
