import type { Tensor } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { scope } from "@tfblocks/tensor-utils";
import { allowRepetition, mayBeRepeated } from "@tfblocks/tensor-utils/steps";
import type { EncoderDecoder } from "../blocks/encoder-decoder.js";
import { lastPosition } from "../blocks/last-position.js";
import type { Decoder } from "./decoder.js";
import { RepeatedSource } from "./repeated-source.js";

/** The decoder of an encoder-decoder for one encoded source. */
export interface SourceDecoder extends Decoder {
  /** Frees the encoded source; a second call has no effect. */
  dispose(): void;
}

/**
 * Encodes a source once and returns a decoder for `generate` and `beamSearch`, whose prompts are then start tokens, one for each
 * source. Several prompts in succession may share a source.
 *
 * @param source int32 `[batch, sourceLength]`
 * @param options `sourceMask`: which source tokens may be attended to, for example all but padding; default all
 */
export function decoderOf(
  model: EncoderDecoder,
  source: Tensor,
  { sourceMask }: { readonly sourceMask?: Mask | undefined } = {},
): SourceDecoder {
  const encoded = new RepeatedSource({ memory: scope(() => model.encode(source, { mask: sourceMask }).output), mask: sourceMask });
  const decoder: SourceDecoder = {
    maxLength: model.targetInput.maxLength,
    isCausal: model.decoder.isCausal,
    createCache: () => model.createCache(),
    apply: (ids, { cache, mask, positions }) => {
      const { memory, mask: memoryMask } = encoded.forRows(ids.shape[0]!);
      return scope(() => {
        const { logits } = model.decode(ids, memory, { cache, mask, positions, memoryMask });
        return { logits: lastPosition(logits) };
      });
    },
    dispose: () => encoded.dispose(),
  };
  return mayBeRepeated(model) ? allowRepetition(decoder) : decoder;
}
