import { useQuery } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Forslag } from '../../../../src/contract/api.ts';
import { hentForslag } from '../../api/spoerringer.ts';
import { useStille } from '../../ramme/Soek.tsx';
import type { SkjemaData, SkjemaHaandtak } from '../../skjema/Skjema.tsx';
import { fulgt } from './fulgt.ts';

/**
 * Lar felter som foreslås ut fra de andre, følge med mens skjemaet fylles ut: hjemlene passer til utfallet.
 * @param sistRef forslaget feltene sist fulgte; `null` når steget ikke foreslår noe. Lagres sammen med utkastet
 * @param aktiv om brukeren kan fullføre oppgaven
 * @returns dataene slik de er når alt som følger forslaget, er kommet à jour; kaster når forslaget ikke kan hentes
 */
export function useForslag(
  id: string,
  sistRef: RefObject<Forslag | null>,
  aktiv: boolean,
  verdier: SkjemaData,
  skjemaRef: RefObject<SkjemaHaandtak | null>,
): (data: SkjemaData) => Promise<SkjemaData> {
  const stille = useStille(verdier, 400);
  const svar = useQuery({
    queryKey: ['forslag', id, stille],
    queryFn: ({ signal }) => hentForslag(id, stille, signal),
    enabled: aktiv && Object.keys(stille).length > 0,
    gcTime: 0,
    staleTime: Infinity,
  });
  const naa = useRef(verdier);
  useEffect(() => {
    naa.current = verdier;
  });
  const settInn = useCallback(
    (data: SkjemaData, nytt: Forslag): SkjemaData => {
      const endret = sistRef.current ? fulgt(data, sistRef.current, nytt) : {};
      sistRef.current = nytt;
      for (const [felt, verdi] of Object.entries(endret)) skjemaRef.current?.sett(felt, verdi);
      return { ...data, ...endret };
    },
    [sistRef, skjemaRef],
  );
  const nytt = svar.data;
  useEffect(() => {
    if (nytt) settInn(naa.current, nytt);
  }, [nytt, settInn]);
  return useCallback(
    async (data) => (sistRef.current ? settInn(data, await hentForslag(id, data)) : data),
    [id, settInn, sistRef],
  );
}
