import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import type { Forslag } from '../../../../src/contract/api.ts';
import { hentForslag } from '../../api/spoerringer.ts';
import { useStille } from '../../ramme/Soek.tsx';
import type { SkjemaHaandtak } from '../../skjema/Skjema.tsx';

/** Like når mellomrom og rekkefølgen i en liste ikke teller; et tomt felt er det samme på alle måter. */
export function likt(a: unknown, b: unknown): boolean {
  const flat = (v: unknown): string =>
    Array.isArray(v) ? JSON.stringify([...v].map(flat).sort()) : v == null ? '' : String(v).replace(/\s+/g, ' ').trim();
  return flat(a) === flat(b);
}

/**
 * Lar felter som foreslås ut fra de andre, følge med mens skjemaet fylles ut: brevteksten sier det samme som utfallet.
 * Et felt som ikke lenger står som forslaget, er redigert og røres ikke.
 * @param start forslaget til det skjemaet åpnes med; null når steget ikke foreslår noe
 * @param aktiv om noen har rørt skjemaet, og kan fullføre oppgaven
 */
export function useForslag(
  id: string,
  start: Forslag | null,
  aktiv: boolean,
  verdier: Record<string, unknown>,
  skjema: RefObject<SkjemaHaandtak | null>,
): void {
  const sist = useRef(start);
  useEffect(() => {
    sist.current = start;
  }, [start]);
  const stille = useStille(verdier, 400);
  const svar = useQuery({
    queryKey: ['forslag', id, stille],
    queryFn: ({ signal }) => hentForslag(id, stille, signal),
    enabled: aktiv && start !== null,
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  const naa = useRef(verdier);
  useEffect(() => {
    naa.current = verdier;
  });
  const nytt = svar.data;
  useEffect(() => {
    if (!nytt) return;
    for (const [felt, verdi] of Object.entries(nytt)) {
      const staar = naa.current[felt];
      if (likt(staar, sist.current?.[felt]) && !likt(staar, verdi)) skjema.current?.sett(felt, verdi);
    }
    sist.current = nytt;
  }, [nytt, skjema]);
}
