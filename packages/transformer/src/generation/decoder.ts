import type { Tensor } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ModelCache } from "../blocks/model-cache.js";

/** What generation needs of a model. A `LanguageModel` is a decoder; `decoderOf` makes one of an `EncoderDecoder`. */
export interface Decoder {
  /** The longest row, counted without padding. */
  readonly maxLength: number;
  /** False if tokens attend to later ones, as in BERT: such a model does not predict the next token. Default true. */
  readonly isCausal?: boolean;
  /** Longer texts have other keys, so that a cache of up to this many tokens is computed again beyond it; default Infinity. */
  readonly restartLength?: number;
  createCache(): ModelCache;
  apply(
    ids: Tensor,
    options: { cache: ModelCache; lastOnly: true; mask?: Mask | undefined; positions?: Tensor | undefined },
  ): { readonly logits: Tensor };
}

/** @throws ValueError when a model does not predict the next token */
export function checkDecoder(operation: string, model: Decoder): void {
  if (model.isCausal ?? true) return;
  const received = "one whose tokens attend to later ones";
  refuse(ValueError, operation, "model", "a model that predicts the next token", received, "an encoder such as BERT does not generate");
}
