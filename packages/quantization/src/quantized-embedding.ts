import { mul, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { type Block, checkFinite, checkOptions, checkTensor, Composite, type Parts, scope } from "@tfblocks/tensor-utils";
import { liveTensor } from "@tfblocks/tensor-utils/steps";
import type { QuantizedMatrix } from "./quantized-matrix.js";

/** Parts of a {@link QuantizedEmbedding}, which takes ownership of them. */
export interface QuantizedEmbeddingParts {
  /** `[vocabSize, dModel]` */
  readonly weight: QuantizedMatrix;
  /** Factor of the output; default 1. */
  readonly scale?: number | undefined;
}

/**
 * A token embedding of 4 or 8 bits: scale · weight[id]. Only the rows that are asked for are widened. It can be the embedding of a tied
 * head. Buffers: `weight.*`.
 */
export class QuantizedEmbedding extends Composite implements Block<[ids: Tensor]> {
  readonly weight: QuantizedMatrix;
  readonly scale: number;

  /** @throws ValueError when the scale is not finite, or a part is unknown */
  constructor(parts: QuantizedEmbeddingParts) {
    super("QuantizedEmbedding");
    const { weight, scale = 1 } = checkOptions("QuantizedEmbedding", parts, { weight: true, scale: true }, "part");
    checkFinite("QuantizedEmbedding", "scale", scale);
    this.weight = weight;
    this.scale = scale;
  }

  get vocabSize(): number {
    return this.weight.outFeatures;
  }

  get dModel(): number {
    return this.weight.inFeatures;
  }

  /**
   * @param ids int32 `[batch, length]`, each from 0 to vocabSize - 1
   * @returns `[batch, length, dModel]`
   * @throws ValueError when an id is outside the table; DTypeError, DisposedError when `ids` is not a live int32 tensor
   */
  apply(ids: Tensor): Tensor3D {
    checkTensor("QuantizedEmbedding.apply", "ids", ids, "int32");
    return scope(() => {
      const rows = liveTensor(() => this.weight.rowNumbers(ids.dataSync()), [...ids.shape, this.dModel]);
      return (this.scale === 1 ? rows : mul(rows, this.scale)) as Tensor3D;
    });
  }

  /** x weightᵀ, the logits of a tied head; the scale does not apply. @param x `[..., length, dModel]` @returns `[..., length, vocabSize]` */
  logits(x: Tensor): Tensor {
    return this.weight.multiply(x);
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
