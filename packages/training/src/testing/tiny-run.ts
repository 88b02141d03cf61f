import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { add } from "@tensorflow/tfjs-core";
import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import {
  type Block,
  embedding,
  joinParameters,
  Linear,
  normalInit,
  parameter,
  type ParameterMap,
  Random,
  scope,
} from "@tfblocks/tensor-utils";
import { TextDataset, type TokenBatch } from "@tfblocks/text";
import {
  AdamW,
  type CountedLoss,
  crossEntropy,
  type LossContext,
  type Trainer,
  type TrainerOptions,
  type TrainingProgress,
  warmupCosine,
} from "@tfblocks/training";

export const length = 8;
const [vocabSize, dModel] = [11, 12];
export const ids: readonly number[] = Array.from({ length: 400 }, (_, at) => (at * at + 3 * at) % vocabSize);

/** A tiny language model with dropout. */
class TinyModel implements Pick<Block, "parameters" | "dispose"> {
  readonly table: Variable = parameter(() => normalInit(0.5)([vocabSize, dModel], new Random(1)));
  readonly attention: MultiHeadAttention<Linear> = multiHeadAttention({ dModel, numHeads: 2, dropout: 0.2, random: new Random(2) });
  readonly head: Linear = new Linear({ inFeatures: dModel, outFeatures: vocabSize, random: new Random(3) });

  loss({ ids: tokens, labels }: TokenBatch, dropout?: LossContext): Tensor {
    return scope(() => {
      const x = embedding(this.table, tokens);
      const training = dropout === undefined ? {} : { training: true, seed: dropout.seed };
      const { output } = this.attention.apply(x, x, x, { mask: masks.causal(), needWeights: false, ...training });
      return crossEntropy(this.head.apply(add(x, output)), labels);
    });
  }

  /** The loss for accumulation. */
  countedLoss(batch: TokenBatch, dropout?: LossContext): CountedLoss<number> {
    return { loss: this.loss(batch, dropout), count: batch.labels.size };
  }

  parameters(): ParameterMap {
    return joinParameters({ table: this.table, attention: this.attention, head: this.head });
  }

  dispose(): void {
    for (const part of [this.table, this.attention, this.head]) part.dispose();
  }
}

/** A training run, with what it is made of. */
export interface TinyRun {
  readonly model: TinyModel;
  readonly optimizer: AdamW;
  readonly run: TrainerOptions<TokenBatch>;
  /** Disposes model and optimizer. */
  readonly end: () => void;
}

/** A run with a new model and optimizer; `options` replace those of the run. */
export function setUp(options: Partial<TrainerOptions<TokenBatch>> = {}): TinyRun {
  const [model, optimizer] = [new TinyModel(), new AdamW({ weightDecay: 0.1 })];
  const data = new TextDataset({ ids, length, batch: 4, seed: 5 });
  const run: TrainerOptions<TokenBatch> = {
    model,
    optimizer,
    batches: (index) => data.batch(index),
    loss: (batch, context) => model.loss(batch, context),
    schedule: warmupCosine({ peak: 0.02, warmupSteps: 5, totalSteps: 100 }),
    clip: 1,
    seed: 9,
    ...options,
  };
  const end = () => [model, optimizer].forEach((each) => each.dispose());
  return { model, optimizer, run, end };
}

/** The bits of every parameter. */
export async function bits(parameters: ParameterMap): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (const [name, each] of Object.entries(parameters)) all[name] = [...new Uint32Array((await each.data()).slice().buffer)];
  return all;
}

/** Progress without its one number that depends on time. */
export function withoutSpeed(progress: TrainingProgress): TrainingProgress {
  return { ...progress, tokensPerSecond: undefined };
}

/** The progress of every step up to `steps`. */
export async function collect(trainer: Trainer<TokenBatch>, steps: number): Promise<TrainingProgress[]> {
  const all: TrainingProgress[] = [];
  for await (const progress of trainer.run({ steps })) all.push(withoutSpeed(progress));
  return all;
}
