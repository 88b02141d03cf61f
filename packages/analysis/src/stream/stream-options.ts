import type { Tensor } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { checkInteger, checkShapes, describeValue, type OptionNames, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { EncoderDecoder, LanguageModel, type StackResult } from "@tfblocks/transformer";
import type { Indices } from "../edits/sites.js";

/** A model whose residual stream can be read. Of an encoder-decoder, that of the decoder is read. */
export type StreamModel = LanguageModel | EncoderDecoder;

/** How a model reads the ids. */
export interface StreamOptions {
  /**
   * The tokens that may be attended to, for example all but padding; default all. A position that may not attend to itself counts
   * as padding.
   */
  readonly mask?: Mask | undefined;
  /** Absolute positions, int32 `[length]` or `[batch, length]`, as of the model; required where rows are padded on the left. */
  readonly positions?: Tensor | undefined;
  /** Segment ids, int32 `[batch, length]`, for a model with segments, such as BERT; default all 0. */
  readonly segments?: Tensor | undefined;
  /** The ids that the encoder of an encoder-decoder reads, int32 `[batch, sourceLength]`; required there. */
  readonly source?: Tensor | undefined;
  /** The source tokens that may be attended to; default all. */
  readonly sourceMask?: Mask | undefined;
}

export const streamOptionNames: OptionNames<StreamOptions> = {
  mask: true,
  positions: true,
  segments: true,
  source: true,
  sourceMask: true,
};

/** @throws ValueError when the value is neither a `LanguageModel` nor an `EncoderDecoder` */
export function checkStreamModel(operation: string, model: unknown): void {
  if (model instanceof LanguageModel || model instanceof EncoderDecoder) return;
  refuse(ValueError, operation, "model", "a LanguageModel or an EncoderDecoder", describeValue(model));
}

/** Applies a model without its head. @returns the hidden states; the caller owns the tensors */
export function runStream(
  operation: string,
  model: StreamModel,
  ids: Tensor,
  options: StreamOptions,
  needHiddenStates: boolean = false,
): StackResult {
  const { mask, positions, segments, source, sourceMask } = options;
  if (!(model instanceof EncoderDecoder)) {
    refuseGiven(operation, { source, sourceMask }, "the model has no encoder");
    return model.hidden(ids, { mask, positions, segments, needHiddenStates });
  }
  refuseGiven(operation, { segments }, "an encoder-decoder has no segments");
  if (source === undefined) refuse(ValueError, operation, "source", "the ids that the encoder reads", "undefined");
  return scope(() => {
    const memory = model.encode(source, { mask: sourceMask }).output; // [batch, sourceLength, dModel]
    const x = model.targetInput.apply(ids, { positions }); // [batch, length, dModel]
    return model.decoder.apply(x, { mask, positions, memory, memoryMask: sourceMask, needHiddenStates });
  });
}

function refuseGiven(operation: string, options: Readonly<Record<string, unknown>>, because: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) refuse(ValueError, operation, name, `left out, as ${because}`, describeValue(value));
  }
}

/** Whether the model predicts the next token, by the masks of its layers. */
export function predictsNext(model: StreamModel): boolean {
  return model instanceof EncoderDecoder ? model.decoder.isCausal : model.isCausal;
}

/** The ids of a call, read once. */
export interface ReadIds {
  readonly batch: number;
  readonly length: number;
  /** `[batch, length]`, row-major. */
  readonly tokens: Int32Array;
  /** Whether a position is a token, not padding. */
  readonly isToken: (row: number, position: number) => boolean;
}

/**
 * Reads ids.
 *
 * @throws ShapeError, DTypeError, DisposedError when they are not live int32 `[batch, length]`
 * @throws ValueError when there is none, or one is outside the vocabulary
 */
export async function readIds(operation: string, model: StreamModel, ids: Tensor, { mask }: StreamOptions): Promise<ReadIds> {
  if (mask !== undefined && typeof mask?.at !== "function") {
    refuse(ValueError, operation, "mask", "a mask of @tfblocks/masks", describeValue(mask), "convert a tensor with fromTensor");
  }
  const { batch, length } = checkShapes(operation, { ids: [ids, "batch length", "int32"] });
  if (ids.size === 0) refuse(ValueError, operation, "ids", "at least one token", `[${ids.shape.join(", ")}]`);
  const tokens = Int32Array.from(await ids.data());
  for (const token of tokens) checkInteger(operation, "ids", token, 0, model.vocabSize - 1);
  const isToken = (row: number, position: number) => mask?.at(mask.batch === 1 ? 0 : row, 0, position, position) ?? true;
  return { batch, length, tokens, isToken };
}

/** @throws ValueError when a position is not an index of the ids */
export function positionsOf(operation: string, { length }: ReadIds, at: Indices): readonly number[] {
  const positions = [at].flat();
  for (const position of positions) checkInteger(operation, "at", position, 0, length - 1);
  return positions;
}
