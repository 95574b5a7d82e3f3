import type { Feltfeil, Meg, Problem } from '../../../src/contract/api.ts';
import { ANNEN_BRUKER, BRUKERHODE } from '../../../src/contract/innlogging.ts';
import { identitet, settVedEndring } from './identitet.ts';

/** Serveren svarte, men sa nei. `problem` er RFC 9457-kroppen; teksten er alltid på bokmål. */
export class ApiFeil extends Error {
  override readonly name = 'ApiFeil';
  readonly status: number;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.problem = problem;
  }
  get feil(): Feltfeil[] {
    return this.problem.feil ?? [];
  }
  /** Den siden viser, er ikke den som er logget inn. Ingenting er gjort, og det samme kan gjøres når hun er det igjen. */
  get gjelderInnlogging(): boolean {
    return this.status === 401 || this.problem.type === ANNEN_BRUKER;
  }
}

/** Serveren kunne ikke nås. Ingenting er sendt eller tapt; det kan prøves igjen. */
export class NettFeil extends Error {
  override readonly name = 'NettFeil';
}

/** Tokenet fra GET /api/meg; sendes med alt som endrer noe. */
let csrf = '';
let sistGodtatt: Meg | null = null;

/**
 * Spør serveren hvem som er logget inn. Er det en annen enn den siden viser, står det siden viste før; rammen sier fra.
 */
export async function hentMeg(signal?: AbortSignal): Promise<Meg> {
  const meg = await ettKall<Meg>('/api/meg', { utenBruker: true, ...(signal ? { signal } : {}) });
  if (!identitet.godta(meg.bruker)) return sistGodtatt ?? meg;
  sistGodtatt = meg;
  csrf = meg.csrf;
  return meg;
}

let sjekker: Promise<unknown> | null = null;
/** Ser etter om den siden viser, fortsatt er den som er logget inn. Uten forbindelse vet ingen det, og alt står. */
export function sjekkInnlogging(): void {
  sjekker ??= hentMeg()
    .catch(() => undefined)
    .finally(() => (sjekker = null));
}
settVedEndring(sjekkInnlogging);

/** Grunnen til at ingenting sendes herfra nå; null når den siden viser, er den som er logget inn. */
function stengt(): ApiFeil | null {
  const hvem = identitet.les();
  if (hvem.slag === 'byttet') {
    return new ApiFeil({
      type: ANNEN_BRUKER,
      status: 409,
      title: `Du er nå logget inn som ${hvem.naa.navn}`,
      detail: `Du er nå logget inn som ${hvem.naa.navn} i en annen fane. Det du har skrevet her, er ikke sendt.`,
    });
  }
  if (hvem.slag === 'ute') {
    return new ApiFeil({
      type: 'about:blank',
      status: 401,
      title: 'Du er ikke logget inn',
      detail:
        'Du er ikke logget inn lenger. Det du har skrevet her, er ikke sendt. Logg inn i en ny fane, og prøv igjen.',
    });
  }
  return null;
}

/*
 * Serverens klokke kan være flyttet (prøvedrift med styrt klokke). Hodet x-naa sier hva den viser, slik at "2 dager
 * igjen" regnes fra samme dag som gruppene i lista. Uten hodet gjelder nettleserens klokke.
 */
let klokkeavvik = 0;
export function naa(): Date {
  return new Date(Date.now() + klokkeavvik);
}

/** Forbindelsen til serveren, slik siste kall opplevde den. */
let frakoblet = false;
const lyttere = new Set<() => void>();
export const forbindelse = {
  erFrakoblet: (): boolean => frakoblet,
  abonner(f: () => void): () => void {
    lyttere.add(f);
    return () => lyttere.delete(f);
  },
  sett(verdi: boolean): void {
    if (verdi === frakoblet) return;
    frakoblet = verdi;
    for (const f of lyttere) f();
  },
};

interface Valg {
  metode?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  json?: unknown;
  skjema?: FormData;
  signal?: AbortSignal;
  /** Fullfør kallet selv om siden forlates (utkast) */
  keepalive?: boolean;
  /** Gjelder ikke den siden viser: hvem som er logget inn, og selve innloggingen */
  utenBruker?: boolean;
}

/** Serveren sa nei fordi den siden viser, ikke er den som er logget inn. */
function merkInnlogging(problem: Problem): void {
  if (problem.type === ANNEN_BRUKER && problem.bruker) identitet.byttet(problem.bruker);
  if (problem.status !== 401) return;
  identitet.gikkUt();
  sjekkInnlogging(); // svaret kan være eldre enn en ny innlogging
}

