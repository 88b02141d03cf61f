import { add, concat, expandDims, mul, neg, reshape, slice, sub, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import type { RotaryEmbeddingAttrs, RotaryPairing } from "@tfblocks/tensor-utils/kernels";

/** Cosine and sine of each pair at each position, `[batch|1, length, rotaryDim / 2]`. */
export interface RotaryTables {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/** Separates the first and the second dimension of each pair, and joins them again. */
interface Pairing {
  /** `[batch, heads, length, 2 · pairs]` to two tensors `[batch, heads, length, pairs]`. */
  readonly split: (x: Tensor4D) => readonly [first: Tensor, second: Tensor];
  /** The inverse of `split`. */
  readonly join: (first: Tensor, second: Tensor) => Tensor;
}

/** The `RotaryEmbedding` kernel of `@tfblocks/tensor-utils/kernels` composed of tfjs operations, for any backend. */
export function composedRotation(x: Tensor, { cos, sin }: RotaryTables, { pairing, inverse }: RotaryEmbeddingAttrs): Tensor {
  return scope(() => {
    const rotaryDim = 2 * cos.shape[2]!;
    const { split, join } = pairings[pairing];
    const [first, second] = split(columns(x, 0, rotaryDim));
    const [c, s] = [expandDims(cos, 1), expandDims(inverse ? neg(sin) : sin, 1)]; // [batch|1, 1, length, pairs]
    const rotated = join(sub(mul(first, c), mul(second, s)), add(mul(second, c), mul(first, s)));
    const unrotated = x.shape[3]! - rotaryDim;
    return unrotated === 0 ? rotated : concat([rotated, columns(x, rotaryDim, unrotated)], 3);
  });
}

const halves: Pairing = {
  split(x) {
    const pairs = x.shape[3] / 2;
    return [columns(x, 0, pairs), columns(x, pairs, pairs)];
  },
  join: (first, second) => concat([first, second], 3),
};

const interleaved: Pairing = {
  split(x) {
    const [batch, heads, length, width] = x.shape;
    const rows = reshape(x, [batch, heads, (length * width) / 2, 2]);
    const half = (at: number) => reshape(columns(rows, at, 1), [batch, heads, length, width / 2]);
    return [half(0), half(1)];
  },
  join(first, second) {
    const [batch, heads, length, pairs] = first.shape as [number, number, number, number];
    const column = (each: Tensor) => reshape(each, [batch, heads, length * pairs, 1]);
    return reshape(concat([column(first), column(second)], 3), [batch, heads, length, 2 * pairs]);
  },
};

const pairings: Readonly<Record<RotaryPairing, Pairing>> = { half: halves, interleaved };

function columns(x: Tensor, from: number, count: number): Tensor4D {
  return slice(x, [0, 0, 0, from], [-1, -1, -1, count]) as Tensor4D;
}
