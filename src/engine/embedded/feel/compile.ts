/**
 * FEEL expressions compiled to functions. The grammar is feelin's; what an expression means is written here, as Camunda's engine means
 * it (decimals, three-valued logic, null instead of errors), because feelin's own interpreter differs in places and parses anew at each
 * evaluation. What the two could read or evaluate differently is refused when it is compiled, at deployment.
 */
import { parseExpression as parse } from 'feelin';
import { nested, spend, spendText } from './budget.ts';
import {
  add,
  compareNum,
  divide,
  multiply,
  negate,
  parseNum,
  power,
  round,
  subtract,
  toDouble,
  toInt,
} from './decimal.ts';
import type { Num } from './decimal.ts';
import { AssertionFailure, BUILTINS, set } from './functions.ts';
import type { Builtin } from './functions.ts';
import {
  civil,
  datePlusSeconds,
  dateTimePlusMonths,
  DayTime,
  FDate,
  FDateTime,
  FTime,
  instantSeconds,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  plusMonths,
  plusSeconds,
  timePlusSeconds,
  weekday,
  YearMonth,
  DAY_SECONDS,
} from './temporal.ts';
import { FeelRefusal } from './types.ts';
import type { FeelEnvironment, Lookup } from './types.ts';
import { compare, entry, equal, Failure, FFunction, isContext, isList, isNum, typeOf } from './values.ts';
import type { TypeName, Val } from './values.ts';

/** Names bound while evaluating: one name, or all entries of a context. Outside of them is the caller's lookup. */
interface Frame {
  readonly name: string;
  readonly value: Val;
  /** Entries are seen like names; `name` (item) only when there is no such entry. */
  readonly spread: boolean;
  readonly outer: Frame | undefined;
}
interface Run {
  readonly lookup: Lookup;
  readonly frame: Frame | undefined;
}
type Code = (run: Run) => Val;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Reading an expression takes longer than in proportion to its tokens: a quarter of a second for this many in the worst case. */
const MOST_TOKENS = 1500;
const LONGEST_EXPRESSION = 100_000;
const DEEPEST_BRACKETS = 50;
const DEEPEST_TREE = 500;

