import { linspace, memory, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { headScores } from "../index.js";
import {
  ablate,
  ablateAll,
  type AblateAllOptions,
  attributeLogits,
  headImportance,
  headsIn,
  headsOf,
  lossChange,
  meanOf,
  outputOf,
  record,
  steer,
  tokenLosses,
  watchAttention,
  withEdits,
} from "../models.js";

const sizes = { vocabSize: 13, maxLength: 16, dModel: 24, numHeads: 3, numLayers: 2 };
const tiny = () => use(gpt2({ ...sizes, random: new Random(3) }));
const text = () => use(tensor2d([[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]], [1, 10], "int32")) as Tensor;
const lossOn = (ids: Tensor) => (model: LanguageModel) => tokenLosses(model, ids);

async function refusal(options: object, loss?: (model: LanguageModel) => ReturnType<typeof tokenLosses>): Promise<string> {
  const [model, ids] = [tiny(), text()];
  const before = memory().numTensors;
  const message = await ablateAll(model, loss ?? lossOn(ids), options as AblateAllOptions).then(
    () => "nothing",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(memory().numTensors).toBe(before);
  return message;
}

describe("ablateAll with another edit", () => {
  beforeAll(() => useBackend("cpu"));

  it("makes it for each head: the mean over the text", async () => {
    const [model, ids] = [tiny(), text()];
    const nameOf = ({ attention, head }: { attention: string; head: number }) => `${attention} ${head}`;
    const sites = Object.fromEntries(headsIn(model).map((each) => [nameOf(each), headsOf(each.attention, each.head)]));
    const { values } = use(record(model, sites, (watched) => void watched.hidden(ids)));
    const result = await ablateAll(model, lossOn(ids), { edit: (site, each) => ablate(site, meanOf(values[nameOf(each)]!)) });
    for (const each of result.heads) {
      const alone = await lossChange(model, [ablate(headsOf(each.attention, each.head), meanOf(values[nameOf(each)]!))], ids);
      expect(each.change).toBeCloseTo(alone.mean!, 6);
    }
  });

  it("keeps the edits that the model has, each once", async () => {
    const ids = text();
    const edits = [steer(outputOf("layers.0"), use(linspace(0, 2, 24))), ablate(headsOf("layers.1.attention", 2))];
    const model = withEdits(tiny(), edits);
    const { heads, loss } = await ablateAll(model, lossOn(ids));
    expect(loss).toBe((await tokenLosses(model, ids)).mean);
    for (const { attention, head, change } of heads) {
      const alone = await lossChange(model, [ablate(headsOf(attention, head))], ids);
      expect(change).toBeCloseTo(alone.mean!, 6);
    }
    expect(heads.at(-1)!.change).toBeCloseTo(0, 6);
  });

  it("tries the given heads only, and ranks them among each other", async () => {
    const [model, ids] = [tiny(), text()];
    const chosen = [headsIn(model)[4]!, headsIn(model)[1]!];
    const [some, all] = [await ablateAll(model, lossOn(ids), { heads: chosen }), await ablateAll(model, lossOn(ids))];
    expect(some.heads.map(({ change }) => change)).toEqual([all.heads[4]!.change, all.heads[1]!.change]);
    expect(some.heads.map(({ percentile }) => percentile!).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const [a, b] = some.heads.map(({ change }) => change!) as [number, number];
    expect(some.randomHead).toEqual({ mean: (a + b) / 2, standardDeviation: expect.closeTo(Math.abs(a - b) / 2, 12), draws: 2 });
    expect(await ablateAll(model, lossOn(ids), { heads: [] })).toMatchObject({ heads: [], randomHead: null });
    expect((await ablateAll(model, lossOn(ids), { heads: [chosen[0]!] })).heads[0]!.percentile).toBeNull();
  });
});

describe("ablateAll beside other methods", () => {
  beforeAll(() => useBackend("cpu"));

  it("has the predicted change, the attribution and the scores of each head in one table", async () => {
    const [model, ids] = [tiny(), text()];
    const importance = await headImportance(model, ids);
    const attributions = await attributeLogits(model, ids, { token: 3, at: [2, 5] });
    const watched = use(watchAttention(model, (each) => void each.hidden(ids)));
    const maps = await Promise.all(watched.parts.map(async (part) => [part, await watched.maps(part)] as const));
    const rows = (await ids.array()) as number[][];
    const scores = Object.fromEntries(maps.map(([part, each]) => [part, headScores(each, { ids: rows })]));
    const { heads } = await ablateAll(model, lossOn(ids), { importance, attributions, scores });
    heads.forEach(({ attention, head, ...found }, at) => {
      expect(found.predictedChange).toBe(importance.perHead[at]!.predictedChange);
      expect(found.scores["entropy"]).toBe(scores[attention]!["entropy"]!.perHead[head]!.score);
      const values = attributions.map((each) => each.components.find(({ name }) => name === `L${Math.floor(at / 3)}·H${head}`)!.value);
      expect(found.attribution).toBeCloseTo((values[0]! + values[1]!) / 2, 12);
    });
    const plain = await ablateAll(model, lossOn(ids));
    expect(plain.heads[0]).toMatchObject({ predictedChange: null, attribution: null, scores: {} });
    expect(heads.map(({ change }) => change)).toEqual(plain.heads.map(({ change }) => change));
  });

  it("predicts the sign of most changes", async () => {
    const [model, ids] = [tiny(), text()];
    const { heads } = await ablateAll(model, lossOn(ids), { importance: await headImportance(model, ids) });
    const agreeing = heads.filter(({ change, predictedChange }) => Math.sign(change!) === Math.sign(predictedChange!));
    expect(agreeing.length).toBeGreaterThanOrEqual(5);
  });
});

describe("ablateAll refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it("heads that do not exist, scores without them, and unknown options", async () => {
    expect(await refusal({ heads: [{ attention: "layers.0.attention", head: 3 }] })).toMatchInlineSnapshot(
      `"ValueError: ablateAll: heads must be heads of the model, "layers.0.attention" 0 to 2, "layers.1.attention" 0 to 2, got "layers.0.attention" 3"`,
    );
    expect(await refusal({ heads: [{ attention: "layers.5.attention", head: 0 }] })).toMatchInlineSnapshot(
      `"ValueError: ablateAll: heads must be heads of the model, "layers.0.attention" 0 to 2, "layers.1.attention" 0 to 2, got "layers.5.attention" 0"`,
    );
    expect(await refusal({ heads: "all" })).toMatchInlineSnapshot(`"ValueError: ablateAll: heads must be a list of heads, got "all""`);
    expect(await refusal({ scores: { "layers.0.attention": { entropy: { perHead: [{ score: 1 }] } } } })).toMatchInlineSnapshot(
      `"ValueError: ablateAll: scores["layers.0.attention.entropy"] must be results with head 1, got an object"`,
    );
    expect(await refusal({ edits: [] })).toMatchInlineSnapshot(
      `"UnknownNameError: ablateAll: unknown option "edits"; known options: edit, heads, importance, attributions, scores, onProgress; did you mean "edit"?"`,
    );
  });
});

