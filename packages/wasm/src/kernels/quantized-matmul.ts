import type { TensorInfo } from "@tensorflow/tfjs-core";
import { QuantizedMatmul, type QuantizedMatmulAttrs } from "@tfblocks/tensor-utils/kernels";
import { type QuantizedArguments, SPAN_BYTES } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import { splitColumns, splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";
import { demandOneOf, demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** Inputs that share a scale, at most. */
const longestSpan = 32;

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
    const spansPerGroup = groupSize / span;
    const isAffine = weights.offsets !== undefined;
    const { columnBlock, tasks } = splitColumns(columns, (depth * bits) / 8, runtime.threads);
    const correction = bits === 8 ? (isAffine ? 128 : 0) : isAffine ? 0 : -8;
    withIntegers(runtime, x, { rows, depth, span, bits, correction, spansPerGroup }, (integers) => {
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
        spansPerGroup,
        quadBlock: columnBlock / 4,
      };
      runtime.run(bits === 8 ? "quantizedProduct8" : "quantizedProduct4", args, tasks, rows * columns * depth);
    });
    return output;
  },
};

interface Rows {
  readonly rows: number;
  readonly depth: number;
  readonly span: number;
  readonly bits: 4 | 8;
  /** What a code of the weights is too small by. */
  readonly correction: number;
  /** Spans that share a scale of the weights. */
  readonly spansPerGroup: number;
}

/** Rounds the rows of x to integers and calls a function with their addresses; in a captured step, the products of x share them. */
function withIntegers(
  runtime: Runtime,
  x: TensorInfo,
  given: Rows,
  body: (integers: Pick<QuantizedArguments, "inputs" | "spans">) => void,
): void {
  const { rows, depth, span, bits, correction, spansPerGroup } = given;
  const codeBytes = rows * depth * 2;
  const way = ["quantizeRows", depth, span, bits, correction, spansPerGroup].join();
  const fill = (codes: number) => {
    const { rowsPerTask, tasks } = splitRows(rows, depth * 4);
    runtime.run("quantizeRows", { ...given, x: runtime.address(x), codes, spans: codes + codeBytes, rowsPerTask }, tasks, rows * depth);
  };
  runtime.derived(x, way, codeBytes + rows * (depth / span) * SPAN_BYTES, fill, (codes) =>
    body({ inputs: codes, spans: codes + codeBytes }),
  );
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
