import { memory, ones, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ablate,
  ablateSet,
  type AblateSetOptions,
  type HeadName,
  headsIn,
  headsOf,
  lossChange,
  meanOf,
  record,
  steer,
  outputOf,
  tokenLosses,
  withEdits,
} from "../models.js";
import { zeroHead } from "../testing/zero-head.js";

const sizes = { vocabSize: 13, maxLength: 16, dModel: 24, numHeads: 4, numLayers: 3 };
const tiny = () => use(gpt2({ ...sizes, random: new Random(3) }));
const text = () => use(tensor2d([[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]], [1, 10], "int32")) as Tensor;
const lossOn = (ids: Tensor) => (model: LanguageModel) => tokenLosses(model, ids);
const at = (layer: number, ...heads: number[]): HeadName[] => heads.map((head) => ({ attention: `layers.${layer}.attention`, head }));
const layersOf = (heads: readonly HeadName[]) => heads.map(({ attention }) => attention.split(".")[1]).join("");

/** The loss with the output weights of some heads set to zero. */
async function lossWithZeros(heads: readonly HeadName[], ids: Tensor): Promise<number> {
  const model = tiny();
  for (const { attention, head } of heads) zeroHead(model, attention, head, sizes.numHeads);
  return (await tokenLosses(model, ids)).mean!;
}

describe.each(backendNames)("ablateSet on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("equals zeros in the weights, for the chosen heads and for each random set, without a leak", async () => {
    const [model, ids] = [tiny(), text()];
    const seen: string[] = [];
    const before = memory().numTensors;
    const result = await ablateSet(model, [...at(1, 0), ...at(2, 1)], lossOn(ids), {
      draws: 5, // of 9
      onProgress: (done, total) => void seen.push(`${done} of ${total}`),
    });
    expect(memory().numTensors).toBe(before);
    expect(seen).toEqual(["1 of 6", "2 of 6", "3 of 6", "4 of 6", "5 of 6", "6 of 6"]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result.loss).toBe((await tokenLosses(model, ids)).mean);
    for (const { heads, change } of [result, ...result.randomSets]) {
      expect(change).toBeCloseTo((await lossWithZeros(heads, ids)) - result.loss!, 5);
    }
    const changes = result.randomSets.map(({ change }) => change!);
    const mean = changes.reduce((sum, change) => sum + change, 0) / 5;
    const variance = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0) / 5;
    expect(result.randomHeads).toEqual({
      mean: expect.closeTo(mean, 12),
      standardDeviation: expect.closeTo(variance ** 0.5, 12),
      draws: 5,
    });
    expect(result.randomHeads!.standardDeviation).toBeGreaterThan(1e-5);
  });
});

describe("the random sets of ablateSet", () => {
  beforeAll(() => useBackend("cpu"));

  const drawn = async (chosen: readonly HeadName[], options?: AblateSetOptions) => ablateSet(tiny(), chosen, lossOn(text()), options);

  it("have as many heads of each attention, none of the chosen ones, and are different", async () => {
    const chosen = [...at(2, 1), ...at(1, 0, 2)];
    const { drawnFrom, randomSets } = await drawn(chosen, { draws: 3 });
    expect(drawnFrom).toBe("the same attentions"); // 3 × 1 sets
    expect(new Set(randomSets.map(({ heads }) => JSON.stringify(heads))).size).toBe(3);
    for (const { heads } of randomSets) {
      expect(layersOf(heads)).toBe("211");
      expect(heads).not.toContainEqual(expect.toSatisfy((head: HeadName) => JSON.stringify(chosen).includes(JSON.stringify(head))));
    }
  });

  it("are each taken once where there are no more", async () => {
    const { randomSets, randomHeads } = await drawn(at(1, 3));
    expect(randomSets.map(({ heads }) => heads)).toEqual([at(1, 0), at(1, 1), at(1, 2)]);
    expect(randomHeads!.draws).toBe(3);
  });

  it("come from the whole model where an attention has too few other heads", async () => {
    const { drawnFrom, randomSets } = await drawn(at(1, 0, 1, 2), { draws: 20 });
    expect(drawnFrom).toBe("the whole model");
    expect(randomSets).toHaveLength(20); // of 84
    expect(new Set(randomSets.map(({ heads }) => layersOf(heads))).size).toBeGreaterThan(3);
  });

  it("are none where the model has too few other heads, and without draws", async () => {
    const most = headsIn(tiny()).slice(0, 7);
    expect(await drawn(most)).toMatchObject({ drawnFrom: "the whole model", randomSets: [], randomHeads: null });
    expect(await drawn(at(0, 1), { draws: 0 })).toMatchObject({ change: expect.any(Number), randomSets: [], randomHeads: null });
    expect((await drawn(headsIn(tiny()).slice(0, 6))).randomSets.map(({ heads }) => heads)).toEqual([headsIn(tiny()).slice(6)]);
  });

  it("depend on the seed only", async () => {
    const [first, again, other] = [await drawn(at(0, 1, 2, 3)), await drawn(at(0, 1, 2, 3)), await drawn(at(0, 1, 2, 3), { seed: 1 })];
    expect(again).toEqual(first);
    expect(other.randomSets).not.toEqual(first.randomSets);
    expect(other.change).toBe(first.change);
  });
});

