import { Button, Checkbox, Field, Heading, Label, Textfield, ValidationMessage } from '@digdir/designsystemet-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NyPerson, PersonTreff } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { erFodselsnummer, finnPersoner, opprettPerson } from '../../api/spoerringer.ts';
import { Feilliste } from '../../felles/Feilliste.tsx';
import { dato } from '../../felles/format.ts';
import { feilsetning } from '../../felles/Tilstand.tsx';
import { useStille } from '../../ramme/Soek.tsx';

const TOM: NyPerson = {
  navn: '',
  fodselsnummer: '',
  adresse: '',
  postnummer: '',
  poststed: '',
  telefon: '',
  beskyttetAdresse: false,
  tolk: '',
};

function Ny({ navn, paaValgt, avbryt }: { navn: string; paaValgt: (p: PersonTreff) => void; avbryt: () => void }) {
  const [person, settPerson] = useState<NyPerson>({ ...TOM, navn: erFodselsnummer(navn) ? '' : navn });
  const [feil, settFeil] = useState<Partial<Record<keyof NyPerson, string>>>({});
  const [forsoek, settForsoek] = useState(0);
  const opprett = useMutation({
    mutationFn: opprettPerson,
    onSuccess: paaValgt,
    onError: (e) => {
      if (!(e instanceof ApiFeil)) return;
      settFeil(Object.fromEntries(e.feil.map((f) => [f.felt, f.melding])));
      settForsoek((n) => n + 1);
    },
  });
  const sett = <K extends keyof NyPerson>(felt: K, verdi: NyPerson[K]): void => {
    settPerson({ ...person, [felt]: verdi });
    settFeil(({ [felt]: _, ...resten }) => resten);
  };
  const lagre = (): void => {
    const f: typeof feil = {};
    if (erBlank(person.navn) || person.navn.trim().length < 2) f.navn = 'Skriv hele navnet.';
    if (!/^\d{11}$/.test(person.fodselsnummer.replace(/\s/g, '')))
      f.fodselsnummer = 'Fødselsnummeret har elleve sifre.';
    if (person.postnummer !== '' && !/^\d{4}$/.test(person.postnummer)) f.postnummer = 'Postnummeret har fire sifre.';
    settFeil(f);
    settForsoek((n) => n + 1);
    if (Object.keys(f).length === 0) {
      opprett.mutate({ ...person, fodselsnummer: person.fodselsnummer.replace(/\s/g, '') });
    }
  };
  const rader = Object.entries(feil).map(([felt, tekst]) => ({ elementId: `person-${felt}`, tekst: tekst ?? '' }));
  const felt = (navnPaaFelt: Exclude<keyof NyPerson, 'beskyttetAdresse'>, ledetekst: string, ekstra: object = {}) => (
    <Textfield
      data-size="sm"
      id={`person-${navnPaaFelt}`}
      label={ledetekst}
      value={person[navnPaaFelt]}
      error={feil[navnPaaFelt]}
      autoComplete="off"
      onChange={(e) => sett(navnPaaFelt, e.target.value)}
      {...ekstra}
    />
  );
  return (
    <div className="nyperson">
      <Heading level={3} data-size="2xs">
        Ny person
      </Heading>
      <Feilliste feil={rader} forsoek={forsoek} />
      {felt('navn', 'Navn')}
      {felt('fodselsnummer', 'Fødselsnummer', { inputMode: 'numeric', maxLength: 12 })}
      <Checkbox
        data-size="sm"
        label="Beskyttet adresse"
        checked={person.beskyttetAdresse}
        onChange={(e) => sett('beskyttetAdresse', e.target.checked)}
      />
      {person.beskyttetAdresse ? (
        <p className="dempet liten">Adressen registreres ikke her når den er beskyttet.</p>
      ) : (
        <>
          {felt('adresse', 'Adresse (valgfritt)')}
          <div className="rekke">
            {felt('postnummer', 'Postnummer (valgfritt)', { inputMode: 'numeric', maxLength: 4 })}
            {felt('poststed', 'Poststed (valgfritt)')}
          </div>
        </>
      )}
      <div className="rekke">
        {felt('telefon', 'Telefon (valgfritt)', { inputMode: 'tel' })}
        {felt('tolk', 'Tolk, språk (valgfritt)')}
      </div>
      {opprett.error && rader.length === 0 ? <ValidationMessage>{feilsetning(opprett.error)}</ValidationMessage> : null}
      <p className="knapperad">
        <Button data-size="sm" onClick={lagre} disabled={opprett.isPending}>
          {opprett.isPending ? 'Lagrer …' : 'Legg til personen'}
        </Button>
        <Button data-size="sm" variant="tertiary" onClick={avbryt}>
          Avbryt
        </Button>
      </p>
    </div>
  );
}

