import {
  type GradConfig,
  pad,
  reshape,
  reverse,
  slice,
  slice_util,
  StridedSlice,
  type StridedSliceAttrs,
  type Tensor,
  zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../sizes.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.stridedSlice`: the gradient of each element goes to the place it was taken from, with zeros elsewhere. */
export const stridedSliceGradient: GradConfig = gradientOf<StridedSliceAttrs>({
  kernelName: StridedSlice,
  inputsToSave: ["x"],
  gradFunc: (gradient, [x], attributes) => ({ x: () => putBack(gradient, x!.shape, attributes) }),
});

/** The gradient of a strided slice of a tensor of this shape, with zeros elsewhere. */
export function putBack(gradient: Tensor, shape: number[], attributes: StridedSliceAttrs): Tensor {
  if (gradient.size === 0) return zeros(shape);
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const taken = slice_util.sliceInfo(
    shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const sizes = shape.map((_, axis) => Math.ceil((taken.end[axis]! - taken.begin[axis]!) / taken.strides[axis]!));
  return sizes.reduce(
    (placed, _, axis) => {
      const line = { count: sizes[axis]!, begin: taken.begin[axis]!, stride: taken.strides[axis]!, length: shape[axis]! };
      const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(sizes.slice(axis + 1))];
      const full = place(reshape(placed, [outer, line.count, inner]), line);
      return reshape(full, [...shape.slice(0, axis + 1), ...sizes.slice(axis + 1)]);
    },
    reshape(gradient, sizes),
  );
}

interface Line {
  readonly count: number;
  readonly begin: number;
  readonly stride: number;
  readonly length: number;
}

/** Spreads `[outer, count, inner]` over `[outer, length, inner]`: element i goes to begin + i · stride. */
function place(x: Tensor, { count: size, begin, stride, length }: Line): Tensor {
  if (stride < 0) return place(reverse(x, 1), { count: size, begin: begin + (size - 1) * stride, stride: -stride, length });
  if (size === length) return x; // then the stride is 1
  const spread = spreadOut(x, stride);
  const kept = Math.min(spread.shape[1]!, length - begin);
  const cut = slice(spread, [0, 0, 0], [-1, kept, -1]);
  return pad(cut, [
    [0, 0],
    [begin, length - begin - kept],
    [0, 0],
  ]);
}

/** Spreads `[outer, count, inner]` over `[outer, count · stride, inner]`, with stride - 1 zeros after each element. */
function spreadOut(x: Tensor, stride: number): Tensor {
  if (stride === 1) return x;
  const [outer, size, inner] = x.shape as [number, number, number];
  const spread = pad(reshape(x, [outer, size, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  return reshape(spread, [outer, size * stride, inner]);
}
