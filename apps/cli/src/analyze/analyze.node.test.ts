import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { saveFolder } from "@tfblocks/transformer/hugging-face/node";
import { bert, t5 } from "@tfblocks/transformer/models";
import { setupWasm } from "@tfblocks/wasm";
import { copy, grammar, induction, type Recipe } from "@tfblocks/zoo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModel, type TrainingLog } from "../train/save-model.js";
import { analyze } from "./analyze.js";

let folder: string;

/** Saves untrained models: a T5, a GPT-2, a Llama and a BERT whose tokenizer pads. */
beforeAll(async () => {
  await setupWasm({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "tfblocks-analyze-"));
  for (const recipe of [copy, induction, grammar]) {
    const model = recipe.build(new Random(1));
    await mkdir(join(folder, recipe.name));
    await saveModel(join(folder, recipe.name), recipe as Recipe, model, {} as TrainingLog);
    model.dispose();
  }
  const sizes = { vocabSize: 8, maxLength: 16, dModel: 8, numHeads: 2, numLayers: 2, hiddenDim: 16, maskedLanguageHead: false };
  const model = bert({ ...sizes, random: new Random(1) });
  await saveFolder(join(folder, "bert"), { family: "bert", sizes, model });
  await writeFile(join(folder, "bert", "tokenizer.json"), JSON.stringify(paddingTokenizer));
  model.dispose();
  const decoding = { vocabSize: 8, dModel: 8, numHeads: 2, numLayers: 1, hiddenDim: 16 };
  const answering = t5({ ...decoding, random: new Random(1) });
  await saveFolder(join(folder, "t5"), { family: "t5", sizes: decoding, model: answering });
  await writeFile(join(folder, "t5", "tokenizer.json"), JSON.stringify(paddingTokenizer));
  const stops = [...Array(8).keys()];
  await writeFile(join(folder, "t5", "generation_config.json"), JSON.stringify({ decoder_start_token_id: 5, eos_token_id: stops }));
  answering.dispose();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const vocab = Object.fromEntries(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "dog", "runs", "."].map((token, id) => [token, id]));
const paddingTokenizer = {
  version: "1.0",
  padding: { strategy: { Fixed: 16 }, direction: "Right", pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
  truncation: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "Whitespace" },
  post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] },
  decoder: null,
  model: { type: "WordLevel", vocab, unk_token: "[UNK]" },
};

async function run(name: string, ...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const output = (stream: keyof typeof written) => ({ write: (text: string) => void (written[stream] += text) });
  const out = join(folder, "report.html");
  const all = ["--model", join(folder, name), "--threads", "1", "--out", out, ...args];
  const code = await analyze(all, { stdout: output("stdout"), stderr: output("stderr"), signal: new AbortController().signal });
  return { code, ...written, out };
}

interface Printed {
  readonly tokens: readonly string[];
  readonly layers: readonly { readonly label: string; readonly rowTokens: readonly string[]; readonly heads: readonly object[] }[];
  readonly notes: readonly string[];
  readonly [section: string]: unknown;
}

