import type { Tensor } from "@tensorflow/tfjs-core";
import type { Random } from "@tfblocks/tensor-utils";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { Pretrained } from "@tfblocks/transformer/hugging-face";
import type { AdamWOptions, WarmupOptions } from "@tfblocks/training";
import type { WordTokenizer } from "./word-tokenizer.js";

/** A model of the zoo. */
export type ZooModel = LanguageModel | EncoderDecoder;

/** Training examples; the caller owns the tensors. */
export interface Batch {
  /** The input of a decoder, or of the encoder of an encoder-decoder: int32 `[batch, length]`. */
  readonly ids: Tensor;
  /** The input of the decoder of an encoder-decoder: int32 `[batch, targetLength]`. */
  readonly target?: Tensor;
  /** The token to predict at each position of the decoder: int32 `[batch, length or targetLength]`; -100 for none. */
  readonly labels: Tensor;
}

/** A measurement on held-out examples. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  /** Undefined if the metric is only informative. */
  readonly target?: number;
  /** Whether the value reaches the target; true without a target. */
  readonly met: boolean;
  readonly higherIsBetter: boolean;
}

/** Number and seed of the examples of an evaluation. */
export interface EvaluateOptions {
  /** Number of examples of each kind. */
  readonly count: number;
  readonly seed: number;
}

/** A text with instructive attention maps. */
export interface Probe {
  readonly text: string;
  /** The answer of an encoder-decoder. */
  readonly answer?: string;
}

/** A model, its training data and how it is trained. */
export interface TrainingRecipe<Model extends ZooModel = ZooModel> {
  /** The name for commands and folders. */
  readonly name: string;
  readonly steps: number;
  readonly batchSize: number;
  readonly schedule: Omit<WarmupOptions, "totalSteps">;
  readonly optimizer: AdamWOptions;
  /** Largest norm of all gradients as one vector. */
  readonly clip: number;
  build(random: Random): Model;
  /** The batch with an index, counted from 0. `size` is the number of examples, default `batchSize`. */
  batch(index: number, seed: number, size?: number): Batch;
  /** The mean cross-entropy of a batch, a scalar. */
  loss(model: Model, batch: Batch): Tensor;
}

/**
 * A small model of the zoo, its training and its evaluation. All random numbers derive from seeds and indices, so training can
 * be resumed and repeated bit for bit.
 */
export interface Recipe<Model extends ZooModel = ZooModel> extends TrainingRecipe<Model> {
  readonly title: string;
  /** What the trained model shows, in one sentence. */
  readonly teaches: string;
  readonly probe: Probe;
  readonly tokenizer: WordTokenizer;
  /** The token that ends an answer, if there is one. */
  readonly stopToken?: number;
  /** A model that `build` made, with its family and sizes, to be saved as a Hugging Face folder. */
  pretrained(model: Model): Pretrained;
  /** Examples that no batch of the training contains; the same ones for the same options. */
  heldOutBatch(options: EvaluateOptions): Batch;
  evaluate(model: Model, options: EvaluateOptions): Promise<Metric[]>;
}

/** Called as an experiment goes on. May return a promise, so that others can work; what it throws ends the experiment. */
export type ExperimentProgress = (stage: string, done: number, total: number) => void | Promise<void>;

/** A metric with a target. */
export function metric(name: string, value: number, target: number, higherIsBetter = true): Metric {
  return { name, value, target, met: higherIsBetter ? value >= target : value <= target, higherIsBetter };
}

/** A metric without a target. */
export function information(name: string, value: number, higherIsBetter = true): Metric {
  return { name, value, met: true, higherIsBetter };
}
