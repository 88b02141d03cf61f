import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { MapShape } from "./allowed-keys.js";

/**
 * A key without a token: a `learnedKey` (the last column of the weights) or a `sink` (the part of a row that its weights leave
 * out). Every query may attend to it, whatever the mask.
 */
export type ExtraKey = "learnedKey" | "sink";

/** Weights of tokens apart from those of a learned key. */
export interface SplitWeights {
  /** `[batch, heads, queryLength, keyLength]` */
  readonly tokens: ArrayLike<number>;
  readonly shape: MapShape;
  /** `[batch, heads, queryLength]`; undefined without a learned key. */
  readonly learned: Float64Array | undefined;
}

/**
 * Takes the last column, the learned key, off the weights.
 *
 * @param shape the sizes of the weights, with the column
 * @throws ShapeError when there is no column
 */
export function splitLearnedKey(operation: string, weights: ArrayLike<number>, shape: MapShape): SplitWeights {
  const [batch, heads, queryLength, columns] = shape;
  if (columns === 0) {
    refuse(ShapeError, operation, "shape", "[batch, heads, queryLength, keyLength + 1] with a learned key", `[${shape.join(", ")}]`);
  }
  const keyLength = columns - 1;
  const rows = batch * heads * queryLength;
  const tokens = weights instanceof Float32Array ? new Float32Array(rows * keyLength) : new Float64Array(rows * keyLength);
  const learned = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let key = 0; key < keyLength; key++) tokens[row * keyLength + key] = weights[row * columns + key]!;
    learned[row] = weights[row * columns + keyLength]!;
  }
  return { tokens, shape: [batch, heads, queryLength, keyLength], learned };
}
