/** Attention in plain float64 loops, for comparison; everything is row-major. */
export interface OracleInput {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly headDim: number;
  readonly valueDim: number;
  readonly query: ArrayLike<number>;
  readonly key: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly allowed?: (batch: number, head: number, query: number, key: number) => boolean;
  readonly bias?: (batch: number, head: number, query: number, key: number) => number;
  readonly scale?: number;
  readonly softcap?: number;
  readonly sink?: ArrayLike<number>;
  /** `[batch, heads, queryLength, keyLength]` factors of the weights. */
  readonly dropoutFactors?: ArrayLike<number>;
}

/** What the oracle gives: `output`, `weights` and `logSumExp` in the layouts of `scaledDotProductAttention`. */
export interface OracleOutput {
  readonly output: Float64Array;
  readonly weights: Float64Array;
  readonly logSumExp: Float64Array;
}

/** softmax(mask(cap(scale Q Kᵀ + bias))) V, cell by cell. */
export function attentionOracle(input: OracleInput): OracleOutput {
  const { batch, heads, queryLength, keyLength, valueDim } = input;
  const output = new Float64Array(batch * heads * queryLength * valueDim);
  const weights = new Float64Array(batch * heads * queryLength * keyLength);
  const logSumExp = new Float64Array(batch * heads * queryLength);
  let row = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let q = 0; q < queryLength; q++, row++) {
        const allowed = Array.from({ length: keyLength }, (_, k) => input.allowed?.(b, h, q, k) ?? true);
        const scores = allowed.map((open, k) => (open ? score(input, b, h, q, k) : -Infinity));
        const softmax = rowSoftmax(scores, input.sink?.[h]);
        logSumExp[row] = softmax.logSumExp;
        weights.set(softmax.weights, row * keyLength);
        for (let k = 0; k < keyLength; k++) {
          if (!allowed[k]) continue;
          const weight = softmax.weights[k]! * (input.dropoutFactors?.[row * keyLength + k] ?? 1);
          for (let d = 0; d < valueDim; d++) output[row * valueDim + d]! += weight * input.value[valueIndex(input, b, h, k, d)]!;
        }
      }
    }
  }
  return { output, weights, logSumExp };
}

function score(input: OracleInput, b: number, h: number, q: number, k: number): number {
  const { heads, kvHeads, queryLength, keyLength, headDim, softcap } = input;
  const queryRow = ((b * heads + h) * queryLength + q) * headDim;
  const keyRow = ((b * kvHeads + Math.floor((h * kvHeads) / heads)) * keyLength + k) * headDim;
  let product = 0;
  for (let d = 0; d < headDim; d++) product += input.query[queryRow + d]! * input.key[keyRow + d]!;
  const biased = product * (input.scale ?? 1 / Math.sqrt(headDim)) + (input.bias?.(b, h, q, k) ?? 0);
  return softcap === undefined ? biased : softcap * Math.tanh(biased / softcap);
}

function valueIndex({ heads, kvHeads, keyLength, valueDim }: OracleInput, b: number, h: number, k: number, d: number): number {
  return ((b * kvHeads + Math.floor((h * kvHeads) / heads)) * keyLength + k) * valueDim + d;
}

function rowSoftmax(scores: readonly number[], sink?: number): { weights: number[]; logSumExp: number } {
  if (scores.every((each) => each === -Infinity)) return { weights: scores.map(() => 0), logSumExp: -Infinity };
  const largest = Math.max(...scores, sink ?? -Infinity);
  const exponentials = scores.map((each) => Math.exp(each - largest));
  const total = exponentials.reduce((sum, each) => sum + each, sink === undefined ? 0 : Math.exp(sink - largest));
  return { weights: exponentials.map((each) => each / total), logSumExp: largest + Math.log(total) };
}
