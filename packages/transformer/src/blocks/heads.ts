import { add, mul, type Tensor, tanh, type Variable } from "@tensorflow/tfjs-core";
import { type Block, checkBlock, checkFinite, checkOptions, checkPositive, Composite, type Parts, scope } from "@tfblocks/tensor-utils";
import type { TokenEmbeddingPart } from "./token-embedding.js";

/**
 * A head that shares the weight of the token embedding: x weightᵀ + bias. Source: Press and Wolf 2017.
 *
 * The embedding owns the weight. The only parameter is the optional `bias` `[vocabSize]`.
 */
export class TiedHead extends Composite implements Block {
  readonly embedding: TokenEmbeddingPart;
  readonly bias: Variable | undefined;

  /**
   * @param parts `embedding`, which the head borrows, and `bias` `[vocabSize]`, default none
   * @throws ValueError when the embedding is not a block, or a part is unknown
   */
  constructor(parts: { readonly embedding: TokenEmbeddingPart; readonly bias?: Variable | undefined }) {
    super("TiedHead");
    const { embedding, bias } = checkOptions("TiedHead", parts, { embedding: true, bias: true }, "part");
    this.embedding = checkBlock("TiedHead", "embedding", embedding);
    this.bias = bias;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => {
      const logits = this.embedding.logits(x);
      return this.bias === undefined ? logits : add(logits, this.bias);
    });
  }

  parts(): Parts {
    return { bias: this.bias };
  }
}

/** A head whose input is scaled: head(scale · x), for example by dModel^-0.5 in T5. Its parameters are those of the head. */
export class ScaledHead extends Composite implements Block {
  readonly head: Block;
  readonly scale: number;

  /** @throws ValueError when the scale is not finite, the head is not a block, or a part is unknown */
  constructor(parts: { readonly head: Block; readonly scale: number }) {
    super("ScaledHead");
    const { head, scale } = checkOptions("ScaledHead", parts, { head: true, scale: true }, "part");
    checkFinite("ScaledHead", "scale", scale);
    this.head = checkBlock("ScaledHead", "head", head);
    this.scale = scale;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => this.head.apply(mul(x, this.scale)));
  }

  parts(): Parts {
    return { "": this.head };
  }
}

/** A head whose logits are limited to ±cap: cap · tanh(head(x) / cap), as in Gemma 2. Its parameters are those of the head. */
export class CappedHead extends Composite implements Block {
  readonly head: Block;
  readonly cap: number;

  /** @throws ValueError when the cap is not a finite number > 0, the head is not a block, or a part is unknown */
  constructor(parts: { readonly head: Block; readonly cap: number }) {
    super("CappedHead");
    const { head, cap } = checkOptions("CappedHead", parts, { head: true, cap: true }, "part");
    checkPositive("CappedHead", "cap", cap);
    this.head = checkBlock("CappedHead", "head", head);
    this.cap = cap;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => mul(tanh(mul(this.head.apply(x), 1 / this.cap)), this.cap));
  }

  parts(): Parts {
    return { "": this.head };
  }
}