async function lesProblem(svar: Response): Promise<Problem> {
  try {
    const kropp: unknown = await svar.json();
    if (typeof kropp === 'object' && kropp !== null && 'title' in kropp && typeof kropp.title === 'string') {
      // Feltene ellers er valgfrie i Problem, og leses tolerant av dem som viser dem.
      return { type: 'about:blank', ...kropp, title: kropp.title, status: svar.status };
    }
  } catch {
    // Ikke JSON, for eksempel en mellomtjener som svarer: da sier statusen alt vi vet.
  }
  if (svar.status === 502 || svar.status === 503 || svar.status === 504) {
    return {
      type: 'about:blank',
      title: 'Serveren er borte et øyeblikk',
      status: svar.status,
      detail: 'Det som er lagret, er trygt. Prøv igjen om litt.',
    };
  }
  return {
    type: 'about:blank',
    title: 'Noe gikk galt',
    status: svar.status,
    detail: 'Ingenting ble endret. Prøv igjen, og si fra til systemansvarlig hvis det ikke hjelper.',
  };
}

/**
 * Ett kall til serveren, i navnet til den siden viser. Svaret har typen kontrakten lover (src/contract/api.ts); serveren
 * har tolket og kontrollert det. Er en annen logget inn, sendes ingenting.
 * Kaster ApiFeil når serveren sier nei og NettFeil når den ikke kan nås.
 */
export async function kall<T>(sti: string, valg: Valg = {}): Promise<T> {
  const nei = valg.utenBruker ? null : stengt();
  if (nei) throw nei;
  const foer = csrf;
  try {
    return await ettKall<T>(sti, valg);
  } catch (feil) {
    // Den samme har logget inn på nytt i en annen fane: økten har fått et nytt token. Kallet ble avvist før noe skjedde.
    const avvist = feil instanceof ApiFeil && feil.status === 403 && (valg.metode ?? 'GET') !== 'GET';
    if (!avvist) throw feil;
    await hentMeg();
    const neiNaa = valg.utenBruker ? null : stengt();
    if (neiNaa) throw neiNaa;
    if (csrf === foer) throw feil;
    return ettKall<T>(sti, valg);
  }
}

async function ettKall<T>(sti: string, valg: Valg): Promise<T> {
  const hoder: Record<string, string> = { accept: 'application/json' };
  const metode = valg.metode ?? 'GET';
  if (metode !== 'GET') hoder['x-csrf-token'] = csrf;
  const hvem = identitet.les();
  if (hvem.slag !== 'ukjent' && !valg.utenBruker) hoder[BRUKERHODE] = hvem.vist.id;
  if (valg.json !== undefined) hoder['content-type'] = 'application/json';
  let svar: Response;
  try {
    svar = await fetch(sti, {
      method: metode,
      headers: hoder,
      body: valg.skjema ?? (valg.json !== undefined ? JSON.stringify(valg.json) : null),
      credentials: 'same-origin',
      signal: valg.signal ?? null,
      keepalive: valg.keepalive ?? false,
    });
  } catch (aarsak) {
    if (aarsak instanceof DOMException && aarsak.name === 'AbortError') throw aarsak;
    forbindelse.sett(true);
    throw new NettFeil('Får ikke kontakt med serveren.', { cause: aarsak });
  }
  forbindelse.sett(false);
  const serverNaa = svar.headers.get('x-naa');
  if (serverNaa) {
    const avvik = Date.parse(serverNaa) - Date.now();
    if (!Number.isNaN(avvik)) klokkeavvik = Math.abs(avvik) > 5000 ? avvik : 0;
  }
  if (!svar.ok) {
    const problem = await lesProblem(svar);
    if (!valg.utenBruker) merkInnlogging(problem);
    throw new ApiFeil(problem);
  }
  if (svar.status === 204 || svar.headers.get('content-length') === '0') return undefined as T; // T er void for disse rutene
  const tekst = await svar.text();
  return (tekst === '' ? undefined : JSON.parse(tekst)) as T; // kontraktens type, se over
}

/** Bygger en spørrestreng av det som er satt. */
export function spoerring(felter: Record<string, string | number | undefined | null>): string {
  const p = new URLSearchParams();
  for (const [navn, verdi] of Object.entries(felter)) {
    if (verdi !== undefined && verdi !== null && verdi !== '') p.set(navn, String(verdi));
  }
  const s = p.toString();
  return s === '' ? '' : `?${s}`;
}
