import { reshape, slice, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { type Block, checkOptions, Composite, type OptionNames, type Parts, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { checkEachRun } from "@tfblocks/tensor-utils/steps";
import type { InputEmbedding } from "./input-embedding.js";
import { refuseLeftPadding } from "./left-padding.js";
import { lastPosition } from "./last-position.js";
import { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";
import type { StackOptions, StackResult, TransformerStack } from "./stack.js";

/** Parts of a {@link LanguageModel}, which takes ownership of them. */
export interface LanguageModelParts {
  readonly input: InputEmbedding;
  readonly stack: TransformerStack;
  /** Applied between the stack and the head, for example in BERT's masked-token head; default none. */
  readonly headTransform?: Block | undefined;
  /** Norm applied after `headTransform`; default none. */
  readonly headNorm?: Block | undefined;
  /** Maps `[batch, length, dModel]` to logits `[batch, length, vocabSize]`. Without it, the model only computes hidden states. */
  readonly head?: Block | undefined;
  /** Maps the hidden state of the first position `[batch, dModel]` to a summary of the input, as in BERT; default none. */
  readonly pooler?: Block | undefined;
  /** Longer texts have other keys, so that a cache of up to this many tokens is not continued beyond it (LongRoPE in Phi-3); default Infinity. */
  readonly restartLength?: number | undefined;
}

const partNames: OptionNames<LanguageModelParts> = {
  input: true,
  stack: true,
  headTransform: true,
  headNorm: true,
  head: true,
  pooler: true,
  restartLength: true,
};

/** Options of {@link LanguageModel.hidden}. */
export interface HiddenOptions extends Omit<StackOptions, "memory" | "memoryMask"> {
  /** Segment ids, int32 `[batch, length]`, for models with a segment embedding; default all 0. */
  readonly segments?: Tensor | undefined;
}

const hiddenOptionNames: OptionNames<HiddenOptions> = {
  mask: true,
  positions: true,
  segments: true,
  cache: true,
  needWeights: "flag",
  needHiddenStates: "flag",
  training: "flag",
  seed: true,
};

/** Options of {@link LanguageModel.apply}. */
export interface ModelOptions extends HiddenOptions {
  /** Whether to compute the logits of the last position only, `[batch, 1, vocabSize]`; default false. */
  readonly lastOnly?: boolean | undefined;
}

const modelOptionNames: OptionNames<ModelOptions> = { ...hiddenOptionNames, lastOnly: "flag" };

/** The result of a model. The caller owns every tensor. */
export interface ModelResult extends Omit<StackResult, "output"> {
  /** `[batch, length, vocabSize]` */
  readonly logits: Tensor3D;
}

/**
 * A language model: maps token ids to logits by an input embedding, a stack of layers and a head. With the mask `causal()`
 * in its layers, it predicts the next token (GPT, Llama); without it, the tokens themselves (BERT).
 *
 * Parameters: `tokenEmbedding.weight`, `positionEmbedding.*`, `segmentEmbedding.*`, `embeddingNorm.*`, `layers.<i>.*`,
 * `finalNorm.*`, `relativeBias.*`, `headTransform.*`, `headNorm.*`, `head.*`, `pooler.*`, for the parts that are present.
 */
export class LanguageModel extends Composite {
  readonly input: InputEmbedding;
  readonly stack: TransformerStack;
  readonly headTransform: Block | undefined;
  readonly headNorm: Block | undefined;
  readonly head: Block | undefined;
  readonly pooler: Block | undefined;
  readonly restartLength: number;

  /** @throws ValueError when a part is unknown */
  constructor(parts: LanguageModelParts) {
    super("LanguageModel");
    const { restartLength = Infinity } = checkOptions("LanguageModel", parts, partNames, "part");
    this.restartLength = restartLength;
    ({ input: this.input, stack: this.stack } = parts);
    ({ headTransform: this.headTransform, headNorm: this.headNorm, head: this.head, pooler: this.pooler } = parts);
  }

  /** Maximum length of the input, including cached tokens; Infinity unless positions are learned. */
  get maxLength(): number {
    return this.input.maxLength;
  }

  /** Whether no token attends to later ones, as in GPT and Llama; false in BERT. Only a causal model generates. */
  get isCausal(): boolean {
    return this.stack.isCausal;
  }

  get vocabSize(): number {
    return this.input.tokenEmbedding.vocabSize;
  }

  /**
   * Computes the logits of every position. If a call throws, its cache does not change.
   *
   * @param ids int32 `[batch, length]`
   * @throws ValueError when an id is outside the vocabulary, the input is longer than `maxLength`, a cache would be continued beyond
   *   `restartLength`, the model has no head, or an option is unknown
   * @throws ShapeError, DTypeError, DisposedError as the parts
   */
  apply(ids: Tensor, options: ModelOptions = {}): ModelResult {
    checkOptions("LanguageModel.apply", options, modelOptionNames);
    return scope(() => {
      const { output, ...others } = this.#run(ids, options);
      return { logits: this.#logits(options.lastOnly ? lastPosition(output) : output), ...others };
    });
  }

  /** Computes the hidden states after the last layer, without the head. @param ids int32 `[batch, length]` @throws as {@link apply} */
  hidden(ids: Tensor, options: HiddenOptions = {}): StackResult {
    checkOptions("LanguageModel.hidden", options, hiddenOptionNames);
    return scope(() => this.#run(ids, options));
  }

  /**
   * Applies the pooler to the hidden state of the first position.
   *
   * @param hidden `[batch, length, dModel]` @returns `[batch, dModel]`
   * @throws ValueError when the model has no pooler
   */
  pooled(hidden: Tensor3D): Tensor2D {
    const { pooler } = this;
    if (pooler === undefined) refuse(ValueError, "LanguageModel.pooled", "model", "a model with a pooler", "one without");
    const [batch, , dModel] = hidden.shape;
    return scope(() => {
      const first = slice(hidden, [0, 0, 0], [batch, 1, dModel]); // [batch, 1, dModel]
      return pooler.apply(reshape(first, [batch, dModel])) as Tensor2D; // [batch, dModel]
    });
  }

  /** Creates an empty cache for this model. */
  createCache(): ModelCache {
    return new ModelCache({ numLayers: this.stack.layers.length });
  }

  parts(): Parts {
    const { headTransform, headNorm, head, pooler } = this;
    return { ...this.input.parts(), ...this.stack.parts(), headTransform, headNorm, head, pooler };
  }

  #run(ids: Tensor, { segments, mask, positions, cache, needWeights, needHiddenStates, training, seed }: HiddenOptions): StackResult {
    const offset = () => cache?.length ?? 0;
    checkEachRun(() => checkRestart(offset(), ids, this.restartLength));
    const x = this.input.apply(ids, { positions, segments, training, seed: partSeed(seed, "input"), offset });
    if (this.isCausal && positions === undefined) refuseLeftPadding("LanguageModel.apply", this.input, mask, offset() + x.shape[1]!);
    return this.stack.apply(x, { mask, positions, cache, needWeights, needHiddenStates, training, seed });
  }

  #logits(x: Tensor3D): Tensor3D {
    const { headTransform, headNorm, head } = this;
    if (head === undefined) refuse(ValueError, "LanguageModel.apply", "model", "a model with a head", "one without", "use hidden(ids)");
    const transformed = headTransform?.apply(x) ?? x;
    return head.apply(headNorm?.apply(transformed) ?? transformed) as Tensor3D;
  }
}

/** @throws ValueError when the keys of `cached` tokens are others in the longer text */
function checkRestart(cached: number, ids: Tensor, restartLength: number): void {
  const length = cached + (ids.shape[1] ?? 0);
  if (cached === 0 || cached > restartLength || length <= restartLength) return;
  const advice = "compute the whole text with an empty cache";
  refuse(ValueError, "LanguageModel.apply", "cache", `empty for a text longer than ${restartLength} tokens`, `one of ${cached}`, advice);
}
