import { tensor, type Variable, variable } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { Random, replaceParts } from "@tfblocks/tensor-utils";
import { use } from "@tfblocks/testkit";
import { type RandomFamily, randomize, randomModel } from "@tfblocks/testkit/random-models";
import type { LanguageModel } from "@tfblocks/transformer";
import { describeModel } from "../../models/describe-model.js";
import type { ModelTokenizer, OpenModel } from "../../models/opened-model.js";
import type { ReadingInput } from "../reading-input.js";

/** The families of random models, and a decoder with sinks and learned keys. */
export type TinyFamily = RandomFamily | "sinks";

export const tinyFamilies: readonly TinyFamily[] = ["gpt2", "llama", "gemma2", "gptNeoX", "sinks", "bert", "headless", "t5"];

/** A model whose parameters are random, freed after the test. */
export function tinyModel(family: TinyFamily, seed = 1): OpenModel {
  const random = new Random(seed).split(family);
  const model = family === "sinks" ? withSinks(randomModel("llama", random), random) : randomModel(family, random);
  const description = { id: family, title: family, summary: "", family, examples: [{ text: "a b", note: "" }] as const };
  const info = describeModel(model, { ...description, firstHead: { kind: "self", layer: 0, head: 0 } });
  return { info, model, tokenizer: letters(family), startToken: 0, held: 0, close: () => model.dispose() };
}

/** An input of a tiny model. */
export function inputOf(family: TinyFamily, text: string, others: Partial<ReadingInput> = {}): ReadingInput {
  return { model: family, text, answer: family === "t5" ? "c d a" : "", edits: [], ...others };
}

/** Each letter is a token; BERT and T5 have special tokens. */
function letters(family: TinyFamily): ModelTokenizer {
  const words = ["<s>", "</s>", "?", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
  const isBert = family === "bert" || family === "headless";
  const idOf = (word: string): number => (words.includes(word) ? words.indexOf(word) : 2);
  const encode = (text: string): number[] => text.split(" ").filter(Boolean).map(idOf);
  const texts = (ids: readonly number[]): string[] => ids.map((id) => words[id]!);
  return {
    encode: (text) => [...(isBert ? [0] : []), ...encode(text), ...(isBert || family === "t5" ? [1] : [])],
    texts,
    decode: (ids) => texts(ids.filter((id) => id > 1)).join(" "),
    unknownId: 2,
    specialIds: new Set([0, 1]),
    mask: undefined,
  };
}

/** One layer with a sink, the other with a learned key. */
function withSinks(model: LanguageModel, random: Random): LanguageModel {
  const sunk = replaceParts(model, "layers.0.attention", (attention: MultiHeadAttention) => attention.remake({ sink: 0.5 }));
  const complete = replaceParts(sunk, "layers.1.attention", (attention: MultiHeadAttention) => {
    const width = attention.numKvHeads * 4;
    return attention.remake({ biasKey: variableOf([1, 1, width]), biasValue: variableOf([1, 1, width]) });
  });
  randomize(complete, random);
  return complete;
}

function variableOf(shape: number[]): Variable {
  const zeros = tensor(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
  const made = use(variable(zeros));
  zeros.dispose();
  return made;
}
