import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback } from 'react';
import type { Forslag, OppgaveDetalj, Utkastlagring, UtkastSvar } from '../../../../src/contract/api.ts';
import { lagreUtkast, oppgaveSpoerring, oppgaveutkast } from '../../api/spoerringer.ts';
import type { Utkastdata, Utkastskriver } from '../../utkast/skriver.ts';
import { useUtkast } from '../../utkast/useUtkast.ts';

/**
 * Utkastet i en oppgave.
 * @param forslagRef forslaget feltene sist fulgte; lagres med, så det som ikke er redigert, følger videre senere
 * @returns skriveren, og `foerSending`, som lagrer det siste og holder igjen mens skjemaet sendes; kaster når et annet
 *   vindu har skrevet noe det først må velges om
 */
export function useOppgaveutkast(
  d: OppgaveDetalj,
  forslagRef: RefObject<Forslag | null>,
): { skriver: Utkastskriver; endret: (data: Utkastdata) => void; foerSending: () => Promise<void> } {
  const klient = useQueryClient();
  const { id } = d.oppgave;
  const lagre = useCallback(
    async (kropp: Utkastlagring, keepalive: boolean): Promise<UtkastSvar> => {
      const { queryKey } = oppgaveSpoerring(id);
      const forslag = forslagRef.current;
      const svar = await lagreUtkast(id, { ...kropp, ...(forslag ? { forslag } : {}) }, keepalive);
      // Den som kommer tilbake hit, skal se det samme, og bygge på den samme versjonen.
      klient.setQueryData(
        queryKey,
        (foer) => foer && { ...foer, data: { ...foer.data, ...kropp.data }, forslag, utkast: svar },
      );
      return svar;
    },
    [id, klient, forslagRef],
  );
  const { skriver, endret } = useUtkast(
    oppgaveutkast(id),
    { data: d.data, versjon: d.utkast?.versjon ?? 0 },
    lagre,
    `/oppgaver/${id}`,
  );
  const foerSending = useCallback(async () => {
    try {
      await skriver.lagreAlt();
    } catch (feil) {
      // Er tjeneren borte, sier innsendingen fra selv; er utkastet endret av en annen, må det velges først.
      if (skriver.tilstand().slag === 'konflikt') throw feil;
    }
    skriver.pause(true);
  }, [skriver]);
  return { skriver, endret, foerSending };
}
