import { add, broadcastTo, cast, mean, mul, scalar, tanh, type Tensor, type Tensor4D, where } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkShapes,
  dropoutFactors,
  FusedAttention,
  guardAllocation,
  hasKernel,
  matmul,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";
import { checkNumber, isPositive, isRate } from "./check-number.js";
import { fusedAttention } from "./fused-attention.js";
import { foldGroups, unfoldGroups } from "./grouped-heads.js";
import { logSumExp, maskedSoftmax } from "./masked-softmax.js";
import { finiteOnly, mayHoldNonFinite, poisonOutput, poisonScores } from "./nan-containment.js";
import { type Cells, resolveAllowed, resolveBias } from "./resolve-mask.js";
import type { Settings } from "./settings.js";
import { Taps } from "./taps.js";

const operation = "scaledDotProductAttention";

/**
 * Scaled dot-product attention: softmax(mask(cap(scale · Q Kᵀ + bias))) V.
 *
 * Each query scores every key by their dot product; the softmax of its scores weighs the values. The scale
 * 1/√headDim keeps the variance of the scores near 1, so that the softmax does not saturate. A query that may
 * attend to nothing gives zeros, with zero gradients. Fewer key-value heads than query heads are shared in
 * adjacent groups. Source: Vaswani et al. 2017, section 3.2.1; grouped heads: Ainslie et al. 2023.
 *
 * @param query `[batch, heads, queryLength, headDim]`
 * @param key `[batch, kvHeads, keyLength, headDim]`, heads a multiple of kvHeads
 * @param value `[batch, kvHeads, keyLength, valueDim]`
 * @returns `output` `[batch, heads, queryLength, valueDim]`, and what the options ask for
 * @throws ShapeError when a named dimension differs, heads is no multiple of kvHeads, or a mask does not broadcast
 * @throws DTypeError, DisposedError when an argument is no live tensor of its dtype
 * @throws ValueError when scale, softcap, dropout, seed, an offset or a tap is out of its range
 * @throws AllocationError when the scores would not fit
 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): AttentionResult {
  const sizes = checkShapes(operation, {
    query: [query, "batch heads queryLength headDim"],
    key: [key, "batch kvHeads keyLength headDim"],
    value: [value, "batch kvHeads keyLength valueDim"],
  });
  checkGroups(sizes.heads, sizes.kvHeads, key);
  const settings = checkOptions(options, sizes);
  const cells = { batch: sizes.batch, heads: sizes.heads, queryLength: sizes.queryLength, keyLength: sizes.keyLength, ...settings.offsets };
  return scope(() => attend(query as Tensor4D, key as Tensor4D, value as Tensor4D, options, settings, cells));
}

function attend(
  query: Tensor4D,
  key: Tensor4D,
  value: Tensor4D,
  options: AttentionOptions,
  settings: Settings,
  cells: Cells,
): AttentionResult {
  const bias = resolveBias(operation, options.mask, options.bias, cells);
  if (canFuse(options, cells)) return fusedAttention(operation, { query, key, value, bias, sink: options.sink }, options, settings, cells);
  guardScores(cells);
  return composedAttention(query, key, value, bias, options, settings, cells);
}

/** The kernel gives neither weights nor stages, and need not know of empty tensors. */
function canFuse({ needWeights, taps }: AttentionOptions, { batch, heads, queryLength, keyLength }: Cells): boolean {
  return hasKernel(FusedAttention) && !needWeights && taps === undefined && batch * heads * queryLength * keyLength > 0;
}

function composedAttention(
  query: Tensor4D,
  key: Tensor4D,
  value: Tensor4D,
  bias: Tensor4D | undefined,
  options: AttentionOptions,
  settings: Settings,
  cells: Cells,
): AttentionResult {
  const allowed = resolveAllowed(operation, options.mask, cells);
  const contained = allowed !== undefined && mayHoldNonFinite(key);
  const scores = scoreStages(query, key, settings, contained, bias);
  const masked = allowed === undefined ? scores : (where(allowed as Tensor, scores as Tensor, scalar(-Infinity)) as Tensor4D);
  settings.taps.take("masked", masked);
  const weights = maskedSoftmax(masked, options.sink);
  settings.taps.take("probabilities", weights);
  return {
    output: weighValues(weights, value, settings, cells, allowed),
    ...(options.needWeights && { weights: options.averageWeights ? mean(weights, 1) : weights }),
    ...(options.needLogSumExp && { logSumExp: logSumExp(masked, options.sink) }),
    ...(options.taps && { taps: settings.taps.taken }),
  };
}

