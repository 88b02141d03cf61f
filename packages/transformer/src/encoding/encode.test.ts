import { slice, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { ModelFixtureName } from "@tfblocks/fixtures/models";
import { scope } from "@tfblocks/tensor-utils";
import { type BackendName, expectClose, expectNewTensors, fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { packTexts, type Pooling, textVectors } from "../encode.js";
import { LanguageModel } from "../index.js";
import { bert, gpt2 } from "../models.js";
import { goldenModel } from "../testing/golden-model.js";

const backends: readonly BackendName[] = ["cpu", ...fusedBackendNames];
/** Encoders, whose positions are counted from 0 or after the padding id, and causal models with rotary, learned and no positions. */
const families: readonly ModelFixtureName[] = ["bert-pooler", "xlm-roberta-pooler", "distilbert-bare", "gpt2", "llama-default", "gpt-neox"];
const texts = [[3, 4, 5, 6], [7], [8, 9, 10, 3, 4], [3, 4, 5, 6]];
const close = { atol: 2e-6, rtol: 2e-5 };

async function languageModel(name: ModelFixtureName): Promise<LanguageModel> {
  const { model } = (await goldenModel(name)).loaded;
  if (!(model instanceof LanguageModel)) throw new Error(`${name} is no LanguageModel`);
  return use(model);
}

/** The hidden states of a text that is read alone, `[1, length, dModel]`. */
const alone = (model: LanguageModel, text: readonly number[]): Tensor =>
  scope(() => model.hidden(tensor2d([[...text]], undefined, "int32")).output);

for (const backend of backends) {
  describe(`texts on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(families)("have the hidden states that each has alone, packed, in %s", async (name) => {
      const model = await languageModel(name);
      const { ids, positions, mask, lengths } = use(packTexts(model, texts));
      const { output } = use(model.hidden(ids, { positions, mask }));
      let start = 0;
      for (const [index, length] of lengths.entries()) {
        await expectClose(use(slice(output, [0, start, 0], [1, length, -1])), use(alone(model, texts[index]!)), close);
        start += length;
      }
    });

    it.each(["mean", "first", "last"] as const)("become one vector each, %s", async (pooling) => {
      const model = await languageModel("bert-pooler");
      for (const tokensPerPass of [1, 6, 4096]) {
        const vectors = await expectNewTensors(() => textVectors(model, texts, { pooling, tokensPerPass }), 1);
        await expectClose(vectors, { shape: [4, 24], data: await vectorsOf(model, pooling) }, close);
      }
    });
  });
}

/** One vector after the other, in float64. */
async function vectorsOf(model: LanguageModel, pooling: Pooling): Promise<number[]> {
  const vectors: number[][] = [];
  for (const text of texts) {
    const states = (await (use(alone(model, text)) as Tensor).array()) as number[][][];
    const [rows] = states as [number[][]];
    const mean = rows[0]!.map((_, axis) => rows.reduce((sum, row) => sum + row[axis]!, 0) / rows.length);
    vectors.push(pooling === "mean" ? mean : rows.at(pooling === "first" ? 0 : -1)!);
  }
  return vectors.flat();
}

describe("textVectors", () => {
  beforeAll(() => useBackend("cpu"));

  it("applies the pooler to the first token of each text", async () => {
    const model = await languageModel("bert-pooler");
    const vectors = use(textVectors(model, texts, { pooling: "pooler" }));
    for (const [index, text] of texts.entries()) {
      const expected = use(scope(() => model.pooled(model.hidden(tensor2d([text], undefined, "int32")).output)));
      await expectClose(use(slice(vectors, [index, 0], [1, -1])), expected, close);
    }
  });

  it("gives vectors of length 1", async () => {
    const vectors = (await use(textVectors(await languageModel("bert-pooler"), texts, { normalize: true })).array()) as number[][];
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  });

  it("keeps NaN in the text that has it", async () => {
    const model = use(gpt2({ vocabSize: 12, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 8, maxLength: 8 }));
    const weight = model.parameters()["tokenEmbedding.weight"]!;
    const numbers = weight.dataSync().map((number, at) => (Math.floor(at / 8) === 7 ? NaN : number)); // of id 7
    weight.assign(use(tensor2d(numbers, [12, 8])));
    const vectors = (await use(textVectors(model, [[1, 2], [3, 7], [4]])).array()) as number[][];
    expect(vectors.map((vector) => vector.some(Number.isNaN))).toEqual([false, true, false]);
  });

  it.each([
    [[], {}, "textVectors: texts must be at least one list of ids, got an empty list"],
    [[[1], []], {}, "textVectors: texts[1] must be at least one id, got none"],
    [[1, 2], {}, "textVectors: texts[0] must be an array of ids, got 1"],
    ["text", {}, 'textVectors: texts must be an array of arrays of ids, got "text"'],
    [[[1, 2, 3, 4, 5]], {}, "packTexts: texts[0] must be at most maxLength = 4 tokens long, got 5; truncate the text"],
    [[[1.5]], {}, "textVectors: texts[0][0] must be an integer from 0 to 2147483647, got 1.5"],
    [[[99]], {}, "embedding: ids must be from 0 to 11 (vocabSize - 1), got 99"],
    [[[1]], { pooling: "max" }, 'textVectors: pooling must be "mean", "first", "last" or "pooler", got "max"'],
    [[[1]], { pooling: "pooler" }, "LanguageModel.pooled: model must be a model with a pooler, got one without"],
    [[[1]], { pool: "mean" }, 'textVectors: unknown option "pool"; known options: pooling, normalize, tokensPerPass'],
    [[[1]], { tokensPerPass: 0 }, "textVectors: tokensPerPass must be an integer >= 1, got 0"],
  ])("refuses %j with %j", (given, options, message) => {
    const model = use(bert({ vocabSize: 12, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 8, maxLength: 4 }));
    expect(() => textVectors(model, given as never, options as never)).toThrow(message);
  });
});
