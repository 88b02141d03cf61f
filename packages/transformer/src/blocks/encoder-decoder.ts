import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { type Block, checkOptions, Composite, type OptionNames, type Parts, scope } from "@tfblocks/tensor-utils";
import type { InputEmbedding } from "./input-embedding.js";
import type { ModelResult } from "./language-model.js";
import { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";
import { type StackOptions, stackOptionNames, type StackResult, type TransformerStack } from "./stack.js";

/** Parts of an {@link EncoderDecoder}, which takes ownership of them. */
export interface EncoderDecoderParts {
  /** Embedding of the source ids. */
  readonly input: InputEmbedding;
  /** Embedding of the target ids; default `input`. */
  readonly targetInput?: InputEmbedding | undefined;
  readonly encoder: TransformerStack;
  /** A stack whose layers have cross-attention. */
  readonly decoder: TransformerStack;
  /** Maps `[batch, length, dModel]` to logits `[batch, length, vocabSize]`. */
  readonly head: Block;
}

const partNames: OptionNames<EncoderDecoderParts> = { input: true, targetInput: true, encoder: true, decoder: true, head: true };

/** Options of {@link EncoderDecoder.encode}. */
export type EncodeOptions = Pick<StackOptions, "mask" | "positions" | "needWeights" | "needHiddenStates" | "training" | "seed">;

const encodeOptionNames: OptionNames<EncodeOptions> = {
  mask: true,
  positions: true,
  needWeights: "flag",
  needHiddenStates: "flag",
  training: "flag",
  seed: true,
};

/** Options of {@link EncoderDecoder.decode}. */
export type DecodeOptions = Omit<StackOptions, "memory">;

const { memory: _memory, ...decodeOptionNames } = stackOptionNames;

/** Options of {@link EncoderDecoder.apply}. */
export interface EncoderDecoderOptions extends Pick<StackOptions, "needWeights" | "needHiddenStates" | "training" | "seed"> {
  /** The source tokens that may be attended to, for example all but padding; default all. */
  readonly sourceMask?: Mask | undefined;
  /** The target tokens that may be attended to, in addition to the decoder's own mask; default all. */
  readonly targetMask?: Mask | undefined;
}

const optionNames: OptionNames<EncoderDecoderOptions> = {
  sourceMask: true,
  targetMask: true,
  needWeights: "flag",
  needHiddenStates: "flag",
  training: "flag",
  seed: true,
};

/** The results of encoder and decoder. The caller owns every tensor. */
export interface EncoderDecoderResult extends ModelResult {
  readonly encoder: StackResult;
}

/**
 * An encoder-decoder model: maps source ids and target ids to logits of the next target token. Source: Vaswani et al. 2017;
 * Raffel et al. 2020 (T5).
 *
 * Parameters: those of `input` without a prefix, `target.*` if the target has its own embedding, `encoder.*`, `decoder.*`,
 * `head.*`.
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
   * @param target int32 `[batch, targetLength]`, including its start token
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

  /** Encodes the source; the `output` is the memory for {@link decode}. @param source int32 `[batch, sourceLength]` */
  encode(source: Tensor, options: EncodeOptions = {}): StackResult {
    const { positions, training, seed } = checkOptions("EncoderDecoder.encode", options, encodeOptionNames);
    return scope(() => this.encoder.apply(this.input.apply(source, { positions, training, seed: partSeed(seed, "input") }), options));
  }

  /**
   * Computes the logits of the next target token.
   *
   * @param target int32 `[batch, targetLength]`; with a cache, only the tokens that follow the cached ones
   * @param memory the output of {@link encode}, `[batch, sourceLength, dModel]`
   */
  decode(target: Tensor, memory: Tensor, options: DecodeOptions = {}): ModelResult {
    const { positions, training, seed, cache } = checkOptions<DecodeOptions>("EncoderDecoder.decode", options, decodeOptionNames);
    return scope(() => {
      const x = this.targetInput.apply(target, { positions, training, seed: partSeed(seed, "input"), offset: cache?.length });
      const { output, ...others } = this.decoder.apply(x, { ...options, memory });
      return { logits: this.head.apply(output) as Tensor3D, ...others };
    });
  }

  /** Creates an empty cache for the decoder. */
  createCache(): ModelCache {
    return new ModelCache({ numLayers: this.decoder.layers.length });
  }

  parts(): Parts {
    const { input, targetInput, encoder, decoder, head } = this;
    return { ...input.parts(), ...(targetInput !== input && { target: targetInput }), encoder, decoder, head };
  }
}
