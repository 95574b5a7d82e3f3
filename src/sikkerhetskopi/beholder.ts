import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Startfeil } from '../db/startfeil.ts';

/*
 * Fila en sikkerhetskopi ligger i: «IPKOPI01», lengden på et hode (JSON), hodet, og så rammer:
 *
 *   lengde (4) · siste (1) · merke (16) · innhold
 *
 * Med nøkkel er innholdet AES-256-GCM, nøkkelen scrypt av passordet med et salt i hodet, og merket GCMs eget. Nonce er rammens
 * nummer: nøkkelen er ny for hver fil, så den gjentas aldri. Hodet, nummeret og «siste» inngår i det som er bekreftet, så rammer
 * kan ikke byttes om, tas bort eller kuttes av. Uten nøkkel er merket starten av SHA-256 over det samme: det viser skade, ikke
 * en som endrer med vilje. Den første rammen er tom, så en gal nøkkel kan skilles fra en endret fil.
 */

const MAGI = Buffer.from('IPKOPI01');
const RAMME = 256 * 1024;
const MERKE = 16;
const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);

const hodeskjema = z.object({
  kryptering: z
    .object({
      slag: z.literal('aes-256-gcm'),
      salt: z.string(),
      n: z.number().max(2 ** 20),
      r: z.number().max(32),
      p: z.number().max(16),
    })
    .nullable(),
});

/** Noe ved fila gjør at den ikke kan brukes. Meldingen vises som den er. */
export class Kopifeil extends Startfeil {}

const AVKORTET =
  'Sikkerhetskopien er ikke hel: slutten mangler. Ingenting er endret. Hent fila på nytt, eller bruk en annen kopi.';
const ENDRET =
  'Sikkerhetskopien er skadet eller endret etter at den ble tatt. Ingenting er endret. Bruk en annen kopi.';
const FEIL_NOEKKEL = 'Nøkkelen passer ikke til sikkerhetskopien. Ingenting er endret.';

interface Laas {
  hode: Buffer;
  noekkel: Buffer | null;
}

function bekreftet(laas: Laas, nummer: number, siste: boolean): Buffer {
  const tall = Buffer.alloc(9);
  tall.writeBigUInt64BE(BigInt(nummer));
  tall[8] = siste ? 1 : 0;
  return Buffer.concat([createHash('sha256').update(laas.hode).digest(), tall]);
}

function nonce(nummer: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeBigUInt64BE(BigInt(nummer), 4);
  return iv;
}

function lagRamme(laas: Laas, nummer: number, siste: boolean, klar: Buffer): Buffer {
  const aad = bekreftet(laas, nummer, siste);
  let innhold = klar;
  let merke: Buffer;
  if (laas.noekkel) {
    const krypter = createCipheriv('aes-256-gcm', laas.noekkel, nonce(nummer)).setAAD(aad);
    innhold = Buffer.concat([krypter.update(klar), krypter.final()]);
    merke = krypter.getAuthTag();
  } else merke = createHash('sha256').update(aad).update(klar).digest().subarray(0, MERKE);
  const start = Buffer.alloc(5);
  start.writeUInt32BE(innhold.length);
  start[4] = siste ? 1 : 0;
  return Buffer.concat([start, merke, innhold]);
}

function aapneRamme(laas: Laas, nummer: number, siste: boolean, merke: Buffer, innhold: Buffer): Buffer {
  const feil = new Kopifeil(nummer === 0 && laas.noekkel ? FEIL_NOEKKEL : ENDRET);
  const aad = bekreftet(laas, nummer, siste);
  if (!laas.noekkel) {
    const rett = createHash('sha256').update(aad).update(innhold).digest().subarray(0, MERKE);
    if (!timingSafeEqual(rett, merke)) throw feil;
    return innhold;
  }
  const dekrypter = createDecipheriv('aes-256-gcm', laas.noekkel, nonce(nummer), { authTagLength: MERKE })
    .setAAD(aad)
    .setAuthTag(merke);
  try {
    return Buffer.concat([dekrypter.update(innhold), dekrypter.final()]);
  } catch (cause) {
    throw new Kopifeil(feil.message, { cause });
  }
}

