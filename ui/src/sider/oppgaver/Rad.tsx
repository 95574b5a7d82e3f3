import { Button, Checkbox, Tag } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { OppgaveRad } from '../../../../src/contract/api.ts';
import { ApiFeil } from '../../api/klient.ts';
import { leggTilbake, oppgaveSpoerring, oppgaveutkast, taOppgave } from '../../api/spoerringer.ts';
import { siden } from '../../felles/format.ts';
import { Frist } from '../../felles/Frist.tsx';
import { kvitter } from '../../felles/kvittering.ts';
import { feilsetning } from '../../felles/Tilstand.tsx';
import { IkkeLagret, lagreUtkastNaa } from '../../utkast/skriver.ts';

/** Ta og legg tilbake, likt fra raden, tastaturet og oppgavesiden. To på én gang: den ene får vite hvem som har den. */
export function useTaOgLeggTilbake() {
  const klient = useQueryClient();
  const etterpaa = (id: string): Promise<unknown> =>
    Promise.all([
      klient.invalidateQueries({ queryKey: ['oppgaver'] }),
      klient.invalidateQueries({ queryKey: ['oppgave', id] }),
      klient.invalidateQueries({ queryKey: ['sak'] }),
    ]);
  const gjoer = (hva: (id: string) => Promise<void>, setning: (tittel: string) => string) => ({
    mutationFn: (o: Pick<OppgaveRad, 'id' | 'tittel'>) => hva(o.id),
    onSuccess: (_: void, o: Pick<OppgaveRad, 'id' | 'tittel'>) => {
      // Raden og siden viser det selv; en linje øverst ville skjøvet lista under pekeren.
      kvitter({ slag: 'success', tekst: setning(o.tittel), vises: 'opplest' });
      return etterpaa(o.id);
    },
    onError: (feil: Error, o: Pick<OppgaveRad, 'id' | 'tittel'>) => {
      kvitter({
        slag: feil instanceof ApiFeil || feil instanceof IkkeLagret ? 'warning' : 'danger',
        tekst: feilsetning(feil),
        vises: 'flytende',
      });
      return etterpaa(o.id);
    },
  });
  return {
    ta: useMutation(gjoer(taOppgave, (t) => `Du har tatt oppgaven «${t}».`)),
    tilbake: useMutation(gjoer(medUtkast, (t) => `Oppgaven «${t}» er lagt tilbake og er ledig for enheten.`)),
  };
}

/** Utkastet blir med til den som tar oppgaven etterpå; går ikke det siste som er skrevet, å lagre, beholdes oppgaven. */
async function medUtkast(id: string): Promise<void> {
  await lagreUtkastNaa(oppgaveutkast(id));
  await leggTilbake(id);
}

/** Hvem som har en rad som falt ut av lista, med navn. */
function HvorBleDetAv({ id, meg }: { id: string; meg: string }) {
  const svar = useQuery({ ...oppgaveSpoerring(id), retry: false, staleTime: 0 });
  if (svar.isPending) return <span className="dempet">Endret</span>;
  const o = svar.data?.oppgave;
  if (!o) return <span className="dempet">Ikke lenger i lista</span>;
  const ferdig = svar.data?.avsluttet;
  if (ferdig) return <span>{ferdig.maate === 'fullfoert' ? `Fullført av ${ferdig.av}` : 'Falt bort'}</span>;
  if (o.status === 'fullfoerer' || o.status === 'fullfoert') return <span>Fullført</span>;
  if (o.eier) return <span>{o.eier.id === meg ? 'Du har den nå' : `Tatt av ${o.eier.navn}`}</span>;
  return <span>Ledig igjen</span>;
}

