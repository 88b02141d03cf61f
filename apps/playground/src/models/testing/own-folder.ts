import { modelFixture, type ModelFixtureName } from "@tfblocks/fixtures/models";

/** A `tokenizer.json` of the words `w0`, `w1`, …; with `[CLS]`, `[SEP]` and `[MASK]` for a model of masked words. */
export function wordsJson(vocabSize: number, { isMasked = false }: { readonly isMasked?: boolean } = {}): string {
  const special = isMasked ? ["[UNK]", "[CLS]", "[SEP]", "[MASK]"] : ["[UNK]"];
  const words = Array.from({ length: vocabSize }, (_, id) => special[id] ?? `w${id}`);
  return JSON.stringify({
    version: "1.0",
    added_tokens: special.map((content, id) => ({ id, content, special: true })),
    pre_tokenizer: { type: "Whitespace" },
    post_processor: isMasked ? { type: "BertProcessing", sep: ["[SEP]", 2], cls: ["[CLS]", 1] } : null,
    model: { type: "WordLevel", unk_token: "[UNK]", vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
  });
}

/** The files of a small model whose weights are those of transformers, with a tokenizer that fits. */
export async function ownFolder(name: ModelFixtureName): Promise<Map<string, Blob>> {
  const { config, weights } = await modelFixture(name);
  const isMasked = /bert/.test(name);
  return new Map([
    ["config.json", new Blob([JSON.stringify(config)])],
    ["tokenizer.json", new Blob([wordsJson(config["vocab_size"] as number, { isMasked })])],
    ["model.safetensors", new Blob([weights as BlobPart])],
  ]);
}
