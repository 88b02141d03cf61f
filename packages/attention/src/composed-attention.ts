import { add, cast, fill, mean, mul, type Tensor, type Tensor4D, where, zeros } from "@tensorflow/tfjs-core";
import { broadcast, dropoutFactors, guardAllocation, matmul } from "@tfblocks/tensor-utils";
import type { AttentionCall } from "./attention-call.js";
import type { AttentionResult } from "./attention-options.js";
import { withoutRoom } from "./caches/key-value-cache.js";
import { foldGroups, unfoldGroups } from "./grouped-heads.js";
import { logSumExp, maskedSoftmax } from "./masked-softmax.js";
import { finiteOnly, mayBeNonFinite, withNanOutputs, withNanScores } from "./nan-containment.js";
import { resolveAllowed, resolveBias, withinKeys } from "./resolve-mask.js";
import { softcapped } from "./softcapped.js";
import { expandMask } from "./expand-mask.js";

/** Masked scores and the attention weights, each `[batch, heads, queryLength, keyLength]`. */
interface ScoresAndWeights {
  /** True where a query may attend to a key; undefined = everywhere. */
  readonly allowed: Tensor4D | undefined;
  readonly masked: Tensor4D;
  readonly weights: Tensor4D;
}

/**
 * Attention composed of plain tensor operations, stage by stage. It stores the whole score matrix.
 *
 * @throws AllocationError when the scores would not fit
 */
export function composedAttention(given: AttentionCall): AttentionResult {
  const call = ofKeysOnly(given);
  const { allowed, masked, weights } = scoresAndWeights(call);
  return {
    output: weightedSum(call, weights, allowed),
    ...requested(call, weights),
    ...(call.needLogSumExp && { logSumExp: logSumExp(masked, call.sink) }),
  };
}

/**
 * The stages that a call requests, and the weights with them, where the fused kernel computes the output.
 *
 * @throws AllocationError when the scores would not fit
 */
export function composedStages(call: AttentionCall): Pick<AttentionResult, "weights" | "taps"> {
  return call.taps === undefined ? {} : requested(call, scoresAndWeights(ofKeysOnly(call)).weights);
}

/** The call with every row of key and value a key, as plain operations need it. */
function ofKeysOnly(call: AttentionCall): AttentionCall {
  if (call.keyRows === undefined) return call;
  const { key, value } = withoutRoom({ ...call, keyOffset: call.cells.keyOffset });
  const bias = call.grown && call.bias ? withinKeys(call.bias, call.cells.keyLength) : call.bias;
  return { ...call, key, value, bias, keyRows: undefined };
}

function scoresAndWeights(call: AttentionCall): ScoresAndWeights {
  guardScores(call);
  const { operation, mask, cells, sink, taps } = call;
  const unexpanded = resolveAllowed(operation, mask, cells); // [batch|1, heads|1, queryLength|1, keyLength|1]
  const allowed = unexpanded && expandMask(unexpanded, cells); // [batch, heads, queryLength, keyLength]
  const scores = scoreStages(call, allowed !== undefined && (mayBeNonFinite(call.key) || mayBeNonFinite(call.query)));
  const masked = allowed === undefined ? scores : where(allowed, scores, fill(scores.shape, -Infinity));
  taps?.record("masked", masked);
  const weights = maskedSoftmax(masked, sink);
  taps?.record("probabilities", weights);
  return { allowed, masked, weights };
}

function requested(call: AttentionCall, weights: Tensor4D): Pick<AttentionResult, "weights" | "taps"> {
  return {
    ...(call.needWeights && { weights: returnedWeights(call, weights) }),
    ...(call.taps && { taps: call.taps.recorded }),
  };
}

/** The weights as the call asks for them: of each head, or averaged. */
export function returnedWeights({ averageWeights }: AttentionCall, weights: Tensor4D): Tensor {
  return averageWeights ? averaged(weights) : weights;
}

/** The mean over the heads, `[batch, queryLength, keyLength]`. tfjs's WASM backend fails for empty tensors. */
function averaged(weights: Tensor4D): Tensor {
  const [batch, , queryLength, keyLength] = weights.shape;
  return weights.size > 0 ? mean(weights, 1) : zeros([batch, queryLength, keyLength]);
}

/**
 * The capped scores, `[batch, heads, queryLength, keyLength]`; records the raw, scaled, biased and capped stages.
 *
 * @param containNan whether queries or keys may contain NaN or infinities that the mask must contain
 */
function scoreStages(call: AttentionCall, containNan: boolean): Tensor4D {
  const { query, scale, softcap, taps } = call;
  if (taps?.wants("raw")) taps.record("raw", dotProducts(call, query, containNan));
  const scaled = dotProducts(call, mul(query, scale), containNan);
  taps?.record("scaled", scaled);
  const bias = resolveBias(call.operation, call.mask, call.bias, call.cells);
  const biased = bias === undefined ? scaled : (add(scaled, scaled.size > 0 ? bias : broadcast(bias, scaled.shape)) as Tensor4D);
  taps?.record("biased", biased);
  const capped = softcap === undefined ? biased : softcapped(biased, softcap);
  taps?.record("capped", capped);
  return capped;
}

/** query Kᵀ: `[batch, heads, queryLength, keyLength]`. */
function dotProducts({ key, cells }: AttentionCall, query: Tensor4D, containNan: boolean): Tensor4D {
  const folded = foldGroups(query, key.shape[1]); // [batch, kvHeads, group × queryLength, headDim]
  if (!containNan) return unfoldGroups(matmul(folded, key, { transposeB: true }) as Tensor4D, cells.heads);
  const products = matmul(finiteOnly(folded), finiteOnly(key), { transposeB: true }) as Tensor4D; // [batch, kvHeads, group × queryLength, keyLength]
  return unfoldGroups(withNanScores(products, folded, key), cells.heads);
}

/** The sum over keys of weight · value, after dropout: `[batch, heads, queryLength, valueDim]`. */
function weightedSum({ value, dropout, cells }: AttentionCall, weights: Tensor4D, allowed: Tensor4D | undefined): Tensor4D {
  const kvHeads = value.shape[1];
  const { queryOffset, keyOffset } = cells;
  const factors = dropout && dropoutFactors(weights.shape, { ...dropout, queryOffset, keyOffset });
  const dropped = factors === undefined ? weights : (mul(weights, factors) as Tensor4D);
  const folded = foldGroups(dropped, kvHeads); // [batch, kvHeads, group × queryLength, keyLength]
  if (allowed === undefined || !mayBeNonFinite(value)) return unfoldGroups(matmul(folded, value) as Tensor4D, cells.heads);
  const foldedMask = foldGroups(cast(allowed, "float32"), kvHeads); // as folded
  return unfoldGroups(withNanOutputs(matmul(folded, finiteOnly(value)) as Tensor4D, foldedMask, value), cells.heads);
}

/** About four tensors of the size of the scores are alive at the same time. */
function guardScores({ operation, cells: { batch, heads, queryLength, keyLength } }: AttentionCall): void {
  const shape = [batch, heads, queryLength, keyLength];
  guardAllocation(operation, { scores: shape, masked: shape, exponentials: shape, weights: shape });
}
