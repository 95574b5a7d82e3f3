import { useEffect, useRef } from 'react';

/** Sann når tastetrykket hører til et felt noen skriver i; da er bokstavene tekst og ikke snarveier. */
function skriverNoen(e: KeyboardEvent): boolean {
  const m = e.target;
  return (
    m instanceof HTMLElement &&
    (m.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(m.tagName.toUpperCase()))
  );
}

/**
 * Snarveier for hele siden. Enkeltbokstaver gjelder ikke mens noen skriver eller et vindu er åpent (WCAG 2.1.4).
 * @param taster tast (KeyboardEvent.key) → handling; handlingen kan returnere false for å la trykket gå videre
 */
export function useSnarveier(taster: Record<string, (e: KeyboardEvent) => void | boolean>): void {
  const ref = useRef(taster);
  useEffect(() => {
    ref.current = taster;
  });
  useEffect(() => {
    const lytt = (e: KeyboardEvent): void => {
      const kombinasjon = e.ctrlKey || e.metaKey ? `ctrl+${e.key.toLowerCase()}` : e.key;
      if (e.altKey || e.defaultPrevented) return;
      if (!kombinasjon.startsWith('ctrl+') && (skriverNoen(e) || document.querySelector('dialog[open]'))) return;
      const handling = ref.current[kombinasjon];
      if (handling && handling(e) !== false) e.preventDefault();
    };
    document.addEventListener('keydown', lytt);
    return () => document.removeEventListener('keydown', lytt);
  }, []);
}
