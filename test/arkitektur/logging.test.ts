import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

/*
 * Det finnes én vei ut for det som skrives om en feil: src/logg. En fil som lager sin egen logg, skriver til konsollen eller
 * setter en feils tekst inn i noe, går utenom tillatelseslista.
 */

const ROT = path.resolve(import.meta.dirname, '..', '..');
const filer = ['src', 'workers'].flatMap((mappe) =>
  readdirSync(path.join(ROT, mappe), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && f.name.endsWith('.ts'))
    .map((f) => path.relative(ROT, path.join(f.parentPath, f.name)).replaceAll(path.sep, '/')),
);
const finn = (regel: RegExp, unntak: (fil: string) => boolean): string[] =>
  filer.flatMap((fil) =>
    unntak(fil)
      ? []
      : readFileSync(path.join(ROT, fil), 'utf8')
          .split('\n')
          .flatMap((linje, i) => (regel.test(linje) ? [`${fil}:${i + 1} ${linje.trim()}`] : [])),
  );

describe('arkitektur: det som skrives om en feil', () => {
  it('bare src/logg lager en logg, og bare de som starter og tar kopi, skriver til konsollen', () => {
    expect(finn(/import pino\b(?!.*import type)|\bpino\(/, (f) => f.startsWith('src/logg/'))).to.deep.equal([]);
    expect(
      finn(/\bconsole\.|process\.(stdout|stderr)\b/, (f) =>
        ['src/main.ts', 'src/kopi.ts', 'src/logg/fall.ts'].includes(f),
      ),
    ).to.deep.equal([]);
  });

  it('en feils egen tekst leses bare der feilen er vår egen', () => {
    // Motoren svarer Camundas ord om diagrammer og uttrykk; databasens feil går til loggen som de er.
    const lov: Record<string, number> = {
      'src/engine/deploy.ts': 1, // leserens ord om våre egne diagrammer
      'src/sikkerhetskopi/beholder.ts': 1, // Kopifeil, våre egne ord
      'src/http/feilbehandler.ts': 1, // Problemfeil: svaret til den som spurte
    };
    const treff = finn(
      /\b(feil|error|err|cause|e|problemfeil|failure)\.(message|stack|detail)\b/,
      (f) => f.startsWith('src/engine/embedded/') || f.startsWith('src/logg/') || f.startsWith('src/db/'), // src/db: databasens start
    );
    const antall = new Map<string, number>();
    for (const t of treff) antall.set(t.split(':')[0] ?? '', (antall.get(t.split(':')[0] ?? '') ?? 0) + 1);
    expect(
      [...antall].filter(([fil, n]) => n > (lov[fil] ?? 0)),
      treff.join('\n'),
    ).to.deep.equal([]);
    const somTekst = finn(/String\((feil|error|err|cause)\)/, (f) => f.startsWith('src/engine/embedded/') || f in lov);
    expect(somTekst).to.deep.equal([]);
  });

  it('motoren gir loggen feilen selv, aldri teksten dens', () => {
    expect(
      finn(
        /#options\.log\(.*\.(message|stack)|^\s+error: .*\.(message|stack)/,
        (f) => !f.startsWith('src/engine/embedded/'),
      ),
    ).to.deep.equal([]);
  });
});
