import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  besvarForSvar,
  brevForhaandsvisning,
  BrukerendringSvar,
  BrukerListe,
  Demobruker,
  Drift,
  Fordelingskandidat,
  FordelSvar,
  Forslag,
  FullfoerSvar,
  kompetanseOversikt,
  loggUtSvar,
  mittUtkast,
  Mottaksenhet,
  NyAnmodning,
  NyPerson,
  nySakSvar,
  OppgaveDetalj,
  OppgaveListe,
  PersonStatus,
  PersonTreff,
  Prosess,
  rutineDetalj,
  rutineRad,
  SakDetalj,
  sakListe,
  sokSvar,
  Utkastlagring,
  UtkastSvar,
} from '../../../src/contract/api.ts';
import { lagreUtkastNaa } from '../utkast/skriver.ts';
import { SIDESTOERRELSE } from '../felles/sidestoerrelse.ts';
import { hentMeg, kall, spoerring } from './klient.ts';

/*
 * Alle kall til serveren på ett sted: adressen, nøkkelen svaret huskes under, og typen. Nøkkelens første ledd er
 * det sanntidshendelsene peker på (hendelser.ts).
 */

type SakListe = z.infer<typeof sakListe>;
export type SokSvar = z.infer<typeof sokSvar>;
export type RutineRad = z.infer<typeof rutineRad>;
export type RutineDetalj = z.infer<typeof rutineDetalj>;
export type KompetanseOversikt = z.infer<typeof kompetanseOversikt>;
export type BrevForhaandsvisning = z.infer<typeof brevForhaandsvisning>;

export const megSpoerring = queryOptions({
  queryKey: ['meg'],
  queryFn: ({ signal }) => hentMeg(signal),
  staleTime: 60_000,
});

export const demobrukereSpoerring = queryOptions({
  queryKey: ['demobrukere'],
  queryFn: ({ signal }) => kall<Demobruker[]>('/api/demo/brukere', { signal, utenBruker: true }),
});

export const loggInnDemo = (brukerId: string): Promise<void> =>
  kall('/api/demo/logg-inn', { metode: 'POST', json: { brukerId }, utenBruker: true });
export const loggUt = (): Promise<z.infer<typeof loggUtSvar>> => kall('/api/logg-ut', { metode: 'POST', json: {} });

export interface OppgaveFilter {
  fane: string;
  sok: string;
  steg: string;
  rutine: string;
  enhet: string;
  forfalt: string;
  personId: string;
  sorter: string;
  retning: string;
}
export const oppgaveSideSpoerring = (filter: OppgaveFilter, side: number) =>
  queryOptions({
    queryKey: ['oppgaver', filter, side],
    queryFn: ({ signal }) =>
      kall<OppgaveListe>(
        `/api/oppgaver${spoerring({ ...filter, fra: side * SIDESTOERRELSE, antall: SIDESTOERRELSE })}`,
        { signal },
      ),
  });
/** Tallene i menyen: bare tellinger, én rad. */
export const oppgaveTallSpoerring = queryOptions({
  queryKey: ['oppgaver', 'tall'],
  queryFn: ({ signal }) => kall<OppgaveListe>('/api/oppgaver?fane=mine&antall=1', { signal }),
  select: (svar) => svar.antall,
});

export const oppgaveSpoerring = (id: string) =>
  queryOptions({
    queryKey: ['oppgave', id],
    queryFn: ({ signal }) => kall<OppgaveDetalj>(`/api/oppgaver/${id}`, { signal }),
  });
export const taOppgave = (id: string): Promise<void> => kall(`/api/oppgaver/${id}/ta`, { metode: 'POST', json: {} });
export const leggTilbake = (id: string): Promise<void> =>
  kall(`/api/oppgaver/${id}/legg-tilbake`, { metode: 'POST', json: {} });
export const fordelOppgaver = (ider: readonly string[], til: string | null, grunn: string): Promise<FordelSvar> =>
  kall('/api/oppgaver/fordel', { metode: 'POST', json: { ider, til, grunn } });