const avled = (passord: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> =>
  scryptAsync(passord.normalize('NFC'), salt, 32, { N: n, r, p, maxmem: 256 * n * r });

/** Strømmen som gjør det som skrives til den, om til en sikkerhetskopifil. */
export async function lagBeholder(noekkel: string | null): Promise<Transform> {
  const salt = randomBytes(16);
  const kost = { n: 2 ** 15, r: 8, p: 1 };
  const hode = Buffer.from(
    JSON.stringify({ kryptering: noekkel ? { slag: 'aes-256-gcm', salt: salt.toString('base64'), ...kost } : null }),
  );
  const laas: Laas = { hode, noekkel: noekkel ? await avled(noekkel, salt, kost.n, kost.r, kost.p) : null };
  const lengde = Buffer.alloc(4);
  lengde.writeUInt32BE(hode.length);
  let nummer = 0;
  let venter: Buffer[] = [];
  let stoerrelse = 0;
  const ut = new Transform({
    transform(bit: Buffer, _koding, ferdig) {
      venter.push(bit);
      stoerrelse += bit.length;
      if (stoerrelse >= RAMME) {
        let alt = Buffer.concat(venter);
        for (; alt.length >= RAMME; alt = alt.subarray(RAMME)) {
          this.push(lagRamme(laas, nummer++, false, alt.subarray(0, RAMME)));
        }
        venter = [alt];
        stoerrelse = alt.length;
      }
      ferdig();
    },
    flush(ferdig) {
      this.push(lagRamme(laas, nummer++, true, Buffer.concat(venter)));
      ferdig();
    },
  });
  ut.push(Buffer.concat([MAGI, lengde, hode, lagRamme(laas, nummer++, false, Buffer.alloc(0))]));
  return ut;
}

/** Leser fila fra starten. @throws Kopifeil når den ikke er en sikkerhetskopi, er endret, er avkortet, eller nøkkelen ikke passer */
export async function* lesBeholder(fil: FileHandle, noekkel: string | null): AsyncGenerator<Buffer> {
  let sted = 0;
  const les = async (antall: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(antall);
    const { bytesRead } = await fil.read(buffer, 0, antall, sted);
    sted += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  const krev = async (antall: number): Promise<Buffer> => {
    const lest = await les(antall);
    if (lest.length < antall) throw new Kopifeil(AVKORTET);
    return lest;
  };
  if (!(await les(MAGI.length)).equals(MAGI)) {
    throw new Kopifeil('Fila er ikke en sikkerhetskopi fra dette systemet. Ingenting er endret.');
  }
  const hodelengde = (await krev(4)).readUInt32BE();
  if (hodelengde > 4_096) throw new Kopifeil(ENDRET);
  const hode = await krev(hodelengde);
  const laas: Laas = { hode, noekkel: await noekkelTil(hode, noekkel) };
  for (let nummer = 0; ; nummer++) {
    const start = await krev(5);
    const lengde = start.readUInt32BE();
    if (lengde > RAMME) throw new Kopifeil(ENDRET);
    const siste = start[4] === 1;
    const merke = await krev(MERKE);
    const klar = aapneRamme(laas, nummer, siste, merke, await krev(lengde));
    if (klar.length > 0) yield klar;
    if (!siste) continue;
    if ((await les(1)).length > 0) throw new Kopifeil(ENDRET);
    return;
  }
}

async function noekkelTil(hode: Buffer, noekkel: string | null): Promise<Buffer | null> {
  let lest: z.infer<typeof hodeskjema>;
  try {
    lest = hodeskjema.parse(JSON.parse(hode.toString('utf8')));
  } catch (cause) {
    throw new Kopifeil(ENDRET, { cause });
  }
  if (!lest.kryptering) return null;
  if (noekkel === null) {
    throw new Kopifeil('Sikkerhetskopien er kryptert. Sett BACKUP_KEY, eller bruk --key-file. Ingenting er endret.');
  }
  const { salt, n, r, p } = lest.kryptering;
  return avled(noekkel, Buffer.from(salt, 'base64'), n, r, p).catch((cause: unknown) => {
    throw new Kopifeil(ENDRET, { cause });
  });
}
