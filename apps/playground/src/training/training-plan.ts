import type { Pretrained } from "@tfblocks/transformer/hugging-face";
import type { Batch, EvaluateOptions, Metric, Probe, TrainingRecipe, ZooModel } from "@tfblocks/zoo";

/** The tokenizer of a plan. */
export interface PlanTokenizer {
  readonly vocabSize: number;
  /** @throws Error when the text has what the vocabulary lacks */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** Each id as people read it. */
  texts(ids: readonly number[]): string[];
}

/** A training with everything that is shown of it and saved. */
export interface TrainingPlan extends TrainingRecipe {
  readonly title: string;
  /** What the trained model shows, in one sentence. */
  readonly teaches: string;
  /** The text whose maps are shown. */
  readonly probe: Probe;
  /** What is to be continued at every recorded step. */
  readonly prompt: string;
  readonly tokenizer: PlanTokenizer;
  /** Hugging Face's `tokenizer.json`. */
  readonly tokenizerJson: object;
  readonly unknownId: number | undefined;
  /** The share of the tokens of the text that the vocabulary lacks; undefined for a recipe. */
  readonly unknownShare: number | undefined;
  /** The token that ends an answer, if there is one. */
  readonly stopToken: number | undefined;
  pretrained(model: ZooModel): Pretrained;
  /** Examples that no batch of the training contains. */
  heldOutBatch(options: EvaluateOptions): Batch;
  evaluate(model: ZooModel, options: EvaluateOptions): Promise<readonly Metric[]>;
}
