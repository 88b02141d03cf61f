import type { Tensor } from "@tensorflow/tfjs-core";
import { refuse, ValueError } from "@tfblocks/tensor-utils";

/** What a component of a logit is. */
export type ComponentKind =
  | "embedding"
  | "head"
  | "attentionBias"
  | "feedForward"
  | "neurons"
  | "feedForwardBias"
  | "normBias"
  | "headTransformBias"
  | "headBias";

/** A component without its value. */
export interface ComponentLabel {
  /** To show: `"L0·H3"` for a head, else the name of the part. */
  readonly name: string;
  readonly kind: ComponentKind;
  /** The dotted name of the part. */
  readonly part: string;
  /** The index of the layer; null outside the layers. */
  readonly layer: number | null;
  /** The index of the head; null unless the kind is `"head"`. */
  readonly head: number | null;
  /** The first neuron and the one after the last; null unless the kind is `"neurons"`. */
  readonly neurons: readonly [from: number, to: number] | null;
}

/** The inner product of a value with the direction in which it moves the logit, both `[batch, positions, width]`. */
interface Product {
  readonly value: Tensor;
  readonly direction: Tensor;
}

/** Inner products over groups of columns: each is a component. Without labels, it is split further elsewhere. */
export interface Term extends Product {
  readonly labels: readonly ComponentLabel[];
  /** Columns of a group; default all. The last group may be smaller. */
  readonly groupWidth?: number;
}

/** A product that is the sum of terms, if the part is as it should be. */
export interface Split {
  readonly part: string;
  readonly whole: Product;
  readonly terms: readonly Term[];
}

/** A component of a logit at one position. */
export interface Contribution {
  readonly label: ComponentLabel;
  readonly value: number;
}

/** How far the terms of a split may be from the whole, relative to the sum of all absolute products. */
const tolerance = 1e-3;

/**
 * The contributions at each row of batch × positions, in the order of the splits.
 *
 * @throws ValueError when the terms of a split are not the whole: a part that was edited, or is not what it seems
 */
export async function contributionsOf(operation: string, splits: readonly Split[], rows: number): Promise<Contribution[][]> {
  const numbers = await readProducts(splits.flatMap(({ whole, terms }) => [whole, ...terms]));
  return Array.from({ length: rows }, (_, row) =>
    splits.flatMap(({ part, whole, terms }) => {
      const read = (product: Product) => numbers.get(product)!(row);
      const [all, pieces] = [sumOf(read(whole)), terms.map(read)];
      const scale = pieces.reduce((sum, piece) => sum + magnitudeOf(piece), Math.abs(all));
      const difference = Math.abs(pieces.reduce((sum, piece) => sum + sumOf(piece), 0) - all);
      if (!(difference <= tolerance * scale + tolerance * tolerance)) refusePart(operation, part, difference);
      return terms.flatMap((term, index) => labelled(term, pieces[index]!));
    }),
  );
}

function refusePart(operation: string, part: string, difference: number): never {
  const received = `${Number(difference.toPrecision(3))} that its inputs and biases do not explain`;
  return refuse(
    ValueError,
    operation,
    `"${part}"`,
    "a sum of its inputs once norms are frozen",
    received,
    "attribute a model without edits there",
  );
}

/** The products of each column at a row. */
async function readProducts(products: readonly Product[]): Promise<Map<Product, (row: number) => number[]>> {
  const data = new Map<Tensor, Float32Array>();
  for (const tensor of products.flatMap(({ value, direction }) => [value, direction])) {
    if (!data.has(tensor)) data.set(tensor, await tensor.data<"float32">());
  }
  return new Map(
    products.map((product) => {
      const width = product.value.shape.at(-1)!;
      const [value, direction] = [data.get(product.value)!, data.get(product.direction)!];
      return [
        product,
        (row) => Array.from({ length: width }, (_, column) => value[row * width + column]! * direction[row * width + column]!),
      ];
    }),
  );
}

function labelled({ labels, groupWidth = Infinity }: Term, products: readonly number[]): Contribution[] {
  return labels.map((label, group) => {
    const [from, to] = groupWidth === Infinity ? [0, products.length] : [group * groupWidth, (group + 1) * groupWidth];
    return { label, value: sumOf(products.slice(from, to)) };
  });
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function magnitudeOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + Math.abs(each), 0);
}
