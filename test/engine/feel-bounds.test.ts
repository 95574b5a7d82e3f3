import { expect } from 'chai';
import { FeelRefusal, parseExpression } from '../../src/engine/embedded/feel/index.ts';
import type { FeelEnvironment, JsonValue } from '../../src/engine/embedded/feel/index.ts';
import { begin } from '../../src/engine/embedded/feel/budget.ts';
import { SafeRegExp } from '../../src/engine/embedded/feel/regex.ts';

const environment: FeelEnvironment = { now: () => 0, zone: 'Europe/Oslo' };

/** The value, or the failure's message, and how long it took. */
function evaluate(expression: string, variables: Record<string, JsonValue> = {}): { value: JsonValue; ms: number } {
  const compiled = parseExpression(`=${expression}`, environment);
  const started = performance.now();
  const result = compiled.evaluate((name) => variables[name]);
  return { value: result.ok ? result.value : result.message, ms: performance.now() - started };
}
const valueOf = (expression: string, variables: Record<string, JsonValue> = {}): JsonValue =>
  evaluate(expression, variables).value;

/** Times are generous: the machine has other things to do, and without the bounds these take minutes or for ever. */
const SOON = 3_000;

describe('FEEL: evaluation has bounds', function () {
  this.timeout(60_000);

  it('goes through 160,000 rounds of a loop in linear time', () => {
    const { value, ms } = evaluate('sum(for x in 1..400, y in 1..400 return x * y)');
    expect(value).to.equal((400 * 401) ** 2 / 4);
    expect(ms).to.be.lessThan(SOON);
    const partial = evaluate('count(for x in 1..50000 return if count(partial) > 0 then partial[-1] + 1 else x)');
    expect(partial.value).to.equal(50_000);
    expect(partial.ms).to.be.lessThan(SOON);
  });

  it('tells apart the values of long lists without comparing each with each', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? i : `t${i % 1000}`));
    const found = evaluate('[count(distinct values(list)), count(duplicate values(list)), mode([1, 2.0, 2, 3])]', {
      list,
    });
    expect(found.value).to.deep.equal([10_500, 500, [2]]);
    expect(found.ms).to.be.lessThan(SOON);
  });

  it('gives `partial` as it was in its round, also when the result holds on to it', () => {
    expect(valueOf('for x in 1..3 return partial')).to.deep.equal([[], [[]], [[], [[]]]]);
    expect(valueOf('for x in 1..3 return {n: x, before: count(partial), last: partial[-1].n}')).to.deep.equal([
      { n: 1, before: 0, last: null },
      { n: 2, before: 1, last: 1 },
      { n: 3, before: 2, last: 2 },
    ]);
    expect(valueOf('for x in 1..4 return append(partial, x)')).to.deep.equal([
      [1],
      [[1], 2],
      [[1], [[1], 2], 3],
      [[1], [[1], 2], [[1], [[1], 2], 3], 4],
    ]);
  });

  const list = Array.from({ length: 20_000 }, (_, i) => i);
  for (const [expression, words] of [
    ['for x in 1..1000, y in 1..1000 return 1', 'steps'],
    ['some x in list, y in list satisfies x + y < 0', 'steps'],
    ['every x in list, y in list satisfies x + y >= 0', 'steps'],
    ['for x in list return count(list[item > x])', 'steps'],
    ['distinct values(for x in list return [x])', 'steps'],
    ['sort(list, function(x, y) count(list[item = y]) > x)', 'steps'],
    ['for x in list return list contains(list, -1)', 'steps'],
    ['for x in list return reverse(list)', 'steps'],
    ['for x in list return string(list)', 'steps'],
    ['count(for x in 1..1000000000 return x)', 'range of more than'],
    ['for x in 1..100 return partial', 'supported'],
    ['(for x in 1..40 return if x = 1 then "ab" else partial[-1] + partial[-1])[-1]', 'steps'],
    ['{f: function(g, n) g(g, n + 1), g: function(h, n) 0, r: f(f, 0)}.r', 'deep'],
    [
      '{f: function(g, n) if n = 0 then 1 else g(g, n - 1) + g(g, n - 1), g: function(h, n) 0, r: f(f, 150)}.r',
      'steps',
    ],
    ['decimal(1, 2000000000)', 'exponent'],
    ['round up(1.5, -2000000000)', 'exponent'],
    ['((((number("1e-9999") ** 999) ** 999) ** 999)) + 1', 'exponent'],
    ['date("2020-01-01") + duration("P999999999Y")', 'years'],
    ['duration("P999999999D") * 2000000000', 'duration'],
    ['matches(text, "(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*b")', 'steps'],
    ['replace(text, "a", "0123456789012345678901234567890123456789012345678901234567890123456789")', 'too long'],
  ] as const)
    it(`ends as a failure that says why: ${expression}`, () => {
      const { value, ms } = evaluate(expression, { list, text: 'a'.repeat(200_000) });
      expect(value).to.be.a('string').that.contains('failed to evaluate expression').and.contains(words);
      expect(ms).to.be.lessThan(SOON);
    });

  it('ends at the same place each time, whatever the time it takes', () => {
    // one round more than the budget allows
    const rounds = (n: number): JsonValue => valueOf(`count(for x in 1..${n}, y in 1..100 return 1)`);
    let low = 1;
    let high = 10_000;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (typeof rounds(middle) === 'number') low = middle;
      else high = middle;
    }
    for (let i = 0; i < 3; i++) {
      expect(rounds(low)).to.equal(low * 100);
      expect(rounds(high)).to.be.a('string');
    }
  });

  it('reads numbers of any length as their 34 digits', () => {
    const long = '9'.repeat(1_000_000);
    const { value, ms } = evaluate('number(t) > 1', { t: `0.${long}` });
    expect(value).to.equal(false);
    expect(ms).to.be.lessThan(SOON);
    expect(valueOf('string(number(t))', { t: `1.${'3'.repeat(5000)}` })).to.equal(`1.${'3'.repeat(33)}`);
    expect(valueOf('string(number(t))', { t: `1.${'0'.repeat(33)}5${'0'.repeat(500)}1` })).to.equal(
      `1.${'0'.repeat(32)}1`,
    );
  });

  it('trims long texts and looks for patterns in linear time', () => {
    const blanks = ' '.repeat(1_000_000);
    const { value, ms } = evaluate('trim(t)', { t: `x${blanks}x` });
    expect(value).to.equal(`x${blanks}x`);
    expect(ms).to.be.lessThan(SOON);
    const text = 'a'.repeat(20_000);
    for (const pattern of ['(a+)+$', '(a|aa)+$', 'a*a*a*b', '(a*)*b', '\\\\s+$', '^(a?){50}b']) {
      const found = evaluate(`matches(t, "${pattern}")`, { t: `${text}c` });
      expect(found.value, pattern).to.equal(false);
      expect(found.ms, pattern).to.be.lessThan(SOON);
    }
  });

  for (const [expression, words] of [
    ['1+'.repeat(5000) + '1', 'more than 1500 words and signs'],
    ['('.repeat(60) + '1' + ')'.repeat(60), 'brackets are nested more than 50 deep'],
    ['-'.repeat(1200) + '1', 'nested more than 500 deep'],
    [`"${'x'.repeat(200_000)}"`, 'longer than 100000 characters'],
    [`1 /*${'*'.repeat(50_000)}`, 'a comment does not end'],
    [`matches(x, "${'a'.repeat(2000)}")`, 'pattern is longer than 1000 characters'],
    ['matches(x, "((a{100}){100}){100}")', 'too large'],
  ] as const)
    it(`is refused at deployment: ${expression.slice(0, 30)}… (${words})`, () => {
      const started = performance.now();
      expect(() => parseExpression(`=${expression}`, environment))
        .to.throw(FeelRefusal)
        .with.property('message')
        .that.contains(words);
      expect(performance.now() - started).to.be.lessThan(SOON);
    });
});

