import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { feilkode } from '../logg/index.ts';

const run = promisify(execFile);

/** Det vi vet om en prosess som finnes og ikke er død. */
export interface Levende {
  /** når prosessen startet, så et gjenbrukt prosessnummer ikke forveksles med den forrige; tom når det ikke kan leses */
  startet: string;
  /** den er drept eller på vei ut, men ikke borte ennå */
  doeende: boolean;
}

const PF_EXITING = 0x4n;
const SIGKILL_BIT = 1n << 8n;

/** Om nummeret er i bruk, også av en zombie som ingen har hentet. */
export function nummeretFinnes(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (feil) {
    return feilkode(feil) === 'EPERM';
  }
}

async function linuxProsess(pid: number): Promise<Levende | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // Med hidepid ser vi ikke andres prosesser; da vet vi bare at den finnes.
  if (stat === null) return nummeretFinnes(pid) ? { startet: '', doeende: false } : null;
  // Navnet i parentes kan selv ha mellomrom og parenteser. Felt 3 er tilstanden, 9 flaggene, 22 starttiden.
  const felt = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [tilstand = ''] = felt;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  // Er den første tråden død, kan de andre være på vei ut og holde på porter og låser et øyeblikk til.
  const traader = Number(/^Threads:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
  if (/^[ZXx]$/.test(tilstand) && traader <= 1) return null;
  const ventende = [...status.matchAll(/^(?:Sig|Shd)Pnd:\s*([0-9a-f]+)$/gm)].map((m) => BigInt(`0x${m[1] ?? '0'}`));
  return {
    startet: felt[19] ?? '',
    doeende:
      /^[ZXx]$/.test(tilstand) ||
      (BigInt(felt[6] ?? 0) & PF_EXITING) !== 0n ||
      ventende.some((v) => (v & SIGKILL_BIT) !== 0n),
  };
}

/**
 * Slår opp en prosess. En zombie er død: den holder ikke på noe lenger, selv om ingen henter den (en container der den første
 * prosessen ikke gjør det).
 * @returns null når prosessen er borte eller død
 */
export async function slaaOppProsess(pid: number): Promise<Levende | null> {
  if (!Number.isInteger(pid) || pid <= 0 || !nummeretFinnes(pid)) return null;
  if (process.platform === 'win32') return { startet: '', doeende: false };
  // Små containere har ikke alltid ps.
  if (process.platform === 'linux') return linuxProsess(pid);
  const svar = await run('ps', ['-p', String(pid), '-o', 'stat=', '-o', 'lstart='], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  }).catch(() => null);
  if (!svar) return nummeretFinnes(pid) ? { startet: '', doeende: false } : null;
  const [, tilstand = '', startet = ''] = /^\s*(\S+)\s+(.*\S)/.exec(svar.stdout) ?? [];
  return tilstand.startsWith('Z') ? null : { startet, doeende: tilstand.includes('E') };
}

/** Der et prosessnummer gjelder: maskinen, oppstarten av den, og containerens eget rom av numre. */
export interface Maskin {
  navn: string;
  oppstart: string;
  rom: string;
}

/** Maskinen vi kjører på. */
export async function dennemaskinen(): Promise<Maskin> {
  const [oppstart, rom] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return { navn: hostname(), oppstart: oppstart.trim(), rom };
}

/** Om et prosessnummer fra den ene kan slås opp på den andre. Uten oppstartens id (ikke Linux) må navnet holde. */
export function sammeRom(a: Maskin, b: Maskin): boolean {
  if (a.oppstart && b.oppstart) return a.oppstart === b.oppstart && a.rom === b.rom;
  return a.navn === b.navn && a.oppstart === b.oppstart;
}
