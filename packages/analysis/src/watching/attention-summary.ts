import type { CallSizes } from "./watched-call.js";

/**
 * What each row of an attention looks like, without its weights. The arrays are row-major; a row without an allowed key has the
 * entropy 0, no top keys and a `logSumExp` of -Infinity.
 */
export interface AttentionSummary extends CallSizes {
  /** How many top keys each row has. */
  readonly topK: number;
  /** `[batch, heads, queryLength]`: −Σ p ln p, in nats. A sink and a learned key are outcomes too. */
  readonly entropy: Float32Array;
  /** `[batch, heads, queryLength]`: the weight of the first key, on which heads rest that have nothing to do (Xiao et al. 2023). */
  readonly firstKey: Float32Array;
  /** `[batch, heads, queryLength]`: the weight of a sink and of a learned key, which belong to no token; 0 if there are none. */
  readonly extraKeys: Float32Array;
  /** `[batch, heads, queryLength]`: ln Σ exp(score), including a sink. */
  readonly logSumExp: Float32Array;
  /** `[batch, heads, queryLength, topK]`: the indices of the keys with the largest weights, in descending order; -1 if there are fewer. */
  readonly topKeys: Int32Array;
  /** `[batch, heads, queryLength, topK]`: the weights of `topKeys`; 0 if there are fewer. */
  readonly topWeights: Float32Array;
}

/** Some rows of all heads, as they come from the backend. */
export interface RowBlock {
  readonly start: number;
  readonly end: number;
  /** `[batch, heads, end - start, columns]` */
  readonly weights: ArrayLike<number>;
  /** `[batch, heads, end - start]` */
  readonly logSumExp: ArrayLike<number>;
}

/** Collects a summary from blocks of rows. */
export class SummaryBuilder {
  readonly summary: AttentionSummary;
  readonly #columns: number;
  readonly #hasSink: boolean;

  constructor(sizes: CallSizes, columns: number, hasSink: boolean, topK: number) {
    const rows = sizes.batch * sizes.heads * sizes.queryLength;
    this.#columns = columns;
    this.#hasSink = hasSink;
    this.summary = {
      ...sizes,
      topK,
      entropy: new Float32Array(rows),
      firstKey: new Float32Array(rows),
      extraKeys: new Float32Array(rows),
      logSumExp: new Float32Array(rows),
      topKeys: new Int32Array(rows * topK).fill(-1),
      topWeights: new Float32Array(rows * topK),
    };
  }

  add({ start, end, weights, logSumExp }: RowBlock): void {
    const { batch, heads, queryLength } = this.summary;
    const count = end - start;
    for (let from = 0; from < batch * heads * count; from++) {
      const row = Math.floor(from / count) * queryLength + start + (from % count);
      this.summary.logSumExp[row] = logSumExp[from]!;
      this.#addRow(row, weights, from * this.#columns);
    }
  }

  #addRow(row: number, weights: ArrayLike<number>, first: number): void {
    const { keyLength, entropy, firstKey, extraKeys } = this.summary;
    let [sum, sumOfLogs] = [0, 0];
    for (let column = first; column < first + this.#columns; column++) {
      const weight = weights[column]!;
      if (weight <= 0) continue;
      sum += weight;
      sumOfLogs += weight * Math.log(weight);
    }
    const learned = this.#columns > keyLength ? weights[first + keyLength]! : 0;
    const sink = this.#hasSink ? Math.max(0, 1 - sum) : 0;
    const total = sum + sink;
    const logs = sumOfLogs + (sink > 0 ? sink * Math.log(sink) : 0);
    entropy[row] = total === 0 ? 0 : Math.max(0, Math.log(total) - logs / total);
    firstKey[row] = keyLength === 0 ? 0 : weights[first]!;
    extraKeys[row] = learned + sink;
    this.#addTop(row, weights, first);
  }

  /** Inserts each larger weight into the sorted list of the row. */
  #addTop(row: number, weights: ArrayLike<number>, first: number): void {
    const { keyLength, topK, topKeys, topWeights } = this.summary;
    const [begin, last] = [row * topK, (row + 1) * topK - 1];
    for (let key = 0; key < keyLength; key++) {
      const weight = weights[first + key]!;
      if (!(weight > topWeights[last]!)) continue;
      let at = last;
      for (; at > begin && topWeights[at - 1]! < weight; at--) {
        topWeights[at] = topWeights[at - 1]!;
        topKeys[at] = topKeys[at - 1]!;
      }
      topWeights[at] = weight;
      topKeys[at] = key;
    }
  }
}
