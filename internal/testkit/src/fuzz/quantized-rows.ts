import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { QuantizedMatmul, type QuantizedMatmulAttrs } from "@tfblocks/tensor-utils/kernels";
import type { FuzzRow } from "./fuzz-case.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";
import { runOn } from "./run-on.js";
import { scaledTolerance } from "./tolerances.js";

/** Any bits are codes. */
function randomBits(source: FuzzSource, shape: readonly number[]): FuzzTensor {
  const bits = source.tensor(shape, "int32");
  return { ...bits, values: Int32Array.from(bits.values, () => source.integer(0, 2 ** 32 - 1)) };
}

/** Rows as a kernel rounds them: integers of at most `limit` times a scale, in spans. */
function rounded(x: Float32Array, span: number, limit: number): Float64Array {
  const y = Float64Array.from(x);
  for (let start = 0; start < x.length; start += span) {
    const largest = x.subarray(start, start + span).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    const [scale, inverse] = [Math.fround(largest / limit), largest === 0 ? 0 : Math.fround(limit / largest)];
    for (let at = start; at < start + span; at++) {
      const integer = Math.max(-limit, Math.min(limit, nearestEven(Math.fround(x[at]! * inverse))));
      y[at] = Number.isFinite(largest) ? integer * scale : NaN;
    }
  }
  return y;
}

function nearestEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The code of an output for an input, read from the layout of the contract. */
function codeAt(bytes: Uint8Array, { bits }: QuantizedMatmulAttrs, inFeatures: number, output: number, input: number): number {
  const [quad, row] = [output >> 2, output & 3];
  if (bits === 8) return (bytes[quad * inFeatures * 4 + (input >> 2) * 16 + 4 * row + (input & 3)]! + 128) & 255;
  const byte = bytes[quad * inFeatures * 2 + (input >> 3) * 16 + 4 * row + (input & 3)]!;
  return (input & 4) === 0 ? byte & 15 : byte >> 4;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** The product in float64, of rows that are rounded as the contract says. */
function oracle({ x, codes, scales, offsets, bias }: Tensors, attrs: QuantizedMatmulAttrs): Tensor {
  const { bits, groupSize, outFeatures } = attrs;
  const inFeatures = x!.shape.at(-1)!;
  const rows = rounded(x!.dataSync<"float32">(), Math.min(groupSize, 32), bits === 8 ? 32767 : 127);
  const bytes = new Uint8Array(Int32Array.from(codes!.dataSync<"int32">()).buffer);
  const [factors, added, biases] = [scales, offsets, bias].map((each) => each?.dataSync<"float32">());
  const zero = offsets === undefined ? 2 ** (bits - 1) : 0;
  const y = new Float32Array((x!.size / inFeatures) * outFeatures);
  for (let at = 0; at < y.length; at++) {
    const [row, output] = [Math.floor(at / outFeatures), at % outFeatures];
    let sum = biases?.[output] ?? 0;
    for (let input = 0; input < inFeatures; input++) {
      const group = ((output >> 2) * (inFeatures / groupSize) + Math.floor(input / groupSize)) * 4 + (output & 3);
      const weight = factors![group]! * (codeAt(bytes, attrs, inFeatures, output, input) - zero) + (added?.[group] ?? 0);
      sum += rows[row * inFeatures + input]! * weight;
    }
    y[at] = sum;
  }
  return tensor(y, [...x!.shape.slice(0, -1), outFeatures]);
}

/** Products with quantised matrices. */
export const quantizedRows: readonly FuzzRow[] = [
  {
    kernelName: QuantizedMatmul,
    make(source) {
      const [bits, groupSize] = [source.pick([4, 8] as const), source.pick([16, 32, 64, 128] as const)];
      const [inFeatures, outFeatures] = [groupSize * source.integer(1, 4), source.pick([1, 3, 4, 5, 63, 64, 65, 130])];
      const quads = Math.ceil(outFeatures / 4);
      const groups = [quads, inFeatures / groupSize, 4];
      const batch = Array.from({ length: source.integer(0, 2) }, () => source.pick([0, 1, 2, 3, 4, 5, 9]));
      const x = source.tensor([...batch, inFeatures], "float32", source.pick(["ordinary", "ordinary", "special", "integers"] as const));
      const attrs = { bits, groupSize, outFeatures };
      return {
        inputs: {
          x,
          codes: randomBits(source, [quads, (inFeatures * bits) / 8]),
          scales: source.tensor(groups, "float32", "ordinary"),
          ...(source.chance(0.5) && { offsets: source.tensor(groups, "float32", "ordinary") }),
          ...(source.chance(0.5) && { bias: source.tensor([outFeatures], "float32", "ordinary") }),
        },
        call: `${QuantizedMatmul} with ${JSON.stringify(attrs)}`,
        run: (tensors) => runOn(QuantizedMatmul, tensors, attrs),
        oracle: (tensors) => oracle(tensors, attrs),
        tolerance: { ...scaledTolerance(inFeatures * 2 ** bits * 4e-7, x), rtol: 1e-5 },
      };
    },
  },
];
