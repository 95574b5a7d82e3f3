import { ErrorSummary } from '@digdir/designsystemet-react';
import { useEffect, useRef } from 'react';

/**
 * Feilene øverst, med lenke til hvert felt. Får fokus hver gang noen prøver å sende (`forsoek` øker), og lar fokus være
 * i fred når en feil rettes og faller ut av lista.
 */
export function Feilliste({
  feil,
  forsoek,
}: {
  feil: readonly { elementId: string; tekst: string }[];
  forsoek: number;
}) {
  const ref = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (forsoek > 0) ref.current?.focus();
  }, [forsoek]);
  if (feil.length === 0) return null;
  return (
    <ErrorSummary
      ref={(el) => {
        ref.current = el;
      }}
      tabIndex={-1}
      className="feilliste"
    >
      <ErrorSummary.Heading level={2}>
        {feil.length === 1 ? 'Rett dette før du går videre' : `Rett disse ${feil.length} før du går videre`}
      </ErrorSummary.Heading>
      <ErrorSummary.List>
        {feil.map((f) => (
          <ErrorSummary.Item key={f.elementId + f.tekst}>
            {f.elementId ? (
              <ErrorSummary.Link
                href={`#${f.elementId}`}
                onClick={(e) => {
                  e.preventDefault();
                  const maal = document.getElementById(f.elementId);
                  maal?.scrollIntoView({ block: 'center' });
                  maal?.focus({ preventScroll: true });
                }}
              >
                {f.tekst}
              </ErrorSummary.Link>
            ) : (
              f.tekst
            )}
          </ErrorSummary.Item>
        ))}
      </ErrorSummary.List>
    </ErrorSummary>
  );
}
