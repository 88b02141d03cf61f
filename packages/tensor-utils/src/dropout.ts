import { tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkRate, checkSeed } from "./check-number.js";
import { threefry2x32 } from "./threefry.js";

/** Which attention weights a call drops. */
export interface WeightDropout {
  /** Probability of dropping a cell, 0 <= rate < 1. */
  readonly rate: number;
  /** Any integer from 0 to 2^32 - 1; the same seed drops the same cells. */
  readonly seed: number;
  /** Absolute position of the first query; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number;
}

/**
 * The factor of each attention weight under inverted dropout: 0 where dropped, 1 / (1 - rate) where kept.
 *
 * Counter-based: a cell's fate depends on (seed, batch, head, query, key) alone, so the backward pass replays it and
 * no thread count or block order changes it. With Threefry-2x32 of 13 rounds, key (seed, 0) and counter
 * (batch, head) give the key of a map, and that with counter (query, key >> 1) gives two words, one for each parity
 * of the absolute key position; a cell is dropped when its word < rate 2^32.
 *
 * @param shape `[batch, heads, queryLength, keyLength]`
 * @throws ValueError when the rate is outside [0, 1), or the seed or an offset is no integer from 0 to 2^32 - 1
 */
export function dropoutFactors(
  shape: readonly [number, number, number, number],
  { rate, seed, queryOffset = 0, keyOffset = 0 }: WeightDropout,
): Tensor4D {
  checkRate("dropoutFactors", "rate", rate);
  checkSeed("dropoutFactors", seed);
  checkInteger("dropoutFactors", "queryOffset", queryOffset, 0, 2 ** 32 - 1);
  checkInteger("dropoutFactors", "keyOffset", keyOffset, 0, 2 ** 32 - 1);
  const [batch, heads, queryLength, keyLength] = shape;
  const factors = new Float32Array(batch * heads * queryLength * keyLength);
  const threshold = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  const [mapKey, words] = [new Uint32Array(2), new Uint32Array(2)];
  let cell = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      threefry2x32(mapKey, seed, 0, b, h, 13);
      for (let q = queryOffset; q < queryOffset + queryLength; q++) {
        for (let k = keyOffset; k < keyOffset + keyLength; k++) {
          if (k % 2 === 0 || k === keyOffset) threefry2x32(words, mapKey[0]!, mapKey[1]!, q, k >> 1, 13);
          factors[cell++] = words[k % 2]! < threshold ? 0 : kept;
        }
      }
    }
  }
  return tensor4d(factors, [...shape]);
}
