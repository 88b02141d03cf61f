import type { Tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import type { EncoderDecoder } from "@tfblocks/transformer";
import { decoderOf, generate } from "@tfblocks/transformer/generate";
import { type AdamWOptions, crossEntropy } from "@tfblocks/training";
import { idsOf } from "./next-token-batch.js";
import type { Batch } from "./recipe.js";
import { WordTokenizer } from "./word-tokenizer.js";

/** The token before every answer, as in T5. */
const startToken = 0;
/** The token after every answer. */
export const stopToken = 1;

/** A tokenizer of characters for questions and answers. */
export function characterTokenizer(characters: string): WordTokenizer {
  return new WordTokenizer({ special: ["<pad>", "</s>"], words: Array.from(characters), separator: "" });
}

/**
 * Options of the optimizer for T5. The relative biases have a larger learning rate: a step of Adam changes a number by
 * at most about the learning rate, and a bias must grow to about 5 to single out one distance.
 */
export const answerOptimizer: AdamWOptions = {
  betas: [0.9, 0.98],
  weightDecay: 0.01,
  groups: [{ match: (name) => name.includes("relativeBias"), learningRate: 20, weightDecay: 0 }],
};

/** A question and its answer. */
export interface Example {
  readonly question: string;
  readonly answer: string;
}

/** Examples of the same length for an encoder-decoder; they need no padding. */
export function answerBatch(tokenizer: WordTokenizer, examples: readonly Example[]): Batch {
  const answers = examples.map(({ answer }) => tokenizer.encode(answer));
  return {
    ids: idsOf(examples.map(({ question }) => tokenizer.encode(question))),
    target: idsOf(answers.map((answer) => [startToken, ...answer])),
    labels: idsOf(answers.map((answer) => [...answer, stopToken])),
  };
}

/** The mean cross-entropy over the tokens of the answers. */
export function answerLoss(model: EncoderDecoder, { ids, target, labels }: Batch): Tensor {
  return scope(() => crossEntropy(model.apply(ids, target!).logits, labels));
}

/** The fraction of examples, all of the same length, that greedy decoding answers exactly. */
export async function exactAnswers(model: EncoderDecoder, tokenizer: WordTokenizer, examples: readonly Example[]): Promise<number> {
  const answers = await answersOf(model, tokenizer, examples);
  return examples.filter(({ answer }, index) => answers[index] === answer).length / examples.length;
}

async function answersOf(model: EncoderDecoder, tokenizer: WordTokenizer, examples: readonly Example[]): Promise<string[]> {
  const source = idsOf(examples.map(({ question }) => tokenizer.encode(question)));
  const decoder = decoderOf(model, source);
  try {
    const answers = examples.map((): number[] => []);
    const maxNewTokens = Math.max(...examples.map(({ answer }) => answer.length)) + 1;
    const prompts = examples.map(() => [startToken]);
    for await (const { tokens } of generate(decoder, prompts, { maxNewTokens, stopTokens: [stopToken] })) {
      for (const [row, token] of tokens.entries()) if (token !== undefined) answers[row]!.push(token);
    }
    return answers.map((ids) => tokenizer.decode(ids));
  } finally {
    decoder.dispose();
    source.dispose();
  }
}
