import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { allowedKeys, type AllowedKeys, type MapShape, rowStart } from "../maps/allowed-keys.js";
import { type AttentionMaps, type AttentionMapsOptions, buildMaps, checkCount, keptQueries } from "../maps/attention-maps.js";

/**
 * Attention maps from scores: the softmax of each row over its allowed keys, in float64.
 *
 * @throws ValueError when a score that the softmax reads is not finite; also what `attentionMaps` throws
 */
export function scoreMaps(operation: string, scores: ArrayLike<number>, shape: MapShape, options: AttentionMapsOptions): AttentionMaps {
  checkCount(operation, "scores", scores, shape);
  const { mask, queryOffset = 0, keyOffset = 0 } = options;
  const allowed = allowedKeys(operation, mask, shape, { queryOffset, keyOffset });
  const kept = keptQueries(operation, options.queryKeep, shape[0], shape[2]);
  return buildMaps(operation, softmaxRows(operation, scores, shape, allowed, kept), shape, { ...options, mask: allowed });
}

function softmaxRows(operation: string, scores: ArrayLike<number>, shape: MapShape, allowed: AllowedKeys, kept: Uint8Array): Float64Array {
  const [batch, heads, queryLength, keyLength] = shape;
  const weights = new Float64Array(scores.length);
  for (let row = 0; row < batch * heads * queryLength; row++) {
    const query = row % queryLength;
    const map = Math.floor(row / queryLength);
    const [sequence, head] = [Math.floor(map / heads), map % heads];
    if (kept[sequence * queryLength + query] === 0) continue;
    const cells = rowStart(allowed, sequence, head, query);
    const keys = Array.from({ length: keyLength }, (_, key) => key).filter((key) => allowed.data[cells + key] !== 0);
    const bad = keys.find((key) => !Number.isFinite(scores[row * keyLength + key]));
    if (bad !== undefined) {
      refuseScore(operation, scores[row * keyLength + bad]!, `batch ${sequence}, head ${head}, row ${query}, key ${bad}`);
    }
    softmaxRow(
      scores,
      weights,
      keys.map((key) => row * keyLength + key),
    );
  }
  return weights;
}

function softmaxRow(scores: ArrayLike<number>, weights: Float64Array, cells: readonly number[]): void {
  const peak = cells.reduce((largest, cell) => Math.max(largest, scores[cell]!), -Infinity);
  let total = 0;
  for (const cell of cells) {
    weights[cell] = Math.exp(scores[cell]! - peak);
    total += weights[cell];
  }
  for (const cell of cells) weights[cell]! /= total;
}

function refuseScore(operation: string, score: number, where: string): never {
  const advice = "let the mask say which keys a query may not attend to";
  return refuse(ValueError, operation, "scores", "finite where the mask allows a key", `${score} in ${where}`, advice);
}
