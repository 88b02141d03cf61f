import { tensor3d, type Tensor3D } from "@tensorflow/tfjs-core";
import { checkInteger, Random } from "@tfblocks/tensor-utils";

/** Width and seed of {@link embedTokens}. */
export interface EmbeddingOptions {
  /** Width of a token's vector; default 64. */
  readonly dModel?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * A vector for each token: seeded normal numbers for its word (case does not count) plus the sinusoids of its
 * position, sin(p / 10000^(2i/dModel)) and cos, so that the same word differs by place. Untrained.
 *
 * @returns `[1, tokens, dModel]`
 * @throws ValueError when dModel is no positive integer or the seed no integer >= 0
 */
export function embedTokens(tokens: readonly string[], { dModel = 64, seed = 0 }: EmbeddingOptions = {}): Tensor3D {
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
