import { Heading } from '@digdir/designsystemet-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { type RutineDetalj, rutineSpoerring, rutinerSpoerring } from '../api/spoerringer.ts';
import type { Merke } from '../diagram/Diagram.tsx';
import { Ikon } from '../felles/Ikon.tsx';
import { Side } from '../felles/Side.tsx';
import { Rutinetekst } from '../felles/Tekst.tsx';
import { Skjelett, Tom, Visning } from '../felles/Tilstand.tsx';

const Diagram = lazy(() => import('../diagram/Diagram.tsx'));

export default function Rutiner() {
  const svar = useQuery(rutinerSpoerring);
  return (
    <Side tittel="Rutiner">
      <Visning svar={svar}>
        {(rutiner) =>
          rutiner.length === 0 ? (
            <Tom tittel="Ingen rutiner er publisert">
              Publiserte rutiner står her, med tegning og tekst for hvert steg.
            </Tom>
          ) : (
            <ul className="rutiner">
              {rutiner.map((r) => (
                <li key={r.id}>
                  <Link className="rad__lenke" to={`/rutiner/${r.id}`}>
                    {r.navn}
                  </Link>
                  <span className="dempet liten">
                    versjon {r.versjon} · {r.antallSteg} steg
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Visning>
    </Side>
  );
}

function Stegene({ r }: { r: RutineDetalj }) {
  const [p, settP] = useSearchParams();
  const valgt = p.get('steg') ?? undefined;
  const liste = useRef<HTMLOListElement>(null);
  const tegning = useRef<HTMLDivElement>(null);
  const merker = useMemo<Record<string, Merke>>(() => (valgt ? { [valgt]: 'valgt' } : {}), [valgt]);
  const velg = (id: string): void => {
    if (r.steg.some((s) => s.elementId === id)) settP({ steg: id }, { replace: true, preventScrollReset: true });
  };
  const tilTeksten = (id: string): void =>
    liste.current?.querySelector(`#${CSS.escape(`steg-${id}`)}`)?.scrollIntoView({ block: 'nearest' });
  // Lenken fra en oppgave peker på ett steg; da begynner siden der.
  const forstValgt = useRef(valgt);
  useEffect(() => {
    if (forstValgt.current) tilTeksten(forstValgt.current);
  }, []);
  return (
    <div className="rutineside">
      <div className="rutineside__tegning" ref={tegning}>
        <Suspense fallback={<Skjelett rader={5} />}>
          <Diagram
            xml={r.xml}
            navn={r.navn}
            merker={merker}
            fokus={valgt}
            paaValg={(id) => {
              velg(id);
              tilTeksten(id);
            }}
          />
        </Suspense>
      </div>
      <ol className="rutinesteg" ref={liste}>
        {r.steg.map((s) => (
          <li
            key={s.elementId}
            id={`steg-${s.elementId}`}
            className={s.elementId === valgt ? 'rutinesteg__ett rutinesteg__ett--valgt' : 'rutinesteg__ett'}
          >
            <div className="rutinesteg__hode">
              <Heading level={2} data-size="2xs">
                {s.navn}
              </Heading>
              <span className="dempet liten">{s.fase}</span>
              <button
                type="button"
                className="ds-link lenkeknapp liten"
                onClick={() => {
                  velg(s.elementId);
                  tegning.current?.scrollIntoView({ block: 'nearest' });
                }}
              >
                Vis i tegningen<span className="kun-lest">: {s.navn}</span>
              </button>
            </div>
            {s.tekst === '' ? <p className="dempet">Steget har ingen tekst.</p> : <Rutinetekst tekst={s.tekst} />}
            {s.dokumenter.length > 0 ? (
              <p className="liten">
                <strong>Dokumenter:</strong> {s.dokumenter.join(', ')}
              </p>
            ) : null}
            {s.hjemler.length > 0 ? (
              <p className="liten">
                <strong>Hjemmel:</strong> {s.hjemler.join('; ')}
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

export function Rutine() {
  const { id = '' } = useParams();
  const svar = useQuery(rutineSpoerring(id));
  return (
    <Visning svar={svar} side="Rutine" skjelett={<Skjelett rader={7} />}>
      {(r) => (
        <Side
          tittel={r.navn}
          over={
            <p className="brodsmule liten">
              <Link className="ds-link" to="/rutiner">
                <Ikon navn="tilbake" /> Rutiner
              </Link>
            </p>
          }
          ved={<span className="dempet">versjon {r.versjon}</span>}
        >
          <Stegene r={r} />
        </Side>
      )}
    </Visning>
  );
}
