import { add, type Tensor } from "@tensorflow/tfjs-core";
import type { Block } from "@tfblocks/tensor-utils";

/** The norms of one sublayer. */
export interface SublayerNorms {
  readonly norm: Block;
  /** A second norm, where the residual has one. */
  readonly postNorm?: Block | undefined;
}

/** How a sublayer joins the stream x `[batch, length, dModel]`. */
export interface Residual {
  /** What the sublayer reads of the stream. */
  readonly read: (x: Tensor, norms: SublayerNorms) => Tensor;
  /** The stream once the sublayer's output y has joined it. */
  readonly join: (x: Tensor, y: Tensor, norms: SublayerNorms) => Tensor;
}

/** x + sublayer(norm(x)). Xiong et al. 2020; GPT-2, Llama. */
export const preNorm: Residual = {
  read: (x, { norm }) => norm.apply(x),
  join: (x, y) => add(x, y),
};

/** norm(x + sublayer(x)). Vaswani et al. 2017; BERT. */
export const postNorm: Residual = {
  read: (x) => x,
  join: (x, y, { norm }) => norm.apply(add(x, y)),
};

/** x + postNorm(sublayer(norm(x))). Ding et al. 2021; Gemma 2. */
export const sandwichNorm: Residual = {
  read: (x, { norm }) => norm.apply(x),
  join: (x, y, { postNorm: after }) => add(x, after === undefined ? y : after.apply(y)),
};
