import type { Tensor } from "@tensorflow/tfjs-core";
import { own, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { CapturedStep, liveTensor, mayBeRepeated } from "@tfblocks/tensor-utils/steps";
import type { ModelCache } from "../blocks/model-cache.js";
import type { Decoder } from "./decoder.js";
import { LeftPaddedPrompts, type StepInput } from "./left-padded-prompts.js";
import { nextTask } from "./next-task.js";
import { indexOfNaN } from "./processors/logits-processor.js";
import type { PromptCache } from "./prompt-cache.js";

/** Rows that a model decodes together, step by step, with their cache. */
export class DecoderBatch {
  readonly #model: Decoder;
  readonly #promptCache: PromptCache | undefined;
  readonly #cache: ModelCache;
  #prompts: LeftPaddedPrompts;
  /** The ids of each row so far. */
  #rows: readonly (readonly number[])[];
  #cachedLength = 0;
  /** The last token of each row, and the step that reads them; undefined where rows differ in length. */
  #tokens = new Int32Array(0);
  #step: CapturedStep | undefined;

  /** @param promptCache holds the cache of the only row beyond the life of the batch */
  constructor(model: Decoder, prompts: readonly (readonly number[])[], padId: number, promptCache?: PromptCache) {
    this.#model = model;
    this.#prompts = new LeftPaddedPrompts(prompts, padId, model.maxLength);
    this.#rows = prompts;
    this.#promptCache = promptCache;
    this.#cache = promptCache?.keysValues ?? model.createCache();
  }

  /** The logits after the prompts, a row each. */
  first(prompts: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const cached = this.#promptCache?.startWith(prompts[0]!) ?? 0;
    this.#cachedLength = cached;
    return this.#logits(() => this.#apply(this.#prompts.first(cached)), prompts[0]!.slice(cached));
  }

  /** The logits after one more token of each row. */
  next(tokens: readonly number[]): Promise<Float32Array[]> {
    this.#rows = this.#rows.map((row, index) => [...row, tokens[index]!]);
    if (this.#cache.length === this.#model.restartLength) return this.#restart();
    if (!this.#prompts.isPadded && mayBeRepeated(this.#model)) return this.#next(tokens);
    return this.#logits(() => this.#apply(this.#prompts.next(tokens)), tokens);
  }

  /** Continues with each row several times in succession. */
  repeat(times: number, batch: number): void {
    this.select(Array.from({ length: batch * times }, (_, row) => Math.floor(row / times)));
    this.#prompts = this.#prompts.repeated(times);
  }

  /** Replaces the keys and values of each row by those of another. */
  select(rows: readonly number[]): void {
    this.#cache.selectRows(rows);
    this.#rows = rows.map((row) => this.#rows[row]!);
  }

  /** Frees the cache, unless it is a prompt cache. */
  dispose(): void {
    this.#step?.dispose();
    this.#step = undefined;
    if (this.#promptCache === undefined) this.#cache.dispose();
  }

  /** The logits of rows without padding, whose steps are alike. */
  #next(tokens: readonly number[]): Promise<Float32Array[]> {
    if (this.#tokens.length !== tokens.length) {
      this.#step?.dispose();
      [this.#tokens, this.#step] = [new Int32Array(tokens.length), undefined];
    }
    this.#tokens.set(tokens);
    this.#step ??= this.#newStep();
    const step = this.#step;
    return this.#logits(() => own(step.run()), tokens);
  }

  #newStep(): CapturedStep {
    const ids = () => liveTensor(() => this.#tokens, [this.#tokens.length, 1]);
    return new CapturedStep(() => this.#model.apply(ids(), { cache: this.#cache, lastOnly: true }).logits);
  }

  #apply({ ids, mask, positions }: StepInput): Tensor {
    try {
      return scope(() => this.#model.apply(ids, { cache: this.#cache, mask, positions, lastOnly: true }).logits);
    } finally {
      ids.dispose();
      positions?.dispose();
    }
  }

  /** The logits after the whole texts, whose keys are others from here on. */
  #restart(): Promise<Float32Array[]> {
    this.#checkCache();
    if (this.#promptCache === undefined) this.#cache.trim(0);
    else this.#promptCache.trim(0);
    this.#cachedLength = 0;
    this.#prompts = this.#prompts.restarted(this.#rows);
    return this.#logits(() => this.#apply(this.#prompts.first()), this.#rows[0]!);
  }

  /** @throws ValueError when another run has changed the prompt cache since the last step */
  #checkCache(): void {
    if (this.#cache.length === this.#cachedLength) return;
    refuse(ValueError, "generate", "cache", "used by one run at a time", "one that another run has changed");
  }

  /** The logits of each row's last position. @param run computes them; the caller owns what it returns */
  async #logits(run: () => Tensor, firstRow: readonly number[]): Promise<Float32Array[]> {
    this.#checkCache();
    const logits = run();
    try {
      this.#cachedLength = this.#cache.length;
      this.#promptCache?.append(firstRow);
      await nextTask();
      return rowsOf((await logits.data()) as Float32Array, logits.shape as [number, number, number]);
    } finally {
      logits.dispose();
    }
  }
}

function rowsOf(values: Float32Array, [batch, , vocabSize]: [number, number, number]): Float32Array[] {
  const rows = Array.from({ length: batch }, (_, row) => values.slice(row * vocabSize, (row + 1) * vocabSize));
  for (const row of rows) {
    const wrong = indexOfNaN(row);
    if (wrong >= 0) refuse(ValueError, "generate", "logits", "numbers", `NaN for token ${wrong}`, "check the weights");
  }
  return rows;
}
