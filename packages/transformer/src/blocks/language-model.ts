import { reshape, slice, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { type Block, checkOptions, Composite, type OptionNames, own, type Parts, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { InputEmbedding } from "./input-embedding.js";
import { ModelCache } from "./model-cache.js";
import { partSeed } from "./seeds.js";
import type { StackOptions, StackResult, TransformerStack } from "./stack.js";

/** Parts of a {@link LanguageModel}, which disposes them. */
export interface LanguageModelParts {
  readonly input: InputEmbedding;
  readonly stack: TransformerStack;
  /** Applied between stack and head, one after the other; BERT's masked-token head has both. Default none. */
  readonly headTransform?: Block | undefined;
  readonly headNorm?: Block | undefined;
  /** Maps `[batch, length, dModel]` to logits `[batch, length, vocabSize]`; without it there are hidden states alone. */
  readonly head?: Block | undefined;
  /** Maps the first position `[batch, dModel]` to a summary of the whole, as BERT's; default none. */
  readonly pooler?: Block | undefined;
}

const partNames: OptionNames<LanguageModelParts> = {
  input: true,
  stack: true,
  headTransform: true,
  headNorm: true,
  head: true,
  pooler: true,
};

/** What {@link LanguageModel.hidden} takes beside its ids. */
export interface HiddenOptions extends Omit<StackOptions, "memory" | "memoryMask"> {
  /** int32 `[batch, length]`, for models with segments; default all 0. */
  readonly segments?: Tensor | undefined;
}

const hiddenOptionNames: OptionNames<HiddenOptions> = {
  mask: true,
  positions: true,
  segments: true,
  cache: true,
  needWeights: true,
  needHiddenStates: true,
  training: true,
  seed: true,
};

/** What a model takes beside its ids. */
export interface ModelOptions extends HiddenOptions {
  /** Whether to compute logits of the last position alone, `[batch, 1, vocabSize]`; default false. */
  readonly lastOnly?: boolean | undefined;
}

const modelOptionNames: OptionNames<ModelOptions> = { ...hiddenOptionNames, lastOnly: true };

/** What a model gives; every tensor belongs to the caller. */
export interface ModelResult extends Omit<StackResult, "output"> {
  /** `[batch, length, vocabSize]` */
  readonly logits: Tensor3D;
}

/**
 * Token ids to logits: embeddings, a stack of layers, a head. With `causal()` in its layers it predicts the next token
 * (GPT, Llama), without it the tokens themselves (BERT).
 *
 * Parameters: `tokenEmbedding.weight`, `positionEmbedding.*`, `segmentEmbedding.*`, `embeddingNorm.*`, `layers.<i>.*`,
 * `finalNorm.*`, `relativeBias.*`, `headTransform.*`, `headNorm.*`, `head.*`, `pooler.*`, as far as it has the parts.
 */
export class LanguageModel extends Composite {
  readonly input: InputEmbedding;
  readonly stack: TransformerStack;
  readonly headTransform: Block | undefined;
  readonly headNorm: Block | undefined;
  readonly head: Block | undefined;
  readonly pooler: Block | undefined;

  /** @throws ValueError when a part is unknown */
  constructor(parts: LanguageModelParts) {
    super("LanguageModel");
    checkOptions("LanguageModel", parts, partNames, "part");
    ({ input: this.input, stack: this.stack } = parts);
    ({ headTransform: this.headTransform, headNorm: this.headNorm, head: this.head, pooler: this.pooler } = parts);
  }

  /** Longest input, with what is cached; Infinity where positions are not learned. */
  get maxLength(): number {
    return this.input.maxLength;
  }

  get vocabSize(): number {
    return this.input.tokenEmbedding.vocabSize;
  }

  /**
   * @param ids int32 `[batch, length]`
   * @throws ValueError when an id is outside the vocabulary, the input longer than `maxLength`, or there is no head
   * @throws ShapeError, DTypeError, DisposedError as the parts; the cache stays as it was
   */
  apply(ids: Tensor, options: ModelOptions = {}): ModelResult {
    checkOptions("LanguageModel.apply", options, modelOptionNames);
    return scope(() => {
      const { output, ...others } = this.#run(ids, options);
      return { logits: this.#logits(options.lastOnly ? lastPosition(output) : output), ...others };
    });
  }

  /** The stream after the last layer, instead of logits. @param ids int32 `[batch, length]` @throws as {@link apply} */
  hidden(ids: Tensor, options: HiddenOptions = {}): StackResult {
    checkOptions("LanguageModel.hidden", options, hiddenOptionNames);
    return scope(() => this.#run(ids, options));
  }

  /**
   * The summary that the pooler makes of hidden states.
   *
   * @param hidden `[batch, length, dModel]` @returns `[batch, dModel]`
   * @throws ValueError when the model has no pooler
   */
  pooled(hidden: Tensor3D): Tensor2D {
    const { pooler } = this;
    if (pooler === undefined) refuse(ValueError, "LanguageModel.pooled", "model", "one with a pooler", "one without");
    const [batch, , dModel] = hidden.shape;
    return scope(() => pooler.apply(reshape(slice(hidden, [0, 0, 0], [batch, 1, dModel]), [batch, dModel])) as Tensor2D);
  }

  /** An empty cache for this model. */
  createCache(): ModelCache {
    return new ModelCache({ numLayers: this.stack.layers.length });
  }

  parts(): Parts {
    const { headTransform, headNorm, head, pooler } = this;
    return { ...this.input.parts(), ...this.stack.parts(), headTransform, headNorm, head, pooler };
  }

  #run(ids: Tensor, { segments, mask, positions, cache, needWeights, needHiddenStates, training, seed }: HiddenOptions): StackResult {
    const offset = cache?.length;
    const x = this.input.apply(ids, { positions, segments, training, seed: partSeed(seed, "input"), offset });
    return this.stack.apply(x, { mask, positions, cache, needWeights, needHiddenStates, training, seed });
  }

  #logits(x: Tensor3D): Tensor3D {
    const { headTransform, headNorm, head } = this;
    if (head === undefined) refuse(ValueError, "LanguageModel.apply", "model", "one with a head", "one without", "ask for hidden(ids)");
    const transformed = headTransform?.apply(x) ?? x;
    return head.apply(headNorm?.apply(transformed) ?? transformed) as Tensor3D;
  }
}

/** `[batch, length, dModel]` -> `[batch, 1, dModel]` */
function lastPosition(x: Tensor3D): Tensor3D {
  const [batch, length, dModel] = x.shape;
  return length === 0 ? own(x) : slice(x, [0, length - 1, 0], [batch, 1, dModel]);
}
