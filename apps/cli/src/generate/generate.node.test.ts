import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { saveFolder } from "@tfblocks/transformer/hugging-face/node";
import { bert } from "@tfblocks/transformer/models";
import { setupWasm } from "@tfblocks/wasm";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { copy, grammar, induction, type Recipe } from "@tfblocks/zoo";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModel, type TrainingLog } from "../train/save-model.js";
import { generate } from "./generate.js";

let folder: string;

/** Saves untrained models of both kinds. */
beforeAll(async () => {
  await setupWasm({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "tfblocks-generate-"));
  for (const recipe of [copy, induction, grammar]) {
    const model = recipe.build(new Random(1));
    await cp(await emptyFolder(recipe.name), join(folder, recipe.name), { recursive: true });
    await saveModel(join(folder, recipe.name), recipe as Recipe, model, {} as TrainingLog);
    model.dispose();
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const emptyFolder = (name: string) => mkdtemp(join(tmpdir(), `tfblocks-${name}-`));
const model = (name: string) => ["--model", join(folder, name), "--threads", "1"];

async function run(args: readonly string[], stopAfter = Infinity) {
  const [written, stop] = [{ stdout: "", stderr: "" }, new AbortController()];
  let pieces = 0;
  const output = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
      if (++pieces >= stopAfter) stop.abort();
    },
  });
  const code = await generate(args, { stdout: output("stdout"), stderr: output("stderr"), signal: stop.signal });
  return { code, ...written };
}

