import { inflateSync } from 'node:zlib';

const WOFF_HODE = 44;
const WOFF_OPPFOERING = 20;
const SFNT_HODE = 12;
const SFNT_OPPFOERING = 16;

/**
 * Pakker ut en WOFF 1.0-skrift (W3C WOFF File Format) til den skriften den ble laget av. PDF-biblioteket kan lese WOFF
 * selv, men pakker da ut hver tabell på nytt for hvert brev, i JavaScript; det tok ni tideler av tiden.
 * @param uten tabeller som ikke skal være med
 * @throws Error når fila ikke er WOFF 1.0
 */
export function pakkUtWoff(woff: Buffer, uten: readonly string[] = []): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('Skriftfila er ikke WOFF 1.0.');
  const smak = woff.readUInt32BE(4);
  const alle = Array.from({ length: woff.readUInt16BE(12) }, (_, i) => {
    const p = WOFF_HODE + i * WOFF_OPPFOERING;
    const start = woff.readUInt32BE(p + 4);
    const pakket = woff.readUInt32BE(p + 8);
    const lengde = woff.readUInt32BE(p + 12);
    const data = woff.subarray(start, start + pakket);
    return {
      merke: woff.subarray(p, p + 4),
      sjekksum: woff.readUInt32BE(p + 16),
      innhold: pakket < lengde ? inflateSync(data) : data,
    };
  });
  const tabeller = alle.filter((t) => !uten.includes(t.merke.toString('latin1')));
  const antall = tabeller.length;
  const hode = Buffer.alloc(SFNT_HODE + antall * SFNT_OPPFOERING);
  const stoerstePotens = 2 ** Math.floor(Math.log2(antall));
  hode.writeUInt32BE(smak, 0);
  hode.writeUInt16BE(antall, 4);
  hode.writeUInt16BE(stoerstePotens * 16, 6);
  hode.writeUInt16BE(Math.log2(stoerstePotens), 8);
  hode.writeUInt16BE((antall - stoerstePotens) * 16, 10);
  const deler: Buffer[] = [hode];
  let plass = hode.length;
  tabeller.forEach((t, i) => {
    const p = SFNT_HODE + i * SFNT_OPPFOERING;
    t.merke.copy(hode, p);
    hode.writeUInt32BE(t.sjekksum, p + 4);
    hode.writeUInt32BE(plass, p + 8);
    hode.writeUInt32BE(t.innhold.length, p + 12);
    // Hver tabell begynner på en adresse som går opp i fire.
    const fyll = Buffer.alloc((4 - (t.innhold.length % 4)) % 4);
    deler.push(t.innhold, fyll);
    plass += t.innhold.length + fyll.length;
  });
  return Buffer.concat(deler);
}
