import { gather, reshape, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { type Block, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { checkStreamModel, type StreamModel } from "./stream-options.js";

/** What maps the residual stream after the last layer to logits. */
export interface Readout {
  /** Undefined in models with norms after the sums, such as BERT: there the stream is normalised already. */
  readonly finalNorm: Block | undefined;
  readonly headTransform: Block | undefined;
  readonly headNorm: Block | undefined;
  readonly head: Block;
  readonly vocabSize: number;
}

/** @throws ValueError when the model has no head */
export function readoutOf(operation: string, model: StreamModel): Readout {
  checkStreamModel(operation, model);
  const { vocabSize } = model;
  if (model instanceof EncoderDecoder) {
    return { finalNorm: model.decoder.finalNorm, headTransform: undefined, headNorm: undefined, head: model.head, vocabSize };
  }
  const { headTransform, headNorm, head } = model;
  const advice = "load a checkpoint that predicts tokens, for example BertForMaskedLM instead of BertModel";
  if (head === undefined) refuse(ValueError, operation, "model", "a model with a head, which gives logits", "one without", advice);
  return { finalNorm: model.stack.finalNorm, headTransform, headNorm, head, vocabSize };
}

/** At most so many logits are alive at once, 32 MB of float32, unless one row is longer. */
const maxLogits = 2 ** 23;

/** Splits rows into blocks whose logits fit into the budget. */
export function rowBlocks(rows: readonly number[], vocabSize: number, budget: number = maxLogits): readonly (readonly number[])[] {
  const size = Math.max(1, Math.floor(budget / vocabSize));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, block) => rows.slice(block * size, (block + 1) * size));
}

/**
 * The logits of some rows of hidden states after the final norm, read from the backend: one array of vocabSize for each row.
 *
 * @param hidden `[batch, length, dModel]` @param rows indices of the first two axes together
 * @param prepare maps the rows `[1, rows, dModel]` before the head reads them, for example the final norm
 */
export async function logitsOfRows(
  readout: Readout,
  hidden: Tensor,
  rows: readonly number[],
  prepare?: (x: Tensor) => Tensor,
): Promise<Float32Array[]> {
  const logits = logitsOf(readout, hidden, rows, prepare);
  const width = logits.shape.at(-1)!;
  try {
    const all = await logits.data<"float32">();
    return rows.map((_, row) => all.subarray(row * width, (row + 1) * width));
  } finally {
    logits.dispose();
  }
}

/** The same as a tensor `[1, rows, vocabSize]`, which the caller owns. */
export function logitsOf(
  { headTransform, headNorm, head }: Readout,
  hidden: Tensor,
  rows: readonly number[],
  prepare: (x: Tensor) => Tensor = (x) => x,
): Tensor {
  return scope(() => {
    const x = prepare(rowsOf(hidden, rows));
    const transformed = headTransform?.apply(x) ?? x;
    return head.apply(headNorm?.apply(transformed) ?? transformed);
  });
}

/** `[1, rows, dModel]` of `[batch, length, dModel]`. */
function rowsOf(hidden: Tensor, rows: readonly number[]): Tensor {
  return scope(() => {
    const dModel = hidden.shape.at(-1)!;
    const picked = gather(reshape(hidden, [-1, dModel]), tensor1d([...rows], "int32"));
    return reshape(picked, [1, rows.length, dModel]);
  });
}
