import { naa } from '../api/klient.ts';

const SONE = 'Europe/Oslo';
const dagFormat = new Intl.DateTimeFormat('nb-NO', {
  timeZone: SONE,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const datoFormat = new Intl.DateTimeFormat('nb-NO', {
  timeZone: SONE,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const klokkeFormat = new Intl.DateTimeFormat('nb-NO', { timeZone: SONE, hour: '2-digit', minute: '2-digit' });
const isoFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: SONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const tallFormat = new Intl.NumberFormat('nb-NO');

/** Datoer kommer som ISO-tid eller som ren dag ('YYYY-MM-DD'); en ren dag leses midt på dagen så sonen ikke flytter den. */
function les(verdi: string): Date {
  return new Date(verdi.length === 10 ? `${verdi}T12:00:00Z` : verdi);
}

/** "fre. 4. des. 2026" */
export function dag(verdi: string): string {
  return dagFormat.format(les(verdi));
}
/** "4. des. 2026" */
export function dato(verdi: string): string {
  return datoFormat.format(les(verdi));
}
/** "fre. 4. des. 2026 kl. 14.05" */
export function dagOgTid(verdi: string): string {
  const d = les(verdi);
  return `${dagFormat.format(d)} kl. ${klokkeFormat.format(d).replace(':', '.')}`;
}
/** Kl. "14.05" */
export function klokkeslett(verdi: string): string {
  return klokkeFormat.format(les(verdi)).replace(':', '.');
}
/** Dagen i Oslo som 'YYYY-MM-DD' */
function isoDag(d: Date): string {
  return isoFormat.format(d);
}
export function iDag(): string {
  return isoDag(naa());
}
export function tall(n: number): string {
  return tallFormat.format(n);
}

function dagerMellom(fra: string, til: string): number {
  return Math.round((Date.parse(`${til}T12:00:00Z`) - Date.parse(`${fra}T12:00:00Z`)) / 86_400_000);
}

const antallDager = (n: number): string => (n === 1 ? '1 dag' : `${tall(n)} dager`);

/** Fristen slik en travel leser den: "2 dager igjen". Den nøyaktige datoen står i `dag`. */
export function fristTekst(frist: string): string {
  const n = dagerMellom(iDag(), isoDag(les(frist)));
  if (n < 0) return `${antallDager(-n)} over`;
  if (n === 0) {
    return les(frist).getTime() < naa().getTime() ? 'Gikk ut i dag' : 'I dag';
  }
  if (n === 1) return 'I morgen';
  return `${antallDager(n)} igjen`;
}
export function erForfalt(frist: string): boolean {
  return les(frist).getTime() < naa().getTime();
}

/** "for 2 minutter siden", "i går kl. 14.05", ellers dato */
export function siden(verdi: string): string {
  const d = les(verdi);
  const sekunder = Math.round((naa().getTime() - d.getTime()) / 1000);
  if (sekunder < 60) return 'nå nettopp';
  const minutter = Math.floor(sekunder / 60);
  if (minutter < 60) return minutter === 1 ? 'for 1 minutt siden' : `for ${minutter} minutter siden`;
  const dager = dagerMellom(isoDag(d), iDag());
  if (dager === 0) {
    const timer = Math.floor(minutter / 60);
    return timer === 1 ? 'for 1 time siden' : `for ${timer} timer siden`;
  }
  if (dager === 1) return `i går kl. ${klokkeslett(verdi)}`;
  if (dager < 30) return `for ${antallDager(dager)} siden`;
  return dato(verdi);
}

export function stoerrelse(byte: number): string {
  if (byte < 1024) return `${byte} B`;
  if (byte < 1024 * 1024) return `${tall(Math.round(byte / 1024))} kB`;
  return `${new Intl.NumberFormat('nb-NO', { maximumFractionDigits: 1 }).format(byte / 1024 / 1024)} MB`;
}

/** "Ola og Per", "Ola, Per og Kari" */
export function ramse(navn: readonly string[]): string {
  return new Intl.ListFormat('nb-NO', { type: 'conjunction' }).format(navn);
}
