import { basename } from "node:path";
import { tensor2d } from "@tensorflow/tfjs-core";
import { analyzeText, type AnalyzeTextOptions, type ModelTexts, type TokenizedText } from "@tfblocks/analysis/models";
import { type Report, toHtml } from "@tfblocks/analysis/pictures";
import { type CommandContext, CommandError } from "@tfblocks/command-line";
import { LanguageModel } from "@tfblocks/transformer";
import { decoderOf, generate, generationOptions } from "@tfblocks/transformer/generate";
import { tokenText } from "@tfblocks/text";
import { replaceFile } from "@tfblocks/weights/node";
import { stopTokensOf } from "../generate/generation-settings.js";
import type { ModelFolder } from "../model/model-folder.js";
import { warnAboutUnknownText } from "../model/unknown-text.js";
import type { TextOptions } from "./options.js";
import { StageLine } from "./stage-line.js";
import { unpadded } from "../model/unpadded.js";

/** Writes a report of the heads of a model on a text, and says where it is. */
export async function reportText(folder: ModelFolder, options: TextOptions, context: CommandContext): Promise<void> {
  const report = await reportOf(folder, options, context);
  await writeReport(options.out, report);
  context.stdout.write(options.json ? `${JSON.stringify(withoutMaps(report), null, 2)}\n` : `The report is in ${options.out}\n`);
}

async function reportOf(folder: ModelFolder, options: TextOptions, { stderr, signal }: CommandContext): Promise<Report> {
  const { text, against, ablate } = options;
  const { model } = folder.pretrained;
  const texts = await textsOf(folder, options);
  stderr.write(warnAboutUnknownText(folder.tokenizer, text, (texts.source ?? texts.text).ids));
  const line = new StageLine(stderr);
  const settings: AnalyzeTextOptions = {
    title: `Attention of ${basename(options.model)}`,
    modelName: `${folder.pretrained.family}, ${basename(options.model)}`,
    written: text,
    textOf: (id) => tokenText(folder.tokenizer, id),
    ablate,
    ...(against !== undefined && { against: tokenized(folder, unpadded(folder.tokenizer, against)) }),
    onProgress: (stage, done, total) => {
      signal.throwIfAborted();
      line.show(stage, done, total);
    },
  };
  try {
    return await analyzeText(model, texts, settings);
  } finally {
    line.clear();
  }
}

/** What the model reads. An encoder-decoder reads the text, and its decoder the answer. */
async function textsOf(folder: ModelFolder, { text, answer }: TextOptions): Promise<ModelTexts> {
  const ids = unpadded(folder.tokenizer, text);
  if (folder.pretrained.model instanceof LanguageModel) {
    if (answer !== undefined) throw new CommandError("--answer needs an encoder-decoder, such as T5");
    return { text: tokenized(folder, ids) };
  }
  const output = answer === undefined ? await answerTo(folder, ids) : unpadded(folder.tokenizer, answer);
  return { text: tokenized(folder, [folder.startToken, ...output]), source: tokenized(folder, ids) };
}

/** The first tokens of the model's own answer. */
async function answerTo({ pretrained, generationConfig, startToken }: ModelFolder, ids: readonly number[]): Promise<number[]> {
  const source = tensor2d([[...ids]], [1, ids.length], "int32");
  const decoder = decoderOf(pretrained.model as Parameters<typeof decoderOf>[0], source);
  try {
    const options = { ...generationOptions(stopTokensOf(generationConfig)), maxNewTokens: 20 };
    const output: number[] = [];
    for await (const { tokens } of generate(decoder, [[startToken]], options)) output.push(tokens[0]!);
    return output;
  } finally {
    decoder.dispose();
    source.dispose();
  }
}

function tokenized({ tokenizer }: ModelFolder, ids: readonly number[]): TokenizedText {
  return { ids, tokens: ids.map((id) => tokenText(tokenizer, id)) };
}

async function writeReport(path: string, report: Report): Promise<void> {
  await replaceFile(path, (file) => file.writeFile(toHtml(report))).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot write the --out file ${path} (${error.code})`, { cause: error });
  });
}

/** The report without its largest part. */
function withoutMaps(report: Report): unknown {
  const heads = (layer: Report["layers"][number]) => layer.heads.map(({ head, metrics, labels }) => ({ head, metrics, labels }));
  return { ...report, layers: report.layers.map((layer) => ({ ...layer, heads: heads(layer) })) };
}
