import { LayerNorm, RMSNorm } from "@tfblocks/norm";
import { type Block, type Composite, describeValue, refuse, ValueError, walkParts } from "@tfblocks/tensor-utils";
import { outputNorm, ParallelLayer, postNorm, preNorm, sandwichNorm, TransformerLayer } from "@tfblocks/transformer";
import { type Matrix, matrix } from "./matrix.js";

/** A norm whose gain can be folded into the weights that read it. */
export interface FoldedNorm {
  /** `[dModel]` */
  readonly gain: Float64Array;
  /** Whether the norm subtracts the mean. */
  readonly isCentred: boolean;
  readonly hasBias: boolean;
}

/** @throws ValueError when the norm is neither a LayerNorm nor an RMSNorm */
export async function readNorm(operation: string, norm: Block): Promise<FoldedNorm> {
  if (norm instanceof LayerNorm) {
    return { gain: Float64Array.from(await norm.weight.data()), isCentred: true, hasBias: norm.bias !== undefined };
  }
  if (norm instanceof RMSNorm) {
    const { weightOffset } = norm;
    return { gain: Float64Array.from(await norm.weight.data(), (value) => value + weightOffset), isCentred: false, hasBias: false };
  }
  return refuse(ValueError, operation, "norm", "a LayerNorm or an RMSNorm", describeValue(norm), "leave foldNorm out");
}

/**
 * The weights W `[dModel, columns]` that read a norm, as weights that read x divided by the norm's deviation: diag(gain) W, and
 * with a LayerNorm (I − 11ᵀ / dModel) diag(gain) W.
 */
export function foldNorm(weights: Matrix, { gain, isCentred }: FoldedNorm): Matrix {
  const { rows, columns, data } = weights;
  const scaled = matrix(rows, columns, (row, column) => gain[row]! * data[row * columns + column]!);
  return isCentred ? centred(scaled) : scaled;
}

/** A matrix with the mean of each column subtracted. */
function centred({ rows, columns, data }: Matrix): Matrix {
  const means = new Float64Array(columns);
  data.forEach((value, at) => (means[at % columns]! += value / rows));
  return matrix(rows, columns, (row, column) => data[row * columns + column]! - means[column]!);
}

/**
 * The norm that an attention reads the residual stream through; undefined if it reads the stream itself, as with `postNorm`.
 *
 * @param name of the attention in the model
 * @throws ValueError when its layer is of another class, or has a residual rule of its own
 */
export function normBefore(operation: string, model: Composite, name: string): Block | undefined {
  const [owner, part] = [name.slice(0, Math.max(0, name.lastIndexOf("."))), name.slice(name.lastIndexOf(".") + 1)];
  const layer = owner === "" ? model : walkParts(model).find(([other]) => other === owner)?.[1];
  if (layer instanceof ParallelLayer) return layer.attentionNorm;
  if (layer instanceof TransformerLayer) {
    const { read } = layer.residual;
    if (read === postNorm.read || read === outputNorm.read) return undefined;
    if (read === preNorm.read || read === sandwichNorm.read) {
      return part === "crossAttention" ? layer.crossAttentionNorm : layer.attentionNorm;
    }
  }
  const expected = `"${name}" in a TransformerLayer or ParallelLayer with a residual rule of @tfblocks/transformer`;
  return refuse(ValueError, operation, "model", expected, "another layer", "leave foldNorm out");
}
