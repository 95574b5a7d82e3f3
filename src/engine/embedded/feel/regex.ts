/**
 * Regular expressions that mean the same in Java (which Camunda's FEEL uses) and here. A pattern outside this common part is refused at
 * deployment. They are matched by a machine of our own, because both Java's and JavaScript's go through every way to match: `(a+)+$`
 * on 40 letters takes them years. Here a place in the pattern that has failed at a place in the text is not tried again, and what is
 * done is counted (`budget.ts`).
 */
import { Failure, spend } from './budget.ts';
import type { Val } from './values.ts';

const cache = new Map<string, SafeRegExp>();
const CACHE_SIZE = 500;
/** A pattern is not longer than this, and does not become more instructions than that (`{n,m}` writes out what it repeats). */
const LONGEST_PATTERN = 1000;
const MOST_INSTRUCTIONS = 2000;
/** So many instructions are a step of the budget. */
const INSTRUCTIONS_PER_STEP = 8;
/** What has failed is remembered for so many pairs of an instruction and a place. */
const MOST_PAIRS = 64 * 1024 * 1024;

type Test = (code: number) => boolean;
type Instruction =
  | { readonly op: 'char'; readonly test: Test }
  /** Tries `to` in order. */
  | { readonly op: 'split'; to: readonly number[] }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'start' | 'end' | 'lineStart' | 'lineEnd' }
  | { readonly op: 'look'; readonly negative: boolean; readonly program: readonly Instruction[] }
  | { readonly op: 'match' };

/** Where a match and its groups begin and end; -1 for a group that took no part. */
type Slots = readonly number[];

export class SafeRegExp {
  private readonly program: readonly Instruction[];
  private readonly groups: number;

  private constructor(source: string, flags: string) {
    const parser = new PatternParser(source, flags);
    this.program = parser.program();
    this.groups = parser.groups;
  }

  /** @returns why a pattern with these flags is not taken, or undefined when it is */
  static problem(source: string, flags: string): string | undefined {
    if (source.length > LONGEST_PATTERN) return `the pattern is longer than ${LONGEST_PATTERN} characters`;
    if (!/^[ims]*$/.test(flags)) return `the flags '${flags}' are not supported`;
    // Java folds only ASCII letters without regard to case
    if (flags.includes('i') && !/^[\x20-\x7e]*$/.test(source))
      return "the flag 'i' is only supported with ASCII patterns";
    const outside = unsupported(source);
    if (outside !== undefined) return `'${outside}' is not supported in the pattern '${source}'`;
    try {
      // JavaScript's own reading finds what is wrong in the same places as Java's
      new RegExp(source);
      SafeRegExp.of(source, flags);
      return undefined;
    } catch (error) {
      return `the pattern '${source}' is ${error instanceof TooLarge ? 'too large' : 'not valid'}`;
    }
  }

  /** @returns why a replacement text is not taken: only plain text and $ with one digit of an existing group */
  static replacementProblem(pattern: string, replacement: string | undefined): string | undefined {
    if (replacement === undefined) return 'the replacement must be a fixed text';
    const groups = SafeRegExp.of(pattern, undefined).groups;
    const rest = replacement.replace(/\$(\d)(?!\d)/g, (whole, digit: string) => (Number(digit) < groups ? '' : whole));
    return /[$\\]/.test(rest)
      ? `'$' and '\\' are only supported as $ and the number of a group, not in '${replacement}'`
      : undefined;
  }

