/** Which pairs of ids merge, in which order, and into what. */
export interface Merges {
  /** A pair is `first * width + second`. */
  readonly width: number;
  /** The rank of a pair: lower ones merge first. */
  readonly ranks: Map<number, number>;
  /** The id that comes of a rank. */
  readonly results: number[];
}

/** Merges neighbours until no pair is left: always the pair of the lowest rank, and of these the leftmost one. */
export function mergedIds(ids: number[], merges: Merges): number[] {
  return ids.length < 24 ? mergedByScan(ids, merges) : mergedByQueue(ids, merges);
}

/** Looks at all pairs for each merge: the faster way for a word. */
function mergedByScan(ids: number[], { width, ranks, results }: Merges): number[] {
  const found: number[] = [];
  const rankAt = (at: number) => ranks.get(ids[at]! * width + ids[at + 1]!) ?? Infinity;
  for (let at = 0; at + 1 < ids.length; at++) found.push(rankAt(at));
  for (;;) {
    let best = Infinity;
    let place = -1;
    for (let at = 0; at < found.length; at++) {
      if (found[at]! < best) {
        best = found[at]!;
        place = at;
      }
    }
    if (place === -1) return ids;
    ids.splice(place, 2, results[best]!);
    found.splice(place, 1);
    if (place > 0) found[place - 1] = rankAt(place - 1);
    if (place < found.length) found[place] = rankAt(place);
  }
}

const span = 2 ** 32;

/** Keeps the pairs in a queue by rank and place: n log n for a long text without words. */
function mergedByQueue(ids: number[], { width, ranks, results }: Merges): number[] {
  const count = ids.length;
  const next = Int32Array.from(ids, (_, at) => (at + 1 < count ? at + 1 : -1));
  const previous = Int32Array.from(ids, (_, at) => at - 1);
  const isGone = new Uint8Array(count);
  const queue = new NumberQueue();
  const rankAt = (at: number) => {
    const right = next[at]!;
    return right === -1 ? undefined : ranks.get(ids[at]! * width + ids[right]!);
  };
  const offer = (at: number) => {
    const rank = rankAt(at);
    if (rank !== undefined) queue.push(rank * span + at);
  };
  for (let at = 0; at < count; at++) offer(at);
  for (let least = queue.pop(); least !== undefined; least = queue.pop()) {
    const at = least % span;
    const rank = Math.floor(least / span);
    if (isGone[at] === 1 || rankAt(at) !== rank) continue; // a pair that another merge has changed
    const right = next[at]!;
    ids[at] = results[rank]!;
    isGone[right] = 1;
    next[at] = next[right]!;
    const [before, after] = [previous[at]!, next[at]!];
    if (after !== -1) previous[after] = at;
    if (before !== -1) offer(before);
    offer(at);
  }
  return ids.filter((_, at) => isGone[at] === 0);
}

/** A binary heap of numbers, the least first. */
class NumberQueue {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= value) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const least = heap[0];
    const value = heap.pop();
    if (value === undefined || heap.length === 0) return least;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
    return least;
  }
}
