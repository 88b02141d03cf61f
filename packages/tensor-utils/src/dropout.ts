import { tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkInteger, checkRate, checkSeed } from "./check-number.js";
import { checkOptions, type OptionNames } from "./options.js";
import { threefry2x32 } from "./threefry.js";

/** Options of {@link dropoutFactors}. */
export interface WeightDropout {
  /** Probability of dropping a weight, 0 <= rate < 1. */
  readonly rate: number;
  /** An integer from 0 to 2^32 - 1. The same seed drops the same weights. */
  readonly seed: number;
  /** Absolute position of the first query; default 0. */
  readonly queryOffset?: number;
  /** Absolute position of the first key; default 0. */
  readonly keyOffset?: number;
}

const optionNames: OptionNames<WeightDropout> = { rate: true, seed: true, queryOffset: true, keyOffset: true };

/**
 * The factor of each attention weight under inverted dropout: 0 for a dropped weight, 1 / (1 - rate) for any other.
 *
 * Counter-based: whether a weight is dropped depends only on (seed, batch, head, query, key). The backward pass therefore
 * repeats the same pattern, and neither the number of threads nor the order of blocks changes it.
 *
 * Random words come from Threefry-2x32 with 13 rounds. Key (seed, 0) with counter (batch, head) gives the key of one head's
 * map. That key with counter (query, key >> 1) gives two words: the first for an even absolute key position, the second
 * for an odd one. A weight is dropped when its word < rate · 2^32.
 *
 * @param shape `[batch, heads, queryLength, keyLength]`
 * @throws ValueError when the rate is outside [0, 1), the seed or an offset is not an integer from 0 to 2^32 - 1, or an
 *   option is unknown
 */
export function dropoutFactors(shape: readonly [number, number, number, number], options: WeightDropout): Tensor4D {
  const { rate, seed, queryOffset = 0, keyOffset = 0 } = checkOptions("dropoutFactors", options, optionNames);
  checkRate("dropoutFactors", "rate", rate);
  checkSeed("dropoutFactors", seed);
  checkInteger("dropoutFactors", "queryOffset", queryOffset, 0, 2 ** 32 - 1);
  checkInteger("dropoutFactors", "keyOffset", keyOffset, 0, 2 ** 32 - 1);
  const [batch, heads, queryLength, keyLength] = shape;
  const factors = new Float32Array(batch * heads * queryLength * keyLength);
  const threshold = rate * 2 ** 32;
  const scale = 1 / (1 - rate);
  const [mapKey, words] = [new Uint32Array(2), new Uint32Array(2)];
  let cell = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      threefry2x32(mapKey, seed, 0, b, h, 13);
      for (let q = queryOffset; q < queryOffset + queryLength; q++) {
        for (let k = keyOffset; k < keyOffset + keyLength; k++) {
          if (k % 2 === 0 || k === keyOffset) threefry2x32(words, mapKey[0]!, mapKey[1]!, q, k >> 1, 13);
          factors[cell++] = words[k % 2]! < threshold ? 0 : scale;
        }
      }
    }
  }
  return tensor4d(factors, [...shape]);
}