  static of(source: string, flags: Val | undefined): SafeRegExp {
    const given = typeof flags === 'string' ? flags : '';
    const key = `${given}/${source}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = new SafeRegExp(source, given);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, made);
    return made;
  }

  /** @throws Failure when the budget is used up; so do the others */
  test(input: string): boolean {
    return search(this.program, input, 0) !== undefined;
  }

  all(input: string): string[] {
    return this.matches(input).map(([from = 0, to = 0]) => input.slice(from, to));
  }

  split(input: string): string[] {
    const parts: string[] = [];
    let from = 0;
    for (const [start = 0, end = 0] of this.matches(input)) {
      parts.push(input.slice(from, start));
      from = end;
    }
    return [...parts, input.slice(from)];
  }

  replace(input: string, replacement: string): string {
    const pieces = replacement.split(/\$(\d)/);
    let result = '';
    let from = 0;
    for (const slots of this.matches(input)) {
      const [start = 0, end = 0] = slots;
      result += input.slice(from, start);
      // every second piece is the number of a group
      for (const [i, piece] of pieces.entries()) {
        const group = 2 * Number(piece);
        const begins = slots[group] ?? -1;
        if (i % 2 === 0) result += piece;
        else if (begins >= 0) result += input.slice(begins, slots[group + 1]);
      }
      if (result.length > 8 * 1024 * 1024) throw new Failure('the text after replacing would be too long');
      from = end;
    }
    return result + input.slice(from);
  }

  private matches(input: string): Slots[] {
    const found: Slots[] = [];
    for (let at = 0; at <= input.length;) {
      const slots = search(this.program, input, at);
      if (slots === undefined) break;
      found.push(slots);
      const [start = 0, end = 0] = slots;
      at = end > start ? end : end + 1;
    }
    return found;
  }
}

// ---- matching -------------------------------------------------------------------------------------------------------------------

/** The first match that begins at `from` or later. */
function search(program: readonly Instruction[], input: string, from: number): Slots | undefined {
  const failed = new Failed(program.length, input.length - from);
  if (program[0]?.op === 'start' && from > 0) return undefined;
  const last = program[0]?.op === 'start' ? from : input.length;
  for (let at = from; at <= last; at++) {
    const slots = run(program, input, at, from, failed);
    if (slots !== undefined) return slots;
  }
  return undefined;
}

/** Which pairs of instruction and place have been tried; grows as places are reached. */
class Failed {
  private bits = new Uint32Array(64);
  private readonly width: number;

  constructor(width: number, places: number) {
    this.width = width;
    if (width * (places + 1) > MOST_PAIRS) throw new Failure('the text is too long for the pattern');
  }

  /** @returns whether it was there already */
  add(pc: number, place: number): boolean {
    const n = place * this.width + pc;
    const word = n >>> 5;
    if (word >= this.bits.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.bits.length * 2));
      larger.set(this.bits);
      this.bits = larger;
    }
    const bit = 1 << (n & 31);
    const before = this.bits[word] ?? 0;
    this.bits[word] = before | bit;
    return (before & bit) !== 0;
  }
}

/**
 * Runs the machine at one place, ways to match in the order in which a backtracking one takes them.
 * @param base where the search began; `failed` counts places from there
 */
function run(
  program: readonly Instruction[],
  input: string,
  start: number,
  base: number,
  failed: Failed,
): Slots | undefined {
  // what is still to be tried, as pairs; a negative first number puts a slot back: -1 - slot, value
  const stack: number[] = [0, start];
  const slots: number[] = [];
  let done = 0;
  while (stack.length > 0) {
    let at = stack.pop() ?? 0;
    let pc = stack.pop() ?? 0;
    if (pc < 0) {
      slots[-1 - pc] = at;
      continue;
    }
    for (;;) {
      if (++done % INSTRUCTIONS_PER_STEP === 0) spend(1);
      if (failed.add(pc, at - base)) break;
      const instruction = program[pc];
      if (instruction === undefined) break;
      if (instruction.op === 'char') {
        if (at >= input.length || !instruction.test(input.charCodeAt(at))) break;
        at++;
        pc++;
      } else if (instruction.op === 'jump') pc = instruction.to;
      else if (instruction.op === 'split') {
        const { to } = instruction;
        for (let i = to.length - 1; i > 0; i--) stack.push(to[i] ?? 0, at);
        pc = to[0] ?? 0;
      } else if (instruction.op === 'save') {
        stack.push(-1 - instruction.slot, slots[instruction.slot] ?? -1);
        slots[instruction.slot] = at;
        pc++;
      } else if (instruction.op === 'start') {
        if (at !== 0) break;
        pc++;
      } else if (instruction.op === 'end') {
        if (!atEnd(input, at)) break;
        pc++;
      } else if (instruction.op === 'lineStart') {
        if (at > 0 && !isLineEnd(input.charCodeAt(at - 1))) break;
        pc++;
      } else if (instruction.op === 'lineEnd') {
        if (at < input.length && !isLineEnd(input.charCodeAt(at))) break;
        pc++;
      } else if (instruction.op === 'look') {
        const inner = run(
          instruction.program,
          input,
          at,
          at,
          new Failed(instruction.program.length, input.length - at),
        );
        if ((inner === undefined) !== instruction.negative) break;
        for (const [slot, value] of instruction.negative ? [] : (inner ?? []).entries()) {
          if (slot < 2 || value === undefined) continue;
          stack.push(-1 - slot, slots[slot] ?? -1);
          slots[slot] = value;
        }
        pc++;
      } else {
        slots[0] = start;
        slots[1] = at;
        return Array.from(slots, (value) => value ?? -1);
      }
    }
  }
  return undefined;
}

/** Java's `$`: the end, or before a line end that is the last. */
function atEnd(input: string, at: number): boolean {
  if (at === input.length) return true;
  const rest = input.length - at;
  const code = input.charCodeAt(at);
  if (rest === 2) return code === 0x0d && input.charCodeAt(at + 1) === 0x0a;
  return rest === 1 && (code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029);
}

// ---- reading --------------------------------------------------------------------------------------------------------------------

/** A pattern that would become too many instructions. */
class TooLarge extends Error {}

type Piece =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'start' | 'end' | 'lineStart' | 'lineEnd' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Piece[] }
  | { readonly kind: 'group'; readonly number: number; readonly inner: Piece }
  | { readonly kind: 'look'; readonly negative: boolean; readonly inner: Piece }
  | {
      readonly kind: 'repeat';
      readonly inner: Piece;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    };

const isDigit: Test = (c) => c >= 0x30 && c <= 0x39;
const isWord: Test = (c) => isDigit(c) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f;
const isSpace: Test = (c) => c === 0x20 || (c >= 0x09 && c <= 0x0d);
const isLineEnd: Test = (c) => c === 0x0a || c === 0x0d || c === 0x85 || c === 0x2028 || c === 0x2029;
const not =
  (test: Test): Test =>
  (c) =>
    !test(c);
const is =
  (code: number): Test =>
  (c) =>
    c === code;
const CLASSES: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

/** Reads a pattern that `unsupported` has let through and JavaScript finds valid. */
class PatternParser {
  /** How many groups there are, the whole match counted. */
  groups = 1;
  private readonly source: string;
  private readonly flags: string;
  private at = 0;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  /** @throws TooLarge */
  program(): readonly Instruction[] {
    const whole = this.choice();
    if (this.at < this.source.length) throw new SyntaxError('unbalanced parentheses');
    return emit(whole, { left: MOST_INSTRUCTIONS });
  }

  private peek(): string {
    return this.source.charAt(this.at);
  }

  private choice(): Piece {
    const parts = [this.sequence()];
    while (this.peek() === '|') {
      this.at++;
      parts.push(this.sequence());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts };
  }

  private sequence(): Piece {
    const parts: Piece[] = [];
    while (this.at < this.source.length && this.peek() !== '|' && this.peek() !== ')') parts.push(this.quantified());
    return { kind: 'sequence', parts };
  }

  private quantified(): Piece {
    const inner = this.atom();
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/.exec(this.source.slice(this.at, this.at + 40));
    if (match === null) return inner;
    const [text, sign, low = '0', comma, high = '', lazy] = match;
    this.at += text.length;
    const least = sign === '+' ? 1 : sign === undefined ? Number(low) : 0;
    const bounded = sign === undefined && (comma === undefined || high !== '');
    const most = sign === '?' ? 1 : bounded ? Number(high === '' ? low : high) : Infinity;
    return { kind: 'repeat', inner, least, most, lazy: lazy === '?' };
  }

  private atom(): Piece {
    const c = this.peek();
    this.at++;
    switch (c) {
      case '(':
        return this.group();
      case '[':
        return this.one(this.set());
      case '.':
        return { kind: 'one', test: this.flags.includes('s') ? () => true : not(isLineEnd) };
      case '^':
        return { kind: this.flags.includes('m') ? 'lineStart' : 'start' };
      case '$':
        return { kind: this.flags.includes('m') ? 'lineEnd' : 'end' };
      case '\\':
        return this.one(this.escaped());
      default:
        return this.one(is(c.charCodeAt(0)));
    }
  }

  private group(): Piece {
    const look = /^\?(:|=|!)/.exec(this.source.slice(this.at, this.at + 2))?.[1];
    if (look !== undefined) this.at += 2;
    const number = look === undefined ? this.groups++ : 0;
    const inner = this.choice();
    this.at++; // the closing parenthesis
    if (look === undefined) return { kind: 'group', number, inner };
    return look === ':' ? inner : { kind: 'look', negative: look === '!', inner };
  }

  private escaped(): Test {
    const c = this.peek();
    this.at++;
    return CLASSES[c] ?? is((CONTROLS[c] ?? c).charCodeAt(0));
  }

  /** What stands between brackets. */
  private set(): Test {
    const negative = this.peek() === '^';
    if (negative) this.at++;
    const tests: Test[] = [];
    while (this.at < this.source.length && this.peek() !== ']') {
      const low = this.setMember();
      if (
        typeof low === 'number' &&
        this.peek() === '-' &&
        !/^-?(\]|$)/.test(this.source.slice(this.at, this.at + 2))
      ) {
        this.at++;
        const high = this.setMember();
        if (typeof high === 'number') tests.push((c) => c >= low && c <= high);
        else tests.push(is(low), is(0x2d), high);
      } else tests.push(typeof low === 'number' ? is(low) : low);
    }
    this.at++;
    const any: Test = (c) => tests.some((test) => test(c));
    return negative ? not(this.folded(any)) : any;
  }

  private setMember(): number | Test {
    const c = this.peek();
    this.at++;
    if (c !== '\\') return c.charCodeAt(0);
    const escaped = this.peek();
    this.at++;
    return CLASSES[escaped] ?? (CONTROLS[escaped] ?? escaped).charCodeAt(0);
  }

  private one(test: Test): Piece {
    return { kind: 'one', test: this.folded(test) };
  }

  /** With the flag `i` ASCII letters fit in both cases. */
  private folded(test: Test): Test {
    if (!this.flags.includes('i')) return test;
    return (c) => {
      if (test(c)) return true;
      const letter = c | 0x20;
      return letter >= 0x61 && letter <= 0x7a && c < 0x80 && test(c ^ 0x20);
    };
  }
}

/** Instructions for a piece, ending with `match`. @throws TooLarge */
function emit(whole: Piece, room: { left: number }): Instruction[] {
  const program: Instruction[] = [];
  const add = <I extends Instruction>(instruction: I): I => {
    if (--room.left < 0) throw new TooLarge();
    program.push(instruction);
    return instruction;
  };
  const write = (piece: Piece): void => {
    switch (piece.kind) {
      case 'one':
        add({ op: 'char', test: piece.test });
        break;
      case 'start':
      case 'end':
      case 'lineStart':
      case 'lineEnd':
        add({ op: piece.kind });
        break;
      case 'sequence':
        for (const part of piece.parts) write(part);
        break;
      case 'choice': {
        const split = add({ op: 'split' as const, to: [] as readonly number[] });
        const to: number[] = [];
        const ends: { op: 'jump'; to: number }[] = [];
        for (const part of piece.parts) {
          to.push(program.length);
          write(part);
          ends.push(add({ op: 'jump', to: 0 }));
        }
        split.to = to;
        for (const end of ends) end.to = program.length;
        break;
      }
      case 'group':
        add({ op: 'save', slot: 2 * piece.number });
        write(piece.inner);
        add({ op: 'save', slot: 2 * piece.number + 1 });
        break;
      case 'look':
        add({ op: 'look', negative: piece.negative, program: emit(piece.inner, room) });
        break;
      case 'repeat':
        repeat(piece);
    }
  };
  const repeat = (piece: Extract<Piece, { kind: 'repeat' }>): void => {
    for (let i = 0; i < piece.least; i++) write(piece.inner);
    const ends: { op: 'split'; to: readonly number[] }[] = [];
    const branch = (): { op: 'split'; to: readonly number[] } =>
      add({ op: 'split' as const, to: [] as readonly number[] });
    const set = (split: { to: readonly number[] }, more: number, end: number): void => {
      split.to = piece.lazy ? [end, more] : [more, end];
    };
    if (piece.most === Infinity) {
      const split = branch();
      const from = program.length - 1;
      write(piece.inner);
      add({ op: 'jump', to: from });
      set(split, from + 1, program.length);
      return;
    }
    const starts: number[] = [];
    for (let i = piece.least; i < piece.most; i++) {
      ends.push(branch());
      starts.push(program.length);
      write(piece.inner);
    }
    for (const [i, split] of ends.entries()) set(split, starts[i] ?? 0, program.length);
  };
  write(whole);
  add({ op: 'match' });
  return program;
}

/** The first piece of a pattern that the two languages could read differently. */
function unsupported(source: string): string | undefined {
  let rest = source;
  let inClass = false;
  while (rest !== '') {
    const match = inClass
      ? /^(?:\\[\\\][^.*+?(){}|$/dDwWsSntrf-]|[^\\[\]&]|\]|&(?!&))/.exec(rest)
      : /^(?:\\[\\\][^.*+?(){}|$/dDwWsSntrf-]|\(\?[:=!]|[()|.^$]|[*+?]\??|\{\d+(?:,\d*)?\}\??|\[\^?(?!\])|[^\\[\](){}*+?|.^$])/.exec(
          rest,
        );
    if (match === null || (match[0] === '(' && rest.startsWith('(?'))) return rest.slice(0, 5);
    if (inClass && match[0] === ']') inClass = false;
    else if (!inClass && match[0].startsWith('[')) inClass = true;
    if (!inClass && /^(?:[*+?]\??|\{.*)$/.test(match[0]) && /^[+]/.test(rest.slice(match[0].length)))
      return `${match[0]}+`;
    rest = rest.slice(match[0].length);
  }
  return inClass ? '[' : undefined;
}
