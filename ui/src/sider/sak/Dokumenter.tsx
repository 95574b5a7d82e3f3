import { Button, Field, Heading, Label, Tag, Textarea, Textfield } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SakDetalj } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { dokumentAdresse, leggVedDokument } from '../../api/spoerringer.ts';
import { Filvalg } from '../../felles/Filvalg.tsx';
import { dato, stoerrelse } from '../../felles/format.ts';
import { nyId } from '../../felles/id.ts';
import { Ikon } from '../../felles/Ikon.tsx';
import { kvitter, useUlagret } from '../../felles/kvittering.ts';
import { feilsetning, Tom, Visning } from '../../felles/Tilstand.tsx';

/** Det som kom inn etter anmodningen: et brev, en epikrise, en uttalelse. */
function LeggVed({ sakId }: { sakId: string }) {
  const klient = useQueryClient();
  const [aapen, settAapen] = useState(false);
  const [filer, settFiler] = useState<File[]>([]);
  const [avsender, settAvsender] = useState('');
  const [beskrivelse, settBeskrivelse] = useState('');
  const [feil, settFeil] = useState<Record<string, string>>({});
  // Én id per innhold: et nytt forsøk med det samme lagres ikke to ganger, og noe annet blir ikke tatt for det samme.
  const innsending = useRef(nyId());
  const endret = (): void => {
    innsending.current = nyId();
    settFeil({});
  };
  useUlagret('legg-ved', filer.length > 0 || avsender !== '' || beskrivelse !== '');
  const overskrift = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (aapen) overskrift.current?.focus();
  }, [aapen]);
  const lukk = (): void => {
    settAapen(false);
    settFiler([]);
    settAvsender('');
    settBeskrivelse('');
    endret();
  };
  const send = useMutation({
    mutationFn: () => leggVedDokument(sakId, innsending.current, { avsender, beskrivelse }, filer),
    onSuccess: async () => {
      kvitter({
        slag: 'success',
        tekst: filer.length === 1 ? 'Dokumentet er lagt i saken.' : 'Dokumentene er lagt i saken.',
      });
      lukk();
      await klient.invalidateQueries({ queryKey: ['sak'] });
    },
    onError: (e) => {
      const felter = e instanceof ApiFeil ? Object.fromEntries(e.feil.map((f) => [f.felt, f.melding])) : {};
      settFeil(Object.keys(felter).length > 0 ? felter : { filer: feilsetning(e) });
    },
  });
  if (!aapen) {
    return (
      <p className="leggved">
        <Button variant="secondary" data-size="sm" onClick={() => settAapen(true)}>
          Legg ved dokument
        </Button>
      </p>
    );
  }
  return (
    <form
      className="trekk leggved"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        const mangler = {
          ...(filer.length === 0 ? { filer: 'Velg minst én fil.' } : {}),
          ...(erBlank(avsender) ? { avsender: 'Skriv hvem det er fra.' } : {}),
        };
        settFeil(mangler);
        if (Object.keys(mangler).length === 0 && !send.isPending) send.mutate();
      }}
    >
      <Heading level={2} data-size="2xs" ref={overskrift} tabIndex={-1}>
        Legg ved dokument
      </Heading>
      <Filvalg
        filer={filer}
        feil={feil['filer']}
        beskrivelse="Det som kom inn i saken etter anmodningen. Det arkiveres sammen med resten."
        endre={(nye, melding) => {
          settFiler(nye);
          endret();
          if (melding) settFeil({ filer: melding });
        }}
      />
      <Textfield
        data-size="sm"
        label="Hvem er det fra?"
        value={avsender}
        maxLength={200}
        error={feil['avsender']}
        autoComplete="off"
        onChange={(e) => {
          settAvsender(e.target.value);
          endret();
        }}
      />
      <Field data-size="sm">
        <Label>Hva er det? (valgfritt)</Label>
        <Textarea
          rows={2}
          maxLength={500}
          value={beskrivelse}
          onChange={(e) => {
            settBeskrivelse(e.target.value);
            endret();
          }}
        />
      </Field>
      <p className="knapperad">
        <Button type="submit" data-size="sm" disabled={send.isPending}>
          {send.isPending ? 'Lagrer …' : 'Legg i saken'}
        </Button>
        <Button variant="tertiary" data-size="sm" onClick={lukk}>
          Avbryt
        </Button>
      </p>
    </form>
  );
}

const RETNING = { inn: 'Inn', ut: 'Ut', internt: 'Internt' } as const;

/** En tekstfil vises som tekst i siden, så den følger skriftstørrelse og skjermleser. */
function Tekstfil({ id }: { id: string }) {
  const svar = useQuery({
    queryKey: ['dokument', id],
    queryFn: async ({ signal }) => {
      const r = await fetch(dokumentAdresse(id), { signal });
      if (!r.ok) throw new Error('Dokumentet kunne ikke hentes.');
      return r.text();
    },
    gcTime: 0,
  });
  return <Visning svar={svar}>{(tekst) => <pre className="dokument__tekst">{tekst}</pre>}</Visning>;
}

export function Dokumenter({ d }: { d: SakDetalj }) {
  const [p, settP] = useSearchParams();
  const aapen = p.get('dokument');
  const veksle = (id: string): void =>
    settP(
      (f) => {
        const n = new URLSearchParams(f);
        if (aapen === id) n.delete('dokument');
        else n.set('dokument', id);
        return n;
      },
      { replace: true, preventScrollReset: true },
    );
  const leggVed = d.sak.kanLeggeVed ? <LeggVed sakId={d.sak.id} /> : null;
  if (d.dokumenter.length === 0) {
    return (
      <>
        {leggVed}
        <Tom tittel="Ingen dokumenter ennå">Brev som kommer inn og går ut i saken, står her.</Tom>
      </>
    );
  }
  return (
    <>
      {leggVed}
      <ul className="dokumenter">
        {d.dokumenter.map((dok) => (
          <li key={dok.id}>
            <div className="dokument">
              <button
                type="button"
                className="dokument__tittel"
                aria-expanded={aapen === dok.id}
                onClick={() => veksle(dok.id)}
              >
                <Ikon navn="dokument" />
                <span>{dok.tittel}</span>
              </button>
              <Tag data-size="sm" data-color="neutral">
                {RETNING[dok.retning]}
              </Tag>
              <span className="dempet liten">
                {dato(dok.opprettet)} · {dok.av} · {stoerrelse(dok.stoerrelse)}
              </span>
              {dok.tilstand.length > 0 ? (
                <span className="dokument__tilstand liten">{dok.tilstand.join(' · ')}</span>
              ) : null}
            </div>
            {aapen === dok.id ? (
              <div className="dokument__vis">
                <p className="liten">
                  <a className="ds-link" href={dokumentAdresse(dok.id)} target="_blank" rel="noreferrer">
                    Åpne «{dok.tittel}» i ny fane
                  </a>
                </p>
                {dok.mediatype.startsWith('image/') ? (
                  <img src={dokumentAdresse(dok.id)} alt={dok.tittel} />
                ) : dok.mediatype === 'text/plain' ? (
                  <Tekstfil id={dok.id} />
                ) : dok.mediatype === 'application/pdf' ? (
                  <iframe src={dokumentAdresse(dok.id)} title={dok.tittel} />
                ) : (
                  <p>Denne filtypen kan ikke vises her. Åpne den i ny fane for å laste den ned.</p>
                )}
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
