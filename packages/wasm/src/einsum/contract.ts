import { matMul, mul, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { sizeOf, sameShape } from "../sizes.js";
import { arrange, keep, type Operand, shapeOf } from "./operand.js";

type Sizes = ReadonlyMap<string, number>;

/** The product of all operands, from left to right, summed over every label that is not in the output. */
export function contract(operands: readonly Operand[], output: readonly string[], sizes: Sizes): Tensor {
  const total = operands.reduce((left, right, index) => {
    const later = new Set([...output, ...operands.slice(index + 1).flatMap(({ labels }) => labels)]);
    return multiply(left, right, (label) => later.has(label), sizes);
  });
  return arrange(
    keep(total, (label) => output.includes(label)),
    output,
  );
}

/** The product of two operands, summed over the labels that are not needed later. */
function multiply(left: Operand, right: Operand, isNeeded: (label: string) => boolean, sizes: Sizes): Operand {
  const a = keep(left, (label) => isNeeded(label) || right.labels.includes(label));
  const b = keep(right, (label) => isNeeded(label) || left.labels.includes(label));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const groups: Groups = {
    batch: shared.filter(isNeeded),
    summed: shared.filter((label) => !isNeeded(label)),
    rows: a.labels.filter((label) => !shared.includes(label)),
    columns: b.labels.filter((label) => !shared.includes(label)),
  };
  const labels = [...groups.batch, ...groups.rows, ...groups.columns];
  const product = groups.summed.length === 0 ? outerProduct(a, b, groups, sizes) : matrixProduct(a, b, groups, sizes);
  return { tensor: reshape(product, shapeOf(labels, sizes)), labels };
}

/** Labels that both operands have and that stay (`batch`) or are summed over, and labels of only the left or right operand. */
type Groups = Readonly<Record<"batch" | "summed" | "rows" | "columns", readonly string[]>>;

function outerProduct(a: Operand, b: Operand, { batch, rows, columns }: Groups, sizes: Sizes): Tensor {
  return mul(grouped(a, [batch, rows, []], sizes), grouped(b, [batch, [], columns], sizes));
}

/** A matrix product for each batch element; an operand whose dimensions are transposed is multiplied as it is. */
function matrixProduct(a: Operand, b: Operand, { batch, summed, rows, columns }: Groups, sizes: Sizes): Tensor {
  const transposeA = sameOrder(a.labels, [...batch, ...summed, ...rows]);
  const transposeB = sameOrder(b.labels, [...batch, ...columns, ...summed]);
  const left = grouped(a, transposeA ? [batch, summed, rows] : [batch, rows, summed], sizes);
  const right = grouped(b, transposeB ? [batch, columns, summed] : [batch, summed, columns], sizes);
  return matMul(left, right, transposeA, transposeB);
}

/** The operand with a dimension for each group of labels. */
function grouped(operand: Operand, groups: readonly (readonly string[])[], sizes: Sizes): Tensor {
  const shape = groups.map((labels) => sizeOf(shapeOf(labels, sizes)));
  const arranged = arrange(operand, groups.flat());
  return sameShape(arranged.shape, shape) ? arranged : reshape(arranged, shape);
}

function sameOrder(labels: readonly string[], order: readonly string[]): boolean {
  return order.every((label, axis) => label === labels[axis]);
}