/** Avkryssingen lederen velger oppgaver med, foran raden. */
export function Velger({ rad, valgt, paaValg }: { rad: OppgaveRad; valgt: boolean; paaValg: (id: string) => void }) {
  return (
    <Checkbox
      data-size="sm"
      className="rad__velg"
      aria-label={`Velg «${rad.tittel}»${rad.personNavn ? `, ${rad.personNavn}` : ''}`}
      checked={valgt}
      onChange={() => paaValg(rad.id)}
    />
  );
}

export function Rad({
  rad,
  borte,
  meg,
  visMeg,
  visSiden = false,
  aktiv,
  paaFokus,
}: {
  rad: OppgaveRad;
  borte: boolean;
  meg: string;
  /** Skal det stå «Deg» på det som er mitt? I «Mine» sier fanen det alt. */
  visMeg: boolean;
  /** Skal det stå siden når den som har oppgaven, har hatt den? For den som leder enheten. */
  visSiden?: boolean;
  /** Rad med tabulatorstopp; resten nås med piltastene */
  aktiv: boolean;
  paaFokus: () => void;
}) {
  const { ta, tilbake } = useTaOgLeggTilbake();
  const opptatt = ta.isPending || tilbake.isPending;
  const paaVei = rad.status === 'fullfoerer';
  return (
    <div className={`rad${borte || paaVei ? ' rad--falmet' : ''}`}>
      <div className="rad__hva">
        <Link
          to={`/oppgaver/${rad.id}`}
          className="rad__lenke"
          data-rad={rad.id}
          tabIndex={aktiv ? 0 : -1}
          onFocus={paaFokus}
        >
          {rad.tittel}
        </Link>
        <span className="rad__hvem">
          {rad.personNavn ?? (rad.type === 'teknisk' ? 'Teknisk oppgave' : '')}
          {rad.saksnummer ? (
            <span className="dempet">
              {' '}
              <span className="ubrutt">· sak {rad.saksnummer}</span>
            </span>
          ) : null}
        </span>
        {rad.retur ? (
          <Tag data-size="sm" data-color="warning" className="rad__retur">
            {rad.retur}
          </Tag>
        ) : null}
      </div>
      <div className="rad__rutine dempet liten">{[rad.fase, rad.rutineNavn].filter((t) => t !== '').join(' · ')}</div>
      <div className="rad__frist">
        <Frist frist={rad.frist} />
      </div>
      <div className="rad__eier liten">
        {borte ? (
          <HvorBleDetAv id={rad.id} meg={meg} />
        ) : paaVei ? (
          'Lagret, på vei videre'
        ) : rad.eier ? (
          rad.eier.id === meg ? (
            visMeg && 'Deg'
          ) : (
            <>
              {rad.eier.navn}
              {visSiden && rad.tatt ? <span className="dempet rad__siden">{siden(rad.tatt)}</span> : null}
              {rad.eierBorte ? (
                <Tag data-size="sm" data-color="warning">
                  Sperret
                </Tag>
              ) : null}
            </>
          )
        ) : rad.hindring ? (
          <span className="dempet" title={rad.hindring}>
            Ledig for andre<span className="kun-lest">: {rad.hindring}</span>
          </span>
        ) : (
          <span className="dempet">Ledig</span>
        )}
      </div>
      <div className="rad__gjoer">
        {!borte && rad.kanTa ? (
          <Button
            variant="secondary"
            data-size="sm"
            disabled={opptatt}
            onClick={() => ta.mutate(rad)}
            aria-label={`Ta «${rad.tittel}»${rad.personNavn ? `, ${rad.personNavn}` : ''}`}
          >
            Ta
          </Button>
        ) : null}
        {!borte && rad.kanLeggeTilbake && !paaVei ? (
          <Button
            variant="tertiary"
            data-size="sm"
            disabled={opptatt}
            onClick={() => tilbake.mutate(rad)}
            aria-label={`Legg tilbake «${rad.tittel}»${rad.personNavn ? `, ${rad.personNavn}` : ''}`}
          >
            Legg tilbake
          </Button>
        ) : null}
      </div>
    </div>
  );
}
