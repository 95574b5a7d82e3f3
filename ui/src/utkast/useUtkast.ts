import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { kvitter } from '../felles/kvittering.ts';
import { IkkeLagret, type Lagre, skriverFor, taIBruk, type Utkastdata, type Utkastskriver } from './skriver.ts';

/**
 * Utkastet til et skjema: lagres mens det skrives, og går ikke tapt uten at den som skrev det, får vite det.
 * @param noekkel hvilket utkast; den samme så lenge komponenten lever
 * @param start det skjemaet ble åpnet med, og versjonen det bygger på (0 uten utkast)
 * @param lagre kallet som lagrer (useCallback)
 * @param sti adressen til skjemaet, for den som har gått videre når noe ikke lot seg lagre
 */
export function useUtkast(
  noekkel: string,
  start: { data: Utkastdata; versjon: number },
  lagre: Lagre,
  sti: string,
): { skriver: Utkastskriver; endret: (data: Utkastdata) => void } {
  const [skriver] = useState(() => skriverFor(noekkel, start, lagre));
  useEffect(() => taIBruk(skriver), [skriver]);
  useEffect(() => skriver.settLagre(lagre), [skriver, lagre]);
  useSyncExternalStore(skriver.abonner, skriver.tilstand);
  useEffect(
    () => () => {
      if (!skriver.ulagret) return;
      void skriver.lagreAlt().catch((feil: unknown) => {
        if (!(feil instanceof IkkeLagret) || skriver.brukes) return;
        kvitter({ slag: 'danger', tekst: feil.message, lenke: { til: sti, tekst: 'Gå tilbake til skjemaet' } });
      });
    },
    [skriver, sti],
  );
  const endret = useCallback((data: Utkastdata) => skriver.endret(data), [skriver]);
  return { skriver, endret };
}
