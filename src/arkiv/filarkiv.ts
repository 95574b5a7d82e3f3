import path from 'node:path';
import { skrivMappeEnGang } from '../utsending/index.ts';
import type { Arkivkanal } from './kanal.ts';

/** Det innebygde arkivet: `arkivmelding.xml` og filene i `<dataDir>/arkiv/<id>/`. Samme id skrives aldri to ganger. */
export function lagFilarkiv(dataDir: string): Arkivkanal {
  const rot = path.join(dataDir, 'arkiv');
  return {
    navn: 'filarkiv',
    async arkiver(pakke) {
      const filer = new Map<string, string | Buffer>([
        ['arkivmelding.xml', pakke.arkivmelding],
        ...pakke.filer.map((f): [string, Buffer] => [f.filnavn, f.innhold]),
      ]);
      await skrivMappeEnGang(rot, pakke.id, filer);
      return { referanse: `filarkiv:${pakke.id}` };
    },
  };
}
