import { fromTensor, isMask } from "@tfblocks/masks";
import { kernelMask } from "@tfblocks/masks/kernel";
import { FusedAttention, type FusedAttentionAttrs, type FusedAttentionMask, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { AttentionCall } from "./attention-call.js";
import type { AttentionResult } from "./attention-options.js";
import { composedWeights } from "./composed-attention.js";
import { resolveBias, tensorMask } from "./resolve-mask.js";

/** Kernels multiply by the inverse of a softcap, which overflows below. */
const leastSoftcap = 2 ** -120;

/** Whether the active backend's kernel can compute the output; it does not take empty tensors, or a softcap near 0. */
export function canFuse({ query, key, value, softcap = Infinity }: AttentionCall): boolean {
  return hasKernel(FusedAttention) && softcap >= leastSoftcap && [query, key, value].every(({ size }) => size > 0);
}

/**
 * Attention by the backend's own kernel, which never holds the score matrix; see `FusedAttention` for its contract.
 * Weights and stages that are asked for are composed beside it.
 */
export function fusedAttention(call: AttentionCall): AttentionResult {
  const { query, key, value, sink, scale, softcap, dropout, cells } = call;
  const bias = resolveBias(call.operation, call.mask, call.bias, cells);
  const mask = maskArrays(call);
  const attrs: FusedAttentionAttrs = {
    hasBias: bias !== undefined,
    hasSink: sink !== undefined,
    scale,
    softcap: softcap ?? 0,
    dropoutRate: dropout?.rate ?? 0,
    dropoutSeed: dropout?.seed ?? 0,
    queryOffset: cells.queryOffset,
    keyOffset: cells.keyOffset,
    ...(mask && { mask }),
  };
  const inputs = [query, key, value, bias, sink].filter((each) => each !== undefined);
  const [output, logSumExp] = runKernel(FusedAttention, inputs, attrs);
  return { output, ...composedWeights(call), ...(call.needLogSumExp && { logSumExp }) };
}

/** The mask as the kernel reads it. */
function maskArrays({ operation, mask: given, cells }: AttentionCall): FusedAttentionMask | undefined {
  if (given === undefined) return undefined;
  const { queryOffset, keyOffset } = cells;
  const mask = isMask(given) ? given : fromTensor(tensorMask(operation, given, cells), { kind: "keep", queryOffset, keyOffset });
  return kernelMask(mask, cells);
}
