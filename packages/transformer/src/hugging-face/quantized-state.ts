import { packWords, type Precision, QuantizedEmbedding, QuantizedLinear, type QuantizedMatrix } from "@tfblocks/quantization";
import { type Composite, refuse, ValueError, walkParts } from "@tfblocks/tensor-utils";
import { type FloatDType, narrowestDType, type StoredTensor } from "@tfblocks/weights";

/** The matrices of the quantised parts of a model, by the names that their weights would have. */
export function matricesOf(model: Composite): ReadonlyMap<string, QuantizedMatrix> {
  const parts = walkParts(model);
  return new Map(
    parts.flatMap(([name, part]) =>
      part instanceof QuantizedLinear || part instanceof QuantizedEmbedding ? [[`${name}.weight`, part.weight] as const] : [],
    ),
  );
}

/** Matrices that are one tensor in a file, with the rows of it that each has. */
export interface JoinedMatrices {
  /** By the names of ours. */
  readonly matrices: Readonly<Record<string, QuantizedMatrix>>;
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

/**
 * The tensors that mlx-lm stores for matrices: words of codes, scales, and biases. They are made when they are written.
 *
 * @param layer the name of the tensor without `.weight`
 * @param joined matrices of one precision
 * @param dtype of the scales and biases
 */
export function storedMatrices(layer: string, joined: JoinedMatrices, dtype: FloatDType): Readonly<Record<string, StoredTensor>> {
  const all = Object.values(joined.matrices);
  const { bits, groupSize, inFeatures } = all[0]!;
  const outFeatures = all.reduce((sum, each) => sum + each.outFeatures, 0);
  const [words, groups] = [(inFeatures * bits) / 32, inFeatures / groupSize];
  const ofGroups = (valuesOf: (matrix: QuantizedMatrix) => Float32Array): StoredTensor => {
    const shape = [outFeatures, groups];
    return { dtype, shape, elements: () => inRows(new Float32Array(outFeatures * groups), joined, valuesOf) };
  };
  return {
    [`${layer}.weight`]: {
      dtype: "U32",
      shape: [outFeatures, words],
      elements: () => inRows(new Uint32Array(outFeatures * words), joined, (matrix) => packWords(matrix.values().codes, bits)),
    },
    [`${layer}.scales`]: ofGroups((matrix) => matrix.groups().scales),
    [`${layer}.biases`]: ofGroups(biasesOf),
  };
}

/** The narrowest dtype that keeps the scales and biases of matrices bit for bit. */
export function groupsDType(matrices: Iterable<QuantizedMatrix>): FloatDType {
  return narrowestDType(groupsOf(matrices));
}

function* groupsOf(matrices: Iterable<QuantizedMatrix>): Generator<Float32Array> {
  for (const each of matrices) yield* [each.groups().scales, biasesOf(each)];
}

/** weight = scale · code + bias: without offsets codes count from the middle one, so that the bias is -2^(bits - 1) · scale, exactly. */
function biasesOf(matrix: QuantizedMatrix): Float32Array {
  const { scales, offsets } = matrix.groups();
  return offsets ?? scales.map((scale) => -(2 ** (matrix.bits - 1)) * scale);
}

/** The precision of matrices. @throws ValueError when they have several */
export function precisionOf(operation: string, { matrices }: JoinedMatrices): Precision {
  const [[firstName, first], ...others] = Object.entries(matrices) as [[string, QuantizedMatrix], ...[string, QuantizedMatrix][]];
  for (const [name, each] of others) {
    if (each.bits === first.bits && each.groupSize === first.groupSize) continue;
    const shown = ({ bits, groupSize }: QuantizedMatrix) => `${bits} bits in groups of ${groupSize}`;
    const expected = `of ${shown(first)}, as ${firstName}, with which it is one tensor of the file`;
    refuse(ValueError, operation, `model.${name}`, expected, shown(each));
  }
  return { bits: first.bits, groupSize: first.groupSize };
}

/** Puts the rows of matrices at their places in one tensor. */
function inRows<Values extends Float32Array | Uint32Array>(
  all: Values,
  { matrices, rows }: JoinedMatrices,
  valuesOf: (matrix: QuantizedMatrix) => Values,
): Values {
  for (const [name, matrix] of Object.entries(matrices)) {
    const values = valuesOf(matrix);
    const size = values.length / matrix.outFeatures;
    for (const [at, row] of rows[name]!.entries()) all.set(values.subarray(at * size, (at + 1) * size), row * size);
  }
  return all;
}
