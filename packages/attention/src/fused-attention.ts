import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { blockStates, fromTensor, isMask, type Mask } from "@tfblocks/masks";
import { FusedAttention, type FusedAttentionAttrs, type FusedAttentionMask } from "@tfblocks/tensor-utils";
import type { AttentionOptions, AttentionResult } from "./attention-options.js";
import { type Cells, tensorMask } from "./resolve-mask.js";
import type { Settings } from "./settings.js";

/** Differentiable inputs of the kernel. */
interface FusedInputs {
  readonly query: Tensor4D;
  readonly key: Tensor4D;
  readonly value: Tensor4D;
  readonly bias: Tensor4D | undefined;
  readonly sink: Tensor | undefined;
}

/** Attention by the backend's own kernel, which never holds the score matrix; see `FusedAttention` for its contract. */
export function fusedAttention(
  operation: string,
  inputs: FusedInputs,
  options: AttentionOptions,
  settings: Settings,
  cells: Cells,
): AttentionResult {
  const mask = kernelMask(operation, options.mask, cells);
  const { query, key, value, bias, sink } = inputs;
  const attrs: FusedAttentionAttrs = {
    hasBias: bias !== undefined,
    hasSink: sink !== undefined,
    scale: settings.scale,
    softcap: settings.softcap ?? 0,
    dropoutRate: settings.dropout?.rate ?? 0,
    dropoutSeed: settings.dropout?.seed ?? 0,
    ...settings.offsets,
    ...(mask && { mask }),
  };
  const given = [query, key, value, bias, sink].filter((each) => each !== undefined);
  const outputs = engine().runKernel(FusedAttention, given as unknown as NamedTensorMap, attrs as unknown as NamedAttrMap);
  const [output, logSumExp] = outputs as unknown as [Tensor4D, Tensor];
  return { output, ...(options.needLogSumExp && { logSumExp }) };
}

/** The mask as plain arrays: a summary of its blocks, and the cells of the partial ones. */
function kernelMask(operation: string, given: Mask | Tensor | undefined, cells: Cells): FusedAttentionMask | undefined {
  if (given === undefined) return undefined;
  const mask = isMask(given)
    ? given
    : fromTensor(tensorMask(operation, given, cells), { kind: "keep", queryOffset: cells.queryOffset, keyOffset: cells.keyOffset });
  const { batch, heads, blockSize, states, queryBlocks, keyBlocks, counts } = mask.blocks(cells);
  const open = new Uint8Array(counts.partial * blockSize.query * blockSize.key);
  let partial = 0;
  states.forEach((state, block) => {
    if (state !== blockStates.partial) return;
    const [map, row, column] = [
      Math.floor(block / (queryBlocks * keyBlocks)),
      Math.floor(block / keyBlocks) % queryBlocks,
      block % keyBlocks,
    ];
    const at = { batch: Math.floor(map / heads), head: map % heads, query: row * blockSize.query, key: column * blockSize.key };
    fillBlock(open.subarray(partial++ * blockSize.query * blockSize.key), mask, at, blockSize, cells);
  });
  return { batch, heads, blockSize, states, cells: open };
}

interface BlockStart {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  readonly key: number;
}

function fillBlock(open: Uint8Array, mask: Mask, start: BlockStart, blockSize: FusedAttentionMask["blockSize"], cells: Cells): void {
  const queries = Math.min(blockSize.query, cells.queryLength - start.query);
  const keys = Math.min(blockSize.key, cells.keyLength - start.key);
  for (let q = 0; q < queries; q++) {
    for (let k = 0; k < keys; k++) {
      const allowed = mask.at(start.batch, start.head, cells.queryOffset + start.query + q, cells.keyOffset + start.key + k);
      open[q * blockSize.key + k] = Number(allowed);
    }
  }
}
