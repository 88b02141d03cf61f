import { fromTensor, isMask } from "@tfblocks/masks";
import { kernelMask } from "@tfblocks/masks/kernel";
import { guardAllocation } from "@tfblocks/tensor-utils";
import {
  FusedAttention,
  type FusedAttentionAttrs,
  type FusedAttentionMask,
  hasKernel,
  maskBlockCodes,
  runKernel,
} from "@tfblocks/tensor-utils/kernels";
import type { AttentionCall } from "./attention-call.js";
import type { AttentionResult } from "./attention-options.js";
import { composedStages, returnedWeights } from "./composed-attention.js";
import { resolveBias, tensorMask } from "./resolve-mask.js";

/** Kernels multiply by the inverse of a softcap, which overflows below. */
const leastSoftcap = 2 ** -120;

/** Whether the active backend's kernel can compute the output; it does not take empty tensors, or a softcap near 0. */
export function canFuse({ query, key, value, softcap = Infinity, cells }: AttentionCall): boolean {
  if (!hasKernel(FusedAttention) || softcap < leastSoftcap || cells.keyLength === 0) return false;
  return [query, key, value].every(({ size }) => size > 0);
}

/**
 * Attention by the backend's own kernel, which holds no matrix but the weights that are asked for; see `FusedAttention` for
 * its contract. Stages that are asked for are composed beside it, and the weights with them.
 *
 * @throws AllocationError when the weights would not fit
 */
export function fusedAttention(call: AttentionCall): AttentionResult {
  const { query, key, value, sink, scale, softcap, dropout, cells } = call;
  const needWeights = call.needWeights && call.taps === undefined;
  if (needWeights) guardAllocation(call.operation, { weights: [cells.batch, cells.heads, cells.queryLength, cells.keyLength] });
  const bias = resolveBias(call.operation, call.mask, call.bias, cells, call.grown !== undefined);
  const settings = {
    hasBias: bias !== undefined,
    hasSink: sink !== undefined,
    needWeights,
    scale,
    softcap: softcap ?? 0,
    dropoutRate: dropout?.rate ?? 0,
    dropoutSeed: dropout?.seed ?? 0,
  };
  const attrs = () => ({ ...settings, ...rowAttrs(call) });
  const inputs = [query, key, value, bias, sink].filter((each) => each !== undefined);
  const [output, logSumExp, weights] = runKernel(FusedAttention, inputs, call.grown ? attrs : attrs());
  return {
    output,
    ...(weights ? { weights: returnedWeights(call, weights) } : composedStages(call)),
    ...(call.needLogSumExp && { logSumExp }),
  };
}

/** What depends on the number of keys, which grows from one repetition of a captured step to the next. */
function rowAttrs(call: AttentionCall): Pick<FusedAttentionAttrs, "queryOffset" | "keyOffset" | "keyRows" | "mask"> {
  const { grown, keyRows, cells } = call;
  const { queryOffset, keyOffset, keyLength } = cells;
  const added = grown?.() ?? 0;
  const mask = maskArrays(call, { ...cells, queryOffset: queryOffset + added, keyLength: keyLength + added });
  return {
    queryOffset: queryOffset + added,
    keyOffset,
    ...(keyRows && { keyRows: [keyRows[0], keyRows[1] + added] }),
    ...(mask && { mask }),
  };
}

/** The mask as the kernel reads it; undefined when every cell is open. */
function maskArrays(
  { operation, mask: given }: Pick<AttentionCall, "operation" | "mask">,
  cells: AttentionCall["cells"],
): FusedAttentionMask | undefined {
  if (given === undefined) return undefined;
  const { queryOffset, keyOffset } = cells;
  const mask = isMask(given) ? given : fromTensor(tensorMask(operation, given, cells), { kind: "keep", queryOffset, keyOffset });
  const arrays = kernelMask(mask, cells);
  return arrays.blocks.every((code) => code === maskBlockCodes.full) ? undefined : arrays;
}
