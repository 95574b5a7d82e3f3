import { Alert, Button, Field, Label, Select, Textfield } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import type { Fordelingskandidat, FordelSvar, OppgaveRad } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { fordelOppgaver, fordelingskandidaterSpoerring } from '../../api/spoerringer.ts';
import { kvitter } from '../../felles/kvittering.ts';
import { tall } from '../../felles/format.ts';
import { feilsetning } from '../../felles/Tilstand.tsx';

type Utvalgt = Pick<OppgaveRad, 'id' | 'tittel' | 'saksnummer' | 'eier'>;
type Rad = FordelSvar['resultater'][number];

const LEDIG = '-';
export const antallOppgaver = (n: number): string => (n === 1 ? '1 oppgave' : `${tall(n)} oppgaver`);

function kandidattekst(k: Fordelingskandidat, antall: number): string {
  const har =
    k.aapne === 0 ? 'ingen åpne oppgaver' : k.aapne === 1 ? '1 åpen oppgave' : `${tall(k.aapne)} åpne oppgaver`;
  return `${k.navn} – ${har}${k.kan < antall ? `, kan få ${k.kan} av ${antall}` : ''}`;
}

/** Det som skjedde, i én setning: «2 oppgaver er gitt til Ingrid Bakke.» */
function oppsummering(rader: readonly Rad[], navn: string | null): string {
  const n = rader.filter((r) => r.resultat === 'gitt' || r.resultat === 'frigjort').length;
  if (n === 0) return 'Ingen oppgaver ble endret.';
  const hva = navn === null ? (n === 1 ? 'ledig igjen' : 'ledige igjen') : `gitt til ${navn}`;
  return `${antallOppgaver(n)} er ${hva}.`;
}

/** De første som ikke lot seg endre, med grunnen for hver. */
function hvorforIkke(nei: readonly Rad[]): string {
  const vist = nei.slice(0, 4).map((r) => {
    const hvilken = r.tittel ? `«${r.tittel}»${r.saksnummer ? `, sak ${r.saksnummer}` : ''}: ` : '';
    return `${hvilken}${r.melding}`;
  });
  return `Ikke endret: ${vist.join(' ')}${nei.length > vist.length ? ` Og ${nei.length - vist.length} til.` : ''}`;
}

/**
 * Lederen gjør de valgte oppgavene ledige, eller gir dem til en som kan gjøre dem, med grunn. Det som ikke lot seg gjøre,
 * forblir valgt, og forklares oppgave for oppgave.
 */
export function FordelSkjema({
  oppgaver,
  paaFerdig,
  avbryt,
  overskrift,
}: {
  oppgaver: readonly Utvalgt[];
  /** oppgavene som ikke ble endret */
  paaFerdig: (avvist: readonly string[]) => void;
  avbryt: () => void;
  overskrift: ReactNode;
}) {
  const klient = useQueryClient();
  const id = useId();
  const ider = oppgaver.map((o) => o.id);
  const kandidater = useQuery({ ...fordelingskandidaterSpoerring(ider), placeholderData: (forrige) => forrige });
  const noenHarDem = oppgaver.some((o) => o.eier);
  const [til, settTil] = useState('');
  const [grunn, settGrunn] = useState('');
  const [feil, settFeil] = useState<{ til?: string; grunn?: string }>({});
  const navn = til === LEDIG ? null : (kandidater.data?.find((k) => k.id === til)?.navn ?? '');
  const send = useMutation({
    mutationFn: () => fordelOppgaver(ider, til === LEDIG ? null : til, grunn),
    onSuccess: async ({ resultater }) => {
      const nei = resultater.filter((r) => r.resultat === 'avvist');
      const tekst = oppsummering(resultater, navn);
      // Det som ikke gikk, kan ha falt ut av lista i mellomtiden; forklaringen står derfor øverst på siden.
      if (nei.length === 0) kvitter({ slag: 'success', tekst, vises: 'flytende' });
      else kvitter({ slag: 'warning', tekst: `${tekst} ${hvorforIkke(nei)}` });
      await Promise.all(
        ['oppgaver', 'oppgave', 'sak', 'saker', 'kandidater'].map((n) => klient.invalidateQueries({ queryKey: [n] })),
      );
      paaFerdig(nei.map((r) => r.id));
    },
    onError: (e) => {
      if (e instanceof ApiFeil) settFeil(Object.fromEntries(e.feil.map((f) => [f.felt, f.melding])));
    },
  });
  return (
    <form
      className="fordel"
      aria-label="Fordel oppgaver"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        const f = {
          ...(til === '' ? { til: 'Velg hva som skal skje.' } : {}),
          ...(erBlank(grunn) ? { grunn: 'Skriv en grunn.' } : {}),
        };
        settFeil(f);
        if (f.til) document.getElementById(`${id}-til`)?.focus();
        else if (f.grunn) document.getElementById(`${id}-grunn`)?.focus();
        else if (!send.isPending) send.mutate();
      }}
    >
      {send.error && Object.keys(feil).length === 0 ? (
        <Alert data-color="danger" data-size="sm" role="alert">
          {feilsetning(send.error)}
        </Alert>
      ) : null}
      <div className="fordel__felter">
        <p className="fordel__hva">{overskrift}</p>
        <Field data-size="sm">
          <Label>Hva skal skje?</Label>
          <Select
            autoFocus
            id={`${id}-til`}
            value={til}
            aria-invalid={feil.til !== undefined}
            aria-describedby={feil.til ? `${id}-til-feil` : undefined}
            onChange={(e) => settTil(e.target.value)}
          >
            <Select.Option value="">Velg</Select.Option>
            {noenHarDem ? <Select.Option value={LEDIG}>Gjør ledig for enheten</Select.Option> : null}
            {kandidater.data && kandidater.data.length > 0 ? (
              <Select.Optgroup label="Gi til">
                {kandidater.data.map((k) => (
                  <Select.Option key={k.id} value={k.id}>
                    {kandidattekst(k, ider.length)}
                  </Select.Option>
                ))}
              </Select.Optgroup>
            ) : null}
          </Select>
          {feil.til ? (
            <span className="feiltekst" id={`${id}-til-feil`}>
              {feil.til}
            </span>
          ) : null}
        </Field>
        <Textfield
          data-size="sm"
          id={`${id}-grunn`}
          label="Grunn"
          description="Bare ledere ser den. «Fravær» er nok; skriv ikke om sykdom."
          value={grunn}
          maxLength={500}
          error={feil.grunn}
          onChange={(e) => settGrunn(e.target.value)}
        />
        <div className="knapperad">
          <Button type="submit" data-size="sm" disabled={send.isPending}>
            {send.isPending ? 'Lagrer …' : til === LEDIG ? 'Gjør ledig' : navn ? `Gi til ${navn}` : 'Fordel'}
          </Button>
          <Button type="button" variant="tertiary" data-size="sm" onClick={avbryt}>
            Avbryt
          </Button>
        </div>
      </div>
      {kandidater.data?.length === 0 ? (
        <p className="liten dempet">Ingen andre kan få {oppgaver.length === 1 ? 'oppgaven' : 'oppgavene'} i dag.</p>
      ) : null}
    </form>
  );
}
