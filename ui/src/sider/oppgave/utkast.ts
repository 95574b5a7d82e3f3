import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Forslag } from '../../../../src/contract/api.ts';
import { ApiFeil } from '../../api/klient.ts';
import { lagreUtkast, oppgaveSpoerring } from '../../api/spoerringer.ts';
import { ulagretTekst } from '../../felles/kvittering.ts';

export type Utkasttilstand =
  | { slag: 'uendret' }
  | { slag: 'endret' }
  | { slag: 'lagret'; tid: string }
  | { slag: 'venter' }
  | { slag: 'utlogget' }
  | { slag: 'stoppet'; hvorfor: string };

/** Åpne utkast som ikke er lagret ennå, per oppgave. */
const aapneUtkast = new Map<string, () => Promise<void>>();
/** Lagrer det som står igjen av utkastet, før oppgaven gis fra seg. */
export async function lagreUtkastNaa(oppgaveId: string): Promise<void> {
  await aapneUtkast.get(oppgaveId)?.();
}

/** Nettleseren tar bare imot små kropper når siden forlates. */
const STOERSTE_VED_AVREISE = 60_000;

/**
 * Lagrer det som skrives som utkast: litt etter at det blir stille, og straks når siden forlates. Ett kall om gangen,
 * så det siste alltid vinner. Uten forbindelse prøves det igjen til det går.
 * @param forslagRef forslaget feltene sist fulgte; lagres med, så det som ikke er redigert, følger videre senere
 */
export function useUtkast(oppgaveId: string, forslagRef: RefObject<Forslag | null>) {
  const klient = useQueryClient();
  const [tilstand, settTilstand] = useState<Utkasttilstand>({ slag: 'uendret' });
  const venter = useRef<Record<string, unknown> | null>(null);
  const paaVei = useRef(false);
  const stoppet = useRef(false);
  const tid = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const lagreRef = useRef<(avreise: boolean) => Promise<void>>(() => Promise.resolve());

  const planlegg = useCallback((ms: number) => {
    clearTimeout(tid.current);
    tid.current = setTimeout(() => void lagreRef.current(false), ms);
  }, []);

  useEffect(() => {
    stoppet.current = false;
    lagreRef.current = (avreise) => {
      const data = venter.current;
      if (!data || stoppet.current || (paaVei.current && !avreise)) return Promise.resolve();
      clearTimeout(tid.current);
      venter.current = null;
      paaVei.current = true;
      const liten = JSON.stringify(data).length < STOERSTE_VED_AVREISE;
      // Den som kommer tilbake hit før serveren har svart, skal se det samme.
      klient.setQueryData(
        oppgaveSpoerring(oppgaveId).queryKey,
        (d) => d && { ...d, data: { ...d.data, ...data }, forslag: forslagRef.current },
      );
      return lagreUtkast(oppgaveId, data, forslagRef.current, avreise && liten).then(
        (svar) => {
          paaVei.current = false;
          klient.setQueryData(oppgaveSpoerring(oppgaveId).queryKey, (d) => d && { ...d, utkast: svar });
          if (venter.current) planlegg(300);
          else {
            ulagretTekst.sett(false);
            settTilstand({ slag: 'lagret', tid: svar.lagret });
          }
        },
        (feil: unknown) => {
          paaVei.current = false;
          const nei = feil instanceof ApiFeil && feil.status >= 400 && feil.status < 500;
          if (nei && feil.status !== 401 && feil.status !== 429 && feil.status !== 408) {
            ulagretTekst.sett(false);
            settTilstand({ slag: 'stoppet', hvorfor: feil.message });
            return;
          }
          venter.current ??= data;
          settTilstand({ slag: feil instanceof ApiFeil && feil.status === 401 ? 'utlogget' : 'venter' });
          planlegg(5000);
        },
      );
    };
    const vedAvreise = (): void => {
      if (document.visibilityState === 'hidden') void lagreRef.current(true);
    };
    document.addEventListener('visibilitychange', vedAvreise);
    window.addEventListener('pagehide', vedAvreise);
    aapneUtkast.set(oppgaveId, () => lagreRef.current(true));
    return () => {
      aapneUtkast.delete(oppgaveId);
      document.removeEventListener('visibilitychange', vedAvreise);
      window.removeEventListener('pagehide', vedAvreise);
      void lagreRef.current(true);
      clearTimeout(tid.current);
      ulagretTekst.sett(false);
    };
  }, [oppgaveId, klient, planlegg, forslagRef]);

  const endret = useCallback(
    (data: Record<string, unknown>) => {
      if (stoppet.current) return;
      venter.current = data;
      ulagretTekst.sett(true);
      settTilstand((t) => (t.slag === 'endret' ? t : { slag: 'endret' }));
      planlegg(800);
    },
    [planlegg],
  );
  /** Oppgaven sendes: utkastet har gjort sitt. Uten `stopp` igjen ville et sent utkast kommet etter fullføringen. */
  const stopp = useCallback((paa: boolean) => {
    stoppet.current = paa;
    if (paa) {
      clearTimeout(tid.current);
      ulagretTekst.sett(false);
    }
  }, []);
  return { tilstand, endret, stopp };
}
