import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const ROT = path.resolve(import.meta.dirname, '..', '..');

/** Mønstrene i scripts/test.mjs bruker bare **, * og {a,b}. */
function somRegex(moenster: string): RegExp {
  const regex = moenster
    .replace(/[.+]/g, '\\$&')
    .replace(/\{([^}]+)\}/g, (_, valg: string) => `(${valg.replaceAll(',', '|')})`)
    .replaceAll('**/', '§')
    .replaceAll('*', '[^/]*')
    .replaceAll('§', '(.*/)?');
  return new RegExp(`^${regex}$`);
}

describe('arkitektur: testsuiter', () => {
  it('hver testfil hører til en suite i npm test', () => {
    const moenstre = [
      ...readFileSync(path.join(ROT, 'scripts/test.mjs'), 'utf8').matchAll(/'(test\/[^']+\.test\.ts)'/g),
    ].map((m) => m[1] ?? '');
    const filer = readdirSync(path.join(ROT, 'test'), { recursive: true, encoding: 'utf8' })
      .map((f) => `test/${f.replaceAll(path.sep, '/')}`)
      .filter((f) => f.endsWith('.test.ts') && !f.includes('/node_modules/'));
    expect(moenstre.length).to.be.greaterThan(10);
    expect(filer.filter((f) => !moenstre.some((m) => somRegex(m).test(f)))).to.deep.equal([]);
  });
});
