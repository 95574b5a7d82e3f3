import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Sanntid } from '../../../src/contract/api.ts';
import { forbindelse } from './klient.ts';

/** Hvilke huskede svar en hendelse gjør gamle. Hendelsen har bare id-er; innholdet hentes på nytt med egne rettigheter. */
const GAMLE: Record<Sanntid['type'], (h: Sanntid) => readonly (readonly string[])[]> = {
  oppgave: (h) => [
    ['oppgaver'],
    ['oppgave', h.id],
    ['saker'],
    ['drift'],
    ...(h.sakId ? [['sak', h.sakId] as const, ['prosess', h.sakId] as const] : []),
  ],
  sak: (h) => [['saker'], ['sak', h.sakId ?? h.id], ['prosess', h.sakId ?? h.id], ['oppgave'], ['person']],
  utboks: () => [['drift']],
};

function erSanntid(verdi: unknown): verdi is Sanntid {
  return typeof verdi === 'object' && verdi !== null && 'type' in verdi && String(verdi.type) in GAMLE && 'id' in verdi;
}

/*
 * Flere hendelser kommer gjerne på en gang (én fullføring gir fem). De samles, så hver liste hentes én gang.
 */
function lagSamler(klient: QueryClient): (noekler: readonly (readonly string[])[]) => void {
  const venter = new Map<string, readonly string[]>();
  let tid: ReturnType<typeof setTimeout> | undefined;
  return (noekler) => {
    for (const n of noekler) venter.set(n.join('\u0000'), n);
    tid ??= setTimeout(() => {
      tid = undefined;
      const alle = [...venter.values()];
      venter.clear();
      for (const queryKey of alle) void klient.invalidateQueries({ queryKey });
    }, 150);
  };
}

/** Holder skjermen fersk: lytter på GET /api/hendelser så lenge noen er logget inn. */
export function useSanntid(innlogget: boolean): void {
  const klient = useQueryClient();
  useEffect(() => {
    if (!innlogget) return;
    const foreld = lagSamler(klient);
    let kilde: EventSource | undefined;
    let nyttForsoek: ReturnType<typeof setTimeout> | undefined;
    let ventetid = 1000;
    let harVaertBorte = false;
    const motta = (e: MessageEvent<string>): void => {
      try {
        const h: unknown = JSON.parse(e.data);
        if (!erSanntid(h)) return;
        // '*': serveren vet at noe kan ha gått tapt, men ikke hva.
        if (h.id === '*') void klient.invalidateQueries();
        else foreld(GAMLE[h.type](h));
      } catch {
        // En linje som ikke er JSON (livstegn) sier ingenting om hva som er endret.
      }
    };
    const koble = (): void => {
      kilde = new EventSource('/api/hendelser');
      kilde.onmessage = motta;
      for (const navn of Object.keys(GAMLE)) kilde.addEventListener(navn, motta);
      kilde.onopen = () => {
        ventetid = 1000;
        forbindelse.sett(false);
        // Det som skjedde mens vi var borte, fikk vi ikke høre om.
        if (harVaertBorte) void klient.invalidateQueries();
        harVaertBorte = false;
      };
      kilde.onerror = () => {
        harVaertBorte = true;
        if (kilde?.readyState === EventSource.CLOSED) {
          nyttForsoek = setTimeout(koble, ventetid);
          ventetid = Math.min(ventetid * 2, 30_000);
        }
      };
    };
    koble();
    return () => {
      clearTimeout(nyttForsoek);
      kilde?.close();
    };
  }, [innlogget, klient]);
}
