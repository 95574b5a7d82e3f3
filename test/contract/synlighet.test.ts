import { expect } from 'chai';
import fc from 'fast-check';
import { regnSynlighet } from '../../src/contract/synlighet.ts';
import { brukFellesSynlighet, medNavngitteBetingelser, type Skjemamotor } from '../../ui/src/skjema/synlighet.ts';

type Data = Record<string, unknown>;
interface Komponent {
  id: string;
  type: string;
  key?: string;
  path?: string;
  conditional?: { hide: string };
  components?: Komponent[];
}

const NAVN = ['a', 'b', 'c', 'd', 'e', 'f'];
const verdi = fc.constantFrom<unknown>(null, '', 'x', 'y');
/** En betingelse på et hvilket som helst felt, også på seg selv og i ring; inne i lister også på raden. */
const betingelse = (radnavn: readonly string[]): fc.Arbitrary<string | undefined> => {
  const felt = fc.constantFrom(...NAVN, ...radnavn.map((n) => `this.${n}`), 'fakta');
  const enkel = fc
    .tuple(felt, fc.constantFrom('= "x"', '!= "x"', '= null', '!= null', '= "y"'))
    .map(([f, s]) => `${f} ${s}`);
  const sammensatt = fc.tuple(enkel, fc.constantFrom('and', 'or'), enkel).map((d) => d.join(' '));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: enkel.map((u) => `=${u}`) },
    { weight: 1, arbitrary: sammensatt.map((u) => `=${u}`) },
  );
};
const med = (k: Komponent, hide: string | undefined): Komponent => (hide ? { ...k, conditional: { hide } } : k);

/** Seks felter i tilfeldig rekkefølge; noen i grupper i grupper, noen i en liste, og noen tekster bare til å vise. */
const skjema = fc
  .tuple(
    fc.shuffledSubarray(NAVN, { minLength: 4, maxLength: 6 }),
    fc.array(betingelse([]), { minLength: 12, maxLength: 12 }),
    fc.array(betingelse(['r', 's']), { minLength: 2, maxLength: 2 }),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([navn, u, ru, delt]): { type: string; components: Komponent[] } => {
    const felter = navn.map((key, n) => med({ id: `id-${key}`, type: 'textfield', key }, u[n]));
    const indre = med({ id: 'g2', type: 'group', components: felter.slice(0, delt) }, u[7]);
    const gruppe = med({ id: 'g1', type: 'group', components: [indre, { id: 't', type: 'text' }] }, u[8]);
    const rader: Komponent = {
      id: 'liste',
      type: 'dynamiclist',
      path: 'rader',
      components: [
        med({ id: 'id-r', type: 'textfield', key: 'r' }, ru[0]),
        med({ id: 'id-s', type: 'textfield', key: 's' }, ru[1]),
      ],
    };
    return { type: 'default', components: [gruppe, ...felter.slice(delt), med(rader, u[9])] };
  });
const rad = fc.record({ r: verdi, s: verdi });
/** Alt som er skrevet, også i felter som er skjult nå: slik et eldre utkast kan være. */
const skrevet = fc.record({
  ...Object.fromEntries(NAVN.map((n) => [n, verdi])),
  rader: fc.array(rad, { maxLength: 3 }),
});
const kontekst = fc.record({ fakta: verdi, a: verdi, b: verdi });

/** form-js slik skjermen bruker den: det er dens egne kroker vi henger oss på, og den som spør. */
function skjerm(s: unknown, data: Data, k: Data): { skjult: (id: string, i?: number[]) => boolean; grunnlag: Data } {
  const betingelser = { applyConditions: (d: Data): Data => d };
  const spraak = { evaluateUnaryTest: (): boolean | null => null };
  const motor = {
    get: (navn: string) => (navn === 'conditionChecker' ? betingelser : spraak),
    _getState: () => ({ data }),
  } as unknown as Skjemamotor; // bare de to tjenestene som brukes
  const egne = (d: Data): Data => Object.fromEntries([...NAVN, 'rader'].filter((n) => n in d).map((n) => [n, d[n]]));
  brukFellesSynlighet(motor, s, { ...k, ...data }, egne);
  const hide = new Map<string, string>();
  const gaa = (liste: Komponent[]): void => {
    for (const x of liste) {
      if (x.conditional) hide.set(x.id, x.conditional.hide);
      gaa(x.components ?? []);
    }
  };
  gaa((medNavngitteBetingelser(s) as { components: Komponent[] }).components);
  const spoer = spraak.evaluateUnaryTest as (uttrykk: string, kontekst: Data) => boolean | null;
  return {
    skjult: (id, i = []) => hide.has(id) && spoer(hide.get(id) ?? '', { _i_: i }) === true,
    grunnlag: betingelser.applyConditions(data),
  };
}

