import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { checkInteger, checkTensor, describeValue, refuse, type StateDict, ValueError } from "@tfblocks/tensor-utils";
import type { ModelCache } from "../blocks/model-cache.js";
import type { Decoder } from "./decoder.js";

/**
 * The keys and values of a text, for continuing it without computing them again: `generate(model, prompt, { cache })` uses
 * those of the ids that the prompt begins with, trims the rest, and leaves those of the whole row. The tokens are the same as
 * without it.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { generate, PromptCache } from "@tfblocks/transformer/generate";
 * import { llama } from "@tfblocks/transformer/models";
 * const model = llama({ vocabSize: 50, dModel: 16, numLayers: 1, numHeads: 2, hiddenDim: 32 });
 * const cache = new PromptCache(model);
 * for await (const _step of generate(model, [5, 6, 7], { cache, maxNewTokens: 4 }));
 * cache.ids.length; // 6, as the last token has not been read
 * for await (const _step of generate(model, [...cache.ids, 8, 9], { cache, maxNewTokens: 4 })); // computes 8 and 9 only
 * const saved = cache.stateDict(); // tensors for writeSafetensors of @tfblocks/weights
 * const loaded = new PromptCache(model);
 * loaded.loadStateDict(saved);
 * ```
 */
export class PromptCache {
  /** The decoder that the cache belongs to. */
  readonly model: Decoder;
  /** The keys and values of every layer, for one row. */
  readonly keysValues: ModelCache;
  readonly #ids: number[] = [];

  constructor(model: Decoder) {
    this.model = model;
    this.keysValues = model.createCache();
  }

  /** The ids whose keys and values are cached. */
  get ids(): readonly number[] {
    return [...this.#ids];
  }

  /**
   * Forgets all but the first `length` ids; where their keys were those of a text beyond the model's `restartLength` and `length` is not,
   * all of them.
   *
   * @throws ValueError when there are fewer, or a layer has dropped what a shorter text needs
   */
  trim(length: number): void {
    checkInteger("PromptCache.trim", "length", length, 0, this.#ids.length);
    const kept = this.#isLong(this.#ids.length) && !this.#isLong(length) ? 0 : length;
    this.keysValues.trim(kept);
    this.#ids.length = kept;
  }

  /** Keeps what a prompt begins with, but not its last id, and returns the number of ids kept. */
  startWith(prompt: readonly number[]): number {
    const differs = prompt.findIndex((id, at) => id !== this.#ids[at]);
    const common = differs < 0 ? prompt.length - 1 : Math.min(differs, prompt.length - 1);
    this.trim(this.#isLong(prompt.length) && !this.#isLong(this.#ids.length) ? 0 : common);
    return this.#ids.length;
  }

  /** Notes ids whose keys and values have been stored. */
  append(ids: readonly number[]): void {
    this.#ids.push(...ids);
  }

  /** `ids`, int32 `[length]`, and those of {@link ModelCache.stateDict}. The caller owns the tensors. */
  stateDict(): StateDict {
    return { ids: tensor1d(this.#ids, "int32"), ...this.keysValues.stateDict() };
  }

  /**
   * Replaces the contents by saved ones. The model must have the weights that the cache was computed with.
   *
   * @throws ValueError when a tensor is missing or unexpected; ShapeError when the tensors do not fit each other or the model
   */
  loadStateDict(state: StateDict): void {
    const { ids, ...keysValues } = state;
    if (ids === undefined) refuse(ValueError, "PromptCache.loadStateDict", "state", "a state with ids", describeValue(state));
    checkTensor("PromptCache.loadStateDict", "ids", ids, "int32");
    this.keysValues.loadStateDict(keysValues, { batch: 1, length: ids.size });
    this.#ids.splice(0, Infinity, ...(ids as Tensor).dataSync());
  }

  /** Frees the cached tensors. The cache is then empty and can be used again. */
  dispose(): void {
    this.keysValues.dispose();
    this.#ids.length = 0;
  }

  /** Whether a text is beyond the length from which on the model has other keys. */
  #isLong(length: number): boolean {
    return length > (this.model.restartLength ?? Infinity);
  }
}

/** @throws ValueError when a cache is not one of this model, or there are several prompts */
export function checkCacheUse(cache: PromptCache | undefined, model: Decoder, prompts: readonly unknown[]): void {
  if (cache === undefined) return;
  if (!(cache instanceof PromptCache)) {
    refuse(ValueError, "generate", "cache", "a PromptCache", describeValue(cache), "make it with new PromptCache(model)");
  }
  if (cache.model !== model) refuse(ValueError, "generate", "cache", "a cache of this model", "one of another");
  if (prompts.length > 1) refuse(ValueError, "generate", "prompts", "a single prompt, as a cache holds one row", prompts.length);
}
