import { ones, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2, t5 } from "@tfblocks/transformer/models";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as analysis from "../models.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const wrong = (value: unknown): never => value as never;
const text = { ids: [1, 2, 3], tokens: ["a", "b", "c"] };
const name = "layers.0.attention";

let model: LanguageModel;
let ids: Tensor;
beforeAll(() => useBackend("cpu"));
beforeEach(() => {
  [model, ids] = [tinyModel(), tokens([1, 2, 3])];
});

function disposed(): LanguageModel {
  const gone = tinyModel();
  gone.dispose();
  return gone;
}

describe("functions of the stream", () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ["no model", () => analysis.logitLens(wrong(null), ids), "logitLens: model must be a LanguageModel or an EncoderDecoder, got null"],
    [
      "a part of a model",
      () => analysis.tokenLosses(wrong(model.stack), ids),
      "tokenLosses: model must be a LanguageModel or an EncoderDecoder, got an object",
    ],
    [
      "an empty object",
      () => analysis.attributeLogits(wrong({}), ids, { token: 1 }),
      "attributeLogits: model must be a LanguageModel or an EncoderDecoder",
    ],
    [
      "a tensor as mask",
      () => analysis.logitLens(model, ids, { mask: wrong(use(ones([1, 3], "bool"))) }),
      "logitLens: mask must be a mask of @tfblocks/masks, got bool [1, 3]; convert a tensor with fromTensor",
    ],
    [
      "ids outside the vocabulary",
      () => analysis.tokenLosses(model, tokens([1, 11])),
      "tokenLosses: ids must be an integer from 0 to 10, got 11",
    ],
    [
      "an edit whose result is not finite",
      () => analysis.lossChange(model, [analysis.patch(analysis.headsOf(name), use(tensor(Array(36).fill(NaN), [1, 3, 12])))], ids),
      "the model must be one with finite logits, got NaN",
    ],
    ["a disposed model", () => analysis.logitLens(disposed(), ids), "table must be a live tensor"],
  ])("refuse %s", async (_name, call, message) => expect(call()).rejects.toThrow(message));
});

describe("functions of weights and gradients", () => {
  it.each<[string, () => unknown, string]>([
    [
      "weights of a disposed model",
      () => analysis.compositionScores(disposed()),
      "compositionScores: the query weight must be a live tensor",
    ],
    ["copying of no model", () => analysis.copyingScores(wrong(null)), "copyingScores: model must be a LanguageModel, got null"],
    [
      "copying of an encoder-decoder",
      () => analysis.copyingOutput(wrong(encoderDecoder()), ids),
      "copyingOutput: model must be a LanguageModel, got an object",
    ],
    [
      "weights of no attention",
      () => analysis.headWeights(wrong(null), 0),
      "headWeights: attention must be a MultiHeadAttention, got null; take one from attentionsOf(model)",
    ],
    [
      "norms of no attention",
      () => analysis.normWeightedAttention(wrong({}), use(zeros([1, 3, 3, 3])), use(zeros([1, 3, 12]))),
      "normWeightedAttention: attention must be a MultiHeadAttention, got an object",
    ],
    [
      "no losses",
      () => analysis.headImportance(model, [ids], wrong(3)),
      "headImportance: losses must be a function that returns the loss of each sequence, got 3",
    ],
    [
      "no run",
      () => analysis.valueZeroing(model, wrong(undefined)),
      "valueZeroing: run must be a function that applies the model, got undefined",
    ],
    [
      "attentions of nothing",
      async () => analysis.attentionsOf(wrong(undefined)),
      "attentionsOf: model must be a model, or a block with parts, got undefined",
    ],
    ["eigenvalues of nothing", async () => analysis.eigenvalues(wrong(null)), "eigenvalues: matrix must be an object, got null"],
    [
      "eigenvalues of too few numbers",
      async () => analysis.eigenvalues({ rows: 2, columns: 2, data: new Float64Array(1) }),
      "eigenvalues: matrix.data must be a Float64Array of 4 numbers, got a Float64Array of length 1",
    ],
  ])("refuse %s", async (_name, call, message) => expect(call()).rejects.toThrow(message));
});

function encoderDecoder() {
  return use(t5({ vocabSize: 11, dModel: 12, numHeads: 3, numLayers: 1, hiddenDim: 12 }));
}

describe("a watched attention", () => {
  it("refuses a request that is none, and everything but sizes when it is disposed", async () => {
    const watched = use(analysis.watchAttention(model, (each) => each.hidden(ids).output));
    use(watched.result);
    expect(() => watched.scores(name, wrong(undefined))).toThrow("WatchedAttention.scores: request must be an object, got undefined");
    watched.dispose();
    await expect(watched.summary(name)).rejects.toThrow("WatchedAttention.summary: watched attention must be alive, got a disposed one");
    await expect(watched.maps(name)).rejects.toThrow("WatchedAttention.maps: watched attention must be alive, got a disposed one");
    expect(watched.sizes(name).keyLength).toBe(3);
  });
});

describe("analyzeText", () => {
  it.each<[string, unknown, object, string]>([
    ["no texts", undefined, {}, "analyzeText: texts must be an object, got undefined"],
    ["a string", { text: "hello" }, {}, 'analyzeText: text must be a text { ids, tokens }, got "hello"'],
    ["no tokens", { text: { ids: [1] } }, {}, "analyzeText: text must be a text { ids, tokens }, got an object"],
    ["tokens that are not texts", { text: { ids: [1], tokens: [1] } }, {}, "analyzeText: text.tokens[0] must be a string, got 1"],
    [
      "an id outside the vocabulary",
      { text: { ids: [11], tokens: ["a"] } },
      {},
      "analyzeText: text.ids must be an integer from 0 to 10, got 11",
    ],
    ["half an id", { text: { ids: [1.5], tokens: ["a"] } }, {}, "analyzeText: text.ids must be an integer from 0 to 10, got 1.5"],
    [
      "a wrong second text",
      { text },
      { against: { ids: [99], tokens: ["a"] } },
      "analyzeText: against.ids must be an integer from 0 to 10, got 99",
    ],
    ["a title of numbers", { text }, { title: 3 }, "analyzeText: title must be a string, got 3"],
    ["texts of ids that are no function", { text }, { textOf: 3 }, "analyzeText: textOf must be a function, got 3"],
    ["progress that is no function", { text }, { onProgress: 3 }, "analyzeText: onProgress must be a function, got 3"],
  ])("refuses %s before it computes anything", async (_name, texts, options, message) => {
    const stages: string[] = [];
    const all = { onProgress: (stage: string) => void stages.push(stage), ...options };
    await expect(analysis.analyzeText(model, wrong(texts), wrong(all))).rejects.toThrow(message);
    expect(stages).toEqual([]);
  });

  it("reports one token, a model with dropout and an error of the caller, and leaves nothing behind", async () => {
    const one = await analysis.analyzeText(model, { text: { ids: [1], tokens: ["a"] } }, { ablate: true });
    expect([one.losses, one.ablation]).toEqual([[], []]);
    const dropping = use(gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 1, numLayers: 1, dropout: 0.5 }));
    const [first, second] = [await analysis.analyzeText(dropping, { text }), await analysis.analyzeText(dropping, { text })];
    expect(first).toEqual(second);
    const failing = analysis.analyzeText(model, { text }, { onProgress: () => Promise.reject(new Error("stop")) });
    await expect(failing).rejects.toThrow("stop");
  });
});
