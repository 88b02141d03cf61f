import { mul, type Tensor, type Tensor3D, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  type Defaults,
  derived,
  embedding,
  type Initializer,
  matmul,
  normalInit,
  parameter,
  type Parts,
  Random,
  scope,
  size,
  withDefaults,
} from "@tfblocks/tensor-utils";

/** Maps int32 ids to vectors, and may share its weight with the head of a model: a `TokenEmbedding`, or any block with the same methods. */
export interface TokenEmbeddingPart extends Block<[ids: Tensor]> {
  readonly vocabSize: number;
  readonly dModel: number;
  /** x weightᵀ: `[..., length, dModel]` to `[..., length, vocabSize]`. */
  logits(x: Tensor): Tensor;
}

/** Sizes of a {@link TokenEmbedding}. */
export interface TokenEmbeddingSizes {
  readonly vocabSize: number;
  readonly dModel: number;
  /** Factor of the output, for example sqrt(dModel) in Vaswani et al. 2017 and Gemma; default 1. */
  readonly scale?: number;
  /** Initializer of the weight; default normal with standard deviation 0.02, as in GPT-2. */
  readonly init?: Initializer;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

const defaults: Defaults<TokenEmbeddingSizes> = {
  vocabSize: size,
  dModel: size,
  scale: 1,
  init: normalInit(0.02),
  random: derived(() => new Random(0)),
};

/** A learned vector for each id: scale · weight[id]. Parameter: `weight` `[vocabSize, dModel]`. */
export class TokenEmbedding extends Composite implements TokenEmbeddingPart {
  readonly weight: Variable;
  readonly scale: number;

  /** @throws ValueError when a size is not a positive integer, or its name is unknown */
  constructor(sizes: TokenEmbeddingSizes) {
    super("TokenEmbedding");
    const { vocabSize, dModel, scale, init, random } = withDefaults("TokenEmbedding", sizes, defaults);
    this.scale = scale;
    this.weight = parameter(() => init([vocabSize, dModel], random.split("weight")));
  }

  get vocabSize(): number {
    return this.weight.shape[0]!;
  }

  get dModel(): number {
    return this.weight.shape[1]!;
  }

  /**
   * @param ids int32 `[batch, length]`, each from 0 to vocabSize - 1
   * @returns `[batch, length, dModel]`
   * @throws ValueError, DTypeError, DisposedError as `embedding`
   */
  apply(ids: Tensor): Tensor3D {
    return scope(() => {
      const rows = embedding(this.weight, ids);
      return (this.scale === 1 ? rows : mul(rows, this.scale)) as Tensor3D;
    });
  }

  /** x weightᵀ, the logits of a tied head; the scale does not apply. @param x `[..., length, dModel]` @returns `[..., length, vocabSize]` */
  logits(x: Tensor): Tensor {
    return matmul(x, this.weight, { transposeB: true });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
