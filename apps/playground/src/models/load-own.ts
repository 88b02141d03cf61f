import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { EncoderDecoder } from "@tfblocks/transformer";
import { decoderOf, generate } from "@tfblocks/transformer/generate";
import { loadFolder, type LoadFolderOptions, type ModelConfig, type PretrainedFolder } from "@tfblocks/transformer/hugging-face";
import { families } from "@tfblocks/transformer/models";
import { checkFiles } from "./own-files/check-files.js";
import { describeModel, measureModel } from "./describe-model.js";
import { explainFailure, ModelFailure } from "./explain-failure.js";
import { firstText } from "./first-text.js";
import { readTokenizer } from "./hugging-face-tokenizer.js";
import type { Example, HeadPlace, ModelInfo } from "./model-info.js";
import type { ModelTokenizer, OpenModel } from "./opened-model.js";
import type { OwnModel } from "./own-files/own-model.js";

/** Opens a model of the reader. @throws ModelFailure in words for the reader, or the reason of the signal; no tensor is left */
export async function loadOwn(own: OwnModel, options: LoadFolderOptions): Promise<OpenModel> {
  try {
    await checkFiles(own.files);
    const json = await own.files.get("tokenizer.json")!.text();
    const before = memory().numTensors;
    const loaded = await loadFolder(own.files, options);
    const held = memory().numTensors - before;
    return await describeOwn(own, loaded, json, held).catch((error: unknown) => {
      loaded.model.dispose();
      throw error;
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw explainFailure(error);
  }
}

async function describeOwn({ id, title }: OwnModel, loaded: PretrainedFolder, json: string, held: number): Promise<OpenModel> {
  const { model, family, config } = loaded;
  const tokenizer = tokenizerOf(json, model.vocabSize);
  const startToken = idOf(loaded.generationConfig?.["decoder_start_token_id"]) ?? idOf(config["decoder_start_token_id"]) ?? 0;
  const measured = measureModel(model);
  const examples = await examplesOf({ model, tokenizer, startToken }, measured);
  const description = {
    id,
    title,
    summary: summaryOf(measured, config),
    family: families[family].modelType,
    config,
    trainedLength: trainedLengthIn(config),
  };
  const info = describeModel(model, { ...description, examples, firstHead: middleHead(measured) });
  return { info, model, tokenizer, startToken, held, close: () => model.dispose() };
}

function tokenizerOf(json: string, vocabSize: number): ModelTokenizer {
  try {
    return readTokenizer(json, vocabSize);
  } catch (error) {
    const isJson = !(error instanceof SyntaxError);
    const reason = isJson ? (error as Error).message.replace(/^\w+: /, "") : "it is not JSON. Please download it again";
    throw new ModelFailure(`tokenizer.json cannot be used: ${reason}.`, { cause: error });
  }
}

type Measured = Pick<ModelInfo, "shape" | "predicts" | "stacks">;

function summaryOf({ shape, predicts }: Measured, config: ModelConfig): string {
  if (shape === "encoder-decoder") return "A model of yours that reads a text and writes an answer, token by token.";
  if (predicts === "the next token") return "A model of yours that predicts the next token of a text.";
  if (predicts === "masked tokens") return "A model of yours that fills in hidden words of a text.";
  const head = taskHeadIn(config);
  const leftOut = head === undefined ? "" : ` Its head, of ${head}, is left out.`;
  return `A model of yours that turns a text into vectors and predicts no words.${leftOut}`;
}

/** The class of a config whose head is for another task than predicting tokens. */
function taskHeadIn({ architectures }: ModelConfig): string | undefined {
  return [architectures].flat().find((name): name is string => /For(Seq|Token|Multiple|Question)/.test(String(name)));
}

/** Rotary and relative positions have no end; a config says how far they were trained. */
function trainedLengthIn({ max_position_embeddings: length }: ModelConfig): number | undefined {
  return typeof length === "number" ? length : undefined;
}

/** A head in the middle layer, of cross-attention if there is one. */
function middleHead({ stacks }: Measured): HeadPlace {
  const { kind, parts } = stacks.find((stack) => stack.kind === "cross") ?? stacks[0]!;
  return { kind, layer: Math.floor((parts.length - 1) / 2), head: 0 };
}

type Speaking = Pick<OpenModel, "model" | "startToken" | "tokenizer">;

const notes = {
  answer: "The answer is what the model writes by itself. Rows of the cross-attention are its tokens, columns those of the text.",
  next: "Each row predicts the token after it, so look at the row before the token that you ask about.",
  twice: "The text comes twice. A head whose rows look at what came after their token the first time is an induction head.",
  any: "Each row is a token, and looks at the tokens of the columns.",
};

async function examplesOf(opened: Speaking, { predicts }: Measured): Promise<readonly [Example, ...Example[]]> {
  const { model, tokenizer } = opened;
  const { text, word } = firstText(tokenizer, model.vocabSize);
  if (model instanceof EncoderDecoder) return [{ text, answer: await answerTo(opened, text), note: notes.answer }];
  const next: Example = { text, note: notes.next };
  if (predicts === "the next token") return [next, { text: `${text} ${text}`, note: notes.twice }];
  const { mask } = tokenizer;
  if (predicts === "nothing" || mask === undefined || word === undefined) return [{ text, note: notes.any }];
  return [{ text: text.replace(word, mask), note: `The model fills in ${mask}: its row shows where the word comes from.` }];
}

const answerLength = 12;

/** What an encoder-decoder writes, in its likeliest words. */
async function answerTo({ model, tokenizer, startToken }: Speaking, text: string): Promise<string> {
  const ids = tokenizer.encode(text);
  const source = tensor2d(ids, [1, ids.length], "int32");
  const decoder = decoderOf(model as EncoderDecoder, source);
  try {
    const answer: number[] = [];
    for await (const { tokens } of generate(decoder, [startToken], { maxNewTokens: answerLength })) {
      if (tokenizer.specialIds.has(tokens[0]!)) break;
      answer.push(tokens[0]!);
    }
    return tokenizer.decode(answer).trim();
  } finally {
    decoder.dispose();
    source.dispose();
  }
}

/** A config value that is an id, or the first of a list. */
function idOf(value: unknown): number | undefined {
  const [id] = [value].flat();
  return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < 2 ** 31 ? id : undefined;
}
