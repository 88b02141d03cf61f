import { concat, ones, type Tensor, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { broadcast } from "@tfblocks/tensor-utils";
import type { AttentionOptions } from "./attention-options.js";
import { type CachedKeysValues, withoutRoom } from "./caches/key-value-cache.js";
import { resolveAllowed, resolveBias } from "./resolve-mask.js";
import { splitHeads } from "./split-heads.js";

/** An optional learned key and value, each `[1, 1, kvHeads × dim]`. */
export interface LearnedKey {
  readonly biasKey: Tensor | undefined;
  readonly biasValue: Tensor | undefined;
}

/** Keys and values with the learned ones appended; mask and bias have an additional column for them. */
export interface WithLearnedKey extends Pick<CachedKeysValues, "key" | "value" | "keyRows" | "grown"> {
  readonly masking: Pick<AttentionOptions, "mask" | "bias">;
}

/** Appends a learned key and value that every query may attend to (PyTorch's add_bias_kv). */
export function withLearnedKey(
  operation: string,
  queries: Tensor4D,
  keysValues: CachedKeysValues,
  { biasKey, biasValue }: LearnedKey,
  options: AttentionOptions,
): WithLearnedKey {
  if (biasKey === undefined || biasValue === undefined) {
    const { key, value, keyRows, grown } = keysValues;
    return { key, value, keyRows, grown, masking: { mask: options.mask, bias: options.bias } };
  }
  const { key, value } = withoutRoom(keysValues);
  const [batch, heads, queryLength] = queries.shape;
  const { queryOffset = 0, keyOffset = 0 } = options;
  const cells = { batch, heads, queryLength, keyLength: key.shape[2], queryOffset, keyOffset };
  const allowed = resolveAllowed(operation, options.mask, cells);
  const bias = resolveBias(operation, options.mask, options.bias, cells);
  return {
    key: withRow(key, biasKey),
    value: withRow(value, biasValue),
    masking: { mask: allowed && withColumn(allowed, cells.keyLength, ones), bias: bias && withColumn(bias, cells.keyLength, zeros) },
  };
}

/**
 * @param perHead `[batch, kvHeads, keyLength, dim]`
 * @param row `[1, 1, kvHeads × dim]`
 * @returns `[batch, kvHeads, keyLength + 1, dim]`
 */
function withRow(perHead: Tensor4D, row: Tensor): Tensor4D {
  const [batch, kvHeads, , dim] = perHead.shape;
  return concat([perHead, broadcast(splitHeads(row, kvHeads), [batch, kvHeads, 1, dim])], 2) as Tensor4D;
}

/**
 * @param cells `[batch|1, heads|1, queryLength|1, keyLength|1]`
 * @returns `[batch|1, heads|1, queryLength|1, keyLength + 1]`
 */
function withColumn(cells: Tensor4D, keyLength: number, fill: typeof ones): Tensor4D {
  const [batch, heads, queryLength] = cells.shape;
  const full = broadcast(cells, [batch, heads, queryLength, keyLength]);
  return concat([full as Tensor4D, fill([batch, heads, queryLength, 1], cells.dtype) as Tensor4D], 3) as Tensor4D;
}
