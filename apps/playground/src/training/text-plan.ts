import { argMax, equal, mean, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { Random, scope } from "@tfblocks/tensor-utils";
import { TextDataset } from "@tfblocks/text";
import type { HuggingFaceTokenizer } from "@tfblocks/text/hugging-face";
import { crossEntropy } from "@tfblocks/training";
import type { LanguageModel } from "@tfblocks/transformer";
import { llama, type LlamaSizes } from "@tfblocks/transformer/models";
import type { Batch, EvaluateOptions, Metric, ZooModel } from "@tfblocks/zoo";
import type { TaskPort } from "../compute/task.js";
import type { RunSettings, RunSource, TextSizes } from "./run-settings.js";
import { encodeText, makeTokenizer } from "./text-tokenizer.js";
import type { PlanTokenizer, TrainingPlan } from "./training-plan.js";

type TextSource = Extract<RunSource, { kind: "text" }>;

/** The share of the text, at its end, that the model is not trained on. */
const heldOutShare = 0.1;
/** The number of tokens whose maps are shown. */
const probeLength = 24;
const promptLength = 12;

/**
 * A small Llama that learns to predict the next token of a text; undefined after a cancel.
 *
 * @throws Error with a sentence for the reader when the text has fewer than ten examples
 */
export async function textPlan(
  source: TextSource,
  training: Omit<RunSettings, "source">,
  port: TaskPort,
): Promise<TrainingPlan | undefined> {
  const { text, sizes } = source;
  const made = await makeTokenizer(text, sizes, port);
  const ids = made && (await encodeText(text, made.tokenizer, port));
  if (made === undefined || ids === undefined) return undefined;
  checkLength(ids.length, sizes);
  const split = Math.floor(ids.length * (1 - heldOutShare));
  const data = { trained: ids.subarray(0, split), heldOut: ids.subarray(split) };
  const tokenizer = planTokenizer(made.tokenizer);
  const modelSizes = llamaSizes(sizes, tokenizer.vocabSize);
  const shown = [...data.heldOut.subarray(0, probeLength)];
  return {
    ...sharedSettings(training),
    ...batchesOf(data, sizes.context),
    name: "text",
    title: "Your text",
    teaches: "The model learns to predict the next token of your text.",
    probe: { text: tokenizer.decode(shown) },
    prompt: tokenizer.decode(shown.slice(0, promptLength)),
    tokenizer,
    tokenizerJson: made.json,
    unknownId: made.unknownId,
    unknownShare: ids.reduce((count, id) => count + Number(id === made.unknownId), 0) / ids.length,
    stopToken: undefined,
    build: (random: Random) => llama({ ...modelSizes, random }),
    pretrained: (model) => ({ family: "llama", sizes: modelSizes, model: model as LanguageModel }),
    loss: nextTokenLoss,
  };
}

function sharedSettings({ steps, batchSize, learningRate }: Omit<RunSettings, "source">) {
  const warmupSteps = Math.min(50, Math.floor(steps / 5));
  return {
    steps,
    batchSize,
    schedule: { peak: learningRate, warmupSteps, floor: learningRate / 20 },
    optimizer: { betas: [0.9, 0.98], weightDecay: 0.01 } as const,
    clip: 1,
  };
}

function checkLength(tokens: number, { context, tokens: kind }: TextSizes): void {
  const needed = 10 * (context + 1);
  if (tokens >= needed) return;
  throw new Error(
    `The text has ${tokens.toLocaleString("en")} ${kind}, too few to learn from. With a context of ${context} it needs at least ${needed.toLocaleString("en")}: paste a longer text, or choose a shorter context.`,
  );
}

function llamaSizes({ dModel, layers, heads, context }: TextSizes, vocabSize: number): LlamaSizes {
  return { vocabSize, dModel, numLayers: layers, numHeads: heads, hiddenDim: 2 * dModel, tiedHead: true, trainedLength: context };
}

function planTokenizer(tokenizer: HuggingFaceTokenizer): PlanTokenizer {
  return {
    vocabSize: tokenizer.vocabSize,
    encode: (text) => tokenizer.encode(text),
    decode: (ids) => tokenizer.decode(ids),
    texts: (ids) => ids.map((id) => tokenizer.decode([id])),
  };
}

/** Examples of the trained and of the held-out part of a text. */
function batchesOf({ trained, heldOut }: { readonly trained: Int32Array; readonly heldOut: Int32Array }, length: number) {
  const datasets = new Map<string, TextDataset>();
  const dataset = (seed: number, batch: number): TextDataset => {
    const key = `${seed} ${batch}`;
    const known = datasets.get(key) ?? new TextDataset({ ids: trained, length, batch, seed });
    datasets.set(key, known);
    return known;
  };
  const heldOutBatch = ({ count, seed }: EvaluateOptions): Batch => new TextDataset({ ids: heldOut, length, batch: count, seed }).batch(0);
  return {
    batch: (index: number, seed: number, size = 1): Batch => dataset(seed, size).batch(index),
    heldOutBatch,
    evaluate: async (model: ZooModel, options: EvaluateOptions): Promise<readonly Metric[]> => [
      {
        name: "next tokens right, held out",
        value: await accuracy(model as LanguageModel, heldOutBatch(options)),
        met: true,
        higherIsBetter: true,
      },
    ],
  };
}

function nextTokenLoss(model: ZooModel, { ids, labels }: Batch): Tensor {
  return scope(() => crossEntropy((model as LanguageModel).apply(ids).logits, labels));
}

/** The fraction of tokens that have the largest logit. It disposes the batch. */
async function accuracy(model: LanguageModel, { ids, labels }: Batch): Promise<number> {
  const share = scope(() => mean(equal(argMax(model.apply(ids).logits, -1) as Tensor2D, labels)));
  ids.dispose();
  labels.dispose();
  try {
    return (await share.data())[0]!;
  } finally {
    share.dispose();
  }
}