/** raw, scaled, biased and capped scores: `[batch, heads, queryLength, keyLength]`. */
function scoreStages(
  query: Tensor4D,
  key: Tensor4D,
  { scale, softcap, taps }: Settings,
  contained: boolean,
  bias: Tensor4D | undefined,
): Tensor4D {
  const dotProducts = (rows: Tensor4D) => {
    const product = matmul(foldGroups(rows, key.shape[1]), contained ? finiteOnly(key) : key, { transposeB: true }) as Tensor4D;
    return unfoldGroups(contained ? poisonScores(product, key) : product, query.shape[1]);
  };
  if (taps.wants("raw")) taps.take("raw", dotProducts(query));
  const scaled = dotProducts(mul(query, scale));
  taps.take("scaled", scaled);
  const biased = bias === undefined ? scaled : (add(scaled, bias) as Tensor4D);
  taps.take("biased", biased);
  const capped = softcap === undefined ? biased : (mul(tanh(mul(biased, 1 / softcap)), softcap) as Tensor4D);
  taps.take("capped", capped);
  return capped;
}

/** Σ over keys of weight · value, after dropout: `[batch, heads, queryLength, valueDim]`. */
function weighValues(
  weights: Tensor4D,
  value: Tensor4D,
  { dropout, offsets }: Settings,
  cells: Cells,
  allowed: Tensor4D | undefined,
): Tensor4D {
  const kvHeads = value.shape[1];
  const kept = dropout === undefined ? weights : (mul(weights, dropoutFactors(weights.shape, { ...dropout, ...offsets })) as Tensor4D);
  const rows = foldGroups(kept, kvHeads);
  if (allowed === undefined || !mayHoldNonFinite(value)) return unfoldGroups(matmul(rows, value) as Tensor4D, cells.heads);
  const permitted = foldGroups(broadcastTo(cast(allowed, "float32"), weights.shape), kvHeads);
  return unfoldGroups(poisonOutput(matmul(rows, finiteOnly(value)) as Tensor4D, permitted, value), cells.heads);
}

/** In the composed computation about four tensors of this size are alive together. */
function guardScores({ batch, heads, queryLength, keyLength }: Cells): void {
  const shape = [batch, heads, queryLength, keyLength];
  guardAllocation(operation, { scores: shape, "masked scores": shape, exponentials: shape, weights: shape });
}

function checkGroups(heads: number, kvHeads: number, key: Tensor): void {
  if (kvHeads > 0 && heads % kvHeads === 0) return;
  throw new ShapeError({
    operation,
    argument: "key",
    expected: `[batch, kvHeads, keyLength, headDim] with kvHeads a divisor of heads = ${heads} (from query)`,
    received: `[${key.shape.join(", ")}]`,
  });
}

function checkOptions(options: AttentionOptions, { heads, headDim }: { heads: number; headDim: number }): Settings {
  const { scale = 1 / Math.sqrt(headDim || 1), softcap, queryOffset = 0, keyOffset = 0 } = options;
  checkNumber(operation, "scale", "a finite number", scale, Number.isFinite);
  if (softcap !== undefined) checkNumber(operation, "softcap", "a finite number > 0", softcap, isPositive);
  checkInteger(operation, "queryOffset", queryOffset, 0);
  checkInteger(operation, "keyOffset", keyOffset, 0);
  if (options.sink !== undefined) checkSink(options.sink, heads);
  return {
    scale,
    softcap,
    dropout: checkDropout(options),
    offsets: { queryOffset, keyOffset },
    taps: new Taps(operation, options.taps, heads),
  };
}

function checkSink(sink: Tensor, heads: number): void {
  const { length } = checkShapes(operation, { sink: [sink, "length"] });
  if (length !== heads)
    throw new ShapeError({ operation, argument: "sink", expected: `[heads] with heads = ${heads} (from query)`, received: `[${length}]` });
}

function checkDropout({ dropout = 0, training = false, seed }: AttentionOptions): Settings["dropout"] {
  checkNumber(operation, "dropout", "a number in [0, 1)", dropout, isRate);
  if (!training || dropout === 0) return undefined;
  if (seed === undefined) {
    throw new ValueError({
      operation,
      argument: "seed",
      expected: "given when training with dropout",
      received: "undefined",
      advice: "pass another integer at each step, as { training: true, seed: step }",
    });
  }
  checkInteger(operation, "seed", seed, 0, 2 ** 32 - 1);
  return { rate: dropout, seed };
}
