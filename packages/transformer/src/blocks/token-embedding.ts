import { mul, type Tensor, type Tensor3D, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkInteger,
  embedding,
  type Initializer,
  normalInit,
  parameter,
  Random,
  scope,
  Composite,
  type Parts,
} from "@tfblocks/tensor-utils";

/** Sizes of a {@link TokenEmbedding}. */
export interface TokenEmbeddingConfig {
  readonly vocabSize: number;
  readonly dModel: number;
  /** Factor of each row: sqrt(dModel) in Vaswani et al. 2017 and Gemma; default 1. */
  readonly scale?: number;
  /** Default normal with deviation 0.02, as GPT-2. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

/** A learned vector for each id: scale · weight[id]. Parameter: `weight` `[vocabSize, dModel]`. */
export class TokenEmbedding extends Composite implements Block<[ids: Tensor]> {
  readonly weight: Variable;
  readonly scale: number;

  /** @throws ValueError when a size is no positive integer */
  constructor({ vocabSize, dModel, scale = 1, init = normalInit(0.02), random = new Random(0) }: TokenEmbeddingConfig) {
    super("TokenEmbedding");
    checkInteger("TokenEmbedding", "vocabSize", vocabSize, 1);
    checkInteger("TokenEmbedding", "dModel", dModel, 1);
    this.scale = scale;
    this.weight = parameter(() => init([vocabSize, dModel], random.split("weight")));
  }

  /**
   * @param ids int32 `[batch, length]`, each 0 .. vocabSize - 1
   * @returns `[batch, length, dModel]`
   * @throws ValueError, DTypeError, DisposedError as `embedding`
   */
  apply(ids: Tensor): Tensor3D {
    return scope(() => {
      const rows = embedding(this.weight, ids);
      return (this.scale === 1 ? rows : mul(rows, this.scale)) as Tensor3D;
    });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
