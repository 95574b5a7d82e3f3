import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

/*
 * Hvem som får importere hvem, som én tabell. En ukjent mappe eller en import utenfor tabellen feiler.
 * Feature-er kan bruke hverandres funksjoner, men aldri hverandres entiteter, og aldri i ring.
 */

const ROT = path.resolve(import.meta.dirname, '..', '..');
const FEATURES = [
  'arkiv',
  'brev',
  'bruker',
  'demo',
  'dokument',
  'drift',
  'hendelse',
  'kompetanse',
  'oppgave',
  'oppnevning',
  'outbox',
  'person',
  'plan',
  'rutine',
  'sak',
  'sikkerhetskopi',
  'sok',
  'steg',
  'tilgang',
  'utkast',
  'utsending',
  'vedtak',
];
const FEATURE = FEATURES.map((f) => `src/${f}`);

/** lag → lagene det kan importere (utenom seg selv) */
const LOV: Record<string, readonly string[]> = {
  'src/contract': [],
  'src/logg': [],
  'src/db': ['src/logg'],
  'src/http': ['src/contract', 'src/logg'],
  'src/engine/embedded': [],
  'src/engine': ['src/contract', 'src/logg', 'src/db', 'src/engine/embedded', 'src/http', ...FEATURE],
  ...Object.fromEntries(
    FEATURE.map((f) => [f, ['src/contract', 'src/logg', 'src/db', 'src/http', 'src/engine', ...FEATURE]]),
  ),
  workers: ['src/contract', 'src/logg', 'src/engine', 'src/db', ...FEATURE],
  src: ['src/contract', 'src/logg', 'src/db', 'src/http', 'src/engine', 'src/engine/embedded', ...FEATURE, 'workers'],
  ui: ['src/contract'],
};

function lag(fil: string): string | null {
  const deler = fil.split('/');
  if (deler[0] === 'ui' || deler[0] === 'workers') return deler[0];
  if (deler[0] !== 'src') return null;
  if (deler.length === 2) return 'src';
  if (deler[1] === 'engine' && deler[2] === 'embedded') return 'src/engine/embedded';
  return `src/${deler[1]}`;
}

function filer(mappe: string): string[] {
  return readdirSync(path.join(ROT, mappe), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name))
    .map((f) => path.relative(ROT, path.join(f.parentPath, f.name)).replaceAll(path.sep, '/'))
    .filter((f) => !f.includes('node_modules'));
}

function importer(fil: string): string[] {
  const tekst = readFileSync(path.join(ROT, fil), 'utf8');
  return [...tekst.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].flatMap((m) =>
    m[1] ? [path.posix.normalize(path.posix.join(path.posix.dirname(fil), m[1]))] : [],
  );
}

const alle = ['src', 'workers', 'ui/src'].flatMap(filer);

describe('arkitektur: importgrenser', () => {
  it('hver mappe er kjent', () => {
    const ukjente = [...new Set(alle.map((f) => lag(f) ?? f))].filter((l) => !(l in LOV));
    expect(ukjente).to.deep.equal([]);
  });

  it('import går bare den veien tabellen sier', () => {
    const brudd: string[] = [];
    for (const fil of alle) {
      const fra = lag(fil);
      for (const maal of importer(fil)) {
        const til = lag(maal);
        if (!fra || til === fra) continue;
        if (!til || !LOV[fra]?.includes(til)) brudd.push(`${fil} → ${maal}`);
      }
    }
    expect(brudd).to.deep.equal([]);
  });

  it('bare feature-en selv og komposisjonsroten kjenner en entitet', () => {
    const brudd = alle.flatMap((fil) =>
      importer(fil)
        .filter((maal) => maal.endsWith('.entity.ts') && lag(maal) !== lag(fil) && lag(fil) !== 'src')
        .map((maal) => `${fil} → ${maal}`),
    );
    expect(brudd).to.deep.equal([]);
  });

  it('ingen importerer i ring mellom feature-er', () => {
    const kanter = new Map<string, Map<string, string>>();
    for (const fil of alle) {
      const fra = lag(fil);
      if (!fra || !FEATURE.includes(fra)) continue;
      for (const maal of importer(fil)) {
        const til = lag(maal);
        if (til && til !== fra && FEATURE.includes(til)) {
          const ut = kanter.get(fra) ?? new Map<string, string>();
          ut.set(til, `${fil} → ${maal}`);
          kanter.set(fra, ut);
        }
      }
    }
    const ringer: string[] = [];
    const besoekt = new Set<string>();
    const gaa = (node: string, sti: string[]): void => {
      const start = sti.indexOf(node);
      if (start >= 0) {
        const ring = [...sti.slice(start), node];
        ringer.push(
          ring
            .slice(1)
            .map((til, i) => kanter.get(ring[i] ?? '')?.get(til) ?? '')
            .join(' ; '),
        );
        return;
      }
      if (besoekt.has(node)) return;
      for (const til of kanter.get(node)?.keys() ?? []) gaa(til, [...sti, node]);
      besoekt.add(node);
    };
    for (const f of FEATURE) gaa(f, []);
    expect(ringer).to.deep.equal([]);
  });

  it('motoren bruker pg, aldri TypeORM; fagkoden leser aldri maskinens klokke', () => {
    const brudd: string[] = [];
    for (const fil of alle) {
      const tekst = readFileSync(path.join(ROT, fil), 'utf8');
      if (fil.startsWith('src/engine/embedded/') && /from 'typeorm'/.test(tekst)) brudd.push(`${fil}: typeorm`);
      const fag = FEATURE.includes(lag(fil) ?? '') || lag(fil) === 'workers';
      if (fag && /new Date\(\)|Date\.now\(\)/.test(tekst)) brudd.push(`${fil}: maskinens klokke`);
    }
    expect(brudd).to.deep.equal([]);
  });
});