describe("npm run generate", () => {
  it("continues a prompt, reports its speed and frees all tensors", async () => {
    const before = memory().numTensors;
    const { code, stdout, stderr } = await run([...model("grammar"), "--prompt", "the dogs near", "--max-new-tokens", "5"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^the dogs near( \S+){1,5}\n$/);
    expect(stderr).toMatch(
      /^prefill 3 tokens, [\d\u2009]+ tokens\/s; decode \d tokens, .*; peak heap [\d.]+ MiB, of which tensors [\d.]+ MiB\n$/,
    );
    expect(memory().numTensors).toBe(before);
  });

  it("warns about a word that the tokenizer does not know", async () => {
    const { code, stderr } = await run([...model("grammar"), "--prompt", "the zebras run", "--max-new-tokens", "1"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: the tokenizer does not know all of the text; the model reads "the \. run"\nprefill 3 tokens/);
  });

  it("answers with an encoder-decoder, and gives the same output for the same seed", async () => {
    const args = [...model("copy"), "--prompt", "abc=", "--max-new-tokens", "6", "--temperature", "2", "--seed", "4", "--json"];
    const [first, again] = [JSON.parse((await run(args)).stdout) as Answer, JSON.parse((await run(args)).stdout) as Answer];
    expect(first).toMatchObject({ family: "t5", prompt: "abc=", promptTokens: ["a", "b", "c", "="] });
    expect(again.tokens).toEqual(first.tokens);
    expect(first.tokens.length).toBeGreaterThan(0);
  });

  it("writes the attention of every layer and head as JSON", async () => {
    const path = join(folder, "attention.json");
    await run([...model("grammar"), "--prompt", "the dogs", "--max-new-tokens", "2", "--attention", path]);
    const { tokens, layers } = JSON.parse(await readFile(path, "utf8")) as { tokens: string[]; layers: number[][][][] };
    expect(tokens.slice(0, 2)).toEqual(["the", "dogs"]);
    expect([layers.length, layers[0]!.length, layers[0]![0]!.length]).toEqual([3, 4, tokens.length]);
    for (const row of layers.flat(2)) expect(row.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 3);
    await run([...model("copy"), "--prompt", "ab=", "--max-new-tokens", "2", "--attention", path]);
    const crossed = JSON.parse(await readFile(path, "utf8")) as { crossLayers: number[][][][]; targetTokens: string[] };
    expect(crossed.crossLayers[0]![0]![0]).toHaveLength(3);
    expect(crossed.targetTokens[0]).toBe("<pad>");
  });

  it("reads sharded weights", async () => {
    const sharded = join(folder, "sharded");
    await cp(join(folder, "grammar"), sharded, { recursive: true });
    await shard(sharded);
    const args = ["--prompt", "my queen", "--max-new-tokens", "6", "--threads", "1"];
    expect((await run(["--model", sharded, ...args])).stdout).toBe((await run([...model("grammar"), ...args])).stdout);
  });

  it("rejects a prompt that is empty or too long, and a model that does not generate text", async () => {
    const long = await run([...model("induction"), "--prompt", "ab".repeat(33)]);
    expect(long.stderr).toBe("generate: --prompt must have at most 64 tokens, the context length of the model, got 66\n");
    expect((await run([...model("grammar"), "--prompt", " "])).stderr).toBe("generate: --prompt must have at least one token, got none\n");
    await saveBert(join(folder, "bert"));
    const masked = await run([...model("bert"), "--prompt", "the"]);
    expect([masked.code, masked.stderr]).toEqual([
      1,
      "generate: --model must be a model that generates text, got bert, which fills in masked words\n",
    ]);
  });

  it("stops after the current token when interrupted", async () => {
    const { code, stdout } = await run([...model("grammar"), "--prompt", "the", "--max-new-tokens", "40", "--temperature", "3"], 3);
    expect(code).toBe(130);
    expect(stdout.split(" ").length).toBeLessThan(10);
  });

  it("reports an invalid model in one sentence", async () => {
    const broken = join(folder, "broken");
    await cp(join(folder, "grammar"), broken, { recursive: true });
    await writeFile(join(broken, "model.safetensors"), "PK\u0003\u0004 something else");
    const messages = [
      await run(["--model", join(folder, "nowhere"), "--prompt", "x"]),
      await run(["--model", folder, "--prompt", "x"]),
      await run(["--model", join(folder, "grammar", "config.json"), "--prompt", "x"]),
      await run(["--model", broken, "--prompt", "the"]),
    ];
    expect(messages.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(messages.map(({ stderr }) => stderr.replaceAll(folder, "FOLDER"))).toMatchInlineSnapshot(`
      [
        "generate: loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/nowhere (ENOENT)
      ",
        "generate: loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER, which has no weights
      ",
        "generate: loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/grammar/config.json
      ",
        "generate: openSafetensors: header must be at most 100000000 bytes, got 7885648053892500304 bytes; is this a safetensors file?
      ",
      ]
    `);
    await writeFile(join(broken, "config.json"), "{");
    expect((await run(["--model", broken, "--prompt", "the"])).stderr).toContain("config.json, which is not JSON\n");
  });

  it("reports an invalid tokenizer in one sentence and frees all tensors", async () => {
    const [broken, before] = [join(folder, "mute"), memory().numTensors];
    await cp(join(folder, "grammar"), broken, { recursive: true });
    const sentence = async () => (await run(["--model", broken, "--prompt", "the"])).stderr.replaceAll(folder, "FOLDER");
    for (const text of ["{", "{}", '{"model": {"type": "Odd"}}']) {
      await writeFile(join(broken, "tokenizer.json"), text);
      expect(await sentence()).toMatch(/^generate: cannot load the tokenizer\.json of FOLDER\/mute: .+\n$/);
    }
    await rm(join(broken, "tokenizer.json"));
    expect(await sentence()).toBe("generate: cannot find tokenizer.json in FOLDER/mute; the model needs its tokenizer\n");
    expect(memory().numTensors).toBe(before);
  });

  it.each([
    [["--prompt", "x"], "generate: --model is missing; it must be a folder with config.json, tokenizer.json and weights; see --help\n"],
    [["--model", "m"], "generate: --prompt is missing; it must be the text to continue; see --help\n"],
    [["--model", "m", "--prompt", "x", "--top-p", "2"], 'generate: --top-p must be a number > 0 and <= 1, got "2"; see --help\n'],
    [
      ["--nope"],
      'generate: unknown option "--nope"; known options: --model, --prompt, --chat, --system, --max-new-tokens, --min-new-tokens, --stop, --temperature, --top-k, --top-p, --min-p, --seed, --repetition-penalty, --presence-penalty, --frequency-penalty, --no-repeat-ngram, --beams, --length-penalty, --log-probs, --cache, --ignore-generation-config, --attention, --threads, --json, --help; see --help\n',
    ],
    [["--model", "m", "--prompt", "x", "--stop", ""], 'generate: --stop must be a text that is not empty, got ""; see --help\n'],
    [["--model", "m", "--prompt", "x", "--beams", "0"], 'generate: --beams must be an integer >= 1, got "0"; see --help\n'],
    [["--model", "m", "--prompt", "x", "--beams", "2", "--top-k", "3"], "generate: --top-k cannot be used with --beams; see --help\n"],
    [
      ["--model", "m", "--prompt", "x", "--repetition-penalty", "0"],
      'generate: --repetition-penalty must be a number > 0, got "0"; see --help\n',
    ],
    [["hello"], 'generate: unexpected argument "hello"; write the text after --prompt; see --help\n'],
  ])("rejects %j with one sentence and exit code 2", async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  it("lists its options with --help", async () => {
    const { code, stdout } = await run(["--help"]);
    expect([code, stdout.includes("--attention FILE")]).toEqual([0, true]);
  });
});

describe("the options of npm run generate", () => {
  const prompt = ["--prompt", "the dogs near"];
  const answer = async (...args: string[]) =>
    JSON.parse((await run([...model("grammar"), ...prompt, "--json", ...args])).stdout) as FullAnswer;

  it("end the output at a text across tokens, and tell why", async () => {
    const { tokens, text, finished } = await answer("--max-new-tokens", "6");
    expect([tokens.length, finished]).toEqual([6, "length"]);
    const across = text.slice(text.indexOf(tokens[1]!) + 1, text.indexOf(tokens[2]!, text.indexOf(tokens[1]!) + 1) + 1);
    const stopped = await answer("--max-new-tokens", "6", "--stop", "absent", "--stop", across);
    expect(stopped).toMatchObject({ finished: "stopString", tokens: tokens.slice(0, stopped.tokens.length) });
    expect(stopped.text).toContain(across);
  });

  it("change the logits by penalties and n-grams", async () => {
    const once = await answer("--max-new-tokens", "12", "--presence-penalty", "1000");
    expect(new Set(once.tokens).size).toBe(12);
    expect(new Set((await answer("--max-new-tokens", "12", "--no-repeat-ngram", "1")).tokens).size).toBe(12);
    const plain = await answer("--max-new-tokens", "12");
    expect((await answer("--max-new-tokens", "12", "--frequency-penalty", "50")).tokens).not.toEqual(plain.tokens);
    expect((await answer("--max-new-tokens", "12", "--repetition-penalty", "9")).tokens).not.toEqual(plain.tokens);
  });

  it("search with beams, for both kinds of models", async () => {
    const before = memory().numTensors;
    const found = await answer("--max-new-tokens", "5", "--beams", "3", "--length-penalty", "0.5");
    expect(found).toMatchObject({ finished: "length" });
    expect(found.tokens).toHaveLength(5);
    const { code, stdout } = await run([...model("copy"), "--prompt", "ab=", "--max-new-tokens", "4", "--beams", "2"]);
    expect([code, stdout.endsWith("\n")]).toEqual([0, true]);
    expect(memory().numTensors).toBe(before);
  });

  it("report log-probabilities, of which the chosen token has the largest", async () => {
    const { tokens, logProbs } = await answer("--max-new-tokens", "3", "--log-probs", "2");
    expect(logProbs!.map(({ top }) => top[0]!.token)).toEqual(tokens);
    expect(logProbs!.map(({ logProb, top }) => top.length === 2 && logProb === top[0]!.logProb)).toEqual([true, true, true]);
  });

  it("keep a prompt cache in a file, which gives the same output, and refuse one that does not fit", async () => {
    const path = join(folder, "cache.safetensors");
    const first = await answer("--max-new-tokens", "4", "--cache", path);
    const again = await answer("--max-new-tokens", "4", "--cache", path);
    expect([again.tokens, (await answer("--max-new-tokens", "4")).tokens]).toEqual([first.tokens, first.tokens]);
    const other = await run([...model("induction"), "--prompt", "ab", "--cache", path]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("generate: cannot use the --cache file")]);
    const answering = await run([...model("copy"), "--prompt", "ab=", "--cache", path]);
    expect(answering.stderr).toBe("generate: --cache needs a model that continues its prompt, got an encoder-decoder, which answers it\n");
  });

  it("replace those of generation_config.json, whose fields are read or refused by name", async () => {
    const configured = join(folder, "configured");
    await cp(join(folder, "grammar"), configured, { recursive: true });
    const file = (content: object) => writeFile(join(configured, "generation_config.json"), JSON.stringify(content));
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(["--model", configured, "--threads", "1", ...prompt, "--json", ...args]);
      return code === 0 ? (JSON.parse(stdout) as FullAnswer) : stderr;
    };
    const plain = await answer("--max-new-tokens", "5");
    await file({ max_new_tokens: 2 });
    expect(await json()).toMatchObject({ tokens: plain.tokens.slice(0, 2), finished: "length" });
    expect(await json("--max-new-tokens", "3")).toMatchObject({ tokens: plain.tokens.slice(0, 3) });
    await file({ do_sample: true, temperature: 5, max_new_tokens: 5 });
    expect(await json("--temperature", "0")).toMatchObject({ tokens: plain.tokens });
    expect(await json("--seed", "1")).not.toMatchObject({ tokens: plain.tokens });
    await file({ num_beams: 3, max_new_tokens: 4 });
    expect(await json()).toMatchObject({ tokens: (await answer("--max-new-tokens", "4", "--beams", "3")).tokens });
    await file({ guidance_scale: 2 });
    expect(await json()).toBe(
      "generate: cannot use the generation_config.json of the model: generationOptions: config.guidance_scale must be absent or without effect, got 2; it is not supported; remove it if other tokens are acceptable; --ignore-generation-config leaves it out\n",
    );
    expect(await json("--ignore-generation-config", "--max-new-tokens", "5")).toMatchObject({ tokens: plain.tokens });
    await writeFile(join(configured, "generation_config.json"), "{");
    expect(await json()).toMatch(/^generate: loadFolder: generation_config\.json must be JSON of .*, which is not JSON\n$/);
  });
});

/** Splits the weights of a folder into two files with an index. */
async function shard(path: string): Promise<void> {
  const reader = await openSafetensors(new Uint8Array(await readFile(join(path, "model.safetensors"))));
  const state = Object.entries(await reader.readAll());
  const parts = [state.slice(0, 5), state.slice(5)];
  const weightMap: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const name = `model-0000${index + 1}-of-00002.safetensors`;
    await writeFile(join(path, name), writeSafetensors(Object.fromEntries(part)));
    for (const [tensor] of part) weightMap[tensor] = name;
  }
  await writeFile(join(path, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map: weightMap }));
  await rm(join(path, "model.safetensors"));
  await reader.close();
  dispose(Object.fromEntries(state));
}

async function saveBert(path: string): Promise<void> {
  const sizes = { vocabSize: grammar.tokenizer.vocabSize, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 8, maxLength: 8 };
  const bertModel = bert(sizes);
  await cp(join(folder, "grammar"), path, { recursive: true });
  await saveFolder(path, { family: "bert", sizes, model: bertModel });
  bertModel.dispose();
}

interface Answer {
  readonly tokens: readonly string[];
}

interface FullAnswer extends Answer {
  readonly text: string;
  readonly finished: string;
  readonly logProbs?: readonly {
    readonly logProb: number;
    readonly top: readonly { readonly token: string; readonly logProb: number }[];
  }[];
}
