import type { Feltfeil, Problem } from '../../../src/contract/api.ts';

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
}

/** Serveren kunne ikke nås. Ingenting er sendt eller tapt; det kan prøves igjen. */
export class NettFeil extends Error {
  override readonly name = 'NettFeil';
}

let csrf = '';
/** Tokenet fra GET /api/meg; sendes med alt som endrer noe. */
export function settCsrf(token: string): void {
  csrf = token;
}

/*
 * Serverens klokke kan være flyttet (prøvedrift med styrt klokke). Hodet x-naa sier hva den viser, slik at "2 dager
 * igjen" regnes fra samme dag som gruppene i lista. Uten hodet gjelder nettleserens klokke.
 */
let klokkeavvik = 0;
export function naa(): Date {
  return new Date(Date.now() + klokkeavvik);
}

/** Kalles når et svar er 401, så rammen kan be om ny innlogging. */
let vedUtlogget: () => void = () => {};
export function settVedUtlogget(f: () => void): void {
  vedUtlogget = f;
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
  /** 401 skal ikke ta brukeren bort fra siden (utkast som ikke er lagret ennå) */
  blirVed401?: boolean;
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
 * Ett kall til serveren. Svaret har typen kontrakten lover (src/contract/api.ts); serveren har tolket og kontrollert det.
 * Kaster ApiFeil når serveren sier nei og NettFeil når den ikke kan nås.
 */
export async function kall<T>(sti: string, valg: Valg = {}): Promise<T> {
  const foer = csrf;
  try {
    return await ettKall<T>(sti, valg);
  } catch (feil) {
    // Ny innlogging i en annen fane gir et nytt token. Kallet ble avvist før noe skjedde, så det kan sendes på nytt.
    const avvist = feil instanceof ApiFeil && feil.status === 403 && (valg.metode ?? 'GET') !== 'GET';
    if (!avvist) throw feil;
    const meg = await ettKall<{ csrf: string }>('/api/meg', {});
    if (meg.csrf === foer) throw feil;
    settCsrf(meg.csrf);
    return ettKall<T>(sti, valg);
  }
}

async function ettKall<T>(sti: string, valg: Valg): Promise<T> {
  const hoder: Record<string, string> = { accept: 'application/json' };
  const metode = valg.metode ?? 'GET';
  if (metode !== 'GET') hoder['x-csrf-token'] = csrf;
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
    if (svar.status === 401 && !valg.blirVed401) vedUtlogget();
    throw new ApiFeil(await lesProblem(svar));
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
