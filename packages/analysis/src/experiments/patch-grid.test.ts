import { gather, memory, reshape, slice, sub, tensor1d, type Tensor, tensor2d, zerosLike } from "@tensorflow/tfjs-core";
import { Random, scope } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, use, useBackend } from "@tfblocks/testkit";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { gpt2, t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { atPositions, headsIn, headsOf, inputOf, patch, patchGrid, record, withEdits } from "../models.js";
import { zeroHead } from "../testing/zero-head.js";

const sizes = { vocabSize: 13, maxLength: 16, dModel: 24, numHeads: 3, numLayers: 2 };
const tiny = () => use(gpt2({ ...sizes, random: new Random(3) }));
const text = (ids: number[]): Tensor => use(tensor2d([ids], undefined, "int32"));

/** The logit of token 3 minus that of token 4 at the last position. */
function difference(logits: Tensor): Tensor {
  const flat = reshape(logits, [-1]);
  const at = (id: number): Tensor => gather(flat, tensor1d([flat.size - 13 + id], "int32"));
  return sub(at(3), at(4));
}

const runOn = (ids: Tensor) => (model: LanguageModel) => difference(model.apply(ids).logits);
const runsOn = (clean: number[], corrupt: number[]) => ({ clean: runOn(text(clean)), corrupt: runOn(text(corrupt)) });
const numberOf = async (run: () => Tensor): Promise<number> => (await use(scope(run)).data())[0]!;

/** Only one head, layer 1 head 2, writes to the stream. */
function oneHeadModel(): LanguageModel {
  const model = tiny();
  const others = headsIn(model).filter(({ attention, head }) => attention !== "layers.1.attention" || head !== 2);
  for (const { attention, head } of others) zeroHead(model, attention, head, 3);
  for (const [name, variable] of Object.entries(model.parameters())) {
    if (/feedForward\.down/.test(name)) variable.assign(use(zerosLike(variable)));
  }
  return model;
}

// Emulated graphics take a minute for what their backends show in smaller tests.
describe.each(backendNames.filter(countsMemory))("patchGrid on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("finds the head that carries the difference, and the position where the texts differ", async () => {
    const [model, runs] = [oneHeadModel(), runsOn([1, 2, 5, 6], [1, 9, 5, 6])];
    const before = memory().numTensors;
    const heads = await patchGrid(model, runs);
    const positions = await patchGrid(model, runs, { by: "position" });
    expect(memory().numTensors).toBe(before);
    expect(heads.clean).not.toBeCloseTo(heads.corrupt, 4);
    expect(heads.cells.map(({ attention, head }) => ({ attention, head }))).toEqual(headsIn(model));
    heads.cells.forEach(({ attention, head, restored }) =>
      expect(restored).toBeCloseTo(attention === "layers.1.attention" && head === 2 ? 1 : 0, 4),
    );
    expect(positions.cells.map(({ layer, position }) => `${layer} ${position}`)).toEqual(
      ["layers.0", "layers.1"].flatMap((layer) => [0, 1, 2, 3].map((position) => `${layer} ${position}`)),
    );
    positions.cells.forEach(({ position, restored }) => expect(restored).toBeCloseTo(position === 1 ? 1 : 0, 4));
    expect(JSON.parse(JSON.stringify([heads, positions]))).toEqual([heads, positions]);
  });
});

describe("a cell of patchGrid", () => {
  beforeAll(() => useBackend("cpu"));

  it("restores everything where one position is the whole text", async () => {
    const { cells, clean } = await patchGrid(tiny(), runsOn([7], [8]), { by: "position" });
    for (const { value, restored } of cells) expect([value, restored]).toEqual([expect.closeTo(clean, 5), expect.closeTo(1, 4)]);
  });

  it("measures what patch does, one head and one position at a time", async () => {
    const [model, clean, corrupt] = [tiny(), text([1, 2, 5, 6]), text([1, 9, 5, 11])];
    const sites = { heads: headsOf("layers.1.attention", 1), stream: inputOf("layers.1") };
    const { values } = use(record(model, sites, (watched) => void watched.hidden(clean)));
    const runs = { clean: runOn(clean), corrupt: runOn(corrupt) };
    const byHead = await patchGrid(model, runs);
    const byPosition = await patchGrid(model, runs, { by: "position" });
    const head = await numberOf(() => runs.corrupt(withEdits(model, [patch(sites.heads, values.heads)])));
    expect(byHead.cells[4]!.value).toBeCloseTo(head, 5);
    const stream = use(slice(values.stream["layers.1"]!, [0, 3, 0], [-1, 1, -1]));
    const position = await numberOf(() => runs.corrupt(withEdits(model, [patch(atPositions(sites.stream, 3), stream)])));
    expect(byPosition.cells[7]).toMatchObject({ layer: "layers.1", position: 3, value: expect.closeTo(position, 5) });
    const { clean: a, corrupt: b, cells } = byHead;
    expect([a, b]).toEqual([await numberOf(() => runs.clean(model)), await numberOf(() => runs.corrupt(model))]);
    for (const { value, restored } of cells) expect(restored).toBeCloseTo((value - b) / (a - b), 12);
  });
});

