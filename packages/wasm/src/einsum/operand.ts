import { reshape, sum, type Tensor } from "@tensorflow/tfjs-core";
import { broadcast, permute } from "@tfblocks/tensor-utils";
import { sizeOf } from "../sizes.js";
import { putDiagonal, takeDiagonal } from "./diagonal.js";

/** A tensor whose dimensions have unique labels. */
export interface Operand {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

type Sizes = ReadonlyMap<string, number>;

/** An input as an operand: takes the diagonal where a label is repeated, and leaves out dimensions that broadcast. */
export function readOperand(tensor: Tensor, term: readonly string[], sizes: Sizes): Operand {
  const labels = term.filter((label, axis) => tensor.shape[axis] === sizes.get(label));
  return withoutRepeats({ tensor: reshape(tensor, shapeOf(labels, sizes)), labels });
}

/** The gradient of an input from the gradient of its operand, which may lack labels that it does not depend on. */
export function writeOperand({ tensor, labels }: Operand, shape: number[], term: readonly string[], sizes: Sizes): Tensor {
  const own = term.filter((label, axis) => shape[axis] === sizes.get(label));
  const unique = [...new Set(own)];
  const present = unique.filter((label) => labels.includes(label));
  const ordered = arrange({ tensor, labels }, present);
  const spread = reshape(
    ordered,
    unique.map((label) => (present.includes(label) ? sizes.get(label)! : 1)),
  );
  return reshape(withRepeats(broadcast(spread, shapeOf(unique, sizes)), own, sizes), shape);
}

/** The tensor with its dimensions in this order of its labels. */
export function arrange({ tensor, labels }: Operand, order: readonly string[]): Tensor {
  if (order.every((label, axis) => label === labels[axis])) return tensor;
  return permute(
    tensor,
    order.map((label) => labels.indexOf(label)),
  );
}

/** Sums over the labels that are not needed. */
export function keep({ tensor, labels }: Operand, isNeeded: (label: string) => boolean): Operand {
  const axes = labels.flatMap((label, axis) => (isNeeded(label) ? [] : [axis]));
  return { tensor: axes.length === 0 ? tensor : sum(tensor, axes), labels: labels.filter(isNeeded) };
}

export function shapeOf(labels: readonly string[], sizes: Sizes): number[] {
  return labels.map((label) => sizes.get(label)!);
}

/** A label that occurs more than once. */
function repeated(labels: readonly string[]): string | undefined {
  return labels.find((label, axis) => labels.indexOf(label) !== axis);
}

function withoutRepeats({ tensor, labels }: Operand): Operand {
  const label = repeated(labels);
  if (label === undefined) return { tensor, labels };
  const [first, second] = [labels.indexOf(label), labels.lastIndexOf(label)];
  const others = [...labels.keys()].filter((axis) => axis !== first && axis !== second);
  const [shape, size] = [others.map((axis) => tensor.shape[axis]!), tensor.shape[first]!];
  const moved = reshape(permute(tensor, [...others, first, second]), [sizeOf(shape), size, size]);
  return withoutRepeats({
    tensor: reshape(takeDiagonal(moved), [...shape, size]),
    labels: [...others.map((axis) => labels[axis]!), label],
  });
}

/** The inverse of {@link withoutRepeats}: from unique labels, in the order of their first occurrence, to all labels. */
function withRepeats(tensor: Tensor, labels: readonly string[], sizes: Sizes): Tensor {
  const second = labels.findLastIndex((label, axis) => labels.indexOf(label) !== axis);
  if (second === -1) return tensor;
  const [label, fewer] = [labels[second]!, labels.toSpliced(second, 1)];
  const inner = withRepeats(tensor, fewer, sizes);
  const axis = fewer.indexOf(label);
  const others = [...fewer.keys()].filter((each) => each !== axis);
  const [shape, size] = [others.map((each) => inner.shape[each]!), sizes.get(label)!];
  const rows = reshape(permute(inner, [...others, axis]), [sizeOf(shape), size]);
  const spread = reshape(putDiagonal(rows), [...shape, size, size]);
  const from = [...others, axis, fewer.length].map((each) => (each === fewer.length ? second : each < second ? each : each + 1));
  return permute(
    spread,
    labels.map((_, at) => from.indexOf(at)),
  );
}
