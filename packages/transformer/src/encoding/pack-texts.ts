import { concat, reshape, type Tensor, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { type Mask, packed } from "@tfblocks/masks";
import { describeValue, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "../blocks/language-model.js";
import { checkRows } from "../generation/check-ids.js";

/** Texts of any lengths as one sequence without padding: what `model.hidden` and `model.apply` take. The caller owns the tensors. */
export interface PackedTexts {
  /** int32 `[1, total]`: the ids of all texts, one text after the other. */
  readonly ids: Tensor2D;
  /** int32 `[total]`: the position of each token in its text, as the model counts them. */
  readonly positions: Tensor;
  /** Tokens attend to those of their own text only. */
  readonly mask: Mask;
  /** The number of tokens of each text. */
  readonly lengths: readonly number[];
}

/**
 * Packs texts of different lengths into one sequence. Each token gets the hidden state that it has when its text is read alone, and
 * no time goes into padding.
 *
 * @param texts the ids of each text
 * @throws ValueError when there is no text, one is empty or longer than `model.maxLength`, or an id is not an integer from 0 to 2^31 - 1
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { packTexts } from "@tfblocks/transformer/encode";
 * import { bert } from "@tfblocks/transformer/models";
 * const model = bert({ vocabSize: 50, dModel: 16, numLayers: 1, numHeads: 2, hiddenDim: 32, maxLength: 8 });
 * const { ids, positions, mask, lengths } = packTexts(model, [[2, 7, 3], [2, 8, 9, 5, 3]]);
 * const { output } = model.hidden(ids, { positions, mask }); // [1, 8, 16]
 * lengths; // [3, 5]: rows 0 to 2 of the output are the first text's
 * ```
 */
export function packTexts(model: LanguageModel, texts: readonly (readonly number[])[]): PackedTexts {
  const operation = "packTexts";
  checkTexts(operation, texts);
  const tooLong = texts.findIndex((text) => text.length > model.maxLength);
  if (tooLong >= 0) {
    const expected = `at most maxLength = ${model.maxLength} tokens long`;
    refuse(ValueError, operation, `texts[${tooLong}]`, expected, texts[tooLong]!.length, "truncate the text");
  }
  const lengths = texts.map(({ length }) => length);
  return {
    ...scope(() => ({
      ids: tensor2d([texts.flat()], undefined, "int32"),
      positions: concat(texts.map((text) => positionsOf(model, text))),
    })),
    mask: packed(lengths),
    lengths,
  };
}

/** @throws ValueError when there is no text, one is empty, or an id is not an integer from 0 to 2^31 - 1 */
export function checkTexts(operation: string, texts: readonly (readonly number[])[]): void {
  if (!Array.isArray(texts)) refuse(ValueError, operation, "texts", "an array of arrays of ids", describeValue(texts));
  checkRows(operation, "texts", texts);
}

/** int32 `[length]` */
function positionsOf({ input }: LanguageModel, text: readonly number[]): Tensor {
  const ids = tensor2d([[...text]], undefined, "int32");
  return reshape(input.positionRule(ids, 0), [text.length]);
}