describe("ablateSet with another edit", () => {
  beforeAll(() => useBackend("cpu"));

  it("makes it for every head of every set: the mean over the text", async () => {
    const [model, ids] = [tiny(), text()];
    const nameOf = ({ attention, head }: HeadName) => `${attention} ${head}`;
    const sites = Object.fromEntries(headsIn(model).map((each) => [nameOf(each), headsOf(each.attention, each.head)]));
    const { values } = use(record(model, sites, (watched) => void watched.hidden(ids)));
    const result = await ablateSet(model, at(0, 0, 3), lossOn(ids), { edit: (site, head) => ablate(site, meanOf(values[nameOf(head)]!)) });
    for (const { heads, change } of [result, ...result.randomSets]) {
      const edits = heads.map((each) => ablate(headsOf(each.attention, each.head), meanOf(values[nameOf(each)]!)));
      expect(change).toBeCloseTo((await lossChange(model, edits, ids)).mean!, 6);
    }
  });

  it("keeps the edits that the model has", async () => {
    const ids = text();
    const model = withEdits(tiny(), [steer(outputOf("layers.0"), use(ones([24])))]);
    const { loss, change } = await ablateSet(model, at(1, 0), lossOn(ids), { draws: 0 });
    expect(loss).toBe((await tokenLosses(model, ids)).mean);
    expect(change).toBeCloseTo((await lossChange(model, [ablate(headsOf("layers.1.attention", 0))], ids)).mean!, 6);
  });
});

describe("ablateSet refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it.each<[string, unknown, object, string]>([
    ["no head", [], {}, "ablateSet: heads must be a list of at least one head, got an empty list"],
    ["a head twice", at(0, 1, 1), {}, 'ablateSet: heads must be different heads, got "layers.0.attention" 1 twice'],
    ["a head that does not exist", at(0, 4), {}, "ablateSet: heads must be heads of the model,"],
    ["something other than a list", "all", {}, 'ablateSet: heads must be a list of heads, got "all"'],
    ["fewer than no draws", at(0, 1), { draws: -1 }, "ablateSet: draws must be an integer >= 0, got -1"],
    ["an unknown option", at(0, 1), { count: 3 }, 'ablateSet: unknown option "count"'],
  ])("%s", async (_what, heads, options, message) => {
    const [model, ids] = [tiny(), text()];
    const before = memory().numTensors;
    await expect(ablateSet(model, heads as HeadName[], lossOn(ids), options)).rejects.toThrow(message);
    expect(memory().numTensors).toBe(before);
  });

  it("a loss that returns no losses", async () => {
    await expect(ablateSet(tiny(), at(0, 1), (() => Promise.resolve(1)) as never)).rejects.toThrow(
      "ablateSet: loss must be a function that returns the losses of tokens, got 1",
    );
  });
});
