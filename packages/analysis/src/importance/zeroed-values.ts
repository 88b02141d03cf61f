import { concat, div, maximum, mul, reshape, sqrt, square, squeeze, sub, sum, type Tensor, tensor3d, tile } from "@tensorflow/tfjs-core";
import { type Composite, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { Layer, LayerOptions } from "@tfblocks/transformer";
import { outputOf } from "../edits/sites.js";
import { editSite, withEdits } from "../edits/with-edits.js";
import { isCross } from "../models/attention-places.js";

/** A layer whose parts can be replaced. */
export type LayerBlock = Layer & Composite;

/**
 * How far the output of a layer moves when the value of a key is set to 0: 1 − cos, for each key.
 *
 * @param attention the name of the attention in the layer
 * @param x `[batch, queryLength, dModel]`
 * @param copies how many keys to zero in one pass, if the options allow several copies of the batch
 * @returns `[keyLength, batch, queryLength]`
 */
export function zeroedValues(layer: LayerBlock, attention: string, x: Tensor, options: LayerOptions, copies: number): Tensor {
  if (options.cache !== undefined) refuse(ValueError, "valueZeroing", "run", "a function that uses no cache", "one that uses a cache");
  const calm = { ...options, needWeights: false, training: false };
  return scope(() => {
    const keyLength = (isCross(attention) ? options.memory : x)!.shape[1]!;
    const clean = unit(layer.apply(x, calm).output);
    const step = isShared(layer, options) ? copies : 1;
    const starts = Array.from({ length: Math.ceil(keyLength / step) }, (_, chunk) => chunk * step);
    const moves = starts.map((start) =>
      scope(() => {
        const count = Math.min(step, keyLength - start);
        const moved = unit(
          withoutValues(layer, attention, { start, count, keyLength, batch: x.shape[0]! }).apply(tiled(x, count), calm).output,
        );
        const difference = sub(reshape(moved, [count, ...clean.shape]), clean);
        return mul(squeeze(sum(square(difference), -1, true), [3]), 0.5); // 1 − u·v = ½ ‖u − v‖², without cancellation
      }),
    );
    return concat(moves, 0);
  });
}

/** The layer with the value of key `start + c` set to 0 in copy c of the batch. */
function withoutValues(
  layer: LayerBlock,
  attention: string,
  { start, count, keyLength, batch }: { start: number; count: number; keyLength: number; batch: number },
): LayerBlock {
  const kept = Float32Array.from({ length: count * batch * keyLength }, (_, cell) =>
    cell % keyLength === start + Math.floor(cell / (batch * keyLength)) ? 0 : 1,
  );
  const keep = tensor3d(kept, [count * batch, keyLength, 1]);
  return withEdits(layer, [editSite("valueZeroing", outputOf(`${attention}.value`), (value) => mul(value, keep))]);
}

/** Whether the options are the same for every sequence of the batch, so that several copies of it can be one batch. */
function isShared(layer: LayerBlock, { mask, memoryMask, memory, bias, positions }: LayerOptions): boolean {
  const own = (layer as { readonly mask?: LayerOptions["mask"] }).mask;
  return (
    [own, mask, memoryMask].every((each) => each === undefined || each.batch === 1) &&
    memory === undefined &&
    (bias === undefined || bias.rank < 4 || bias.shape[0] === 1) &&
    (positions === undefined || positions.rank === 1)
  );
}

function tiled(x: Tensor, count: number): Tensor {
  return tile(x, [count, 1, 1]);
}

/** Vectors of length 1; a vector of zeros stays. */
function unit(x: Tensor): Tensor {
  return div(x, maximum(sqrt(sum(square(x), -1, true)), 1e-18));
}
