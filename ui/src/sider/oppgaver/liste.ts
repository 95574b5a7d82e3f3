import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { OppgaveListe } from '../../../../src/contract/api.ts';
import { type OppgaveFilter, oppgaveSideSpoerring } from '../../api/spoerringer.ts';
import { SIDESTOERRELSE } from '../../felles/sidestoerrelse.ts';
import { byggPlasser, type Plass } from './plasser.ts';

/** Henter de sidene av lista som er i nærheten av det som vises. Gammelt innhold står til det nye er her. */
export function useOppgaveliste(filter: OppgaveFilter) {
  const noekkel = JSON.stringify(filter);
  const [valgt, settValgt] = useState<{ noekkel: string; sider: readonly number[] }>({ noekkel, sider: [0] });
  const sider = valgt.noekkel === noekkel ? valgt.sider : [0];
  const svar = useQueries({ queries: sider.map((side) => oppgaveSideSpoerring(filter, side)) });
  const data = svar.map((s) => s.data);

  const [bygget, settBygget] = useState<{
    noekkel: string;
    data: readonly (OppgaveListe | undefined)[];
    plasser: Plass[];
    hode: OppgaveListe | undefined;
  }>({ noekkel, data: [], plasser: [], hode: undefined });
  const hode = data.find((d) => d !== undefined);
  const uendret =
    bygget.noekkel === noekkel && bygget.data.length === data.length && data.every((d, i) => d === bygget.data[i]);
  // Avledet tilstand som også trenger forrige utgave: settes under rendring, slik React beskriver for slike tilfeller.
  if (hode && !uendret) {
    const forrige = bygget.noekkel === noekkel ? bygget.plasser : [];
    settBygget({ noekkel, data, hode, plasser: byggPlasser(forrige, data, sider, filter.sorter === 'frist') });
  }

  return {
    plasser: bygget.plasser,
    hode: bygget.hode,
    /** Det som vises hører til et tidligere filter mens det nye hentes */
    gammelt: bygget.noekkel !== noekkel,
    henter: svar.some((s) => s.isFetching),
    feil: svar.find((s) => s.error)?.error ?? null,
    proevIgjen: () => {
      for (const s of svar) void s.refetch();
    },
    /** Sier hvilke plasser som vises, så sidene deres hentes */
    vis: (fra: number, til: number) => {
      const trengs: number[] = [];
      for (let s = Math.floor(fra / SIDESTOERRELSE); s <= Math.floor(til / SIDESTOERRELSE); s++) trengs.push(s);
      if (trengs.some((s) => !sider.includes(s))) {
        // De nærmeste sidene holdes friske; resten ligger i mellomlageret til de trengs igjen.
        const neste = [...new Set([0, ...sider.slice(-3), ...trengs])].sort((a, b) => a - b);
        settValgt({ noekkel, sider: neste });
      }
    },
  };
}