/** @returns why an expression is not even looked at, told by one run through its characters */
function sizeProblem(source: string): string | undefined {
  if (source.length > LONGEST_EXPRESSION) return `it is longer than ${LONGEST_EXPRESSION} characters`;
  const token = /"(?:[^"\\]|\\[^])*"?|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|[\p{L}\p{N}_$]+|\s+|[^]/gu;
  let tokens = 0;
  let depth = 0;
  for (const [text] of source.matchAll(token)) {
    if (text.startsWith('/*') && (text.length < 4 || !text.endsWith('*/'))) return 'a comment does not end';
    if (/^\s|^\/[/*]/.test(text)) continue;
    if (++tokens > MOST_TOKENS) return `it has more than ${MOST_TOKENS} words and signs`;
    if (/^[([{]/.test(text) && ++depth > DEEPEST_BRACKETS)
      return `its brackets are nested more than ${DEEPEST_BRACKETS} deep`;
    if (/^[)\]}]/.test(text)) depth--;
  }
  return undefined;
}

/** How much a piece of an expression costs in each round of a loop: a step for some of its nodes. */
function weight(of: Syntax): number {
  let count = 0;
  const stack = [of];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    count++;
    stack.push(...one.children);
  }
  return 1 + Math.floor(count / 8);
}

/** One node of the parse tree, as far as it is used here. */
interface Syntax {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Syntax[];
}

export interface Compiled {
  readonly names: readonly string[];
  evaluate(lookup: Lookup): Val;
}

export { AssertionFailure };

/** Helps the grammar to read function names with words like `or` in them. */
const FUNCTION_NAMES: Record<string, unknown> = Object.fromEntries(
  [...BUILTINS.keys()].map((name) => [name, () => null]),
);

/**
 * @param source the expression without its leading `=`
 * @throws FeelRefusal when it cannot be parsed or could be evaluated differently from Camunda's engine
 */
export function compile(source: string, env: FeelEnvironment): Compiled {
  const compiler = new Compiler(source, env);
  const code = compiler.compile();
  return { names: compiler.names(), evaluate: (lookup) => code({ lookup, frame: undefined }) };
}

class Compiler {
  private readonly source: string;
  private readonly env: FeelEnvironment;
  private readonly free = new Set<string>();

  constructor(source: string, env: FeelEnvironment) {
    this.source = source;
    this.env = env;
  }

  names(): readonly string[] {
    return [...this.free];
  }

  compile(): Code {
    const problem = sizeProblem(this.source);
    if (problem !== undefined) this.refuse(problem);
    try {
      const top = this.tree();
      const only = top.children[0];
      if (top.name !== 'Expression' || only === undefined || top.children.length > 1)
        this.refuse('it is not one expression');
      return this.code(only);
    } catch (error) {
      // the parser and the steps above call themselves for what is inside
      if (error instanceof RangeError) this.refuse('it is nested too deep');
      throw error;
    }
  }

  private tree(): Syntax {
    const tree = parse(this.source, FUNCTION_NAMES, 'camunda');
    const stack: { name: string; text: string; children: Syntax[] }[] = [{ name: '', text: '', children: [] }];
    tree.iterate({
      enter: (node) => {
        if (node.type.isError)
          this.refuse(`unexpected '${this.source.slice(node.from, node.from + 20)}' at position ${node.from + 1}`);
        if (node.type.isSkipped) return false;
        if (stack.length > DEEPEST_TREE) this.refuse(`it is nested more than ${DEEPEST_TREE} deep`);
        stack.push({ name: node.name, text: this.source.slice(node.from, node.to), children: [] });
        return undefined;
      },
      leave: (node) => {
        if (node.type.isSkipped) return;
        const done = stack.pop();
        const parent = stack.at(-1);
        if (done !== undefined && parent !== undefined) parent.children.push(done);
      },
    });
    const top = stack[0]?.children[0];
    if (top === undefined) this.refuse('it is empty');
    return top;
  }

  private refuse(why: string): never {
    const source = this.source.length > 1000 ? `${this.source.slice(0, 1000)}…` : this.source;
    throw new FeelRefusal(`failed to parse expression '${source}': ${why}`);
  }

  private child(of: Syntax, index: number): Syntax {
    const found = of.children[index];
    if (found === undefined) this.refuse(`'${of.text}' is incomplete`);
    return found;
  }

  // ---- expressions -----------------------------------------------------------------------------------------------------------

  private code(of: Syntax): Code {
    switch (of.name) {
      case 'NumericLiteral': {
        const value = this.numberLiteral(of);
        return () => value;
      }
      case 'StringLiteral': {
        const value = this.stringLiteral(of);
        return () => value;
      }
      case 'BooleanLiteral': {
        const value = of.text === 'true';
        return () => value;
      }
      case 'null':
        return () => null;
      case 'VariableName':
        return this.variable(of);
      case 'ParenthesizedExpression':
        return this.code(this.child(of, 1));
      case 'ArithmeticExpression':
        return this.arithmetic(of);
      case 'Comparison':
        return this.comparison(of);
      case 'Conjunction': {
        const a = this.code(this.child(of, 0));
        const b = this.code(this.child(of, 2));
        return (run) => and(a(run), b(run));
      }
      case 'Disjunction': {
        const a = this.code(this.child(of, 0));
        const b = this.code(this.child(of, 2));
        return (run) => or(a(run), b(run));
      }
      case 'IfExpression': {
        const condition = this.code(this.child(of, 1));
        const then = this.code(this.child(of, 3));
        const otherwise = this.code(this.child(of, 5));
        return (run) => (condition(run) === true ? then(run) : otherwise(run));
      }
      case 'PathExpression':
        return this.path(of);
      case 'FilterExpression':
        return this.filter(of);
      case 'List': {
        const items = of.children.slice(1, -1).map((item) => this.code(item));
        return (run) => {
          spend(items.length);
          return items.map((item) => item(run));
        };
      }
      case 'Context':
        return this.context(of);
      case 'ForExpression':
        return this.forLoop(of);
      case 'QuantifiedExpression':
        return this.quantified(of);
      case 'FunctionInvocation':
        return this.invocation(of);
      case 'DateTimeLiteral':
        return this.temporal(of);
      case 'FunctionDefinition':
        return this.functionDefinition(of);
      case 'InstanceOfExpression':
        return this.instanceOf(of);
      case 'SimplePositiveUnaryTest':
      case 'Interval':
        return this.refuse(`the range '${of.text}' is only supported after 'in'`);
      default:
        return this.refuse(`'${of.text}' is not supported`);
    }
  }

  private numberLiteral(of: Syntax): Num {
    // a literal may carry its sign
    if (!/^-?\s*(\d+(\.\d+)?|\.\d+)$/.test(of.text)) this.refuse(`'${of.text}' is no number`);
    const value = parseNum(of.text.replaceAll(/\s/g, ''));
    if (value === undefined) this.refuse(`'${of.text}' is no number`);
    if (
      Math.abs(toDouble(value)) > Number.MAX_SAFE_INTEGER ||
      (typeof value !== 'number' && compareNum(value, Number.MAX_SAFE_INTEGER) > 0)
    ) {
      this.refuse(`the number ${of.text} is too large`);
    }
    return value;
  }

  private stringLiteral(of: Syntax): string {
    return of.text.slice(1, -1).replace(/\\(["\\ntrbf'])/g, (_, c: string) => ESCAPES[c] ?? c);
  }

  /** The text of a name; names of several words are only those of functions and keys. */
  private name(of: Syntax): string {
    if (of.children.length === 1 && of.children[0]?.name === 'BacktickIdentifier') return of.text.slice(1, -1);
    return of.text.replaceAll(/\s+/g, ' ');
  }

  private simpleName(of: Syntax): string {
    if (of.children.length === 1 && of.children[0]?.name === 'BacktickIdentifier') return of.text.slice(1, -1);
    if (of.children.length !== 1 || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(of.text)) {
      this.refuse(`'${of.text}' is no name (names with other characters stand between backticks)`);
    }
    return of.text;
  }

  private variable(of: Syntax): Code {
    const name = this.simpleName(of);
    this.free.add(name);
    return (run) => {
      let passed = 0;
      for (let frame = run.frame; frame !== undefined; frame = frame.outer) {
        if (++passed % 16 === 0) spend(1);
        if (frame.spread && isContext(frame.value)) {
          const found = entry(frame.value, name);
          if (found !== undefined) return found;
        }
        if (frame.name === name) return frame.value;
      }
      return run.lookup(name) ?? null;
    };
  }

  private arithmetic(of: Syntax): Code {
    if (of.children.length === 2) {
      if (this.child(of, 0).text !== '-') this.refuse(`'${of.text}' is not supported`);
      const value = this.code(this.child(of, 1));
      return (run) => {
        const v = value(run);
        return isNum(v) ? negate(v) : null;
      };
    }
    const left = this.child(of, 0);
    const right = this.child(of, 2);
    this.operands(of, left, right);
    const a = this.code(left);
    const b = this.code(right);
    switch (this.child(of, 1).text) {
      case '+':
        return (run) => plus(a(run), b(run));
      case '-':
        return (run) => minus(a(run), b(run));
      case '*':
        return (run) => times(a(run), b(run));
      case '/':
        return (run) => over(a(run), b(run));
      case '**': {
        const exponent = right.name === 'NumericLiteral' ? this.numberLiteral(right) : undefined;
        if (typeof exponent !== 'number' || Math.abs(exponent) > 999) {
          this.refuse(`the exponent in '${of.text}' must be a fixed whole number`);
        }
        if (left.name === 'ArithmeticExpression' && left.children.length === 2)
          this.refuse(`'${of.text}' needs parentheses`);
        return (run) => {
          const v = a(run);
          if (!isNum(v)) return null;
          const result = power(v, exponent);
          if (result === undefined) throw new Failure('java.lang.ArithmeticException: Division by zero');
          return result;
        };
      }
      default:
        return this.refuse(`'${of.text}' is not supported`);
    }
  }

  /** Camunda's grammar wants parentheses around `if`, `for` and the like inside of an operation. */
  private operands(of: Syntax, ...sides: readonly Syntax[]): void {
    const open = ['IfExpression', 'ForExpression', 'QuantifiedExpression', 'FunctionDefinition'];
    if (sides.some((side) => open.includes(side.name))) this.refuse(`'${of.text}' needs parentheses`);
  }

  private comparison(of: Syntax): Code {
    const left = this.child(of, 0);
    const operator = this.child(of, 1);
    this.operands(of, left, this.child(of, 2));
    if ([left, this.child(of, 2)].some((side) => side.name === 'Comparison'))
      this.refuse(`'${of.text}' needs parentheses`);
    const a = this.code(left);
    if (operator.name === 'between') {
      const low = this.code(this.child(of, 2));
      const high = this.code(this.child(of, 4));
      return (run) => {
        const v = a(run);
        return and(ordered(low(run), v, '<='), ordered(v, high(run), '<='));
      };
    }
    if (operator.name === 'in') return this.membership(of, a);
    const b = this.code(this.child(of, 2));
    switch (operator.text) {
      case '=':
        return (run) => equal(a(run), b(run));
      case '!=':
        return (run) => {
          const same = equal(a(run), b(run));
          return same === null ? null : !same;
        };
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const sign = operator.text;
        return (run) => ordered(a(run), b(run), sign);
      }
      default:
        return this.refuse(`the operator '${operator.text}' is not supported`);
    }
  }

  private membership(of: Syntax, value: Code): Code {
    const third = this.child(of, 2);
    const tests = third.name === 'PositiveUnaryTest' ? [third] : this.child(of, 3).children;
    const checks = tests.map((test) => this.unaryTest(this.child(test, 0)));
    return (run) => {
      const v = value(run);
      let unknown = false;
      for (const check of checks) {
        const result = check(v, run);
        if (result === true) return true;
        if (result === null) unknown = true;
      }
      return unknown ? null : false;
    };
  }

  private unaryTest(of: Syntax): (v: Val, run: Run) => Val {
    if (of.name === 'SimplePositiveUnaryTest') {
      const first = this.child(of, 0);
      if (first.name === 'Interval') return this.interval(first);
      const bound = this.code(this.child(of, 1));
      const sign = first.text;
      if (sign !== '<' && sign !== '<=' && sign !== '>' && sign !== '>=') this.refuse(`'${of.text}' is not supported`);
      return (v, run) => ordered(v, bound(run), sign);
    }
    if (of.name === 'Interval') return this.interval(of);
    // Camunda reads `a in b and c` as `a in (b and c)`, which nobody means: better refused than imitated
    if (['Comparison', 'Conjunction', 'Disjunction', 'BooleanLiteral', 'QuantifiedExpression'].includes(of.name)) {
      this.refuse(`put parentheses around 'in' and its list before '${of.text}'`);
    }
    if (
      of.name === 'ParenthesizedExpression' &&
      ['SimplePositiveUnaryTest', 'Interval'].includes(this.child(of, 1).name)
    ) {
      return this.unaryTest(this.child(of, 1));
    }
    const test = this.code(of);
    return (v, run) => {
      const t = test(run);
      if (t === true) return true;
      return isList(t) ? t.some((item) => equal(item, v) === true) : equal(v, t);
    };
  }

  private interval(of: Syntax): (v: Val, run: Run) => Val {
    const low = this.code(this.child(of, 1));
    const high = this.code(this.child(of, 3));
    const lowSign = this.child(of, 0).text === '[' ? '<=' : '<';
    const highSign = this.child(of, 4).text === ']' ? '<=' : '<';
    return (v, run) => and(ordered(low(run), v, lowSign), ordered(v, high(run), highSign));
  }

  private path(of: Syntax): Code {
    const target = this.code(this.child(of, 0));
    const property = this.child(of, 2);
    const name = property.text.replaceAll(/\s+/g, ' ') === 'time offset' ? 'time offset' : this.simpleName(property);
    return (run) => member(target(run), name);
  }

  private filter(of: Syntax): Code {
    const list = this.code(this.child(of, 0));
    const condition = this.child(of, 2);
    const test = this.code(condition);
    // an index is recognised by evaluating the condition outside the list, unless it can only be a truth value
    const cost = weight(condition);
    const maybeIndex = !['Comparison', 'Conjunction', 'Disjunction', 'QuantifiedExpression'].includes(condition.name);
    return (run) => {
      const l = list(run);
      if (!isList(l)) return null;
      if (maybeIndex) {
        const index = test(run);
        if (isNum(index)) return at(l, toInt(index));
      }
      const found: Val[] = [];
      for (const item of l) {
        spend(cost);
        const result = test({
          lookup: run.lookup,
          frame: { name: 'item', value: item, spread: true, outer: run.frame },
        });
        if (isNum(result)) return at(l, toInt(result));
        if (result === true) found.push(item);
      }
      return found;
    };
  }

  private context(of: Syntax): Code {
    const entries = of.children.slice(1, -1).map((one) => {
      const key = this.child(this.child(one, 0), 0);
      const name = key.name === 'StringLiteral' ? this.stringLiteral(key) : this.name(key);
      return { name, value: this.code(this.child(one, 1)) };
    });
    return (run) => {
      const built: Record<string, Val> = {};
      let frame = run.frame;
      for (const { name, value } of entries) {
        const v = value({ lookup: run.lookup, frame });
        set(built, name, v);
        frame = { name, value: v, spread: false, outer: frame };
      }
      return built;
    };
  }

  private iterators(of: Syntax): { name: string; values: (run: Run) => readonly Val[] | null }[] {
    return of.children.map((one) => {
      const name = this.simpleName(this.child(one, 0));
      const source = this.child(one, 2);
      if (source.children.length === 3 && source.children[1]?.name === '..') {
        const from = this.code(this.child(source, 0));
        const to = this.code(this.child(source, 2));
        return { name, values: (run: Run) => steps(from(run), to(run)) };
      }
      this.operands(one, this.child(source, 0));
      const list = this.code(this.child(source, 0));
      return {
        name,
        values: (run: Run) => {
          const l = list(run);
          return isList(l) ? l : null;
        },
      };
    });
  }

  private forLoop(of: Syntax): Code {
    const iterators = this.iterators(this.child(of, 1));
    const bodySyntax = this.child(of, 3);
    const body = this.code(bodySyntax);
    const cost = weight(bodySyntax);
    if (!mentions(bodySyntax, 'partial')) {
      return (run) => {
        const result: Val[] = [];
        const complete = each(iterators, run, cost, (inner) => result.push(body(inner)));
        return complete ? result : null;
      };
    }
    return (run) => {
      const result: Val[] = [];
      const clean = new WeakSet<object>();
      const complete = each(iterators, run, cost, (inner) => {
        const withPartial = (partial: readonly Val[]): Val =>
          body({
            lookup: run.lookup,
            frame: { name: 'partial', value: partial, spread: false, outer: inner.frame },
          });
        // the list itself is lent, and copied only when this round's value holds on to it
        let value = withPartial(result);
        if (holds(value, result, clean)) {
          spend(result.length);
          value = withPartial([...result]);
        }
        result.push(value);
      });
      return complete ? result : null;
    };
  }

  private quantified(of: Syntax): Code {
    const some = this.child(of, 0).name === 'some';
    const iterators = this.iterators(this.child(of, 1));
    const conditionSyntax = this.child(of, 3);
    const condition = this.code(conditionSyntax);
    const cost = weight(conditionSyntax);
    return (run) => {
      let decided = false;
      let unknown = false;
      const complete = each(iterators, run, cost, (inner) => {
        const result = condition(inner);
        if (result === some) decided = true;
        else if (typeof result !== 'boolean') unknown = true;
      });
      if (!complete) return null;
      return decided ? some : unknown ? null : !some;
    };
  }

  // ---- functions -------------------------------------------------------------------------------------------------------------

  private invocation(of: Syntax): Code {
    const target = this.child(of, 0);
    const parameters = of.children.find((c) => c.name === 'PositionalParameters' || c.name === 'NamedParameters');
    const name =
      target.name === 'VariableName' || target.name === 'SpecialFunctionName' ? this.name(target) : undefined;
    if (name === undefined || parameters === undefined)
      this.refuse(`'${of.text}': only a function with a name can be called`);
    const builtin = BUILTINS.get(name);
    if (builtin === undefined) return this.ownFunction(of, target, parameters);
    return this.builtin(of, name, builtin, parameters);
  }

  /** A function that a context of the expression itself defines. */
  private ownFunction(of: Syntax, target: Syntax, parameters: Syntax): Code {
    if (target.name !== 'VariableName' || target.children.length !== 1 || !this.defines(target.text)) {
      this.refuse(`the function '${target.text}' is not supported`);
    }
    if (parameters.name !== 'PositionalParameters')
      this.refuse(`'${of.text}': only positional arguments are supported`);
    const fn = this.variable(target);
    const args = parameters.children.map((arg) => this.code(arg));
    return (run) => {
      const f = fn(run);
      return f instanceof FFunction && f.parameters === args.length ? f.call(args.map((arg) => arg(run))) : null;
    };
  }

  private defines(name: string): boolean {
    return new RegExp(`[{,]\\s*${name.replaceAll('$', '\\$')}\\s*:\\s*function`).test(this.source);
  }

  private builtin(of: Syntax, name: string, builtin: Builtin, parameters: Syntax): Code {
    let given: readonly Syntax[] = parameters.children;
    if (parameters.name === 'NamedParameters') {
      if (builtin.variadic) this.refuse(`'${name}' takes no named arguments`);
      const named = new Map(given.map((one) => [this.child(one, 0).text.replaceAll(/\s+/g, ' '), this.child(one, 1)]));
      const order = builtin.signatures.find((s) => s.length === named.size && s.every((p) => named.has(p)));
      if (order === undefined) this.refuse(`'${name}' has no arguments named ${[...named.keys()].join(', ')}`);
      given = order.map((p) => named.get(p) ?? parameters);
    } else if (builtin.variadic ? given.length === 0 : !builtin.signatures.some((s) => s.length === given.length)) {
      this.refuse(`'${name}' does not take ${given.length} arguments`);
    }
    const problem = builtin.fixed?.(
      given.map((arg) => (arg.name === 'StringLiteral' ? this.stringLiteral(arg) : undefined)),
    );
    if (problem !== undefined) this.refuse(`${name}: ${problem}`);
    if (name === 'sort' && given[1]?.name !== 'FunctionDefinition')
      this.refuse("'sort' needs a function as its second argument");
    const args = given.map((arg) => this.code(arg));
    const { env } = this;
    // most calls have one or two arguments
    const [first, second] = args;
    const free = IN_PASSING.has(name);
    const call = (values: readonly Val[]): Val => {
      if (!free) pay(values);
      return builtin.call(values, env);
    };
    if (args.length === 1 && first !== undefined) return (run) => call([first(run)]);
    if (args.length === 2 && first !== undefined && second !== undefined) {
      return (run) => call([first(run), second(run)]);
    }
    return (run) => call(args.map((arg) => arg(run)));
  }

  /** `date(…)`, `duration(…)` and the like, and literals `@"…"`. */
  private temporal(of: Syntax): Code {
    const first = this.child(of, 0);
    if (first.name === 'AtLiteral') {
      const literal = this.stringLiteral(this.child(first, 0));
      const value =
        parseDate(literal) ?? parseTime(literal) ?? parseDateTime(literal) ?? parseDuration(literal) ?? null;
      return () => value;
    }
    const parameters = of.children.find((c) => c.name === 'PositionalParameters' || c.name === 'NamedParameters');
    const name = first.text.replaceAll(/\s+/g, ' ');
    const builtin = BUILTINS.get(name);
    if (builtin === undefined || parameters === undefined) this.refuse(`'${of.text}' is not supported`);
    return this.builtin(of, name, builtin, parameters);
  }

  private functionDefinition(of: Syntax): Code {
    const list = of.children.find((c) => c.name === 'FormalParameters');
    const bodySyntax = of.children.find((c) => c.name === 'FunctionBody');
    if (bodySyntax === undefined || bodySyntax.children.length !== 1) this.refuse(`'${of.text}' is not supported`);
    const parameters = (list?.children ?? []).map((p) => {
      if (p.children.length !== 1) this.refuse('types of parameters are not supported');
      return this.simpleName(this.child(this.child(p, 0), 0));
    });
    const body = this.code(this.child(bodySyntax, 0));
    const cost = weight(bodySyntax);
    return (run) =>
      new FFunction(parameters.length, (args) => {
        let frame = run.frame;
        for (const [i, name] of parameters.entries())
          frame = { name, value: args[i] ?? null, spread: false, outer: frame };
        spend(cost);
        return nested(() => body({ lookup: run.lookup, frame }));
      });
  }

  private instanceOf(of: Syntax): Code {
    const value = this.code(this.child(of, 0));
    const type = this.child(of, 3).text.replaceAll(/\s+/g, ' ');
    const types: Readonly<Record<string, readonly TypeName[]>> = {
      number: ['number'],
      string: ['string'],
      boolean: ['boolean'],
      date: ['date'],
      'days and time duration': ['days and time duration'],
      'years and months duration': ['years and months duration'],
      list: ['list'],
      context: ['context'],
    };
    const wanted = types[type];
    if (wanted !== undefined) return (run) => wanted.includes(typeOf(value(run)));
    if (type === 'Any') return (run) => value(run) !== null;
    return this.refuse(`the type '${type}' is not supported`);
  }
}

// ---- operators ------------------------------------------------------------------------------------------------------------------

function and(a: Val, b: Val): Val {
  if (a === false || b === false) return false;
  return a === true && b === true ? true : null;
}

function or(a: Val, b: Val): Val {
  if (a === true || b === true) return true;
  return a === false && b === false ? false : null;
}

function ordered(a: Val, b: Val, sign: '<' | '<=' | '>' | '>='): Val {
  const order = compare(a, b);
  if (order === undefined || Number.isNaN(order)) return null;
  switch (sign) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

function plus(a: Val, b: Val): Val {
  if (isNum(a) && isNum(b)) return add(a, b);
  if (typeof a === 'string') {
    if (typeof b !== 'string') return null;
    spendText(a.length + b.length);
    return a + b;
  }
  if (a instanceof DayTime && b instanceof DayTime) return new DayTime(a.seconds + b.seconds);
  if (a instanceof YearMonth && b instanceof YearMonth) return new YearMonth(a.months + b.months);
  if (a instanceof DayTime || a instanceof YearMonth) return moved(b, a, 1);
  return b instanceof DayTime || b instanceof YearMonth ? moved(a, b, 1) : null;
}

function moved(point: Val, by: DayTime | YearMonth, sign: 1 | -1): Val {
  if (by instanceof YearMonth) {
    if (point instanceof FDate) return new FDate(plusMonths(point.day, sign * by.months));
    return point instanceof FDateTime ? dateTimePlusMonths(point, sign * by.months) : null;
  }
  const seconds = sign * by.seconds;
  if (point instanceof FDate) return new FDate(datePlusSeconds(point.day, seconds));
  if (point instanceof FDateTime) return plusSeconds(point, seconds);
  return point instanceof FTime ? timePlusSeconds(point, seconds) : null;
}

function minus(a: Val, b: Val): Val {
  if (isNum(a) && isNum(b)) return subtract(a, b);
  if (a instanceof DayTime && b instanceof DayTime) return new DayTime(a.seconds - b.seconds);
  if (a instanceof YearMonth && b instanceof YearMonth) return new YearMonth(a.months - b.months);
  if (b instanceof DayTime || b instanceof YearMonth) return moved(a, b, -1);
  if (typeOf(a) !== typeOf(b)) return null;
  if (a instanceof FDate && b instanceof FDate) return new DayTime((a.day - b.day) * DAY_SECONDS);
  if (a instanceof FDateTime && b instanceof FDateTime) return new DayTime(instantSeconds(a) - instantSeconds(b));
  if (a instanceof FTime && b instanceof FTime) {
    if (a.zone !== b.zone && (typeof a.zone === 'string' || typeof b.zone === 'string')) {
      throw new Failure('times in different named zones cannot be subtracted without a date');
    }
    const zone = (t: FTime): number => (typeof t.zone === 'number' ? t.zone : 0);
    return new DayTime(Math.trunc((a.nanos - b.nanos) / 1e9) - zone(a) + zone(b));
  }
  return null;
}

function times(a: Val, b: Val): Val {
  if (isNum(a) && isNum(b)) return multiply(a, b);
  if (isNum(a)) return isNum(b) ? multiply(a, b) : times(b, a);
  if (!isNum(b)) return null;
  if (a instanceof DayTime) return new DayTime(a.seconds * toInt(b));
  return a instanceof YearMonth ? new YearMonth(a.months * toInt(b)) : null;
}

function over(a: Val, b: Val): Val {
  if (isNum(a) && isNum(b)) return divide(a, b) ?? null;
  if (isNum(b)) {
    const amount = a instanceof DayTime ? a.seconds : a instanceof YearMonth ? a.months : undefined;
    const quotient = amount === undefined ? undefined : divide(amount, b);
    if (quotient === undefined) return null;
    const whole = toDouble(round(quotient, 0, 'down'));
    return a instanceof DayTime ? new DayTime(whole) : new YearMonth(whole);
  }
  if (a instanceof DayTime && b instanceof DayTime) return b.seconds === 0 ? null : Math.trunc(a.seconds / b.seconds);
  if (a instanceof YearMonth && b instanceof YearMonth) return b.months === 0 ? null : Math.trunc(a.months / b.months);
  return null;
}

/** From the front counted from 1, from the end from -1. */
function at(list: readonly Val[], index: number): Val {
  return (index > 0 ? list[index - 1] : index < 0 ? list[list.length + index] : undefined) ?? null;
}

/** A range is written out number by number: no routine needs more, and a mistaken variable must not stop the engine. */
const LONGEST_RANGE = 100_000;

function steps(from: Val, to: Val): readonly Val[] | null {
  if (!isNum(from) || !isNum(to)) return null;
  const up = compareNum(from, to) <= 0;
  if (Math.abs(toDouble(subtract(to, from))) > LONGEST_RANGE)
    throw new Failure(`a range of more than ${LONGEST_RANGE} numbers is not supported`);
  spend(Math.abs(toDouble(subtract(to, from))));
  const found: Val[] = [];
  for (let n = from; up ? compareNum(n, to) <= 0 : compareNum(n, to) >= 0; n = add(n, up ? 1 : -1)) found.push(n);
  return found;
}

/**
 * Runs through all combinations, the first iterator outermost; false when one of them has no list. An iterator does not see the names
 * of those before it.
 */
function each(
  iterators: readonly { name: string; values: (run: Run) => readonly Val[] | null }[],
  run: Run,
  cost: number,
  visit: (run: Run) => void,
): boolean {
  const lists: { name: string; values: readonly Val[] }[] = [];
  for (const { name, values } of iterators) {
    const list = values(run);
    if (list === null) return false;
    lists.push({ name, values: list });
  }
  const descend = (depth: number, frame: Frame | undefined): void => {
    const list = lists[depth];
    if (list === undefined) {
      spend(cost);
      visit({ lookup: run.lookup, frame });
    } else for (const value of list.values) descend(depth + 1, { name: list.name, value, spread: false, outer: frame });
  };
  descend(0, run.frame);
  return true;
}

/** Functions that look at no element of a list and at no character of a text. */
const IN_PASSING = new Set(['count', 'is empty', 'is defined', 'get or else', 'string length', 'not', 'get value']);

/** Pays for the arguments of a function: most look at each element of a list and each character of a text once. */
function pay(values: readonly Val[]): void {
  spend(1);
  for (const value of values) {
    if (typeof value === 'string') spendText(value.length);
    else if (isList(value)) spend(value.length);
  }
}

/** Whether a name is used in a piece of an expression. */
function mentions(of: Syntax, name: string): boolean {
  if (of.name === 'VariableName' && (of.text === name || of.text === `\`${name}\``)) return true;
  return of.children.some((child) => mentions(child, name));
}

/**
 * Whether a value holds a certain list, or could (a function sees what was around it).
 * @param clean values known not to hold it
 */
function holds(value: Val, list: readonly Val[], clean: WeakSet<object>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value === list || value instanceof FFunction) return true;
  if (clean.has(value)) return false;
  const parts = isList(value) ? value : isContext(value) ? Object.values(value) : [];
  spend(parts.length);
  if (parts.some((part) => holds(part, list, clean))) return true;
  clean.add(value);
  return false;
}

function member(target: Val, name: string): Val {
  if (isList(target)) {
    spend(target.length);
    return target.map((item) => member(item, name));
  }
  if (isContext(target)) return entry(target, name) ?? null;
  if (target instanceof FDate) return datePart(target.day, name);
  if (target instanceof FDateTime)
    return datePart(target.day, name) ?? clockPart(target.nanos, target.zone, target.offset, name);
  if (target instanceof FTime) {
    if (name === 'time offset' && typeof target.zone === 'string')
      throw new Failure('a time in a named zone has no offset without a date');
    return clockPart(target.nanos, target.zone, typeof target.zone === 'number' ? target.zone : undefined, name);
  }
  if (target instanceof DayTime) {
    const { seconds } = target;
    const part = (unit: number, of: number): number => {
      const value = Math.trunc(seconds / unit) % of;
      return value === 0 ? 0 : value;
    };
    if (name === 'days') return part(DAY_SECONDS, Number.MAX_SAFE_INTEGER);
    if (name === 'hours') return part(3600, 24);
    if (name === 'minutes') return part(60, 60);
    return name === 'seconds' ? part(1, 60) : null;
  }
  if (target instanceof YearMonth) {
    if (name === 'years') return Math.trunc(target.months / 12);
    return name === 'months' ? target.months % 12 : null;
  }
  return null;
}

function datePart(day: number, name: string): Val {
  if (name === 'year' || name === 'month' || name === 'day') return civil(day)[name];
  return name === 'weekday' ? weekday(day) : null;
}

function clockPart(nanos: number, zone: string | number | undefined, offset: number | undefined, name: string): Val {
  const seconds = Math.floor(nanos / 1e9);
  switch (name) {
    case 'hour':
      return Math.floor(seconds / 3600);
    case 'minute':
      return Math.floor(seconds / 60) % 60;
    case 'second':
      return seconds % 60;
    case 'time offset':
      return zone === undefined || offset === undefined ? null : new DayTime(offset);
    case 'timezone':
      return typeof zone === 'string' ? zone : null;
    default:
      return null;
  }
}