export const fordelingskandidaterSpoerring = (ider: readonly string[]) =>
  queryOptions({
    queryKey: ['kandidater', [...ider].sort()],
    queryFn: ({ signal }) =>
      kall<Fordelingskandidat[]>(`/api/oppgaver/kandidater${spoerring({ ider: ider.join(',') })}`, { signal }),
  });
export const besvarFor = (id: string, grunn: string): Promise<z.infer<typeof besvarForSvar>> =>
  kall(`/api/oppgaver/${id}/besvar-for`, { metode: 'POST', json: { grunn } });
export const proevIgjen = (id: string): Promise<void> =>
  kall(`/api/oppgaver/${id}/proev-igjen`, { metode: 'POST', json: {} });
/** Nøkkelen til utkastet i en oppgave. */
export const oppgaveutkast = (id: string): string => `oppgave:${id}`;
export const lagreUtkast = (id: string, kropp: Utkastlagring, keepalive: boolean): Promise<UtkastSvar> =>
  kall(`/api/oppgaver/${id}/utkast`, { metode: 'PUT', json: kropp, keepalive });
export const fullfoer = (
  id: string,
  innsendingId: string,
  data: Record<string, unknown>,
  utkastversjon: number,
): Promise<FullfoerSvar> =>
  kall(`/api/oppgaver/${id}/fullfoer`, {
    metode: 'POST',
    json: { innsendingId, data, utkastversjon },
  });
export const hentForslag = (id: string, data: Record<string, unknown>, signal?: AbortSignal): Promise<Forslag> =>
  kall(`/api/oppgaver/${id}/forslag`, {
    metode: 'POST',
    json: { data },
    ...(signal ? { signal } : {}),
  });
export const forhaandsvisBrev = (
  id: string,
  data: Record<string, unknown>,
  signal: AbortSignal,
): Promise<BrevForhaandsvisning> =>
  kall(`/api/oppgaver/${id}/forhaandsvis-brev`, { metode: 'POST', json: { data }, signal });

const ELLEVE_SIFRE = /^\d{6}\s?\d{5}$/;
/** Fødselsnummer skal aldri stå i en adresse: elleve sifre går i kroppen. */
export function erFodselsnummer(tekst: string): boolean {
  return ELLEVE_SIFRE.test(tekst.trim());
}
export const finnPersoner = (sok: string, signal?: AbortSignal): Promise<PersonTreff[]> =>
  erFodselsnummer(sok)
    ? kall('/api/personer/soek', {
        metode: 'POST',
        json: { sok: sok.replace(/\s/g, '') },
        ...(signal ? { signal } : {}),
      })
    : kall(`/api/personer${spoerring({ sok })}`, signal ? { signal } : {});
export const opprettPerson = (person: NyPerson): Promise<PersonTreff> =>
  kall('/api/personer', { metode: 'POST', json: person });
export const mottaksenheterSpoerring = queryOptions({
  queryKey: ['mottaksenheter'],
  queryFn: ({ signal }) => kall<Mottaksenhet[]>('/api/anmodninger/enheter', { signal }),
});
/** Nøkkelen til utkastet til en ny anmodning. */
export const ANMODNINGSUTKAST = 'ny-anmodning';
/** Utkastet til en ny anmodning: ens eget, og bare ett. */
export const anmodningsutkastSpoerring = queryOptions({
  queryKey: ['utkast', 'ny-anmodning'],
  queryFn: async ({ signal }) => {
    // Den som kommer rett tilbake, skal ikke få det som sto før det siste var lagret.
    await lagreUtkastNaa(ANMODNINGSUTKAST).catch(() => undefined);
    return kall<z.infer<typeof mittUtkast>>('/api/utkast/ny-anmodning', { signal });
  },
  // Hentes hver gang skjemaet åpnes, og aldri imens: det som skrives, eier skjermen.
  staleTime: Infinity,
  gcTime: 0,
});
export const lagreAnmodningsutkast = (kropp: Utkastlagring, keepalive: boolean): Promise<UtkastSvar> =>
  kall('/api/utkast/ny-anmodning', { metode: 'PUT', json: kropp, keepalive });
export const slettAnmodningsutkast = (): Promise<void> =>
  kall('/api/utkast/ny-anmodning', { metode: 'DELETE', json: {} });
