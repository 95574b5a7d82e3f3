/**
 * Regular expressions that mean the same in Java (which Camunda's FEEL uses) and in JavaScript. A pattern outside this common part is
 * refused at deployment.
 */
import type { Val } from './values.ts';

const cache = new Map<string, SafeRegExp>();
const CACHE_SIZE = 500;

export class SafeRegExp {
  private readonly expression: RegExp;
  private readonly groups: number;

  private constructor(source: string, flags: string) {
    this.expression = new RegExp(translate(source, flags.includes('m')), `g${flags.replace(/[^ims]/g, '')}`);
    this.groups = new RegExp(`${translate(source, false)}|`).exec('')?.length ?? 1;
  }

  /** @returns why a pattern with these flags is not taken, or undefined when it is */
  static problem(source: string, flags: string): string | undefined {
    if (!/^[ims]*$/.test(flags)) return `the flags '${flags}' are not supported`;
    // Java folds only ASCII letters without regard to case, JavaScript all
    if (flags.includes('i') && !/^[\x20-\x7e]*$/.test(source))
      return "the flag 'i' is only supported with ASCII patterns";
    const outside = unsupported(source);
    if (outside !== undefined) return `'${outside}' is not supported in the pattern '${source}'`;
    try {
      SafeRegExp.of(source, flags);
      return undefined;
    } catch {
      return `the pattern '${source}' is not valid`;
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

  test(input: string): boolean {
    this.expression.lastIndex = 0;
    return this.expression.test(input);
  }

  all(input: string): string[] {
    return Array.from(input.matchAll(this.expression), (match) => match[0]);
  }

  split(input: string): string[] {
    const parts: string[] = [];
    let from = 0;
    for (const match of input.matchAll(this.expression)) {
      parts.push(input.slice(from, match.index));
      from = match.index + match[0].length;
    }
    return [...parts, input.slice(from)];
  }

  replace(input: string, replacement: string): string {
    return input.replace(this.expression, (...args: unknown[]) =>
      replacement.replace(/\$(\d)/g, (_, digit: string) => {
        const group = args[Number(digit)];
        return typeof group === 'string' ? group : '';
      }),
    );
  }
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

/** Java's white space, dot and line ends in JavaScript's words. */
function translate(source: string, multiline: boolean): string {
  let inClass = false;
  return source.replace(/\\[\s\S]|[[\].$^]/g, (token) => {
    if (token === '[') inClass = true;
    else if (token === ']') inClass = false;
    else if (token === '\\s') return inClass ? ' \\t\\n\\v\\f\\r' : '[ \\t\\n\\v\\f\\r]';
    else if (token === '\\S' && !inClass) return '[^ \\t\\n\\v\\f\\r]';
    else if (token === '$' && !inClass && !multiline)
      return '(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?(?![\\s\\S]))';
    return token;
  });
}
