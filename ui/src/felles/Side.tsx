import { Heading } from '@digdir/designsystemet-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** Sist viste adresse: fokus flyttes bare når siden faktisk byttes, ikke når et filter i adressen endres. */
let sisteSti: string | undefined;

/**
 * Én side: tittelen i fanen begynner med saken, og overskriften får fokus når en ny side åpnes, så den som bruker
 * skjermleser eller tastatur begynner øverst.
 */
export function Side({
  tittel,
  overskrift,
  over,
  ved,
  children,
  bredde = 'full',
}: {
  tittel: string;
  overskrift?: ReactNode;
  /** Linje over overskriften, f.eks. vei tilbake */
  over?: ReactNode;
  /** Til høyre for overskriften */
  ved?: ReactNode;
  children: ReactNode;
  bredde?: 'full' | 'lesbar';
}) {
  const ref = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const slag = useNavigationType();
  useEffect(() => {
    const byttet = sisteSti !== undefined && sisteSti !== pathname;
    sisteSti = pathname;
    if (byttet && slag !== 'POP') ref.current?.focus({ preventScroll: true });
  }, [pathname, slag]);
  return (
    <div className={`side side--${bredde}`}>
      <title>{`${tittel} – Individuell plan`}</title>
      {over}
      <div className="side__topp">
        <Heading level={1} data-size="sm" ref={ref} tabIndex={-1} className="side__overskrift">
          {overskrift ?? tittel}
        </Heading>
        {ved}
      </div>
      {children}
    </div>
  );
}
