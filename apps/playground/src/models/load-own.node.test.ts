import { memory } from "@tensorflow/tfjs-core";
import { type ModelFixtureName, modelFixtureNames } from "@tfblocks/fixtures/models";
import { expectNewTensors, fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { modelFiles } from "@tfblocks/transformer/hugging-face";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { recipes } from "@tfblocks/zoo";
import { Random } from "@tfblocks/tensor-utils";
import { tensor1d } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { familyNames } from "./explain-failure.js";
import { buildUntrained } from "./load-trained.js";
import { loadOwn } from "./load-own.js";
import { ownFolder, wordsJson } from "./testing/own-folder.js";

const { signal } = new AbortController();

beforeAll(() => useBackend(fusedBackendNames[0]!));
beforeEach(() => void vi.stubGlobal("navigator", {}));
afterEach(() => void vi.unstubAllGlobals());

const load = (files: ReadonlyMap<string, Blob>) => loadOwn({ id: "own-mini", title: "mini", files }, { signal });

describe("a model of the reader", () => {
  it.each(modelFixtureNames)("%s is described, reads its own example and is freed", async (name) => {
    await expectNewTensors(async () => {
      const before = memory().numTensors;
      const opened = await load(await ownFolder(name));
      const { info } = opened;
      expect([info.id, info.title, memory().numTensors - before]).toEqual(["own-mini", "mini", opened.held]);
      expect(familyNames()).toContain(info.family);
      expect(info.parameters).toBeGreaterThan(100);
      const stack = info.stacks.find(({ kind }) => kind === info.firstHead.kind)!;
      expect([stack.heads > 0, info.firstHead.layer < stack.parts.length]).toEqual([true, true]);
      const { text, answer = "" } = info.examples[0];
      const ids = [...opened.tokenizer.encode(text), ...opened.tokenizer.encode(answer)];
      expect([ids.length > 3, ids.includes(opened.tokenizer.unknownId!)]).toEqual([true, false]);
      opened.close();
    }, 0);
  });

  const shapes: readonly [ModelFixtureName, string, string][] = [
    ["gpt2", "decoder", "the next token"],
    ["bert-masked-lm", "encoder", "masked tokens"],
    ["bert-pooler", "encoder", "nothing"],
    ["t5-relu", "encoder-decoder", "the next token"],
  ];
  it.each(shapes)("%s is a model of the form %s that predicts %s", async (name, shape, predicts) => {
    const opened = await load(await ownFolder(name));
    const { info } = opened;
    expect(info).toMatchObject({ shape, predicts });
    expect(info.stacks.map(({ kind }) => kind)).toEqual(shape === "encoder-decoder" ? ["encoder", "decoder", "cross"] : ["self"]);
    opened.close();
  });

  it("has heads of the sizes of its config, and the length that it was trained on", async () => {
    const files = await ownFolder("gemma2");
    const config = JSON.parse(await files.get("config.json")!.text()) as Record<string, number>;
    const opened = await load(files);
    const { headDim, kvHeads, maxLength, trainedLength, dModel, stacks } = opened.info;
    const wanted = [config["head_dim"], config["num_key_value_heads"], null, config["max_position_embeddings"]];
    expect([headDim, kvHeads, maxLength, trainedLength]).toEqual(wanted);
    expect([headDim, kvHeads]).not.toEqual([dModel / stacks[0]!.heads, stacks[0]!.heads]);
    expect(opened.info.config).toEqual(config);
    opened.close();
  });

  it("with the head of a task is opened without it, and says so", async () => {
    const files = await ownFolder("bert-pooler");
    const architectures = ["BertForSequenceClassification"];
    const config = JSON.parse(await files.get("config.json")!.text()) as object;
    files.set("config.json", new Blob([JSON.stringify({ ...config, architectures })]));
    const state = use(await (await openSafetensors(files.get("model.safetensors")!)).readAll());
    const more = { ...state, "classifier.weight": use(tensor1d([1])) };
    const opened = await load(files.set("model.safetensors", new Blob([writeSafetensors(more) as BlobPart])));
    expect(opened.info.summary).toContain("Its head, of BertForSequenceClassification, is left out.");
    opened.close();
  });

  it("from the zip of a training knows its words and refuses all others, as it did in the page", async () => {
    for (const recipe of recipes) {
      const trained = recipe.build(new Random(1));
      const files = { ...modelFiles(recipe.pretrained(trained)), "tokenizer.json": JSON.stringify(recipe.tokenizer) };
      trained.dispose();
      const opened = await load(new Map(Object.entries(files).map(([name, content]) => [name, new Blob([content as BlobPart])])));
      expect(opened.tokenizer.encode(recipe.probe.text)).toEqual(recipe.tokenizer.encode(recipe.probe.text));
      expect(() => opened.tokenizer.encode("Ünd")).toThrow(/“Ün?d?”/);
      opened.close();
    }
  });
});

describe("files that cannot be opened leave nothing, and the sentence says", () => {
  const refusal = async (change: (files: Map<string, Blob>) => void, name: ModelFixtureName = "gpt2"): Promise<string> => {
    const files = await ownFolder(name);
    change(files);
    const error = await expectNewTensors(() => load(files).catch((reason: unknown) => reason), 0);
    return (error as Error).message;
  };
  const without = (missing: string, instead?: string) => (files: Map<string, Blob>) => {
    files.delete(missing);
    if (instead !== undefined) files.set(instead, new Blob(["x"]));
  };
  const config = (change: object) => async () => {
    const files = await ownFolder("gpt2");
    const old = JSON.parse(await files.get("config.json")!.text()) as object;
    return refusal((each) => each.set("config.json", new Blob([JSON.stringify({ ...old, ...change })])));
  };
  const replaced = (name: string, content: BlobPart) => (files: Map<string, Blob>) => void files.set(name, new Blob([content]));

  it("what is missing, and what to do with what is there", async () => {
    expect([
      await refusal((files) => files.clear()),
      await refusal(without("config.json")),
      await refusal((files) => (files.clear(), files.set("tiny.Q4_0.gguf", new Blob(["x"])))),
      await refusal(without("model.safetensors")),
      await refusal(without("model.safetensors", "pytorch_model.bin")),
      await refusal(without("model.safetensors", "tf_model.h5")),
      await refusal(without("model.safetensors", "adapter_model.safetensors")),
      await refusal(without("model.safetensors", "weights.safetensors")),
      await refusal(without("tokenizer.json")),
      await refusal(without("tokenizer.json", "vocab.txt")),
    ]).toMatchInlineSnapshot(`
      [
        "There are no files in it. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
        "There is no config.json among the files. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
        "There is no config.json among the files. tiny.Q4_0.gguf is in the GGUF format, whose weights are quantised. Choose the original model, with model.safetensors.",
        "There are no weights among the files: model.safetensors is missing.",
        "pytorch_model.bin is in PyTorch's own format, which may contain programs. Save the model with save_pretrained, which writes model.safetensors.",
        "tf_model.h5 is in the format of another program. This page reads model.safetensors.",
        "adapter_model.safetensors changes another model and is none itself. Merge it into that model and save the result.",
        "weights.safetensors has another name than model.safetensors. Rename it if it has all weights of the model.",
        "tokenizer.json is missing, without which the model cannot read a text. AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it.",
        "tokenizer.json is missing, without which the model cannot read a text. vocab.txt is the older form. AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it.",
      ]
    `);
  });

  it("what is wrong with the config", async () => {
    expect([
      await refusal(replaced("config.json", "{")),
      await refusal(replaced("config.json", "{}")),
      await config({ model_type: "mamba<script>" })(),
      await config({ quantization_config: { quant_method: "bitsandbytes" } })(),
      await config({ activation_function: "mish" })(),
      await config({ n_embd: 48_000 })(),
      await config({ n_head: 5 })(),
    ]).toMatchInlineSnapshot(`
      [
        "config.json is damaged: it is not JSON. Please download it again.",
        "config.json does not say what kind of model it is: it has no model_type.",
        "Models of the type “mamba<script>” cannot be opened. These can: bert, distilbert, gemma2, gemma3_text, gpt2, gpt_neox, granite, llama, mistral, olmo2, phi3, qwen2, qwen3, roberta, xlm-roberta, smollm3, t5.",
        "The weights are quantised. Choose the original model: this page reads float32, float16 and bfloat16.",
        "The page does not compute what config.json asks for: activation_function must be one of gelu, geluTanh, silu, relu, sigmoid, tanh, quickGelu, relu2, identity, gelu_python, gelu_new, gelu_pytorch_tanh, gelu_fast, swish, quick_gelu, linear, and is "mish".",
        "config.json and the weights belong to different models: no tensor has the vector size 48000.",
        "config.json does not describe a model: the vector size must be divisible by the number of heads = 5, and is 36.",
      ]
    `);
  });

  it("what is wrong with the weights", async () => {
    const whole = new Uint8Array(await (await ownFolder("gpt2")).get("model.safetensors")!.arrayBuffer());
    const others = (await ownFolder("bert-masked-lm")).get("model.safetensors")!;
    const bytes = tensor1d([1, 2], "int32");
    const unreadable = new Blob([whole]);
    unreadable.slice = () => ({ arrayBuffer: () => Promise.reject(new Error("The file was moved")) }) as unknown as Blob;
    expect([
      await refusal(replaced("model.safetensors", "<!doctype html>")),
      await refusal(replaced("model.safetensors", whole.subarray(0, -100))),
      await refusal((files) => files.set("model.safetensors", others)),
      await refusal(replaced("model.safetensors", writeSafetensors({ "wte.weight": bytes }) as BlobPart)),
      await refusal((files) => files.set("model.safetensors", unreadable)),
      await refusal(replaced("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 548105171\n")),
      await refusal((files) => {
        files.set("model.safetensors.index.json", new Blob([JSON.stringify({ weight_map: { a: "model-1.safetensors" } })]));
        files.delete("model.safetensors");
      }),
      await config({ n_layer: 1 })(),
      await config({ n_layer: 3 })(),
    ]).toMatchInlineSnapshot(`
      [
        "The file of the weights is damaged, or is no safetensors file. Please download it again.",
        "The file of the weights is incomplete. Please download it again.",
        "config.json and the weights belong to different models: no tensor has the number of positions 40.",
        "config.json and the weights belong to different models: no tensor has the size of the vocabulary 37, the number of positions 40, the vector size 36, the number of layers 2, the size of the hidden layer 52.",
        "A file of the model cannot be read: The file was moved. Please choose the files again.",
        "model.safetensors holds only the address of the weights. Run “git lfs pull” in the folder, or download the file itself.",
        "model-1.safetensors is missing: it is a part of the weights. Please choose all parts of the model.",
        "The weights are not those of the model in config.json: 12 too many (transformer.h.1.attn.c_attn.bias, transformer.h.1.attn.c_attn.weight, transformer.h.1.attn.c_proj.bias, …).",
        "The weights are not those of the model in config.json: 12 missing (transformer.h.2.ln_1.weight, transformer.h.2.ln_1.bias, transformer.h.2.attn.c_attn.weight, …).",
      ]
    `);
    bytes.dispose();
  });

  it("what is wrong with the tokenizer", async () => {
    expect([
      await refusal(replaced("tokenizer.json", "{")),
      await refusal(replaced("tokenizer.json", JSON.stringify({ model: { type: "Mystery", vocab: {} } }))),
    ]).toMatchInlineSnapshot(`
      [
        "tokenizer.json cannot be used: it is not JSON. Please download it again.",
        "tokenizer.json cannot be used: model.type must be one of "BPE", "WordPiece", "WordLevel", "Unigram", got "Mystery".",
      ]
    `);
  });

  it("that the model takes more memory than a page or the device has", async () => {
    const header = JSON.stringify({ "wte.weight": { dtype: "BF16", shape: [2 ** 20, 2000], data_offsets: [0, 2 ** 22 * 1000] } });
    const start = new Uint8Array(8 + header.length);
    new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
    start.set(new TextEncoder().encode(header), 8);
    const huge = new Blob([start]);
    Object.defineProperty(huge, "size", { value: start.length + 2 ** 22 * 1000 });
    const sentences = [await refusal((files) => files.set("model.safetensors", huge))];
    vi.stubGlobal("navigator", { deviceMemory: 0.00001 });
    sentences.push(await refusal(() => {}));
    expect(sentences).toMatchInlineSnapshot(`
      [
        "The model takes 8.4 GB of memory, and a page has at most 4.0 GB for it. Choose a smaller model.",
        "The model takes 86 kB of memory, and this device reports 11 kB in all. Choose a smaller model.",
      ]
    `);
  });

  it("that the reader has cancelled, by the reason of the signal", async () => {
    const files = await ownFolder("gpt2");
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const loading = loadOwn({ id: "own-a", title: "a", files }, { signal: controller.signal, onProgress });
    await expectNewTensors(() => expect(loading).rejects.toThrow("enough"), 0);
  });
});

describe("the tokenizer of a model of the reader", () => {
  it("tells unknown words, and takes halves of characters", async () => {
    const opened = await load(await ownFolder("gpt2"));
    const { tokenizer } = opened;
    expect(tokenizer.encode("w7 \ud800 👍")).toEqual([7, tokenizer.unknownId, tokenizer.unknownId]);
    expect([tokenizer.texts([7]), tokenizer.decode([7, 0])]).toEqual([["w7"], "w7"]);
    opened.close();
  });

  it("refuses a token that the model has no vector for", async () => {
    const files = await ownFolder("gpt2");
    const opened = await load(files);
    const { info } = opened;
    opened.close();
    const larger = await load(files.set("tokenizer.json", new Blob([wordsJson(info.vocabSize + 1)])));
    expect(() => larger.tokenizer.encode(`w7 w${info.vocabSize}`)).toThrow(`no vector for “w${info.vocabSize}”: the tokenizer`);
    larger.close();
  });

  it("hides a word of the example of a model of masked words", async () => {
    const files = await ownFolder("bert-masked-lm");
    const letters = Object.fromEntries(["[UNK]", "[MASK]", ...Array.from("Thecatsonmbuwird.")].map((token, id) => [token, id]));
    const json = {
      added_tokens: ["[UNK]", "[MASK]"].map((content, id) => ({ id, content, special: true })),
      normalizer: { type: "Replace", pattern: { String: " " }, content: "" },
      pre_tokenizer: { type: "Split", pattern: { Regex: "." }, behavior: "Isolated", invert: false },
      model: { type: "WordLevel", unk_token: "[UNK]", vocab: letters },
    };
    const opened = await load(files.set("tokenizer.json", new Blob([JSON.stringify(json)])));
    const [{ text, note }] = opened.info.examples;
    expect([text, note]).toEqual(["The [MASK] sat on the mat because it was tired.", expect.stringContaining("[MASK]")]);
    expect(opened.tokenizer.encode(text)).toContain(1);
    opened.close();
  });
});

it("a closed vocabulary names the word or character that it lacks, and what it knows", () => {
  const sentenceOf = (name: string, text: string): string => {
    const opened = buildUntrained(name);
    const { tokenizer } = opened;
    opened.close();
    try {
      return tokenizer.decode(tokenizer.encode(text));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([
    sentenceOf("grammar", "the Hund <script>alert(1)</script>"),
    sentenceOf("grammar", " the  dogs\n"),
    sentenceOf("grammar", "x".repeat(100)),
    sentenceOf("induction", "abc ß"),
    sentenceOf("addition", "1+👍="),
  ]).toMatchInlineSnapshot(`
    [
      "Word “Hund” is not in the vocabulary of this model. These are its 73 words: (, ), ., [, ], admire, admires, again, behind, beside, big, bird, birds, boy, boys, cat, cats, chase, chases, dog, dogs, fox, foxes, girl, girls, hear, hears, herself, hill, hills, himself, house, houses, jump, jumps, king, kings, like, likes, man, men, my, near, old, queen, queens, quick, quiet, river, rivers, run, runs, see, sees, sing, sings, sleep, sleeps, small, that, the, themselves, today, tree, trees, wait, waits, with, woman, women, young, {, }",
      "the dogs",
      "Word “xxxxxxxxxxxxxxxxxxxxxxxx…” is not in the vocabulary of this model. These are its 73 words: (, ), ., [, ], admire, admires, again, behind, beside, big, bird, birds, boy, boys, cat, cats, chase, chases, dog, dogs, fox, foxes, girl, girls, hear, hears, herself, hill, hills, himself, house, houses, jump, jumps, king, kings, like, likes, man, men, my, near, old, queen, queens, quick, quiet, river, rivers, run, runs, see, sees, sing, sings, sleep, sleeps, small, that, the, themselves, today, tree, trees, wait, waits, with, woman, women, young, {, }",
      "A space is not among the 64 characters that this model knows: “abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-”.",
      "Character “👍” is not among the 12 characters that this model knows: “0123456789+=”.",
    ]
  `);
});
