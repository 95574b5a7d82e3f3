/*
 * Datoer og frister i norsk tid. Tidspunkter lagres i UTC; en dato er teksten 'åååå-mm-dd' slik den er i Oslo.
 */

/** Tidssonen alle datoer og frister regnes i. */
export const SONE = 'Europe/Oslo';

const delerIOslo = new Intl.DateTimeFormat('en-CA', {
  timeZone: SONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const klokkeslettIOslo = new Intl.DateTimeFormat('en-GB', {
  timeZone: SONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Datoen i Oslo for et tidspunkt, som 'åååå-mm-dd'. */
export function dagIOslo(tid: Date): string {
  return delerIOslo.format(tid);
}

/** Legger hele dager (også negative) til en dato 'åååå-mm-dd'. */
export function leggTilDager(dag: string, antall: number): string {
  const d = new Date(`${dag}T12:00:00Z`);
  d.setUTCDate(d.getUTCDate() + antall);
  return d.toISOString().slice(0, 10);
}

/** Legger kalendermåneder til en dato; den 31. blir siste dag i en kortere måned. */
export function leggTilMaaneder(dag: string, antall: number): string {
  const [aar = 0, maaned = 1, dato = 1] = dag.split('-').map(Number);
  const sisteDag = new Date(Date.UTC(aar, maaned + antall, 0)).getUTCDate();
  return new Date(Date.UTC(aar, maaned - 1 + antall, Math.min(dato, sisteDag))).toISOString().slice(0, 10);
}

/** Tidspunktet for et klokkeslett ('tt:mm' eller 'tt:mm:ss') på en dato i Oslo, med riktig sommertid. */
export function tidspunktIOslo(dag: string, klokkeslett = '00:00'): Date {
  const oensket = Date.parse(`${dag}T${klokkeslett.length === 5 ? `${klokkeslett}:00` : klokkeslett}Z`);
  let gjett = oensket;
  for (let i = 0; i < 3; i++) {
    const d = new Date(gjett);
    const vist = Date.parse(`${delerIOslo.format(d)}T${klokkeslettIOslo.format(d)}Z`);
    if (vist === oensket) break;
    gjett += oensket - vist;
  }
  return new Date(gjett);
}

/** Første påskedag etter den gregorianske regelen (Meeus/Jones/Butcher). */
function foerstePaaskedag(aar: number): string {
  const a = aar % 19;
  const b = Math.floor(aar / 100);
  const c = aar % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const maaned = Math.floor((h + l - 7 * m + 114) / 31);
  const dag = ((h + l - 7 * m + 114) % 31) + 1;
  return new Date(Date.UTC(aar, maaned - 1, dag)).toISOString().slice(0, 10);
}

const helligdagerPerAar = new Map<number, Set<string>>();

/** Norske helligdager og offentlige høytidsdager (lov om helligdager og helligdagsfred § 2, 1. og 17. mai). */
function helligdager(aar: number): Set<string> {
  let dager = helligdagerPerAar.get(aar);
  if (!dager) {
    const paaske = foerstePaaskedag(aar);
    dager = new Set([
      `${aar}-01-01`,
      `${aar}-05-01`,
      `${aar}-05-17`,
      `${aar}-12-25`,
      `${aar}-12-26`,
      ...[-3, -2, 0, 1, 39, 49, 50].map((n) => leggTilDager(paaske, n)),
    ]);
    helligdagerPerAar.set(aar, dager);
  }
  return dager;
}

/** Om datoen er en virkedag: ikke lørdag, søndag eller norsk helligdag. */
export function erVirkedag(dag: string): boolean {
  const ukedag = new Date(`${dag}T12:00:00Z`).getUTCDay();
  return ukedag !== 0 && ukedag !== 6 && !helligdager(Number(dag.slice(0, 4))).has(dag);
}

/** Datoen selv når den er en virkedag, ellers den neste virkedagen (jf. domstolloven § 149 om frister på fridager). */
export function nesteVirkedag(dag: string): string {
  let d = dag;
  while (!erVirkedag(d)) d = leggTilDager(d, 1);
  return d;
}

/** Hele år fylt på en gitt dag. */
export function alderPaa(fodselsdato: string, dag: string): number {
  const aar = Number(dag.slice(0, 4)) - Number(fodselsdato.slice(0, 4));
  return dag.slice(5) < fodselsdato.slice(5) ? aar - 1 : aar;
}

const langDato = new Intl.DateTimeFormat('nb-NO', { timeZone: SONE, day: 'numeric', month: 'long', year: 'numeric' });
/** "4. desember 2026" for en dato 'åååå-mm-dd' eller et tidspunkt. */
export function datoITekst(dag: string | Date): string {
  return langDato.format(typeof dag === 'string' ? new Date(`${dag}T12:00:00Z`) : dag);
}
