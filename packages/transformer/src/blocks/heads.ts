import { add, mul, type Tensor, tanh, type Variable, zeros } from "@tensorflow/tfjs-core";
import { type Block, matmul, parameter, scope, Composite, type Parts } from "@tfblocks/tensor-utils";
import type { TokenEmbedding } from "./token-embedding.js";

/**
 * Logits by the token embedding itself: x weightᵀ + bias. Press and Wolf 2017.
 *
 * The table stays the embedding's; the only parameter is `bias` `[vocabSize]`, where wanted.
 */
export class TiedHead extends Composite implements Block {
  readonly embedding: TokenEmbedding;
  readonly bias: Variable | undefined;

  /** @param options `bias`: whether to add one, default false */
  constructor(embedding: TokenEmbedding, { bias = false }: { readonly bias?: boolean } = {}) {
    super("TiedHead");
    this.embedding = embedding;
    this.bias = bias ? parameter(() => zeros([embedding.weight.shape[0]!])) : undefined;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => {
      const logits = matmul(x, this.embedding.weight, { transposeB: true });
      return this.bias === undefined ? logits : add(logits, this.bias);
    });
  }

  parts(): Parts {
    return { bias: this.bias };
  }
}

/** A head whose input is scaled: head(scale · x), as T5's by dModel^-0.5. The parameters are the head's. */
export class ScaledHead extends Composite implements Block {
  readonly head: Block;
  readonly scale: number;

  constructor(head: Block, scale: number) {
    super("ScaledHead");
    this.head = head;
    this.scale = scale;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => this.head.apply(mul(x, this.scale)));
  }

  parts(): Parts {
    return this.head.parameters();
  }
}

/** A head whose logits are capped to ±cap: cap · tanh(head(x) / cap), as Gemma 2's. The parameters are the head's. */
export class CappedHead extends Composite implements Block {
  readonly head: Block;
  readonly cap: number;

  constructor(head: Block, cap: number) {
    super("CappedHead");
    this.head = head;
    this.cap = cap;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => mul(tanh(mul(this.head.apply(x), 1 / this.cap)), this.cap));
  }

  parts(): Parts {
    return this.head.parameters();
  }
}
