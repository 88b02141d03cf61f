import { type AddedTokens, readAddedTokens } from "./added-tokens.js";
import { type Decoder, readDecoder } from "./decoder.js";
import { Fields, refusePart } from "./fields.js";
import { dependsOnStart } from "./metaspace.js";
import { type Model, readModel } from "./model.js";
import { readNormalizer } from "./normalizer.js";
import { type Padding, readPadding } from "./padding.js";
import type { Splitter } from "./piece.js";
import { type PostProcessor, readPostProcessor } from "./post-processor.js";
import { readPreTokenizer } from "./pre-tokenizer.js";
import type { Step } from "./step.js";
import { readTruncation, type Truncation } from "./truncation.js";

/** What a `tokenizer.json` says. */
export interface TokenizerFile {
  readonly normalizer: readonly Step[];
  readonly preTokenizer: readonly Splitter[];
  /** Whether the pre-tokenizer asks where a piece stood in the original text. */
  readonly tracksStart: boolean;
  readonly model: Model;
  readonly postProcessor: PostProcessor | undefined;
  readonly decoder: Decoder | undefined;
  readonly addedTokens: AddedTokens;
  readonly truncation: Truncation | undefined;
  readonly padding: Padding | undefined;
}

/** Reads the content of a `tokenizer.json`. @throws ValueError that names the first field that is not supported */
export function readTokenizerFile(json: object): TokenizerFile {
  const fields = new Fields("", json);
  const part = <Part>(name: string, read: (fields: Fields) => Part): Part | undefined =>
    fields.raw(name) === undefined ? undefined : read(fields.object(name));
  const version = fields.string("version", "1.0");
  if (version !== "1.0") refusePart("version", '"1.0"', version);
  const model = readModel(fields.object("model"));
  const normalizer = part("normalizer", readNormalizer) ?? [];
  const postProcessor = part("post_processor", readPostProcessor);
  const file: TokenizerFile = {
    normalizer,
    preTokenizer: part("pre_tokenizer", readPreTokenizer) ?? [],
    tracksStart: dependsOnStart(fields.raw("pre_tokenizer")),
    model,
    postProcessor,
    decoder: part("decoder", readDecoder),
    addedTokens: readAddedTokens(fields, model.vocabulary, normalizer),
    truncation: part("truncation", readTruncation),
    padding: part("padding", readPadding),
  };
  fields.end();
  return file;
}
