import { Alert, Heading } from '@digdir/designsystemet-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { Prosess as ProsessSvar } from '../../../../src/contract/api.ts';
import { prosessSpoerring } from '../../api/spoerringer.ts';
import type { Merke } from '../../diagram/Diagram.tsx';
import { dagOgTid, siden } from '../../felles/format.ts';
import { Skjelett, Tom, Visning } from '../../felles/Tilstand.tsx';

const Diagram = lazy(() => import('../../diagram/Diagram.tsx'));

type Ett = ProsessSvar['diagrammer'][number];

const TILSTAND: Record<Ett['steg'][number]['tilstand'], string> = {
  ferdig: 'Ferdig',
  'staar-her': 'Står her',
  avbrutt: 'Falt bort',
  feil: 'Stoppet av en feil',
};

function merkerFor(d: Ett): Record<string, Merke> {
  const ut: Record<string, Merke> = {};
  for (const id of d.gaatt) ut[id] = 'gaatt';
  for (const id of d.staarI) ut[id] = 'staar-her';
  for (const id of d.feil) ut[id] = 'feil';
  return ut;
}

/** Start, veivalg og slutt gjør systemet; de står med i lista, men mindre enn det noen har gjort. */
function erVeivalg(s: Ett['steg'][number]): boolean {
  return ['Valg', 'Start', 'Slutt'].includes(s.slag) && s.tilstand === 'ferdig';
}

function EttDiagram({ d }: { d: Ett }) {
  const merker = useMemo(() => merkerFor(d), [d]);
  const [fokus, settFokus] = useState<string | undefined>(d.staarI[0]);
  const liste = useRef<HTMLOListElement>(null);
  // Lista ruller for seg selv; begynn der saken står, uten å flytte siden.
  useEffect(() => {
    const her = liste.current?.querySelector<HTMLElement>('.prosess__steg--staar-her, .prosess__steg--feil');
    if (her && liste.current) liste.current.scrollTop = her.offsetTop - liste.current.offsetTop - 80;
  }, []);
  return (
    <div className="prosess">
      <div className="prosess__tegning">
        <Suspense fallback={<Skjelett rader={5} />}>
          <Diagram xml={d.xml} navn={d.navn} merker={merker} fokus={fokus} />
        </Suspense>
        <p className="prosess__forklaring liten">
          <span className="forklaring forklaring--gaatt">Veien som er gått</span>
          <span className="forklaring forklaring--staar">Her står saken</span>
          {d.feil.length > 0 ? <span className="forklaring forklaring--feil">Stoppet av en feil</span> : null}
        </p>
      </div>
      <div className="prosess__liste">
        <Heading level={4} data-size="2xs">
          Det samme som liste
        </Heading>
        <ol ref={liste}>
          {d.steg.map((s) => (
            <li
              key={s.elementId + s.fra}
              className={`prosess__steg prosess__steg--${s.tilstand}${erVeivalg(s) ? ' prosess__steg--veivalg' : ''}`}
            >
              <button type="button" className="lenkeknapp" onClick={() => settFokus(s.elementId)}>
                {s.navn}
              </button>
              <span className={erVeivalg(s) ? 'kun-lest' : 'liten'}>
                {s.slag === 'Oppgave' ? null : <span className="dempet">{s.slag}. </span>}
                <strong>{TILSTAND[s.tilstand]}</strong>
                <span className="dempet">
                  {s.tilstand === 'staar-her' || s.tilstand === 'feil'
                    ? `, siden ${dagOgTid(s.fra)} (${siden(s.fra)})`
                    : ` ${dagOgTid(s.til ?? s.fra)}`}
                </span>
              </span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

export default function Prosess({ sakId }: { sakId: string }) {
  const svar = useQuery(prosessSpoerring(sakId));
  return (
    <Visning svar={svar}>
      {(p) => (
        <>
          {p.motorBorte ? (
            <Alert data-color="warning" data-size="sm">
              Systemet som driver saken, svarer ikke akkurat nå. Dette er sist kjente stilling. Arbeidet er lagret, og
              saken går videre når systemet er tilbake.
            </Alert>
          ) : null}
          {p.diagrammer.length === 0 ? (
            <Tom tittel="Saken har ikke begynt på rutinen ennå">Straks den gjør det, vises veien her.</Tom>
          ) : (
            p.diagrammer.map((d) => (
              <section key={d.rutineId} aria-label={d.navn}>
                <Heading level={3} data-size="2xs" className="prosess__navn">
                  {d.navn} <span className="dempet liten">versjon {d.versjon}</span>
                </Heading>
                <EttDiagram d={d} />
              </section>
            ))
          )}
        </>
      )}
    </Visning>
  );
}