async function report(name: string, ...args: string[]): Promise<Printed> {
  const { code, stdout, stderr } = await run(name, "--json", ...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Printed;
}

describe("npm run analyze", () => {
  it("writes a page about a language model, says what it does and frees everything", async () => {
    const before = memory().numTensors;
    const { code, stdout, stderr, out } = await run("induction", "--text", "abcabcab", "--against", "abdabdab", "--ablate");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `The report is in ${out}\n` });
    expect(stderr).toBe("heads …\npredictions …\nattribution …\nsecond text …\nablation …\n");
    expect(memory().numTensors).toBe(before);
    const html = await readFile(out, "utf8");
    for (const part of ["8 heads", "L1·H3", 'id="lens"', 'id="losses"', 'id="attribution"', 'id="ablation"', 'id="patching"']) {
      expect(html).toContain(part);
    }
  });

  it("has a section for everything that a model can tell", async () => {
    const { tokens, layers, notes, ...sections } = await report(
      "grammar",
      "--text",
      "the dogs near the cat run .",
      "--against",
      "the dog near the cat runs .",
    );
    expect(tokens).toEqual(["the", "dogs", "near", "the", "cat", "run", "."]);
    expect(layers.map(({ label, heads }) => [label, heads.length])).toEqual([
      ["L0", 4],
      ["L1", 4],
      ["L2", 4],
    ]);
    expect(JSON.stringify(layers)).toContain("contentDependence");
    expect(Object.keys(sections)).toEqual(expect.arrayContaining(["lens", "losses", "attribution", "patching"]));
    expect(notes).toEqual(["Second text: the dog near the cat runs ."]);
  });

  it("shows encoder, decoder and cross-attention of a T5, with an answer or its own", async () => {
    const given = await report("copy", "--text", "abc", "--answer", "abc");
    expect(given.layers.map(({ label }) => label)).toEqual([
      "encoder L0",
      "encoder L1",
      "decoder L0",
      "cross L0",
      "decoder L1",
      "cross L1",
    ]);
    expect(given.layers[0]!.rowTokens.slice(0, 3)).toEqual(["a", "b", "c"]);
    const own = await report("copy", "--text", "abc");
    expect(own.tokens.length).toBeGreaterThan(1);
  });

  it("leaves out the padding of a tokenizer, and predictions of a model without a head", async () => {
    const { tokens, layers, ...sections } = await report("bert", "--text", "the dog runs .");
    expect(tokens).toEqual(["[CLS]", "the", "dog", "runs", ".", "[SEP]"]);
    expect(layers).toHaveLength(2);
    expect(Object.keys(sections)).not.toEqual(expect.arrayContaining(["lens"]));
  });
});

describe("npm run analyze without an answer", () => {
  it("starts with the model's own start token, and ends with its end token", async () => {
    const { tokens } = await report("t5", "--text", "the dog");
    expect(tokens).toEqual(["dog", expect.any(String)]);
  });
});

describe("npm run analyze with a second text of another length", () => {
  it("says why heads are not compared", async () => {
    const { notes } = await report("induction", "--text", "abcabc", "--against", "abcab");
    expect(notes).toEqual(["The two texts have 6 and 5 tokens; heads are compared only on texts of the same length."]);
  });
});

describe("what npm run analyze refuses", () => {
  const stderrOf = async (name: string, ...args: string[]) => {
    const { code, stderr } = await run(name, ...args);
    return [code, stderr.trim().split("\n").at(-1)!.replaceAll(folder, "FOLDER")];
  };

  it("is answered with one sentence", async () => {
    expect(await stderrOf("induction")).toMatchInlineSnapshot(`
      [
        2,
        "analyze: --text is missing; it must be the text to analyse; see --help",
      ]
    `);
    expect(await stderrOf("induction", "--text", "")).toMatchInlineSnapshot(`
      [
        2,
        "analyze: --text must be the text to analyse, got ""; see --help",
      ]
    `);
    expect(await stderrOf("induction", "--text", "abc", "--answer", "abc")).toMatchInlineSnapshot(`
      [
        1,
        "analyze: --answer needs an encoder-decoder, such as T5",
      ]
    `);
    expect(await stderrOf("nothing", "--text", "abc")).toMatchInlineSnapshot(`
      [
        1,
        "analyze: loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/nothing (ENOENT)",
      ]
    `);
    expect(await stderrOf("induction", "--text", "a".repeat(65))).toMatchInlineSnapshot(`
      [
        1,
        "analyze: InputEmbedding.apply: ids must be at most maxLength = 64 tokens long, got 65; shorten the input",
      ]
    `);
    expect(await stderrOf("induction", "--text", "abc", "--out", join(folder, "none", "x.html"))).toMatchInlineSnapshot(`
      [
        1,
        "analyze: cannot write the --out file FOLDER/none/x.html (ENOENT)",
      ]
    `);
    expect(await stderrOf("induction", "--text", "abc", "--depth", "3")).toMatchInlineSnapshot(`
      [
        2,
        "analyze: unknown option "--depth"; known options: --model, --text, --against, --answer, --out, --ablate, --recipe, --threads, --json, --help; see --help",
      ]
    `);
  });
});
