/** Capacities below this size count as used up, so that rounding never leads along a path that carries nothing. */
const exhausted = 1e-12;

/** A directed network of pipes with capacities, and maximum flows through it by Dinitz's algorithm. */
export class FlowNetwork {
  /** The pipes that leave each node; pipe p and its reverse p ^ 1 are a pair. */
  readonly #leaving: number[][];
  readonly #target: number[] = [];
  readonly #capacity: number[] = [];

  constructor(nodes: number) {
    this.#leaving = Array.from({ length: nodes }, () => []);
  }

  /** @returns the pipe, for {@link setCapacity} */
  addPipe(from: number, to: number, capacity: number): number {
    const pipe = this.#target.length;
    this.#leaving[from]!.push(pipe);
    this.#leaving[to]!.push(pipe + 1);
    this.#target.push(to, from);
    this.#capacity.push(capacity, 0);
    return pipe;
  }

  setCapacity(pipe: number, capacity: number): void {
    this.#capacity[pipe] = capacity;
  }

  /** The most that can flow from one node to another. The network stays as it is. */
  maxFlow(source: number, sink: number): number {
    const left = Float64Array.from(this.#capacity);
    const bound = Math.min(this.#sumOver(source, 0), this.#sumOver(sink, 1));
    let total = 0;
    for (;;) {
      if (total >= bound - exhausted) return total;
      const levels = this.#levels(left, source, sink);
      if (levels[sink] === -1) return total;
      const next = new Int32Array(this.#leaving.length);
      for (let pushed = Infinity; pushed > 0; total += pushed) {
        pushed = this.#push(left, levels, next, source, sink, Infinity);
      }
    }
  }

  /** The capacity of the pipes that leave a node, or of those that enter it when `reverse` is 1. */
  #sumOver(node: number, reverse: 0 | 1): number {
    return this.#leaving[node]!.reduce((sum, pipe) => sum + this.#capacity[pipe ^ reverse]!, 0);
  }

  /** Each node's distance from the source along pipes with capacity left; -1 when there is no such path. */
  #levels(left: Float64Array, source: number, sink: number): Int32Array {
    const levels = new Int32Array(this.#leaving.length).fill(-1);
    levels[source] = 0;
    const queue = [source];
    for (const node of queue) {
      if (node === sink) break;
      for (const pipe of this.#leaving[node]!) {
        const target = this.#target[pipe]!;
        if (levels[target] !== -1 || left[pipe]! <= exhausted) continue;
        levels[target] = levels[node]! + 1;
        queue.push(target);
      }
    }
    return levels;
  }

  /** Pushes flow along one shortest path. @returns how much; 0 when no shortest path has capacity left */
  #push(left: Float64Array, levels: Int32Array, next: Int32Array, node: number, sink: number, limit: number): number {
    if (node === sink) return limit;
    const leaving = this.#leaving[node]!;
    for (; next[node]! < leaving.length; next[node]!++) {
      const pipe = leaving[next[node]!]!;
      const target = this.#target[pipe]!;
      if (left[pipe]! <= exhausted || levels[target] !== levels[node]! + 1) continue;
      const pushed = this.#push(left, levels, next, target, sink, Math.min(limit, left[pipe]!));
      if (pushed === 0) continue;
      left[pipe]! -= pushed;
      left[pipe ^ 1]! += pushed;
      return pushed;
    }
    return 0;
  }
}
