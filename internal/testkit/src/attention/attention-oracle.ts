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
  /** The weight of the sink in each row, `[batch, heads, queryLength]`. */
  readonly sinkWeights: Float64Array;
}

/** softmax(mask(cap(scale Q Kᵀ + bias))) V, cell by cell. */
export function attentionOracle(input: OracleInput): OracleOutput {
  const { batch, heads, queryLength, keyLength, valueDim } = input;
  const output = new Float64Array(batch * heads * queryLength * valueDim);
  const weights = new Float64Array(batch * heads * queryLength * keyLength);
  const logSumExp = new Float64Array(batch * heads * queryLength);
  const sinkWeights = new Float64Array(batch * heads * queryLength);
  let row = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let q = 0; q < queryLength; q++, row++) {
        const allowed = Array.from({ length: keyLength }, (_, k) => input.allowed?.(b, h, q, k) ?? true);
        const scores = allowed.map((open, k) => (open ? score(input, b, h, q, k) : -Infinity));
        const softmax = rowSoftmax(scores, input.sink?.[h]);
        logSumExp[row] = softmax.logSumExp;
        sinkWeights[row] = softmax.sinkWeight;
        weights.set(softmax.weights, row * keyLength);
        for (let k = 0; k < keyLength; k++) {
          if (!allowed[k]) continue;
          const weight = softmax.weights[k]! * (input.dropoutFactors?.[row * keyLength + k] ?? 1);
          for (let d = 0; d < valueDim; d++) output[row * valueDim + d]! += weight * input.value[valueIndex(input, b, h, k, d)]!;
        }
      }
    }
  }
  return { output, weights, logSumExp, sinkWeights };
}

/** Gradients in the layouts of the inputs; `bias` is `[batch, heads, queryLength, keyLength]`. */
export interface OracleGradients {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
  readonly bias: Float64Array;
  readonly sink: Float64Array;
}

/** Gradients of what the oracle gives; absent weights have none. */
export interface OracleUpstream {
  readonly output: ArrayLike<number>;
  readonly logSumExp: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
}

/** The gradients of {@link attentionOracle} for given gradients of its output, logSumExp and weights, cell by cell. */
export function attentionGradientOracle(
  input: OracleInput,
  { output: gradOutput, logSumExp: gradLogSumExp, weights: gradWeights }: OracleUpstream,
): OracleGradients {
  const { batch, heads, queryLength, keyLength, headDim, valueDim, scale = 1 / Math.sqrt(headDim) } = input;
  const { weights, sinkWeights } = attentionOracle(input);
  const gradients = {
    query: new Float64Array(input.query.length),
    key: new Float64Array(input.key.length),
    value: new Float64Array(input.value.length),
    bias: new Float64Array(weights.length),
    sink: new Float64Array(heads),
  };
  let row = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let q = 0; q < queryLength; q++, row++) {
        const weight = (k: number) => weights[row * keyLength + k]!;
        const open = Array.from({ length: keyLength }, (_, k) => k).filter((k) => weight(k) !== 0);
        const upstream = open.map((k) => {
          const factor = input.dropoutFactors?.[row * keyLength + k] ?? 1;
          let product = 0;
          for (let d = 0; d < valueDim; d++) {
            const at = valueIndex(input, b, h, k, d);
            product += gradOutput[row * valueDim + d]! * input.value[at]!;
            gradients.value[at]! += weight(k) * factor * gradOutput[row * valueDim + d]!;
          }
          return factor * product + (gradWeights?.[row * keyLength + k] ?? 0);
        });
        const mean = open.reduce((total, k, index) => total + weight(k) * upstream[index]!, 0);
        gradients.sink[h]! += sinkWeights[row]! * (gradLogSumExp[row]! - mean);
        open.forEach((k, index) => {
          const capped = score(input, b, h, q, k);
          const slope = input.softcap === undefined ? 1 : 1 - (capped / input.softcap) ** 2;
          const toScore = weight(k) * (upstream[index]! - mean + gradLogSumExp[row]!) * slope;
          gradients.bias[row * keyLength + k] = toScore;
          for (let d = 0; d < headDim; d++) {
            const [queryAt, keyAt] = [row * headDim + d, keyIndex(input, b, h, k, d)];
            gradients.query[queryAt]! += scale * toScore * input.key[keyAt]!;
            gradients.key[keyAt]! += scale * toScore * input.query[queryAt]!;
          }
        });
      }
    }
  }
  return gradients;
}

function score(input: OracleInput, b: number, h: number, q: number, k: number): number {
  const { heads, queryLength, headDim, softcap } = input;
  const queryRow = ((b * heads + h) * queryLength + q) * headDim;
  const keyRow = keyIndex(input, b, h, k, 0);
  let product = 0;
  for (let d = 0; d < headDim; d++) product += input.query[queryRow + d]! * input.key[keyRow + d]!;
  const biased = product * (input.scale ?? 1 / Math.sqrt(headDim)) + (input.bias?.(b, h, q, k) ?? 0);
  return softcap === undefined ? biased : softcap * Math.tanh(biased / softcap);
}

function keyIndex({ heads, kvHeads, keyLength, headDim }: OracleInput, b: number, h: number, k: number, d: number): number {
  return ((b * kvHeads + Math.floor((h * kvHeads) / heads)) * keyLength + k) * headDim + d;
}

function valueIndex({ heads, kvHeads, keyLength, valueDim }: OracleInput, b: number, h: number, k: number, d: number): number {
  return ((b * kvHeads + Math.floor((h * kvHeads) / heads)) * keyLength + k) * valueDim + d;
}

function rowSoftmax(scores: readonly number[], sink = -Infinity): { weights: number[]; sinkWeight: number; logSumExp: number } {
  if (scores.every((each) => each === -Infinity)) return { weights: scores.map(() => 0), sinkWeight: 0, logSumExp: -Infinity };
  const largest = Math.max(...scores, sink);
  const exponentials = scores.map((each) => Math.exp(each - largest));
  const sinkTerm = Math.exp(sink - largest);
  const total = exponentials.reduce((sum, each) => sum + each, sinkTerm);
  return { weights: exponentials.map((each) => each / total), sinkWeight: sinkTerm / total, logSumExp: largest + Math.log(total) };
}
