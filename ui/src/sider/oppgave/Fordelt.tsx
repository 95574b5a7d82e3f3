import { Alert, Button, Heading, Paragraph, Tag, Textfield } from '@digdir/designsystemet-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OppgaveDetalj } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { besvarFor } from '../../api/spoerringer.ts';
import { dag, siden } from '../../felles/format.ts';
import { kvitter } from '../../felles/kvittering.ts';
import { Setning } from '../../felles/Tekst.tsx';
import { feilsetning } from '../../felles/Tilstand.tsx';
import { FordelSkjema } from '../oppgaver/FordelSkjema.tsx';
import type { Utkasttilstand } from '../../utkast/skriver.ts';

/** Øverst på oppgaven: at den er sendt tilbake, med kommentaren, og hvordan den kom hit. */
export function Hvorfor({ d }: { d: OppgaveDetalj }) {
  const { retur, fordeling, oppgave, utkastAv } = d;
  if (oppgave.status !== 'aapen') return null;
  const gitt =
    fordeling?.slag === 'gitt' && fordeling.til === oppgave.eier?.navn && !fordeling.fraMeg ? fordeling : null;
  const ledig = fordeling?.slag === 'frigjort' && oppgave.eier === null && !fordeling.fraMeg ? fordeling : null;
  const vist = gitt ?? ledig;
  return (
    <>
      {retur ? (
        <Alert data-color="warning" className="foreldet">
          <Heading level={2} data-size="2xs">
            {retur.merke} <span className="dempet">{dag(retur.tid)}</span>
          </Heading>
          {retur.tekst ? (
            <Paragraph data-size="sm" className="retur__tekst">
              {retur.tekst}
            </Paragraph>
          ) : null}
        </Alert>
      ) : null}
      {vist ? (
        <p className="fordelt liten">
          {gitt
            ? `${gitt.av} ga oppgaven${gitt.fra ? ` fra ${gitt.fra}` : ''} til ${d.kanFullfoere ? 'deg' : gitt.til} ${siden(gitt.tid)}.`
            : `Oppgaven, som ${vist.fra ?? 'en annen'} hadde, ble ledig ${siden(vist.tid)}.`}{' '}
          {vist.grunn ? `Grunn: ${vist.grunn}` : ''}
        </p>
      ) : null}
      {utkastAv ? <p className="fordelt liten">{utkastAv} har skrevet utkastet som er fylt inn.</p> : null}
    </>
  );
}

/** Til den som hadde oppgaven og satt i den da den ble flyttet: hvem som har den nå, og hva som ble av det han skrev. */
export function Mistet({ d, tilstand, roert }: { d: OppgaveDetalj; tilstand: Utkasttilstand; roert: boolean }) {
  const { fordeling: f, oppgave } = d;
  if (!f?.fraMeg || f.slag === 'besvart' || oppgave.status !== 'aapen' || d.kanFullfoere) return null;
  if (f.slag === 'gitt' && oppgave.eier?.navn !== f.til) return null;
  if (f.slag === 'frigjort' && oppgave.eier !== null) return null;
  const lagret = tilstand.slag === 'lagret' || tilstand.slag === 'uendret';
  return (
    <Alert data-color="warning" className="foreldet mistet" role="alert">
      <Heading level={2} data-size="2xs">
        {f.slag === 'gitt'
          ? `${f.av} ga oppgaven til ${f.til ?? 'en annen'} ${siden(f.tid)}`
          : `${f.av === 'Systemet' ? 'Oppgaven ble gjort ledig' : `${f.av} gjorde oppgaven ledig`} ${siden(f.tid)}`}
      </Heading>
      {roert ? (
        <Paragraph data-size="sm">
          {lagret
            ? `Det du har skrevet, er lagret som utkast, og følger med til ${f.slag === 'gitt' ? (f.til ?? 'den som har oppgaven') : 'den som tar oppgaven'}.`
            : 'Det siste du skrev, rakk ikke å bli lagret. Det står her fortsatt, så du kan kopiere det.'}
        </Paragraph>
      ) : null}
    </Alert>
  );
}

function BesvarFor({ d, utvei }: { d: OppgaveDetalj; utvei: NonNullable<OppgaveDetalj['besvarFor']> }) {
  const klient = useQueryClient();
  const [aapen, settAapen] = useState(false);
  const [grunn, settGrunn] = useState('');
  const [feil, settFeil] = useState('');
  const send = useMutation({
    mutationFn: () => besvarFor(d.oppgave.id, grunn),
    onSuccess: ({ melding }) => {
      kvitter({ slag: 'success', tekst: melding });
      return klient.invalidateQueries();
    },
    onError: (e) => settFeil(e instanceof ApiFeil ? (e.feil[0]?.melding ?? feilsetning(e)) : feilsetning(e)),
  });
  if (!aapen) {
    return (
      <Button variant="secondary" data-size="sm" onClick={() => settAapen(true)}>
        {utvei.knapp}
      </Button>
    );
  }
  return (
    <form
      className="fordel"
      aria-label={utvei.knapp}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (erBlank(grunn)) settFeil('Skriv en grunn.');
        else if (!send.isPending) send.mutate();
      }}
    >
      <p>
        Gjør dette når {utvei.navn} ikke kan svare selv. <Setning tekst={utvei.hvaSkjer} />
      </p>
      <div className="fordel__felter">
        <Textfield
          data-size="sm"
          label="Grunn"
          description="Bare ledere ser den. «Fravær» er nok; skriv ikke om sykdom."
          value={grunn}
          maxLength={500}
          error={feil}
          onChange={(e) => settGrunn(e.target.value)}
        />
        <div className="knapperad">
          <Button type="submit" data-size="sm" disabled={send.isPending}>
            {send.isPending ? 'Lagrer …' : utvei.knapp}
          </Button>
          <Button type="button" variant="tertiary" data-size="sm" onClick={() => settAapen(false)}>
            Avbryt
          </Button>
        </div>
      </div>
    </form>
  );
}

/** Det en leder kan gjøre med oppgaven: gjøre den ledig, gi den til en annen, eller svare for en som er borte. */
export function Lederdel({ d }: { d: OppgaveDetalj }) {
  const [aapen, settAapen] = useState(false);
  const { oppgave } = d;
  const kanFordele = oppgave.kanFordele && d.besvarFor === null;
  if (!kanFordele && d.besvarFor === null) return null;
  return (
    <section className="lederdel" aria-label="For deg som leder">
      {oppgave.eierBorte ? (
        <p>
          <Tag data-size="sm" data-color="warning">
            {oppgave.eier?.navn} er sperret
          </Tag>
        </p>
      ) : null}
      {d.besvarFor ? <BesvarFor d={d} utvei={d.besvarFor} /> : null}
      {kanFordele && aapen ? (
        <FordelSkjema
          oppgaver={[oppgave]}
          overskrift={oppgave.eier ? `${oppgave.eier.navn} har oppgaven nå.` : 'Oppgaven er ledig.'}
          paaFerdig={(avvist) => settAapen(avvist.length > 0)}
          avbryt={() => settAapen(false)}
        />
      ) : null}
      {kanFordele && !aapen ? (
        <Button variant="secondary" data-size="sm" onClick={() => settAapen(true)}>
          {oppgave.eier ? 'Gjør ledig eller gi til en annen' : 'Gi oppgaven til noen'}
        </Button>
      ) : null}
    </section>
  );
}