export const personStatusSpoerring = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: ({ signal }) => kall<PersonStatus>(`/api/personer/${id}/status`, { signal }),
    staleTime: 0,
  });
export function sendAnmodning(anmodning: NyAnmodning, filer: File[]): Promise<z.infer<typeof nySakSvar>> {
  const skjema = new FormData();
  skjema.set('anmodning', JSON.stringify(anmodning));
  for (const fil of filer) skjema.append('filer', fil, fil.name);
  return kall('/api/saker', { metode: 'POST', skjema });
}

export interface SakFilter {
  sok: string;
  status: string;
  fase: string;
}
export const hentSaker = (filter: SakFilter, fra: number, signal: AbortSignal): Promise<SakListe> =>
  kall(`/api/saker${spoerring({ ...filter, fra, antall: 50 })}`, { signal });
export const sakSpoerring = (id: string) =>
  queryOptions({ queryKey: ['sak', id], queryFn: ({ signal }) => kall<SakDetalj>(`/api/saker/${id}`, { signal }) });
export const prosessSpoerring = (id: string) =>
  queryOptions({
    queryKey: ['prosess', id],
    queryFn: ({ signal }) => kall<Prosess>(`/api/saker/${id}/prosess`, { signal }),
  });
export const trekkSak = (id: string, innsendingId: string, begrunnelse: string): Promise<void> =>
  kall(`/api/saker/${id}/trekk`, { metode: 'POST', json: { innsendingId, begrunnelse } });
export function leggVedDokument(
  sakId: string,
  innsendingId: string,
  om: { avsender: string; beskrivelse: string },
  filer: readonly File[],
): Promise<void> {
  const skjema = new FormData();
  skjema.set('innsendingId', innsendingId);
  skjema.set('avsender', om.avsender);
  skjema.set('beskrivelse', om.beskrivelse);
  for (const fil of filer) skjema.append('filer', fil, fil.name);
  return kall(`/api/saker/${sakId}/dokumenter`, { metode: 'POST', skjema });
}
export const dokumentAdresse = (id: string): string => `/api/dokumenter/${id}/innhold`;

/** Søket øverst. Elleve sifre går utenom adressen, og finner bare personer. */
export async function soekOveralt(q: string, signal: AbortSignal): Promise<SokSvar> {
  if (erFodselsnummer(q)) return { personer: await finnPersoner(q, signal), saker: [], oppgaver: [] };
  return kall(`/api/sok${spoerring({ q })}`, { signal });
}

export const rutinerSpoerring = queryOptions({
  queryKey: ['rutiner'],
  queryFn: ({ signal }) => kall<RutineRad[]>('/api/rutiner', { signal }),
});
export const rutineSpoerring = (id: string) =>
  queryOptions({
    queryKey: ['rutiner', id],
    queryFn: ({ signal }) => kall<RutineDetalj>(`/api/rutiner/${id}`, { signal }),
    staleTime: 300_000,
  });

export const kompetanseSpoerring = queryOptions({
  queryKey: ['kompetanse'],
  queryFn: ({ signal }) => kall<KompetanseOversikt>('/api/kompetanse/oversikt', { signal }),
});
export const registrerKompetanse = (kropp: {
  innsendingId: string;
  brukerId: string;
  kursId: string;
  dato: string;
}): Promise<void> => kall('/api/kompetanse', { metode: 'POST', json: kropp });

export const driftSpoerring = queryOptions({
  queryKey: ['drift'],
  queryFn: ({ signal }) => kall<Drift>('/api/drift', { signal }),
  refetchInterval: 15_000,
});

export const brukereSpoerring = (sok: string) =>
  queryOptions({
    queryKey: ['brukere', sok],
    queryFn: ({ signal }) => kall<BrukerListe>(`/api/brukere${spoerring({ sok })}`, { signal }),
  });
/** Endringene av en bruker: adressens siste del, og det skjemaet har fylt ut. */
export const endreBruker = (
  id: string,
  hva: 'sperr' | 'aapne' | 'frigjoer' | 'roller/avslutt' | 'roller/aapne',
  json: Record<string, string>,
): Promise<BrukerendringSvar> => kall(`/api/brukere/${encodeURIComponent(id)}/${hva}`, { metode: 'POST', json });
