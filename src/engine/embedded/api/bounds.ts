/**
 * Every size that a request to the API decides, in one place. What is over a bound answers 400 and names the field and the bound (413 for
 * the body, 429 where it is not one request but all of them together that are too much). docs/motorgrenser.md is made from this table.
 *
 * Camunda's own bounds are kept where there are any; the others are far above what processes of people need, and low enough that no
 * request costs more than the others can wait for.
 */
import { Problem } from './problem.ts';

interface Bound {
  readonly limit: number;
  /** What is bounded, as the table in the documentation says it. */
  readonly what: string;
  readonly why: string;
}

export const BOUNDS = {
  // ---- the body as a whole
  bodyBytes: {
    limit: 4 * 1024 * 1024,
    what: 'Bytes in a body, and in all files of a deployment together',
    why: "Camunda's largest message (4 MB)",
  },
  bodiesInFlight: {
    limit: 64 * 1024 * 1024,
    what: 'Bytes in the bodies of all requests over HTTP that are being answered; more answers 429',
    why: 'memory: sixteen of the largest bodies',
  },
  depth: { limit: 1000, what: 'Levels of nesting in JSON', why: "Camunda's JSON reader" },
  values: {
    limit: 500_000,
    what: 'Values in a JSON body',
    why: 'an empty list takes two bytes to send and many to hold',
  },
  connections: { limit: 1000, what: 'Connections over HTTP; more are closed', why: 'memory' },

  // ---- texts
  key: { limit: 25, what: 'Characters of a key in the path', why: "the API's description" },
  name: {
    limit: 256,
    what: 'Characters of a name: ids, job types, workers, message names, correlation keys, variable names, users, groups, error codes, file names …',
    why: "Camunda's bound for names and keys",
  },
  text: { limit: 65_536, what: 'Characters of an error message or a reason', why: 'room for a long stack trace' },
  filterText: {
    limit: 8191,
    what: 'Characters of a text in a filter',
    why: 'as much of a value as a search shows and Camunda finds by',
  },
  like: { limit: 256, what: 'Characters of a pattern (`$like`)', why: 'a pattern is tried on every row' },
  wildcards: { limit: 16, what: '`*` and `?` in a pattern (`$like`)', why: 'each multiplies the work of a comparison' },

  // ---- searches
  pageLimit: { limit: 10_000, what: '`page.limit`', why: "the result window of Camunda's search storage" },
  pageWindow: {
    limit: 10_000,
    what: '`page.from` and `page.limit` together; go further with `page.after`',
    why: "the result window of Camunda's search storage",
  },
  cursor: { limit: 300, what: 'Characters of `page.after` and `page.before`', why: "the API's description" },
  sort: { limit: 10, what: 'Fields that a search sorts by', why: 'the comparison with a cursor grows with the square' },
  inList: { limit: 1000, what: 'Values in `$in` and `$notIn`', why: 'each is compared' },
  branches: { limit: 20, what: 'Branches of `$or`', why: 'each may read the table once more' },
  conditions: { limit: 200, what: 'Comparisons in a filter, all branches together', why: 'each is made for every row' },
  variableFilters: {
    limit: 50,
    what: 'Variables in a filter, all branches together',
    why: 'variables are looked up for every row',
  },
  lookups: {
    limit: 20,
    what: 'Parts of a filter that look into other tables (variables, `errorMessage`, `elementId` …), all branches together',
    why: 'each may take working memory of its own in the database',
  },
  pageBytes: {
    limit: 32 * 1024 * 1024,
    what: 'Bytes in the items of a page (ask for fewer with `page.limit`)',
    why: 'memory; untruncated values may have 4 MB each',
  },
  readMs: {
    limit: 10_000,
    what: 'Milliseconds that a read may take in the database; longer answers 429',
    why: 'a search that reads everything must not hold up the others',
  },
  readsAtOnce: { limit: 4, what: 'Reads that run at the same time', why: 'the rest of the database is for the writer' },
  readsWaiting: { limit: 200, what: 'Reads that wait for their turn; more answer 429', why: 'memory' },

  // ---- commands
  resources: { limit: 100, what: 'Files in a deployment', why: 'each is parsed' },
  variables: {
    limit: 1000,
    what: 'Variables in a request, all its instructions together',
    why: 'each is a row of its own',
  },
  fetchVariables: { limit: 1000, what: '`fetchVariable`, `fetchVariables`', why: 'each is looked up for each job' },
  tags: { limit: 10, what: '`tags`', why: "the API's description" },
  tenants: { limit: 100, what: '`tenantIds`', why: 'there is one tenant' },
  startInstructions: { limit: 100, what: '`startInstructions`', why: 'each starts an element' },
  runtimeInstructions: { limit: 100, what: '`runtimeInstructions`', why: 'each is asked after each element' },
  activateInstructions: { limit: 100, what: '`activateInstructions`', why: 'each starts an element' },
  variableInstructions: { limit: 100, what: '`variableInstructions` of one activation', why: 'each writes variables' },
  terminateInstructions: { limit: 1000, what: '`terminateInstructions`', why: 'each ends an element' },
  mappingInstructions: { limit: 1000, what: '`mappingInstructions`', why: 'more than a diagram has elements' },
  activateElements: { limit: 100, what: '`activateElements` of a job result', why: 'as `activateInstructions`' },
  candidates: {
    limit: 200,
    what: '`candidateUsers`, `candidateGroups`',
    why: 'each stands in every listing of the task',
  },
  jobsAtOnce: {
    limit: 1000,
    what: '`maxJobsToActivate`; a larger number is taken as this one',
    why: 'a batch of jobs is one answer; Camunda fills one up to 4 MB',
  },
  waiting: {
    limit: 2000,
    what: 'Requests that wait for a job or for the end of an instance; more answer 429',
    why: 'memory',
  },

  // ---- times
  waitMs: {
    limit: 86_400_000,
    what: '`requestTimeout`; a longer one is taken as this one',
    why: 'a day; longer than any connection lives',
  },
  durationMs: {
    limit: 250_000_000_000_000,
    what: '`timeToLive`, `timeout`, `retryBackOff`; a longer one is taken as this one',
    why: 'Camunda takes any 64 bit number; with this one every time stays before the year 10000',
  },
  instant: {
    limit: 253_402_300_799_999,
    what: '`timestamp` of the clock',
    why: 'the end of the year 9999',
  },
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof BOUNDS;

/** A value as it is repeated in a message: cut, since messages are not there to send back what was sent. */
export function shown(value: string): string {
  return value.length > 100 ? `${value.slice(0, 100)}…` : value;
}

/** @throws Problem 400 when a list of the request has too many entries */
export function boundCount(field: string, count: number, bound: BoundName): void {
  const { limit } = BOUNDS[bound];
  if (count > limit)
    throw Problem.invalid(`The value for ${shown(field)} has ${count} entries but at most ${limit} are allowed`);
}

/** @throws Problem 400 when a number of the request is too large */
export function boundNumber(field: string, value: number, bound: BoundName): void {
  const { limit } = BOUNDS[bound];
  if (value > limit) throw Problem.invalid(`The value for ${field} is '${value}' but must be at most ${limit}`);
}

/**
 * @throws Problem 400 when a text of the request is too long, or holds what no column of type text can: the character NUL, or half of a
 *   pair of surrogates
 */
export function boundText(field: string, text: string, bound: BoundName): void {
  const { limit } = BOUNDS[bound];
  if (text.length > limit)
    throw Problem.invalid(`The provided ${shown(field)} exceeds the limit of ${limit} characters`);
  if (text.includes('\0')) throw Problem.invalid(`The value for ${shown(field)} must not contain the character NUL`);
  if (bound !== 'text' && /\p{Surrogate}/u.test(text))
    throw Problem.invalid(`The value for ${shown(field)} is not well-formed Unicode`);
}

/** A duration of the request, at most the longest that is handled: Camunda takes any 64 bit number. */
export function clampedDuration(milliseconds: number): number {
  const { limit } = BOUNDS.durationMs;
  return Math.min(Math.max(milliseconds, -limit), limit);
}

/** A time to wait, at most the longest that is waited. */
export function clampedWait(milliseconds: number): number {
  return Math.min(milliseconds, BOUNDS.waitMs.limit);
}