describe("ablateAll refuses as loss", () => {
  beforeAll(() => useBackend("cpu"));

  it("what is no function, or returns something else", async () => {
    expect(await refusal({}, undefined as never)).toMatchInlineSnapshot(`"nothing"`);
    expect(await refusal({}, ((model: LanguageModel) => Promise.resolve(Object.keys(model).length)) as never)).toMatchInlineSnapshot(
      `"ValueError: ablateAll: loss must be a function that returns the losses of tokens, got 7; for example (model) => tokenLosses(model, ids)"`,
    );
  });

  it("a loss that applies the model twice, and frees everything when one throws", async () => {
    const ids = text();
    const twice = async (model: LanguageModel) => {
      await tokenLosses(model, ids);
      return tokenLosses(model, ids);
    };
    expect(await refusal({}, twice)).toMatchInlineSnapshot(
      `"ValueError: ablateAll: run must be a function that applies "layers.0" once, got a second call"`,
    );
    let calls = 0;
    const third = async (model: LanguageModel) => {
      if (++calls === 3) throw new Error("the third");
      return tokenLosses(model, ids);
    };
    expect(await refusal({}, third)).toBe("Error: the third");
    const progress = { onProgress: () => Promise.reject(new Error("stop")) };
    expect(await refusal(progress)).toBe("Error: stop");
  });
});
