import type { Tensor } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkOptions,
  type ElementTarget,
  elementTarget,
  guardAllocation,
  refuse,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { checkPrecision, type Precision } from "./group-size.js";
import { codesShape, interleave, interleaveGroups, scalesShape } from "./layout.js";
import { type Codes, roundWeight } from "./round-weight.js";

/** Sizes of a `QuantizedMatrix`. */
export interface QuantizedMatrixSizes extends Precision {
  readonly outFeatures: number;
  readonly inFeatures: number;
}

/** Whether a matrix has offsets beside its scales; by default with 4 bits. */
export interface QuantizedRowsOptions {
  readonly offsets?: boolean | undefined;
}

/** The buffers of a matrix, in the layout of the kernel `QuantizedMatmul`. */
export interface MatrixTensors {
  readonly codes: Tensor;
  readonly scales: Tensor;
  readonly offsets: Tensor | undefined;
}

/**
 * The rows of a `QuantizedMatrix` that does not exist yet. They are set a few at a time, for example as a file is read, and are written
 * where the matrix has them: no second copy exists. `new QuantizedMatrix(rows)` makes the matrix; `discard` frees rows that none is made of.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { QuantizedMatrix, QuantizedRows } from "@tfblocks/quantization";
 *
 * await setBackend("cpu");
 * const rows = new QuantizedRows({ bits: 8, groupSize: 16, outFeatures: 3, inFeatures: 16 });
 * for (const row of [2, 0, 1]) rows.round(row, new Float32Array(16).fill(row));
 * console.log(new QuantizedMatrix(rows).rows([2]).dataSync()[0]); // 2
 * ```
 */
export class QuantizedRows implements QuantizedMatrixSizes {
  readonly bits: 4 | 8;
  readonly groupSize: number;
  readonly outFeatures: number;
  readonly inFeatures: number;
  readonly #operation: string;
  readonly #codes: ElementTarget;
  readonly #scales: ElementTarget;
  readonly #offsets: ElementTarget | undefined;
  readonly #isSet: Uint8Array;
  #isOpen = true;

  /**
   * @param operation the name of the caller for errors; default `"QuantizedRows"`
   * @throws ValueError when a size is unknown or out of range, or groupSize does not divide inFeatures; AllocationError when it does not fit
   */
  constructor(sizes: QuantizedMatrixSizes, options: QuantizedRowsOptions = {}, operation = "QuantizedRows") {
    const { bits, groupSize, outFeatures, inFeatures } = checkOptions(operation, sizes, sizeNames, "size");
    const { offsets = bits === 4 } = checkOptions(operation, options, { offsets: "flag" });
    checkInteger(operation, "outFeatures", outFeatures, 1);
    checkInteger(operation, "inFeatures", inFeatures, 1);
    checkPrecision(operation, { bits, groupSize }, inFeatures);
    [this.bits, this.groupSize, this.outFeatures, this.inFeatures] = [bits, groupSize, outFeatures, inFeatures];
    this.#operation = operation;
    this.#isSet = new Uint8Array(outFeatures);
    const [codes, groups] = [codesShape(this), scalesShape(this, groupSize)];
    guardAllocation(operation, { codes, scales: groups, ...(offsets && { offsets: groups }) });
    this.#codes = zeroed(codes, "int32");
    this.#scales = zeroed(groups, "float32");
    this.#offsets = offsets ? zeroed(groups, "float32") : undefined;
  }