describe("patchGrid", () => {
  beforeAll(() => useBackend("cpu"));

  it("has nothing to restore where the runs do not differ", async () => {
    const { cells } = await patchGrid(tiny(), runsOn([1, 2], [1, 2]));
    expect(cells.map(({ restored }) => restored)).toEqual(cells.map(() => null));
  });

  it("patches every stack of an encoder-decoder, also when only the source differs", async () => {
    const model = use(t5({ vocabSize: 13, dModel: 24, numHeads: 3, numLayers: 1, hiddenDim: 8, random: new Random(1) }));
    const [clean, corrupt, target] = [text([1, 2, 5]), text([1, 9, 5]), text([3, 4])];
    const run = (source: Tensor) => (each: EncoderDecoder) => difference(each.apply(source, target).logits);
    const runs = { clean: run(clean), corrupt: run(corrupt) };
    const heads = await patchGrid(model, runs);
    expect(heads.cells).toHaveLength(9);
    const decoderSelf = heads.cells.filter(({ attention }) => attention === "decoder.layers.0.attention");
    for (const { restored } of decoderSelf) expect(restored).toBeCloseTo(0, 4); // the decoder reads the same in both
    const positions = await patchGrid(model, runs, { by: "position" });
    const [source, later] = [positions.cells.slice(0, 3), positions.cells.slice(3)];
    expect(source.map(({ restored }) => restored)).toEqual([expect.closeTo(0, 4), expect.closeTo(1, 4), expect.closeTo(0, 4)]);
    expect(later.map(({ layer }) => layer)).toEqual(["decoder.layers.0", "decoder.layers.0"]);
    for (const { restored } of later) expect(restored).toBeCloseTo(0, 4);
  });

  it("reports progress", async () => {
    const seen: string[] = [];
    await patchGrid(tiny(), runsOn([1, 2], [3, 2]), { by: "position", onProgress: (done, total) => void seen.push(`${done}/${total}`) });
    expect(seen).toEqual(["1/4", "2/4", "3/4", "4/4"]);
  });
});

async function refusal(runs: Parameters<typeof patchGrid<LanguageModel>>[1], options: object = {}): Promise<string> {
  const model = tiny();
  const before = memory().numTensors;
  const message = await patchGrid(model, runs, options).then(
    () => "nothing",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(memory().numTensors).toBe(before);
  return message;
}

describe("patchGrid refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(["head", "position"] as const)("texts of different lengths, by %s", async (by) => {
    expect(await refusal(runsOn([1, 2, 3], [1, 2]), { by })).toMatchInlineSnapshot(
      `"ShapeError: patchGrid: the corrupt text must be as long as the clean one, 3 tokens, got 2 tokens; use texts that differ in some tokens only, so that positions correspond"`,
    );
  });

  it("runs that do not return one number, or apply the model twice", async () => {
    const ids = text([1, 2, 3]);
    const { clean } = runsOn([1, 2, 3], [1, 2, 3]);
    const all = (model: LanguageModel) => model.apply(ids).logits;
    const twice = (model: LanguageModel) => sub(clean(model), clean(model));
    expect(await refusal({ clean: all, corrupt: clean })).toMatchInlineSnapshot(
      `"ValueError: patchGrid: the result of a run must be a tensor with one number, got 39 numbers"`,
    );
    expect(await refusal({ clean, corrupt: all })).toMatchInlineSnapshot(
      `"ValueError: patchGrid: the result of a run must be a tensor with one number, got 39 numbers"`,
    );
    expect(await refusal({ clean: twice, corrupt: clean })).toMatchInlineSnapshot(
      `"ValueError: record: run must be a function that applies "layers.0.attention.output" once, got a second call"`,
    );
    expect(await refusal({ clean, corrupt: twice })).toMatchInlineSnapshot(
      `"ValueError: patchGrid: run must be a function that applies "layers.0" once, got a second call"`,
    );
  });

  it("other options, and passes on what a run or onProgress throws", async () => {
    const runs = runsOn([1, 2], [3, 2]);
    expect(await refusal(runs, { by: "heads" })).toMatchInlineSnapshot(
      `"ValueError: patchGrid: by must be "head" or "position", got "heads""`,
    );
    expect(await refusal(runs, { edit: 1 })).toMatchInlineSnapshot(
      `"UnknownNameError: patchGrid: unknown option "edit"; known options: by, onProgress"`,
    );
    let calls = 0;
    const third = (model: LanguageModel) => {
      if (++calls === 3) throw new Error("the third");
      return runs.corrupt(model);
    };
    expect(await refusal({ clean: runs.clean, corrupt: third })).toBe("Error: the third");
    expect(await refusal(runs, { onProgress: () => Promise.reject(new Error("stop")) })).toBe("Error: stop");
  });
});
