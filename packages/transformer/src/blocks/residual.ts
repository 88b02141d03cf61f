import { add, type Tensor } from "@tensorflow/tfjs-core";
import type { Block } from "@tfblocks/tensor-utils";

/** The norms of one sublayer. */
export interface SublayerNorms {
  readonly norm: Block;
  /** A second norm, where the residual has one. */
  readonly postNorm?: Block | undefined;
}

/** How a sublayer joins the stream x `[batch, length, dModel]`. */
export type Residual = (x: Tensor, body: (x: Tensor) => Tensor, norms: SublayerNorms) => Tensor;

/** x + body(norm(x)). Xiong et al. 2020; GPT-2, Llama. */
export const preNorm: Residual = (x, body, { norm }) => add(x, body(norm.apply(x)));

/** norm(x + body(x)). Vaswani et al. 2017; BERT. */
export const postNorm: Residual = (x, body, { norm }) => norm.apply(add(x, body(x)));

/** x + postNorm(body(norm(x))). Ding et al. 2021; Gemma 2. */
export const sandwichNorm: Residual = (x, body, { norm, postNorm: after }) => {
  const y = body(norm.apply(x));
  return add(x, after === undefined ? y : after.apply(y));
};
