import { type Tensor, type Tensor2D, tensor2d, type Variable, variable } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkOptions,
  checkShapes,
  linear,
  matmul,
  type NamedLayout,
  type ParameterMap,
  readRange,
  refuse,
  scope,
  ShapeError,
  sumTo,
  withGradient,
} from "@tfblocks/tensor-utils";
import { hasKernel, QuantizedMatmul, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { Precision } from "./group-size.js";
import { deinterleave, deinterleaveGroups } from "./layout.js";
import { type QuantizedMatrixSizes, QuantizedRows, settingRows } from "./quantized-rows.js";
import type { Codes } from "./round-weight.js";

/**
 * A matrix `[outFeatures, inFeatures]` of 4 or 8 bits: weight = scale · (code - zero) + offset, with a scale and an optional offset for
 * each group of inputs. Without offsets zero is the middle code, 2^(bits - 1); with offsets it is 0. Symmetric and affine formats map
 * onto it without loss, among them those of MLX and GGUF.
 *
 * It has no parameters: it is never trained. Its buffers `codes`, `scales` and `offsets` have the layout of the kernel
 * `QuantizedMatmul`, so that nothing is moved when it is used.
 */
export class QuantizedMatrix {
  readonly bits: 4 | 8;
  readonly groupSize: number;
  readonly outFeatures: number;
  readonly inFeatures: number;
  readonly #codes: Variable;
  readonly #scales: Variable;
  readonly #offsets: Variable | undefined;

  /** @param rows all of whose rows are set, and which the matrix takes @throws ValueError when a row was not set */
  constructor(rows: QuantizedRows);
  /**
   * @param sizes of the matrix
   * @param values its codes, scales and offsets in rows; copied
   * @throws ValueError when a size is unknown or out of range, groupSize does not divide inFeatures, a code is above 2^bits - 1, or a
   *   scale or an offset is not finite
   * @throws ShapeError when the lengths of codes, scales or offsets do not fit the sizes
   */
  constructor(sizes: QuantizedMatrixSizes, values: Codes);
  constructor(sizes: QuantizedMatrixSizes | QuantizedRows, values?: Codes) {
    const rows = sizes instanceof QuantizedRows ? sizes : rowsOf(sizes, values!);
    ({ bits: this.bits, groupSize: this.groupSize, outFeatures: this.outFeatures, inFeatures: this.inFeatures } = rows);
    [this.#codes, this.#scales, this.#offsets] = scope(() => {
      const { codes, scales, offsets } = rows.finish();
      return [buffer(codes), buffer(scales), offsets && buffer(offsets)];
    });
  }

  /**
   * Rounds a matrix to the nearest codes: symmetric with 8 bits, affine with 4.
   *
   * @param weight `[outFeatures, inFeatures]`, borrowed
   * @throws ValueError when the precision is out of range or groupSize does not divide inFeatures, or a number is not finite
   */
  static of(weight: Tensor, precision: Precision): QuantizedMatrix {
    const { bits, groupSize } = checkOptions("QuantizedMatrix.of", precision, precisionNames);
    const { outFeatures, inFeatures } = checkShapes("QuantizedMatrix.of", { weight: [weight, "outFeatures inFeatures"] });
    const made = new QuantizedRows({ bits, groupSize, outFeatures, inFeatures }, {}, "QuantizedMatrix.of");
    return settingRows(made, (rows) => {
      rows.round(0, weight.dataSync<"float32">());
      return new QuantizedMatrix(rows);
    });
  }

  parameters(): ParameterMap {
    return {};
  }

  /** What is saved and loaded. */
  buffers(): ParameterMap {
    return { codes: this.#codes, scales: this.#scales, ...(this.#offsets && { offsets: this.#offsets }) };
  }

  /** Codes, scales and offsets in rows. */
  values(): Codes {
    return { codes: deinterleave(this.#codes.dataSync<"int32">(), this), ...this.groups() };
  }

  /** Scales and offsets in rows. */
  groups(): Omit<Codes, "codes"> {
    const groups = this.inFeatures / this.groupSize;
    const inRows = (quads: Variable) => deinterleaveGroups(quads.dataSync<"float32">(), this.outFeatures, groups);
    return { scales: inRows(this.#scales), ...(this.#offsets && { offsets: inRows(this.#offsets) }) };
  }

  /** The matrix in float32, `[outFeatures, inFeatures]`; the caller owns it. */
  widen(): Tensor2D {
    return tensor2d(widened(this.values(), this), [this.outFeatures, this.inFeatures]);
  }

  /**
   * Some rows in float32, `[rows.length, inFeatures]`; the caller owns them.
   *
   * @throws ValueError when a row is not an integer from 0 to outFeatures - 1
   */
  rows(rows: ArrayLike<number>): Tensor2D {
    return tensor2d(this.rowNumbers(rows), [rows.length, this.inFeatures]);
  }

  /** The numbers of {@link rows}, one row after another. */
  rowNumbers(rows: ArrayLike<number>): Float32Array {
    const [wanted, { inFeatures, outFeatures }] = [Array.from(rows), this];
    for (const [at, row] of wanted.entries()) checkInteger("QuantizedMatrix.rows", `rows[${at}]`, row, 0, outFeatures - 1);
    const numbers = widened(this.#quads(wanted.map((row) => row >> 2)), this);
    const weight = new Float32Array(wanted.length * inFeatures);
    for (const [at, row] of wanted.entries()) {
      const from = (4 * at + (row & 3)) * inFeatures;
      weight.set(numbers.subarray(from, from + inFeatures), at * inFeatures);
    }
    return weight;
  }

  /**
   * x weightᵀ + bias. A backend with the kernel `QuantizedMatmul` rounds x to integers in spans of min(groupSize, 32) inputs, of at most
   * 32767 for 8 bits and 127 for 4 bits; every other backend widens the weights at each call and multiplies float32 numbers. The gradient of x is exact: dy · weight.
   *
   * @param x `[..., inFeatures]`
   * @param bias `[outFeatures]`; default none
   * @returns `[..., outFeatures]`
   * @throws ShapeError, DTypeError, DisposedError when x or the bias does not fit
   */
  multiply(x: Tensor, bias?: Tensor): Tensor {
    const layouts: Record<string, NamedLayout> = { x: [x, "... inFeatures"], ...(bias && { bias: [bias, "outFeatures"] }) };
    const { inFeatures, outFeatures } = this;
    checkShapes("QuantizedMatrix.multiply", layouts, { inFeatures: [inFeatures, "the matrix"], outFeatures: [outFeatures, "the matrix"] });
    return withGradient(
      bias === undefined ? [x] : [x, bias],
      () => ({ value: this.#product(x, bias), saved: [] }),
      (gradient) => [scope(() => matmul(gradient, this.widen())), ...(bias === undefined ? [] : [sumTo(gradient, bias.shape)])],
    );
  }

  dispose(): void {
    for (const each of Object.values(this.buffers())) each.dispose();
  }

  /** The values of some quads, in rows. */
  #quads(indices: readonly number[]): Codes {
    const [outFeatures, { inFeatures, bits, groupSize }] = [4 * indices.length, this];
    const inRows = (all: Variable) => deinterleaveGroups(quadsOf(all, indices) as Float32Array, outFeatures, inFeatures / groupSize);
    const codes = deinterleave(quadsOf(this.#codes, indices) as Int32Array, { outFeatures, inFeatures, bits });
    return { codes, scales: inRows(this.#scales), ...(this.#offsets && { offsets: inRows(this.#offsets) }) };
  }

  #product(x: Tensor, bias: Tensor | undefined): Tensor {
    if (!hasKernel(QuantizedMatmul)) return scope(() => linear(x, this.widen(), bias));
    const { bits, groupSize, outFeatures } = this;
    const weights = { codes: this.#codes, scales: this.#scales, ...(this.#offsets && { offsets: this.#offsets }) };
    return runKernel(QuantizedMatmul, { x, ...weights, ...(bias && { bias }) }, { bits, groupSize, outFeatures })[0];
  }
}

const precisionNames = { bits: true, groupSize: true } as const;

function widened({ codes, scales, offsets }: Codes, { bits, groupSize }: Precision): Float32Array {
  const zero = offsets === undefined ? 2 ** (bits - 1) : 0;
  const weight = new Float32Array(codes.length);
  for (let group = 0, at = 0; group < scales.length; group++) {
    const [scale, offset, end] = [scales[group]!, offsets?.[group] ?? 0, at + groupSize];
    for (; at < end; at++) weight[at] = scale * (codes[at]! - zero) + offset;
  }
  return weight;
}

/** A variable that no optimizer changes. */
function buffer(initial: Tensor): Variable {
  return variable(initial, false);
}

function rowsOf(sizes: QuantizedMatrixSizes, values: Codes): QuantizedRows {
  const made = new QuantizedRows(sizes, { offsets: values.offsets !== undefined }, "QuantizedMatrix");
  return settingRows(made, (rows) => {
    const { outFeatures, inFeatures } = rows;
    if (values.codes.length !== outFeatures * inFeatures) {
      refuse(ShapeError, "QuantizedMatrix", "codes", `${outFeatures * inFeatures} numbers`, values.codes.length);
    }
    rows.set(0, values);
    return rows;
  });
}

/** Some quads of a buffer. */
function quadsOf(all: Variable, indices: readonly number[]): Float32Array | Int32Array {
  const size = all.size / all.shape[0]!;
  const picked = all.dtype === "int32" ? new Int32Array(indices.length * size) : new Float32Array(indices.length * size);
  for (const [at, index] of indices.entries()) picked.set(readRange(all, index * size, (index + 1) * size), at * size);
  return picked;
}