describe('FEEL: patterns', () => {
  /** Random numbers that are the same each time (mulberry32). */
  function randomFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) % below;
    };
  }

  it('are found where JavaScript finds them, in 20,000 random patterns and texts', () => {
    const random = randomFrom(20261127);
    const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
    const one = (): string => pick(['a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '[a-c\\d]', '\\s', '1']);
    // what is repeated begins with a character: JavaScript takes back empty repetitions, which Java does not
    const pattern = (depth: number): string => {
      const kind = random(depth > 0 ? 9 : 4);
      if (kind < 3) return one() + pick(['', '', '*', '+', '?', '{1,2}', '{2}', '{2,}', '*?', '+?', '??', '{0,2}?']);
      if (kind < 4) return pick(['^', '$', '']);
      if (kind < 6) return pattern(depth - 1) + pattern(depth - 1);
      if (kind === 6) return `(?:${pattern(depth - 1)}|${pattern(depth - 1)})`;
      if (kind === 7) return `(${one()}${pattern(depth - 1)})${pick(['', '*', '+', '?', '{1,2}', '{2}', '*?', '+?'])}`;
      return pick(['(?=', '(?!', '(?:', '(']) + pattern(depth - 1) + ')';
    };
    for (let i = 0; i < 20_000; i++) {
      const source = pattern(4);
      expect(SafeRegExp.problem(source, ''), source).to.equal(undefined);
      const text = Array.from({ length: random(10) }, () => pick(['a', 'b', 'c', '1', ' ', 'A'])).join('');
      begin();
      const mine = SafeRegExp.of(source, undefined);
      expect(mine.all(text), `${source} in '${text}'`).to.deep.equal(text.match(new RegExp(source, 'g')) ?? []);
      expect(mine.test(text)).to.equal(new RegExp(source).test(text));
    }
  });

  it('know line ends, cases and groups', () => {
    expect(valueOf('matches(t, "^b$", "m")', { t: 'a\nb\r\nc' })).to.equal(true);
    expect(valueOf('matches(t, "b$")', { t: 'b\r\n' })).to.equal(true);
    expect(valueOf('matches(t, "b$")', { t: 'b\n\n' })).to.equal(false);
    expect(valueOf('matches(t, "[a-c]+", "i")', { t: 'xBCx' })).to.equal(true);
    expect(valueOf('replace(t, "(\\\\d+)-(\\\\d+)", "$2/$1")', { t: '12-34, 5-6' })).to.equal('34/12, 6/5');
    expect(valueOf('split(t, "\\\\s*,\\\\s*")', { t: 'a , b,c' })).to.deep.equal(['a', 'b', 'c']);
  });
});
