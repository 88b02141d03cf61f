import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { type Block, checkOptions, Composite, type OptionNames, type Parts, scope } from "@tfblocks/tensor-utils";
import type { InputEmbedding } from "./input-embedding.js";
import type { ModelResult } from "./language-model.js";
import { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";
import type { StackOptions, StackResult, TransformerStack } from "./stack.js";

/** Parts of an {@link EncoderDecoder}, which disposes them. */
export interface EncoderDecoderParts {
  readonly input: InputEmbedding;
  /** Of the decoder's ids; default the encoder's. */
  readonly targetInput?: InputEmbedding | undefined;
  readonly encoder: TransformerStack;
  /** Its layers have cross-attention. */
  readonly decoder: TransformerStack;
  /** Maps `[batch, length, dModel]` to logits `[batch, length, vocabSize]`. */
  readonly head: Block;
}

const partNames: OptionNames<EncoderDecoderParts> = { input: true, targetInput: true, encoder: true, decoder: true, head: true };

/** What {@link EncoderDecoder.encode} takes beside the source. */
export type EncodeOptions = Pick<StackOptions, "mask" | "positions" | "needWeights" | "needHiddenStates" | "training" | "seed">;

/** What {@link EncoderDecoder.decode} takes beside the target and the memory. */
export type DecodeOptions = Omit<StackOptions, "memory">;

/** What the two halves take, beside what both do. */
export interface EncoderDecoderOptions extends Pick<StackOptions, "needWeights" | "needHiddenStates" | "training" | "seed"> {
  /** Which source tokens may be looked at, such as padding; default all. */
  readonly sourceMask?: Mask | undefined;
  /** Which target tokens may be looked at, beside the decoder's own mask; default all. */
  readonly targetMask?: Mask | undefined;
}

const optionNames: OptionNames<EncoderDecoderOptions> = {
  sourceMask: true,
  targetMask: true,
  needWeights: true,
  needHiddenStates: true,
  training: true,
  seed: true,
};

/** What both halves give; every tensor belongs to the caller. */
export interface EncoderDecoderResult extends ModelResult {
  readonly encoder: StackResult;
}

/**
 * Source ids and target ids to logits of the next target token. Vaswani et al. 2017; T5.
 *
 * Parameters: those of `input` and `head.*` by their names, `target.*`, `encoder.*`, `decoder.*`.
 */
export class EncoderDecoder extends Composite {
  readonly input: InputEmbedding;
  readonly targetInput: InputEmbedding;
  readonly encoder: TransformerStack;
  readonly decoder: TransformerStack;
  readonly head: Block;

  /** @throws ValueError when a part is unknown */
  constructor(parts: EncoderDecoderParts) {
    super("EncoderDecoder");
    const { input, targetInput = input, encoder, decoder, head } = checkOptions("EncoderDecoder", parts, partNames, "part");
    this.input = input;
    this.targetInput = targetInput;
    this.encoder = encoder;
    this.decoder = decoder;
    this.head = head;
  }

  get vocabSize(): number {
    return this.targetInput.tokenEmbedding.vocabSize;
  }

  /**
   * @param source int32 `[batch, sourceLength]`
   * @param target int32 `[batch, targetLength]`, from its start token on
   * @throws ValueError, ShapeError, DTypeError, DisposedError as the parts
   */
  apply(source: Tensor, target: Tensor, options: EncoderDecoderOptions = {}): EncoderDecoderResult {
    const { sourceMask, targetMask, seed, needWeights, needHiddenStates, training } = checkOptions(
      "EncoderDecoder.apply",
      options,
      optionNames,
    );
    const shared = { needWeights, needHiddenStates, training };
    return scope(() => {
      const encoder = this.encode(source, { ...shared, mask: sourceMask, seed: partSeed(seed, "encoder") });
      const decoding = { ...shared, mask: targetMask, memoryMask: sourceMask, seed: partSeed(seed, "decoder") };
      return { ...this.decode(target, encoder.output, decoding), encoder };
    });
  }

  /** The memory: the encoder's stream after its last layer. @param source int32 `[batch, sourceLength]` */
  encode(source: Tensor, options: EncodeOptions = {}): StackResult {
    const { positions, training, seed } = options;
    return scope(() => this.encoder.apply(this.input.apply(source, { positions, training, seed: partSeed(seed, "input") }), options));
  }

  /**
   * @param target int32 `[batch, targetLength]`; with a cache, those that follow the cached ones
   * @param memory `[batch, sourceLength, dModel]`
   */
  decode(target: Tensor, memory: Tensor, options: DecodeOptions = {}): ModelResult {
    const { positions, training, seed, cache } = options;
    return scope(() => {
      const x = this.targetInput.apply(target, { positions, training, seed: partSeed(seed, "input"), offset: cache?.length });
      const { output, ...others } = this.decoder.apply(x, { ...options, memory });
      return { logits: this.head.apply(output) as Tensor3D, ...others };
    });
  }

  /** An empty cache for the decoder. */
  createCache(): ModelCache {
    return new ModelCache({ numLayers: this.decoder.layers.length });
  }

  parts(): Parts {
    const { input, targetInput, encoder, decoder, head } = this;
    return { ...input.parts(), ...(targetInput !== input && { target: targetInput }), encoder, decoder, head };
  }
}
