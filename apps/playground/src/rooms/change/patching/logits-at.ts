import { reshape, slice, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";

/**
 * The logits of one position, of a model with a head. The caller owns them.
 *
 * @param hidden the last hidden states, `[1, length, dModel]`
 * @returns `[vocabSize]`
 */
export function logitsAt(model: LanguageModel | EncoderDecoder, hidden: Tensor, position: number): Tensor1D {
  return scope(() => {
    const row = slice(hidden, [0, position, 0], [1, 1, -1]); // [1, 1, dModel]
    const logits = model instanceof EncoderDecoder ? model.head.apply(row) : headOf(model, row);
    return reshape(logits, [-1]) as Tensor1D;
  });
}

function headOf({ headTransform, headNorm, head }: LanguageModel, row: Tensor): Tensor {
  const transformed = headTransform?.apply(row) ?? row;
  return head!.apply(headNorm?.apply(transformed) ?? transformed);
}