/** Feltene en skjerm viser, med verdien i hvert: det som ikke er skjult selv, og ikke står i noe skjult. */
function vist(s: { components: Komponent[] }, data: Data, k: Data): Map<string, unknown> {
  const { skjult } = skjerm(s, data, k);
  const ut = new Map<string, unknown>();
  const gaa = (liste: Komponent[], kilde: Data, i: number[], sti: string): void => {
    for (const x of liste) {
      if (skjult(x.id, i)) continue;
      if (x.key) ut.set(sti + x.key, kilde[x.key]);
      else if (x.path) {
        const rader = Array.isArray(kilde[x.path]) ? (kilde[x.path] as Data[]) : []; // laget av `skrevet`
        rader.forEach((r, n) => gaa(x.components ?? [], r, [...i, n + 1], `${sti}${x.path}.${n}.`));
      } else gaa(x.components ?? [], kilde, i, sti);
    }
  };
  gaa(s.components, data, [], '');
  return ut;
}
function flat(data: Data): Map<string, unknown> {
  const { rader, ...resten } = data;
  const ut = new Map<string, unknown>(Object.entries(resten));
  if (Array.isArray(rader)) {
    rader.forEach((r: Data, n) => Object.entries(r).forEach(([f, v]) => ut.set(`rader.${n}.${f}`, v)));
  }
  return ut;
}
const sortert = (m: Map<string, unknown>): [string, unknown][] => [...m].sort(([x], [y]) => (x < y ? -1 : 1));

describe('Synlighet: skjerm og server er enige', () => {
  it('tilfeldige skjemaer, med grupper, kjeder, ringer, lister og verdier fra eldre utkast: det som vises, er det som lagres', () => {
    fc.assert(
      fc.property(skjema, skrevet, kontekst, (s, data, k) => {
        const server = regnSynlighet(s, data, k).svar;
        const brukt = new Set(
          s.components.flatMap(function noekler(x: Komponent): string[] {
            return [...(x.key ? [x.key] : []), ...(x.path ? [x.path] : []), ...(x.components ?? []).flatMap(noekler)];
          }),
        );
        const relevant = Object.fromEntries(Object.entries(server).filter(([n]) => brukt.has(n)));
        expect(sortert(flat(relevant))).to.deep.equal(sortert(vist(s, data, k)));
      }),
      { numRuns: 400 },
    );
  });

  it('det som er tatt bort, teller ikke: å sende resten en gang til endrer ingenting', () => {
    fc.assert(
      fc.property(skjema, skrevet, kontekst, (s, data, k) => {
        const en = regnSynlighet(s, data, k).svar;
        const to = regnSynlighet(s, en, k).svar;
        // I en ring vises alt i ringen, og da teller det også; ellers er svaret det samme.
        for (const [felt, v] of Object.entries(to)) expect(en).to.deep.include({ [felt]: v });
      }),
      { numRuns: 150 },
    );
  });

  it('kjeden fra et eldre utkast: et svar som blir synlig fordi et annet er skjult, er ikke mistet', () => {
    const felt = (key: string, hide?: string): Komponent => med({ id: `id-${key}`, type: 'textfield', key }, hide);
    const s = { components: [felt('a'), felt('b', '=a = "nei"'), felt('c', '=b = "ja"')] };
    // b er skjult, og har en verdi fra da a var «ja»; c vises, og er svart på.
    const data = { a: 'nei', b: 'ja', c: 'svart på' };
    expect(regnSynlighet(s, data, {}).svar).to.deep.equal({ a: 'nei', c: 'svart på' });
    expect(vist(s, data, {}).get('c')).to.equal('svart på');
  });

  it('et felt som skjuler seg selv, vises og beholdes', () => {
    const s = { components: [med({ id: 'id-a', type: 'textfield', key: 'a' }, '=a = "x"')] };
    expect(regnSynlighet(s, { a: 'x' }, {}).svar).to.deep.equal({ a: 'x' });
    expect(skjerm(s, { a: 'x' }, {}).skjult('id-a')).to.equal(false);
  });

  it('to felter med det samme svaret: vises det ene, teller det', () => {
    const s = {
      components: [
        med({ id: 'kort', type: 'textfield', key: 'a' }, '=fakta = "x"'),
        med({ id: 'langt', type: 'textarea', key: 'a' }, '=fakta != "x"'),
      ],
    };
    expect(regnSynlighet(s, { a: 'svar' }, { fakta: 'x' }).svar).to.deep.equal({ a: 'svar' });
  });
});
