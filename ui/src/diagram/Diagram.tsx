import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';
import { Alert, Button } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';

export type Merke = 'gaatt' | 'staar-her' | 'feil' | 'valgt';

interface Boks {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** De delene av tegnetjenesten vi bruker; biblioteket gir den uten type. */
interface Lerret {
  zoom(til: 'fit-viewport' | number, midt?: 'auto'): number;
  zoom(): number;
  addMarker(id: string, merke: string): void;
  removeMarker(id: string, merke: string): void;
  viewbox(): Boks & { inner: Boks; outer: { width: number; height: number } };
  viewbox(boks: Boks): void;
}
interface Register {
  get(id: string): { type?: string; x?: number; y?: number; width?: number; height?: number } | undefined;
}
interface Hendelsesbuss {
  on(navn: string, f: (e: { element: { id: string } }) => void): void;
}

/** Mindre enn dette kan ikke teksten leses. */
const MINSTE_LESBARE = 0.8;

const ORD: Record<string, string> = {
  'Zoom in': 'Større',
  'Zoom out': 'Mindre',
};

/** Hele tegningen når den kan leses slik; ellers begynnelsen av den, i en størrelse som kan leses. */
function visStart(lerret: Lerret): void {
  if (lerret.zoom('fit-viewport', 'auto') >= MINSTE_LESBARE) return;
  const { inner, outer } = lerret.viewbox();
  lerret.viewbox({
    x: inner.x - 20,
    y: inner.y - 20,
    width: outer.width / MINSTE_LESBARE,
    height: outer.height / MINSTE_LESBARE,
  });
}

/**
 * Et BPMN-diagram til lesing: dra for å flytte, Ctrl og hjul for å forstørre. Det samme står alltid som liste ved
 * siden av, så tegningen er aldri den eneste veien til innholdet.
 */
export default function Diagram({
  xml,
  navn,
  merker,
  fokus,
  paaValg,
}: {
  xml: string;
  navn: string;
  merker: Record<string, Merke>;
  /** Elementet som skal være synlig */
  fokus?: string | undefined;
  paaValg?: (elementId: string) => void;
}) {
  const boks = useRef<HTMLDivElement>(null);
  const viser = useRef<NavigatedViewer | null>(null);
  const [lest, settLest] = useState<'nei' | 'ja' | 'feil'>('nei');
  const velg = useRef(paaValg);
  useEffect(() => {
    velg.current = paaValg;
  });

  useEffect(() => {
    const holder = boks.current;
    if (!holder) return;
    let avbrutt = false;
    const v = new NavigatedViewer({
      container: holder,
      additionalModules: [{ translate: ['value', (mal: string) => ORD[mal] ?? mal] }],
    });
    viser.current = v;
    settLest('nei');
    v.importXML(xml).then(
      () => {
        if (avbrutt) return;
        visStart(v.get<Lerret>('canvas'));
        v.get<Hendelsesbuss>('eventBus').on('element.click', (e) => velg.current?.(e.element.id));
        const svg = holder.querySelector('.djs-container > svg');
        svg?.setAttribute('role', 'img');
        svg?.setAttribute('aria-label', `Tegning av ${navn}. Lista sier det samme. Piltastene flytter tegningen.`);
        settLest('ja');
      },
      () => {
        if (!avbrutt) settLest('feil');
      },
    );
    return () => {
      avbrutt = true;
      v.destroy();
      viser.current = null;
    };
  }, [xml, navn]);

  useEffect(() => {
    const v = viser.current;
    if (lest !== 'ja' || !v) return;
    const lerret = v.get<Lerret>('canvas');
    const register = v.get<Register>('elementRegistry');
    const satt = Object.entries(merker).filter(([id]) => register.get(id));
    for (const [id, m] of satt) {
      lerret.addMarker(id, `merke-${m}`);
      if (register.get(id)?.type === 'bpmn:SubProcess') lerret.addMarker(id, 'merke-omraade');
    }
    return () => {
      for (const [id, m] of satt) {
        if (viser.current === v && register.get(id)) lerret.removeMarker(id, `merke-${m}`);
      }
    };
  }, [merker, lest]);

  useEffect(() => {
    const v = viser.current;
    const e = lest === 'ja' && v && fokus ? v.get<Register>('elementRegistry').get(fokus) : undefined;
    if (!v || e?.x === undefined || e.y === undefined) return;
    const lerret = v.get<Lerret>('canvas');
    const syn = lerret.viewbox();
    lerret.viewbox({
      x: e.x + (e.width ?? 0) / 2 - syn.width / 2,
      y: e.y + (e.height ?? 0) / 2 - syn.height / 2,
      width: syn.width,
      height: syn.height,
    });
  }, [fokus, lest]);

  const zoom = (faktor: number): void => {
    const lerret = viser.current?.get<Lerret>('canvas');
    if (lerret) lerret.zoom(Math.min(4, Math.max(0.2, lerret.zoom() * faktor)), 'auto');
  };
  return (
    <div className="diagram">
      <div className="diagram__knapper">
        <Button icon variant="secondary" data-size="sm" aria-label="Større" onClick={() => zoom(1.25)}>
          +
        </Button>
        <Button icon variant="secondary" data-size="sm" aria-label="Mindre" onClick={() => zoom(0.8)}>
          −
        </Button>
        <Button
          variant="secondary"
          data-size="sm"
          onClick={() => viser.current?.get<Lerret>('canvas').zoom('fit-viewport', 'auto')}
        >
          Hele
        </Button>
      </div>
      {lest === 'feil' ? (
        <Alert data-color="warning" data-size="sm">
          Tegningen kunne ikke vises. Lista sier det samme.
        </Alert>
      ) : null}
      <div ref={boks} className="diagram__lerret" />
    </div>
  );
}
