import { medTidsgrense } from './client.ts';

interface Side<T> {
  items?: T[];
  page?: { endCursor?: string | null };
}

const SIDESTOERRELSE = 500;
const KALL_MS = 15_000;

/**
 * Every hit of a search, page by page. Searches are eventually consistent and not a snapshot: what matters is checked again
 * row by row by the caller.
 * @param hent one search with the given page
 */
export async function* alleTreff<T>(
  hent: (side: { limit: number; after?: string }) => Promise<Side<T>> & { cancel(): void },
): AsyncGenerator<T[]> {
  let after: string | undefined;
  for (;;) {
    const svar = await medTidsgrense(
      hent(after === undefined ? { limit: SIDESTOERRELSE } : { limit: SIDESTOERRELSE, after }),
      KALL_MS,
    );
    const treff = svar.items ?? [];
    if (treff.length > 0) yield treff;
    const neste = svar.page?.endCursor;
    if (treff.length < SIDESTOERRELSE || !neste || neste === after) return;
    after = neste;
  }
}
