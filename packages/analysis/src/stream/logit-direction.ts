import { add, equal, expandDims, gather, mul, onesLike, reshape, sum, tanh, type Tensor, where, div, zeros } from "@tensorflow/tfjs-core";
import { type Block, describeValue, embedding, Linear, refuse, ValueError } from "@tfblocks/tensor-utils";
import { CappedHead, ScaledHead, TiedHead, TokenEmbedding } from "@tfblocks/transformer";

/** A logit as an affine function of what the head reads: `<x, direction> + bias`. */
export interface LogitDirection {
  /** `[batch, positions, dModel]` */
  readonly direction: Tensor;
  /** `[batch, positions, 1]` */
  readonly bias: Tensor;
}

/**
 * The direction of one logit at each position. A cap is frozen: the capped logit is the uncapped one times their ratio.
 *
 * @param x what the head reads, `[batch, positions, dModel]` @param tokens int32 `[batch, positions]`
 * @throws ValueError when the logit is not known as a function of x
 */
export function logitDirection(operation: string, head: Block, x: Tensor, tokens: Tensor): LogitDirection {
  if (head instanceof ScaledHead) return scaled(logitDirection(operation, head.head, mul(x, head.scale), tokens), head.scale, 1);
  if (head instanceof CappedHead) {
    const uncapped = logitDirection(operation, head.head, x, tokens);
    const ratio = capRatio(logitOf(uncapped, x), head.cap); // [batch, positions, 1]
    return scaled(uncapped, ratio, ratio);
  }
  if (head instanceof TiedHead && head.embedding instanceof TokenEmbedding) return rowsAt(head.embedding.weight, head.bias, tokens);
  if (head instanceof Linear) return rowsAt(head.weight, head.bias, tokens);
  return refuseHead(operation, head);
}

function refuseHead(operation: string, head: Block): never {
  return refuse(ValueError, operation, '"head"', "a Linear or TiedHead, scaled or capped", describeValue(head));
}

/** `<x, direction> + bias`, `[batch, positions, 1]`. */
function logitOf({ direction, bias }: LogitDirection, x: Tensor): Tensor {
  return add(sum(mul(x, direction), -1, true), bias);
}

function scaled({ direction, bias }: LogitDirection, factor: Tensor | number, ofBias: Tensor | number): LogitDirection {
  return { direction: mul(direction, factor), bias: mul(bias, ofBias) };
}

/** cap · tanh(z / cap) / z, and 1 at z = 0. */
function capRatio(z: Tensor, cap: number): Tensor {
  const isZero = equal(z, 0);
  const ratio = div(mul(tanh(div(z, cap)), cap), where(isZero, onesLike(z), z));
  return where(isZero, onesLike(z), ratio);
}

/** @param weight `[vocabSize, dModel]` @param bias `[vocabSize]` */
function rowsAt(weight: Tensor, bias: Tensor | undefined, tokens: Tensor): LogitDirection {
  const direction = embedding(weight, tokens);
  if (bias === undefined) return { direction, bias: zeros([...tokens.shape, 1]) };
  return { direction, bias: expandDims(reshape(gather(bias, reshape(tokens, [-1])), tokens.shape), -1) };
}
