import { tensor3d, type Tensor3D } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, type OptionNames, Random } from "@tfblocks/tensor-utils";

/** Options of {@link embedTokens}. */
export interface EmbeddingOptions {
  /** Width of the vector of a token; default 64. */
  readonly dModel?: number;
  /** Default 0. */
  readonly seed?: number;
}

const optionNames: OptionNames<EmbeddingOptions> = { dModel: true, seed: true };

/**
 * An untrained vector for each token: normal random numbers that depend on the word (ignoring case) and the seed, plus
 * the sinusoids of its position, sin(p / 10000^(2i/dModel)) and cos, so that the same word differs between positions.
 *
 * @returns `[1, tokens, dModel]`
 * @throws ValueError when dModel is not a positive integer, the seed is not an integer >= 0, or an option is unknown
 */
export function embedTokens(tokens: readonly string[], options: EmbeddingOptions = {}): Tensor3D {
  const { dModel = 64, seed = 0 } = checkOptions("embedTokens", options, optionNames);
  checkInteger("embedTokens", "dModel", dModel, 1);
  const words = new Random(seed).split("embedding");
  const rows = tokens.map((token, position) => {
    const random = words.split(token.toLowerCase());
    return Array.from({ length: dModel }, (_, dim) => random.normal() + sinusoid(position, dim, dModel));
  });
  return tensor3d([rows], [1, tokens.length, dModel], "float32");
}

/** Vaswani et al. 2017, section 3.5. */
function sinusoid(position: number, dim: number, dModel: number): number {
  const angle = position / 10000 ** ((2 * Math.floor(dim / 2)) / dModel);
  return dim % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}
