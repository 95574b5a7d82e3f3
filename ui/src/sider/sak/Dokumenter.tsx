import { Button, Field, Heading, Label, Tag, Textarea } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { SakDetalj } from '../../../../src/contract/api.ts';
import { ApiFeil } from '../../api/klient.ts';
import { dokumentAdresse, leggVedDokument } from '../../api/spoerringer.ts';
import { Filvalg } from '../../felles/Filvalg.tsx';
import { dato, stoerrelse } from '../../felles/format.ts';
import { nyId } from '../../felles/id.ts';
import { Ikon } from '../../felles/Ikon.tsx';
import { kvitter } from '../../felles/kvittering.ts';
import { feilsetning, Tom, Visning } from '../../felles/Tilstand.tsx';

/** Det som kom inn etter anmodningen: et brev, en epikrise, en uttalelse. */
function LeggVed({ sakId }: { sakId: string }) {
  const klient = useQueryClient();
  const [aapen, settAapen] = useState(false);
  const [filer, settFiler] = useState<File[]>([]);
  const [beskrivelse, settBeskrivelse] = useState('');
  const [feil, settFeil] = useState<string | null>(null);
  const innsending = useRef(nyId());
  const overskrift = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (aapen) overskrift.current?.focus();
  }, [aapen]);
  const lukk = (): void => {
    settAapen(false);
    settFiler([]);
    settBeskrivelse('');
    settFeil(null);
  };
  const send = useMutation({
    mutationFn: () => leggVedDokument(sakId, innsending.current, beskrivelse.trim(), filer),
    onSuccess: async () => {
      innsending.current = nyId();
      kvitter({
        slag: 'success',
        tekst: filer.length === 1 ? 'Dokumentet er lagt i saken.' : 'Dokumentene er lagt i saken.',
      });
      lukk();
      await klient.invalidateQueries({ queryKey: ['sak'] });
    },
    onError: (e) => {
      if (e instanceof ApiFeil) innsending.current = nyId();
      settFeil(e instanceof ApiFeil && e.feil[0] ? e.feil[0].melding : feilsetning(e));
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
        if (filer.length === 0) settFeil('Velg minst én fil.');
        else send.mutate();
      }}
    >
      <Heading level={2} data-size="2xs" ref={overskrift} tabIndex={-1}>
        Legg ved dokument
      </Heading>
      <Filvalg
        filer={filer}
        feil={feil ?? undefined}
        beskrivelse="Det som kom inn i saken etter anmodningen. Det arkiveres sammen med resten."
        endre={(nye, melding) => {
          settFiler(nye);
          settFeil(melding);
        }}
      />
      <Field data-size="sm">
        <Label>Hva er det, og hvem er det fra? (valgfritt)</Label>
        <Textarea rows={2} maxLength={500} value={beskrivelse} onChange={(e) => settBeskrivelse(e.target.value)} />
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
