import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { bert, gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { TrainingTrack, type TrainingTrackData } from "../../models.js";

const sizes = { vocabSize: 12, maxLength: 16, dModel: 8, numHeads: 2, numLayers: 1 };
const tiny = (more: object = {}): LanguageModel => use(gpt2({ ...sizes, ...more, random: new Random(1) }));
const part = "layers.0.attention";

async function recorded(): Promise<TrainingTrack> {
  const track = new TrainingTrack({ ids: [[1, 2, 3]] });
  await track.record(4, tiny(), { loss: 1 });
  return track;
}

describe("TrainingTrack refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it("probes without ids, or of several lengths", () => {
    const make = (probe: object) => () => new TrainingTrack({ ids: [[1]], ...probe });
    expect(make({ ids: [] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack: ids must be a list of sequences of ids, got an array of length 0]`,
    );
    expect(make({ ids: [[1, 2], [3]] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TrainingTrack: ids must be sequences of 2 ids, got 1]`,
    );
    expect(make({ ids: [[1, -2]] })).toThrowErrorMatchingInlineSnapshot(`[ValueError: TrainingTrack: ids must be an integer >= 0, got -2]`);
    expect(make({ tokens: [["a", "b"]] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TrainingTrack: tokens must be 1 lists of 1 texts, one for each id, got an array of length 1]`,
    );
    expect(make({ metrics: [] })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: TrainingTrack: unknown option "metrics"; known options: ids, tokens, run, scores]`,
    );
  });

  it("steps that do not increase, losses that are not finite, and other models; the track does not change", async () => {
    const track = await recorded();
    const before = [memory().numTensors, JSON.stringify(track)];
    const model = tiny();
    const others = [tiny({ numHeads: 4 }), tiny({ numLayers: 2 }), use(bert({ ...sizes }))];
    const [start] = [memory().numTensors];
    await expect(track.record(4, model)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.record: step must be an integer >= 5, got 4]`,
    );
    await expect(track.record(5, model, { loss: Number.NaN })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.record: loss must be a finite number, got NaN]`,
    );
    await expect(track.record(5, others[0]!)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TrainingTrack.record: maps of "layers.0.attention" must be [1, 2, 3, 3], as at the first step, got [1, 4, 3, 3]]`,
    );
    await expect(track.record(5, others[1]!)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.record: the attentions must be those of the first step, layers.0.attention, got layers.0.attention, layers.1.attention]`,
    );
    await expect(track.record(5, others[2]!)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.record: mask of "layers.0.attention" must be that of the first step, got another one]`,
    );
    await expect(track.record(5, model, { losses: 1 } as object)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: TrainingTrack.record: unknown option "losses"; known options: loss]`,
    );
    expect([memory().numTensors, JSON.stringify(track)]).toEqual([start, before[1]]);
  });
});

describe("TrainingTrack", () => {
  beforeAll(() => useBackend("cpu"));

  it("refuses two calls at a time that end in the wrong order", async () => {
    const track = await recorded();
    const results = await Promise.allSettled([track.record(7, tiny()), track.record(6, tiny())]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(track.steps).toEqual([4, 7]);
  });

  it("does not know what was not recorded", async () => {
    const track = await recorded();
    expect(() => track.series("layers.1.attention", 0, "entropy")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.series: attention must be one of layers.0.attention, got "layers.1.attention"]`,
    );
    expect(() => track.series(part, 2, "entropy")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.series: head must be an integer from 0 to 1, got 2]`,
    );
    expect(() => track.series(part, 0, "entropi")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.series: metric must be one of previousTokenMass, nextTokenMass, selfMass, windowMass, firstTokenMass, duplicateTokenMass, prefixMatching, entropy, normalizedEntropy, confidence, attentionDistance, got "entropi"]`,
    );
    expect(() => track.mapsAt(5, part)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.mapsAt: step must be one of 4, got 5]`,
    );
    expect(() => new TrainingTrack({ ids: [[1]] }).mapsAt(5, part)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.mapsAt: attention must be one of none before the first step, got "layers.0.attention"]`,
    );
  });
});

/** Data of a track, with one field changed. */
async function changed(path: readonly (string | number)[], value: unknown): Promise<() => TrainingTrack> {
  const data = JSON.parse(JSON.stringify(await recorded())) as TrainingTrackData;
  let place = data as unknown as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) place = place[name] as typeof place;
  place[path.at(-1)!] = value;
  return () => TrainingTrack.fromJSON(data);
}

const changes = [
  [["version"], 2],
  [["experiment"], "other"],
  [["ids"], "text"],
  [["ids", 0, 1], -1],
  [["tokens", 0, 1], 3],
  [["tokens", 0], ["a"]],
  [["attentions"], null],
  [["attentions", 0, "name"], 7],
  [
    ["attentions", 0, "shape"],
    [1, 2, 3],
  ],
  [
    ["attentions", 0, "shape"],
    [1, 2, 3, 0],
  ],
  [["attentions", 0, "shape", 1], 1e15],
  [["attentions", 0, "shape", 3], 4],
  [["attentions", 0, "queryOffset"], -1],
  [
    ["attentions", 0, "extraKeys"],
    ["sink", "sink"],
  ],
  [["attentions", 0, "extraKeys"], ["sink"]],
  [["attentions", 0, "mask", "cells"], "AQEBAQEBAQEC"],
  [["attentions", 0, "mask", "cells"], "AAAAAAAAAAAA"],
  [
    ["attentions", 0, "mask", "shape"],
    [2, 1, 3, 3],
  ],
  [["attentions", 0, "queryKeep"], "AA=="],
  [["steps"], {}],
  [["steps", 0, "step"], 0.5],
  [["steps", 0, "loss"], "1"],
  [["steps", 0, "attentions"], []],
  [["steps", 0, "attentions", 0, "codes"], "****"],
  [["steps", 0, "attentions", 0, "codes"], "AAAAAAAAAAAAAAAAAAAAAAAA"],
  [["steps", 0, "attentions", 0, "metrics"], []],
  [["steps", 0, "attentions", 0, "metrics", "entropy", "scores"], [1]],
  [["steps", 0, "attentions", 0, "metrics", "entropy", "nullScores", 0], "x"],
] as const;

describe("TrainingTrack.fromJSON refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(changes)("a changed %j", async (path, value) => {
    const read = await changed(path, value);
    expect(read).toThrowErrorMatchingSnapshot();
  });

  it.each([null, 3, "text", [], {}])("%j", (data) => {
    expect(() => TrainingTrack.fromJSON(data)).toThrowError(/TrainingTrack.fromJSON/);
  });

  it("steps that do not increase, and two attentions of one name", async () => {
    const data = JSON.parse(JSON.stringify(await recorded())) as TrainingTrackData;
    const twice = (name: "steps" | "attentions") => () => TrainingTrack.fromJSON({ ...data, [name]: [...data[name], ...data[name]] });
    expect(twice("steps")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.fromJSON: steps[1].step must be an integer >= 5, got 4]`,
    );
    expect(twice("attentions")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TrainingTrack.fromJSON: attentions[1].name must be another name than those before, got "layers.0.attention"]`,
    );
  });
});
