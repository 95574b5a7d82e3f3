import type { Key } from '../commands/types.ts';

export type DueKind = 'timer' | 'job' | 'backoff' | 'message';

/** Something that happens at a time. Entries are never taken out when they become void: whoever acts on one checks first. */
export interface Due {
  readonly at: number;
  readonly kind: DueKind;
  readonly key: Key;
  /** The process instance; 0 for what belongs to none. */
  readonly instance: Key;
}

/** A binary heap of what is due, earliest first; of the same time in the order of their keys. */
export class DueHeap {
  readonly #heap: Due[] = [];

  #before(a: Due, b: Due): boolean {
    return a.at !== b.at ? a.at < b.at : a.key < b.key;
  }

  get size(): number {
    return this.#heap.length;
  }

  peek(): Due | undefined {
    return this.#heap[0];
  }

  push(due: Due): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(due);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (!parent || !this.#before(due, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = due;
  }

  pop(): Due | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      let least = heap[child];
      if (!least) break;
      const right = heap[child + 1];
      if (right && this.#before(right, least)) {
        child++;
        least = right;
      }
      if (!this.#before(least, last)) break;
      heap[i] = least;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