  /**
   * Sets consecutive rows.
   *
   * @param first the index of the first row
   * @param values codes `[rows, inFeatures]`, with scales and, if the matrix has them, offsets `[rows, inFeatures / groupSize]`; copied
   * @throws ValueError when a row is outside the matrix, a code is above 2^bits - 1, or a scale or an offset is not finite
   * @throws ShapeError when the lengths do not fit
   */
  set(first: number, values: Codes): void {
    this.#checkOpen();
    this.#checkRows(first, values.codes.length);
    this.#checkValues(values);
    const groups = this.inFeatures / this.groupSize;
    interleave(values.codes, this.#codes.elements() as Int32Array, first, this);
    interleaveGroups(values.scales, this.#scales.elements() as Float32Array, first, groups);
    if (this.#offsets !== undefined) interleaveGroups(values.offsets!, this.#offsets.elements() as Float32Array, first, groups);
    this.#isSet.fill(1, first, first + values.codes.length / this.inFeatures);
  }

  /**
   * Rounds consecutive rows to the nearest codes and sets them: symmetric with 8 bits, affine with 4.
   *
   * @param weight `[rows, inFeatures]`
   * @throws ValueError when a row is outside the matrix, or a number is not finite; ShapeError when the length does not fit
   */
  round(first: number, weight: Float32Array): void {
    this.#checkRows(first, weight.length);
    for (let at = 0; at < weight.length; at++) if (!Number.isFinite(weight[at])) this.#refuseWeight(weight, first, at);
    this.set(first, roundWeight(weight, this));
  }

  /** Frees the rows, unless a matrix was made of them. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const each of this.#targets()) each.discard();
  }

  /** The buffers of the matrix, in whose place the rows were; the caller owns them. @throws ValueError when a row was not set */
  finish(): MatrixTensors {
    this.#checkOpen();
    const missing = this.#isSet.indexOf(0);
    if (missing >= 0) refuse(ValueError, this.#operation, "rows", "set, all of them", `none for row ${missing}`);
    this.#isOpen = false;
    return { codes: this.#codes.finish(), scales: this.#scales.finish(), offsets: this.#offsets?.finish() };
  }

  #targets(): ElementTarget[] {
    return [this.#codes, this.#scales, ...(this.#offsets === undefined ? [] : [this.#offsets])];
  }

  #checkOpen(): void {
    if (!this.#isOpen) refuse(ValueError, this.#operation, "rows", "those of a matrix that was not made yet", "made or discarded ones");
  }

  #checkRows(first: number, count: number): void {
    const rows = count / this.inFeatures;
    if (!Number.isInteger(rows)) refuse(ShapeError, this.#operation, "rows", `of ${this.inFeatures} numbers each`, `${count} numbers`);
    checkInteger(this.#operation, "first", first, 0, this.outFeatures - rows);
  }

  #checkValues({ codes, scales, offsets }: Codes): void {
    const groups = codes.length / this.groupSize;
    this.#checkLength("scales", scales, groups);
    if ((offsets !== undefined) !== (this.#offsets !== undefined)) {
      refuse(
        ValueError,
        this.#operation,
        "offsets",
        this.#offsets === undefined ? "left out" : "given",
        offsets === undefined ? "none" : "some",
      );
    }
    if (offsets !== undefined) this.#checkLength("offsets", offsets, groups);
    const most = 2 ** this.bits - 1;
    const large = this.bits === 8 ? -1 : firstAbove(codes, most);
    if (large >= 0) refuse(ValueError, this.#operation, `codes[${large}]`, `at most ${most}`, codes[large]);
    for (const [name, numbers] of Object.entries({ scales, ...(offsets && { offsets }) })) {
      const wrong = numbers.findIndex((number) => !Number.isFinite(number));
      if (wrong >= 0) refuse(ValueError, this.#operation, `${name}[${wrong}]`, "finite", numbers[wrong]);
    }
  }

  #checkLength(name: string, { length }: ArrayLike<number>, expected: number): void {
    if (length !== expected) refuse(ShapeError, this.#operation, name, `${expected} numbers`, length);
  }

  #refuseWeight(weight: Float32Array, first: number, at: number): never {
    return refuse(ValueError, this.#operation, "weight", "finite numbers", `${weight[at]} at ${first * this.inFeatures + at}`);
  }
}

const sizeNames = { bits: true, groupSize: true, outFeatures: true, inFeatures: true } as const;

/** Outputs that fill up the last quad have scale 0. */
function zeroed(shape: readonly number[], dtype: "int32" | "float32"): ElementTarget {
  const target = elementTarget(shape, dtype);
  target.elements().fill(0);
  return target;
}

function firstAbove(codes: Uint8Array, most: number): number {
  for (let at = 0; at < codes.length; at++) if (codes[at]! > most) return at; // faster than findIndex
  return -1;
}

/** Runs a body that sets rows, and frees them if it throws. */
export function settingRows<Result>(rows: QuantizedRows, body: (rows: QuantizedRows) => Result): Result {
  try {
    return body(rows);
  } catch (error) {
    rows.discard();
    throw error;
  }
}
