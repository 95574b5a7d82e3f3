import { useCallback, useMemo, useState } from 'react';
import { MAKS_FORDELING } from '../../../../src/contract/fordeling.ts';

/** Oppgavene lederen har krysset av. */
export interface Utvalg {
  ider: ReadonlySet<string>;
  bytt: (id: string) => void;
  sett: (ider: readonly string[]) => void;
}

/** Valgene i lista. De hører til ett filter: et annet utvalg av rader begynner uten noen valgt. */
export function useUtvalg(noekkel: string): Utvalg {
  const [valgt, settValgt] = useState<{ noekkel: string; ider: ReadonlySet<string> }>({ noekkel, ider: new Set() });
  const ider = useMemo(() => (valgt.noekkel === noekkel ? valgt.ider : new Set<string>()), [valgt, noekkel]);
  const sett = useCallback((nye: readonly string[]) => settValgt({ noekkel, ider: new Set(nye) }), [noekkel]);
  const bytt = useCallback(
    (id: string) =>
      settValgt((v) => {
        const nye = new Set(v.noekkel === noekkel ? v.ider : []);
        if (!nye.delete(id) && nye.size < MAKS_FORDELING) nye.add(id);
        return { noekkel, ider: nye };
      }),
    [noekkel],
  );
  return { ider, bytt, sett };
}
