import {
  add,
  GatherV2,
  type GatherV2Attrs,
  type GradConfig,
  range,
  reshape,
  type Tensor,
  type Tensor1D,
  unsortedSegmentSum,
  util,
  zeros,
} from "@tensorflow/tfjs-core";
import { permute } from "@tfblocks/tensor-utils";
import { nothing } from "./nothing.js";
import { sizeOf } from "../sizes.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.gather`: adds every slice where it came from, along any dimension and with batch dimensions. */
export const gatherGradient: GradConfig = gradientOf<GatherV2Attrs>({
  kernelName: GatherV2,
  inputsToSave: ["x", "indices"],
  gradFunc: (gradient, [x, indices], attributes) => ({
    x: () => addSlices(gradient, x!, indices!, attributes),
    indices: () => nothing(indices!),
  }),
});

/** From `[...batch, ...outer, ...indices, ...inner]` to `[...batch, ...outer, length, ...inner]`, the shape of x. */
function addSlices(gradient: Tensor, x: Tensor, indices: Tensor, { axis, batchDims }: GatherV2Attrs): Tensor {
  if (gradient.size === 0) return zeros(x.shape);
  const [at] = util.parseAxisParam(axis, x.shape) as [number];
  const batch = sizeOf(x.shape.slice(0, batchDims));
  const [outer, length, inner] = [sizeOf(x.shape.slice(batchDims, at)), x.shape[at]!, sizeOf(x.shape.slice(at + 1))];
  const picked = indices.size / batch;
  const slices = swapMiddle(reshape(gradient, [batch, outer, picked, inner])); // [batch, picked, outer, inner]
  const rows = reshape(slices, [batch * picked, outer * inner]);
  const sums = unsortedSegmentSum(rows, rowNumbers(indices, batch, length), batch * length);
  return reshape(swapMiddle(reshape(sums, [batch, length, outer, inner])), x.shape);
}

/** `[batch × picked]`: the row of `[batch × length]` that each index refers to. */
function rowNumbers(indices: Tensor, batch: number, length: number): Tensor1D {
  if (batch === 1) return reshape(indices, [indices.size]);
  const starts = reshape(range(0, batch * length, length, "int32"), [batch, 1]);
  return reshape(add(reshape(indices, [batch, -1]), starts), [indices.size]);
}

function swapMiddle(x: Tensor): Tensor {
  const [batch, second, third, inner] = x.shape as [number, number, number, number];
  return second === 1 || third === 1 ? reshape(x, [batch, third, second, inner]) : permute(x, [0, 2, 1, 3]);
}
