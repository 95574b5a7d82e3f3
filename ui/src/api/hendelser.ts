import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Sanntid } from '../../../src/contract/api.ts';
import { foelgHendelser } from './stroem.ts';

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

/** Holder skjermen fersk: følger hendelsene så lenge den siden viser, er den som er logget inn. */
export function useSanntid(brukerId: string | null): void {
  const klient = useQueryClient();
  useEffect(() => {
    if (brukerId === null) return;
    const foreld = lagSamler(klient);
    return foelgHendelser(brukerId, (h) => {
      // '*': noe kan ha gått tapt, men ingen vet hva.
      if (h.id === '*') void klient.invalidateQueries();
      else foreld(GAMLE[h.type](h));
    });
  }, [brukerId, klient]);
}
