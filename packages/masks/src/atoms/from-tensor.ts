import type { Tensor } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, checkTensor, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { checkArray, checkIntegers } from "../check.js";
import type { Mask, TensorMaskJSON } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { tableRule } from "./table-rule.js";

/** How to read a tensor: `keep` holds 1 or true where a query may attend, `additive` holds what to add to the score. */
export interface TensorMaskOptions {
  readonly kind: "keep" | "additive";
  /** Absolute position of the first row; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first column; default 0. */
  readonly keyOffset?: number;
}

/**
 * A mask from a tensor, whose values are copied. In an additive tensor -Infinity forbids, and any other value is a bias,
 * however negative. An additive mask can be used alone or in `and`, but not in `or` and `not`.
 *
 * @param tensor `[queryLength, keyLength]` or `[batch, heads, queryLength, keyLength]`, where 1 broadcasts;
 *   bool or 0 and 1 for `keep`, float32 for `additive`
 * @throws ShapeError for another rank; DTypeError, DisposedError; ValueError for a value that the kind does not allow
 */
export function fromTensor(tensor: Tensor, options: TensorMaskOptions): Mask {
  const { kind, queryOffset = 0, keyOffset = 0 } = checkOptions("fromTensor", options, { kind: true, queryOffset: true, keyOffset: true });
  checkKind(kind);
  const binary = kind === "keep" && (tensor?.dtype === "bool" || tensor?.dtype === "int32");
  checkTensor("fromTensor", "tensor", tensor, binary ? tensor.dtype : "float32");
  return tensorMask({ kind, shape: checkRank(tensor.shape), queryOffset, keyOffset }, Float32Array.from(tensor.dataSync()));
}

/** The mask of the JSON of `fromTensor`. */
export function fromTensorJSON({ kind, shape, queryOffset, keyOffset, values }: Omit<TensorMaskJSON, "type">): Mask {
  checkKind(kind);
  const sizes = checkIntegers("fromTensor", "shape", shape, 4);
  const cells = checkArray(
    "fromTensor",
    "values",
    values,
    sizes.reduce((product, size) => product * size, 1),
  );
  const wrong = cells.findIndex((value) => typeof value !== "number" && value !== "-Infinity");
  if (wrong >= 0) refuse(ValueError, "fromTensor", `values[${wrong}]`, 'a number or "-Infinity"', typeof cells[wrong]);
  return tensorMask({ kind, shape: sizes, queryOffset, keyOffset }, Float32Array.from(cells, Number));
}

function tensorMask({ kind, shape, queryOffset, keyOffset }: Omit<TensorMaskJSON, "type" | "values">, values: Float32Array): Mask {
  checkInteger("fromTensor", "queryOffset", queryOffset, 0);
  checkInteger("fromTensor", "keyOffset", keyOffset, 0);
  const wrong = values.findIndex((value) => (kind === "keep" ? value !== 0 && value !== 1 : !(value < Infinity)));
  const expected = kind === "keep" ? '0 or 1 for kind "keep"' : "a number below Infinity";
  if (wrong >= 0) refuse(ValueError, "fromTensor", `values[${wrong}]`, expected, values[wrong]);
  const [batch, heads, rows, columns] = shape as [number, number, number, number];
  if (batch * heads === 0) refuse(ShapeError, "fromTensor", "tensor", "of batch and heads >= 1", `[${shape.join(", ")}]`);
  return new RuleMask(
    tableRule({
      json: {
        type: "fromTensor",
        kind,
        shape,
        queryOffset,
        keyOffset,
        // A getter, because most masks are never serialised and this copy is large.
        get values() {
          return Array.from(values, asJSON);
        },
      },
      shape: [batch, heads, rows, columns],
      allowed: Uint8Array.from(values, (value) => Number(kind === "keep" ? value === 1 : value > -Infinity)),
      cell: { query: rows === 1 ? Infinity : 1, key: columns === 1 ? Infinity : 1 },
      origin: { query: rows === 1 ? 0 : queryOffset, key: columns === 1 ? 0 : keyOffset },
      ...(kind === "additive" && { values }),
    }),
  );
}

function checkRank(shape: readonly number[]): readonly number[] {
  if (shape.length === 4) return shape;
  if (shape.length === 2) return [1, 1, ...shape];
  const [first, ...rest] = shape;
  const advice = `write [${first}, 1, ${rest.join(", ")}] if the first axis is the batch, [1, ${first}, ${rest.join(", ")}] if it is the heads`;
  const expected = "[queryLength, keyLength] or [batch, heads, queryLength, keyLength]";
  return refuse(ShapeError, "fromTensor", "tensor", expected, `[${shape.join(", ")}]`, shape.length === 3 ? advice : undefined);
}

function checkKind(kind: unknown): void {
  if (kind !== "keep" && kind !== "additive") refuse(ValueError, "fromTensor", "kind", '"keep" or "additive"', kind);
}

function asJSON(value: number): number | "-Infinity" {
  return value === -Infinity ? "-Infinity" : value;
}
