import { add, cast, fill, mean, mul, type Tensor, type Tensor4D, where, zeros } from "@tensorflow/tfjs-core";
import { broadcast, dropoutFactors, guardAllocation, matmul } from "@tfblocks/tensor-utils";
import type { AttentionCall } from "./attention-call.js";
import type { AttentionResult } from "./attention-options.js";
import { foldGroups, unfoldGroups } from "./grouped-heads.js";
import { logSumExp, maskedSoftmax } from "./masked-softmax.js";
import { finiteOnly, mayHoldNonFinite, poisonOutput, poisonScores } from "./nan-containment.js";
import { resolveAllowed, resolveBias } from "./resolve-mask.js";
import { softcapped } from "./softcapped.js";
import { spreadCells } from "./spread-cells.js";

/** Scores after the mask and the weights that follow from them, each `[batch, heads, queryLength, keyLength]`. */
interface Weighing {
  /** Which cells are open; absent = all. */
  readonly allowed: Tensor4D | undefined;
  readonly masked: Tensor4D;
  readonly weights: Tensor4D;
}

/**
 * Attention composed of plain tensor operations, stage by stage; it holds the score matrix.
 *
 * @throws AllocationError when the scores would not fit
 */
export function composedAttention(call: AttentionCall): AttentionResult {
  const { allowed, masked, weights } = weigh(call);
  return {
    output: weighValues(call, weights, allowed),
    ...asked(call, weights),
    ...(call.needLogSumExp && { logSumExp: logSumExp(masked, call.sink) }),
  };
}

/**
 * The weights and stages that a call asks for, beside an output that a kernel computes.
 *
 * @throws AllocationError when the scores would not fit
 */
export function composedWeights(call: AttentionCall): Pick<AttentionResult, "weights" | "taps"> {
  return call.needWeights || call.taps !== undefined ? asked(call, weigh(call).weights) : {};
}

function weigh(call: AttentionCall): Weighing {
  guardScores(call);
  const { operation, mask, cells, sink, taps } = call;
  const given = resolveAllowed(operation, mask, cells);
  const allowed = given && spreadCells(given, cells);
  const scores = scoreStages(call, allowed !== undefined && (mayHoldNonFinite(call.key) || mayHoldNonFinite(call.query)));
  const masked = allowed === undefined ? scores : where(allowed, scores, fill(scores.shape, -Infinity));
  taps?.take("masked", masked);
  const weights = maskedSoftmax(masked, sink);
  taps?.take("probabilities", weights);
  return { allowed, masked, weights };
}

function asked({ needWeights, averageWeights, taps }: AttentionCall, weights: Tensor4D): Pick<AttentionResult, "weights" | "taps"> {
  return {
    ...(needWeights && { weights: averageWeights ? averaged(weights) : weights }),
    ...(taps && { taps: taps.taken }),
  };
}

/** The mean over the heads; tfjs's WASM backend cannot take that of nothing. */
function averaged(weights: Tensor4D): Tensor {
  const [batch, , queryLength, keyLength] = weights.shape;
  return weights.size > 0 ? mean(weights, 1) : zeros([batch, queryLength, keyLength]);
}

/** raw, scaled, biased and capped scores: `[batch, heads, queryLength, keyLength]`. */
function scoreStages(call: AttentionCall, contained: boolean): Tensor4D {
  const { query, scale, softcap, taps } = call;
  if (taps?.wants("raw")) taps.take("raw", dotProducts(call, query, contained));
  const scaled = dotProducts(call, mul(query, scale), contained);
  taps?.take("scaled", scaled);
  const bias = resolveBias(call.operation, call.mask, call.bias, call.cells);
  const biased = bias === undefined ? scaled : (add(scaled, scaled.size > 0 ? bias : broadcast(bias, scaled.shape)) as Tensor4D);
  taps?.take("biased", biased);
  const capped = softcap === undefined ? biased : softcapped(biased, softcap);
  taps?.take("capped", capped);
  return capped;
}

/** rows Kᵀ, each head with its key head: `[batch, heads, queryLength, keyLength]`. */
function dotProducts({ key, cells }: AttentionCall, rows: Tensor4D, contained: boolean): Tensor4D {
  const folded = foldGroups(rows, key.shape[1]);
  if (!contained) return unfoldGroups(matmul(folded, key, { transposeB: true }) as Tensor4D, cells.heads);
  const products = matmul(finiteOnly(folded), finiteOnly(key), { transposeB: true }) as Tensor4D;
  return unfoldGroups(poisonScores(products, folded, key), cells.heads);
}

/** Σ over keys of weight · value, after dropout: `[batch, heads, queryLength, valueDim]`. */
function weighValues({ value, dropout, cells }: AttentionCall, weights: Tensor4D, allowed: Tensor4D | undefined): Tensor4D {
  const kvHeads = value.shape[1];
  const kept = dropout === undefined ? weights : (mul(weights, dropoutFactors(weights.shape, { ...dropout, ...cells })) as Tensor4D);
  const rows = foldGroups(kept, kvHeads);
  if (allowed === undefined || !mayHoldNonFinite(value)) return unfoldGroups(matmul(rows, value) as Tensor4D, cells.heads);
  const open = foldGroups(cast(allowed, "float32"), kvHeads);
  return unfoldGroups(poisonOutput(matmul(rows, finiteOnly(value)) as Tensor4D, open, value), cells.heads);
}

/** About four tensors of the size of the scores are alive together. */
function guardScores({ operation, cells: { batch, heads, queryLength, keyLength } }: AttentionCall): void {
  const shape = [batch, heads, queryLength, keyLength];
  guardAllocation(operation, { scores: shape, masked: shape, exponentials: shape, weights: shape });
}
