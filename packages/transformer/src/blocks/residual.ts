import { add, mul, type Tensor } from "@tensorflow/tfjs-core";
import { type Block, checkFinite } from "@tfblocks/tensor-utils";

/** The norms of one sublayer. */
export interface SublayerNorms {
  readonly norm: Block;
  /** The second norm, if the residual rule uses one. */
  readonly postNorm?: Block | undefined;
}

/** How a sublayer reads the residual stream x `[batch, length, dModel]`, and how its output is added to it. */
export interface Residual {
  /** Computes the input of the sublayer from the stream. */
  readonly read: (x: Tensor, norms: SublayerNorms) => Tensor;
  /** Computes the new stream from the old one and the output y of the sublayer. */
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

/** x + norm(sublayer(x)). Liu et al. 2022 (Swin Transformer V2); OLMo 2. */
export const outputNorm: Residual = {
  read: (x) => x,
  join: (x, y, { norm }) => add(x, norm.apply(y)),
};

/** x + scale · sublayer(norm(x)). Granite. @throws ValueError when the scale is not finite */
export function scaledPreNorm(scale: number): Residual {
  checkFinite("scaledPreNorm", "scale", scale);
  return { read: preNorm.read, join: (x, y) => add(x, mul(y, scale)) };
}
