import type { Tensor } from "@tensorflow/tfjs-core";
import type { Random } from "@tfblocks/tensor-utils";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { Pretrained } from "@tfblocks/transformer/hugging-face";
import type { AdamWOptions, WarmupOptions } from "@tfblocks/training";
import type { WordTokenizer } from "./word-tokenizer.js";

/** A model of the zoo. */
export type ZooModel = LanguageModel | EncoderDecoder;

/** Ids to learn from; its tensors belong to the caller. */
export interface Batch {
  /** What a decoder reads, or the source of an encoder-decoder: int32 `[batch, length]`. */
  readonly ids: Tensor;
  /** What an encoder-decoder's decoder reads: int32 `[batch, targetLength]`. */
  readonly target?: Tensor;
  /** The token to predict at each place of the reader's: int32 `[batch, length or targetLength]`, -100 where none. */
  readonly labels: Tensor;
}

/** A measure of what a model has learned, on examples that it was not trained on. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  /** Undefined where the number is for information alone. */
  readonly target?: number;
  /** Whether the value reaches its target; true where there is none. */
  readonly met: boolean;
  readonly higherIsBetter: boolean;
}

/** How much to evaluate, and by which draws. */
export interface EvaluateOptions {
  /** Examples of each kind. */
  readonly count: number;
  readonly seed: number;
}

/** A text whose attention is worth looking at. */
export interface Probe {
  readonly text: string;
  /** What an encoder-decoder answers. */
  readonly answer?: string;
}

/**
 * A small model, what it is trained on, and how. All that is random comes from seeds and indices, so that a training
 * can be resumed, and made again bit for bit.
 */
export interface Recipe<Model extends ZooModel = ZooModel> {
  /** As the commands and folders call it. */
  readonly name: string;
  readonly title: string;
  /** What the trained model shows, in one sentence. */
  readonly teaches: string;
  readonly probe: Probe;
  readonly tokenizer: WordTokenizer;
  /** Ends an answer, where something does. */
  readonly stopToken?: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly schedule: Omit<WarmupOptions, "totalSteps">;
  readonly optimizer: AdamWOptions;
  /** Largest norm of all gradients together. */
  readonly clip: number;
  build(random: Random): Model;
  /** A model that `build` made with its family and sizes, to be saved as a Hugging Face folder. */
  pretrained(model: Model): Pretrained;
  /** The examples of an index, counted from 0; `batchSize` of them where `size` does not say otherwise. */
  batch(index: number, seed: number, size?: number): Batch;
  /** The mean cross-entropy of a batch, a scalar. */
  loss(model: Model, batch: Batch): Tensor;
  evaluate(model: Model, options: EvaluateOptions): Promise<Metric[]>;
}

/** A metric with a target. */
export function metric(name: string, value: number, target: number, higherIsBetter = true): Metric {
  return { name, value, target, met: higherIsBetter ? value >= target : value <= target, higherIsBetter };
}

/** A metric for information. */
export function information(name: string, value: number, higherIsBetter = true): Metric {
  return { name, value, met: true, higherIsBetter };
}
