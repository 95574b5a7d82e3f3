import path from 'node:path';
import { skrivMappeEnGang, tryggFilnavn } from './filmappe.ts';
import type { Utsendingskanal } from './kanal.ts';
import { svarUtForsendelse } from './svarut.ts';

/**
 * Den innebygde kanalen: legger det en virkelig kanal ville fått (forsendelsen som SvarUt-JSON, og filene) i
 * `<dataDir>/utsending/<id>/`. Samme id gir aldri en forsendelse til.
 */
export function lagFilkanal(dataDir: string): Utsendingskanal {
  const rot = path.join(dataDir, 'utsending');
  return {
    navn: 'filmappe',
    async send(f) {
      const dokumenter = f.dokumenter.map((d) => ({ ...d, filnavn: tryggFilnavn(d.filnavn) }));
      const filer = new Map<string, string | Buffer>([
        ['forsendelse.json', `${JSON.stringify(svarUtForsendelse({ ...f, dokumenter }), null, 2)}\n`],
        ...dokumenter.map((d): [string, Buffer] => [d.filnavn, d.innhold]),
      ]);
      await skrivMappeEnGang(rot, f.id, filer);
      return { referanse: `filmappe:${f.id}` };
    },
  };
}
