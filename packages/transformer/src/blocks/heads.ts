import { add, mul, type Tensor, tanh, type Variable } from "@tensorflow/tfjs-core";
import { type Block, checkFinite, checkPositive, Composite, type Parts, scope } from "@tfblocks/tensor-utils";
import type { TokenEmbeddingPart } from "./token-embedding.js";

/**
 * Logits by the token embedding itself: x weightᵀ + bias. Press and Wolf 2017.
 *
 * The table belongs to the embedding; the only parameter is `bias` `[vocabSize]`, where there is one.
 */
export class TiedHead extends Composite implements Block {
  readonly embedding: TokenEmbeddingPart;
  readonly bias: Variable | undefined;

  /** @param parts `embedding`, which the head borrows, and `bias` `[vocabSize]`, default none */
  constructor({ embedding, bias }: { readonly embedding: TokenEmbeddingPart; readonly bias?: Variable | undefined }) {
    super("TiedHead");
    this.embedding = embedding;
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

/** A head whose input is scaled: head(scale · x), as T5's by dModel^-0.5. The parameters are those of the head. */
export class ScaledHead extends Composite implements Block {
  readonly head: Block;
  readonly scale: number;

  /** @throws ValueError when the scale is not finite */
  constructor({ head, scale }: { readonly head: Block; readonly scale: number }) {
    super("ScaledHead");
    checkFinite("ScaledHead", "scale", scale);
    this.head = head;
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

/** A head whose logits are capped to ±cap: cap · tanh(head(x) / cap), as in Gemma 2. The parameters are those of the head. */
export class CappedHead extends Composite implements Block {
  readonly head: Block;
  readonly cap: number;

  /** @throws ValueError when the cap is not a finite number above 0 */
  constructor({ head, cap }: { readonly head: Block; readonly cap: number }) {
    super("CappedHead");
    checkPositive("CappedHead", "cap", cap);
    this.head = head;
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
