import type { TensorInfo } from "@tensorflow/tfjs-core";
import { QuantizedMatmul, type QuantizedMatmulAttrs } from "@tfblocks/tensor-utils/kernels";
import type { QuantizedArguments } from "../generated/kernel-arguments.js";
import { type Runtime, splitRows } from "../runtime/runtime.js";
import { sizeOf } from "../sizes.js";
import { demandOneOf, demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** Inputs that share a scale, at most. */
const longestSpan = 32;
/** Outputs of a task. */
const columnBlock = 64;

/** The product of rows with a quantised matrix, whose weights are read once for four rows. */
export const quantizedMatmul: FastKernel = {
  kernelName: QuantizedMatmul,
  run({ runtime, inputs, attrs }: KernelCall<QuantizedMatmulAttrs>) {
    const { x, weights } = checkInputs(inputs, attrs);
    const { outFeatures: columns, groupSize, bits } = attrs;
    const depth = x.shape.at(-1)!;
    const rows = sizeOf(x.shape.slice(0, -1));
    const output = runtime.output([...x.shape.slice(0, -1), columns]);
    const span = Math.min(groupSize, longestSpan);
    const isAffine = weights.offsets !== undefined;
    withIntegers(runtime, { x: runtime.address(x), rows, depth, span, bits }, (integers) => {
      const args: QuantizedArguments = {
        ...integers,
        codes: runtime.address(weights.codes),
        scales: runtime.address(weights.scales),
        offsets: runtime.addressOf(weights.offsets),
        bias: runtime.addressOf(weights.bias),
        c: runtime.address(output),
        rows,
        columns,
        depth,
        span,
        spansPerGroup: groupSize / span,
        correction: bits === 8 ? (isAffine ? 128 : 0) : isAffine ? 0 : -8,
        quadBlock: columnBlock / 4,
      };
      runtime.run(bits === 8 ? "quantizedProduct8" : "quantizedProduct4", args, Math.ceil(columns / columnBlock), rows * columns * depth);
    });
    return output;
  },
};

interface Rows {
  /** The address of `[rows, depth]` float32 numbers. */
  readonly x: number;
  readonly rows: number;
  readonly depth: number;
  readonly span: number;
  readonly bits: 4 | 8;
}

/** Calls a function with the addresses of the rows as integers. */
function withIntegers(
  runtime: Runtime,
  { x, rows, depth, span, bits }: Rows,
  body: (integers: Pick<QuantizedArguments, "inputs" | "inputScales" | "inputSums">) => void,
): void {
  const [codeBytes, spanBytes] = [rows * depth * 2, rows * (depth / span) * 4];
  runtime.scratch(codeBytes + 2 * spanBytes, (codes) => {
    const scales = codes + codeBytes;
    const sums = scales + spanBytes;
    const { rowsPerTask, tasks } = splitRows(rows, depth * 4);
    runtime.run("quantizeRows", { x, codes, scales, sums, rows, depth, span, bits, rowsPerTask }, tasks, rows * depth);
    body({ inputs: codes, inputScales: scales, inputSums: sums });
  });
}

interface CheckedInputs {
  readonly x: TensorInfo;
  readonly weights: Readonly<Record<"codes" | "scales", TensorInfo>> & Readonly<Record<"offsets" | "bias", TensorInfo | undefined>>;
}

/** @throws ShapeError, DTypeError, ValueError when an input does not fit the contract */
function checkInputs(inputs: KernelCall["inputs"], { bits, groupSize, outFeatures }: QuantizedMatmulAttrs): CheckedInputs {
  const x = demandRank(QuantizedMatmul, "x", inputs["x"], "... inFeatures");
  const inFeatures = x.shape.at(-1)!;
  demandOneOf(QuantizedMatmul, "bits", [4, 8], bits);
  demandOneOf(QuantizedMatmul, "groupSize", [16, 32, 64, 128], groupSize);
  const quads = Math.ceil(outFeatures / 4);
  const groups = [quads, inFeatures / groupSize, 4];
  const optional = (name: string, shape: readonly number[]): TensorInfo | undefined =>
    inputs[name] && demandShape(QuantizedMatmul, name, inputs[name], shape);
  const codes = demandShape(QuantizedMatmul, "codes", inputs["codes"], [quads, (inFeatures * bits) / 8], "int32");
  const scales = demandShape(QuantizedMatmul, "scales", inputs["scales"], groups);
  return { x, weights: { codes, scales, offsets: optional("offsets", groups), bias: optional("bias", [outFeatures]) } };
}
