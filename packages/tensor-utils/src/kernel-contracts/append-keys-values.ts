import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName } from "../run-kernel.js";

/**
 * Writes new keys and values into the room of cached ones, in place: the only kernel that changes its inputs, for tensors that their
 * cache alone may write to. It has no gradient and no outputs.
 *
 * - cachedKey `[batch, kvHeads, room, headDim]`, cachedValue `[batch, kvHeads, room, valueDim]`
 * - key `[batch, kvHeads, length, headDim]`, value `[batch, kvHeads, length, valueDim]`
 */
export const AppendKeysValues: KernelName<
  Readonly<Record<"cachedKey" | "cachedValue" | "key" | "value", Tensor>>,
  AppendKeysValuesAttrs,
  []
> = "AppendKeysValues";

export interface AppendKeysValuesAttrs {
  /** The row that the first new key and value is written to, 0 .. room - length. */
  readonly at: number;
}