/** Finn personen, eller legg til en ny. Elleve sifre søker på fødselsnummer uten at det havner i en adresse. */
export function Personvalg({ feil, paaValgt }: { feil: string | undefined; paaValgt: (p: PersonTreff) => void }) {
  const [sok, settSok] = useState('');
  const [ny, settNy] = useState(false);
  const [aktiv, settAktiv] = useState(-1);
  const q = useStille(sok.trim(), 250);
  const svar = useQuery({
    queryKey: ['personsok', q],
    queryFn: ({ signal }) => finnPersoner(q, signal),
    enabled: q.length >= 2 && !ny,
    gcTime: erFodselsnummer(q) ? 0 : 60_000,
  });
  if (ny) return <Ny navn={sok.trim()} paaValgt={paaValgt} avbryt={() => settNy(false)} />;
  const treff = q.length >= 2 ? (svar.data ?? []) : [];
  return (
    <div className="personvalg">
      <Field data-size="sm">
        <Label htmlFor="felt-personId">Finn personen</Label>
        <Field.Description>Navn eller fødselsnummer. Pil ned og Enter velger.</Field.Description>
        <input
          id="felt-personId"
          className="ds-input"
          role="combobox"
          aria-expanded={treff.length > 0}
          aria-controls="persontreff"
          aria-autocomplete="list"
          aria-activedescendant={treff[aktiv] ? `persontreff-${treff[aktiv].id}` : undefined}
          aria-invalid={feil !== undefined}
          autoComplete="off"
          value={sok}
          onChange={(e) => {
            settSok(e.target.value);
            settAktiv(-1);
          }}
          onKeyDown={(e) => {
            if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && treff.length > 0) {
              e.preventDefault();
              settAktiv((a) => (a + (e.key === 'ArrowDown' ? 1 : -1) + treff.length) % treff.length);
            } else if (e.key === 'Enter') {
              e.preventDefault();
              const valgt = treff[aktiv] ?? (treff.length === 1 ? treff[0] : undefined);
              if (valgt) paaValgt(valgt);
            } else if (e.key === 'Escape') settSok('');
          }}
        />
        {feil ? <ValidationMessage>{feil}</ValidationMessage> : null}
      </Field>
      <ul id="persontreff" role="listbox" aria-label="Personer" className="persontreff" hidden={treff.length === 0}>
        {treff.map((t, i) => (
          <li
            key={t.id}
            id={`persontreff-${t.id}`}
            role="option"
            aria-selected={i === aktiv}
            onPointerDown={(e) => e.preventDefault()}
            onClick={() => paaValgt(t)}
          >
            <span>{t.navn}</span>
            <span className="dempet liten">
              {t.alder} år, født {dato(t.fodselsdato)}
              {t.beskyttetAdresse ? ' · beskyttet adresse' : ''}
            </span>
          </li>
        ))}
      </ul>
      <p role="status" className="liten dempet">
        {svar.error
          ? feilsetning(svar.error)
          : q.length >= 2 && svar.data && treff.length === 0
            ? 'Ingen treff. Sjekk skrivemåten, eller legg til personen.'
            : treff.length > 0
              ? `${treff.length} treff`
              : ''}
      </p>
      <Button variant="secondary" data-size="sm" onClick={() => settNy(true)}>
        Legg til ny person
      </Button>
    </div>
  );
}
