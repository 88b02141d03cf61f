import { add, mul, type Tensor, tanh, type Variable, zeros } from "@tensorflow/tfjs-core";
import { type Block, matmul, parameter, scope } from "@tfblocks/tensor-utils";
import type { TokenEmbedding } from "./token-embedding.js";
import { Composite, type Parts } from "./composite.js";

/**
 * Logits by the token embedding itself: x weightᵀ + bias. Press and Wolf 2017.
 *
 * The table stays the embedding's; the only parameter is `bias` `[vocabSize]`, where wanted.
 */
export class TiedHead extends Composite implements Block {
  readonly embedding: TokenEmbedding;
  readonly bias: Variable | undefined;
  readonly scale: number;

  /** @param options `bias`: whether to add one, default false; `scale`: factor of x (T5: dModel^-0.5), default 1 */
  constructor(embedding: TokenEmbedding, { bias = false, scale = 1 }: { readonly bias?: boolean; readonly scale?: number } = {}) {
    super();
    this.embedding = embedding;
    this.scale = scale;
    this.bias = bias ? parameter(() => zeros([embedding.weight.shape[0]!])) : undefined;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => {
      const logits = matmul(this.scale === 1 ? x : mul(x, this.scale), this.embedding.weight, { transposeB: true });
      return this.bias === undefined ? logits : add(logits, this.bias);
    });
  }

  parts(): Parts {
    return { bias: this.bias };
  }
}

/** Logits capped to ±cap by cap · tanh(logit / cap), as Gemma 2; the parameters are the head's. */
export class CappedHead extends Composite implements Block {
  readonly head: Composite & Block;
  readonly cap: number;

  constructor(head: Composite & Block, cap: number) {
    super();
    this.head = head;
    this.cap = cap;
  }

  /** @param x `[batch, length, dModel]` @returns `[batch, length, vocabSize]` */
  apply(x: Tensor): Tensor {
    return scope(() => mul(tanh(mul(this.head.apply(x), 1 / this.cap)), this.cap));
  }

  parts(): Parts {
    return this.head.parts();
  }
}
