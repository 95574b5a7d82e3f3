/** Texts that are searched by: they stand in indexes of the database, which take so much and no more. */

/** Longest name, key, type or assignee: two of them in one index row stay below PostgreSQL's limit of 2,704 bytes. */
export const LONGEST_NAME = 400;

/** Half of a surrogate pair without the other. */
const HALF = /\p{Surrogate}/u;

/** @returns what is wrong with a text that is to be searched by, to be read after the text's name; undefined when nothing is */
export function textProblem(text: string, longest = LONGEST_NAME): string | undefined {
  if (text.length > longest) return `must not be longer than ${longest} characters, but has ${text.length}`;
  if (text.includes('\0') || HALF.test(text))
    return 'must not contain the character NUL or half of a surrogate pair, which the database cannot store';
  return undefined;
}
