import { memory, tensor2d, zerosLike } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import { AdamW, crossEntropy, train } from "@tfblocks/training";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { gpt2, t5 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { entropy, headScores, previousTokenMass } from "../../index.js";
import { TrainingTrack, watchAttention } from "../../models.js";

const sizes = { vocabSize: 12, maxLength: 16, dModel: 16, numHeads: 2, numLayers: 2 };
const tiny = (seed = 1, more: object = {}) => use(gpt2({ ...sizes, ...more, random: new Random(seed) }));
const ids = [
  [1, 2, 3, 4, 1, 2, 3, 4],
  [5, 6, 7, 8, 5, 6, 7, 8],
];
const [first, last] = ["layers.0.attention", "layers.1.attention"];

async function mapsOf(model: LanguageModel, part: string) {
  const input = use(tensor2d(ids, undefined, "int32"));
  const watched = use(watchAttention(model, (each) => void each.hidden(input)));
  return watched.maps(part);
}

describe.each(backendNames)("TrainingTrack on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("keeps the metrics of the true maps, replays the maps to 1/255, and leaves no tensor", async () => {
    const [a, b] = [tiny(1), tiny(2)];
    const track = new TrainingTrack({ ids });
    const before = memory().numTensors;
    await track.record(0, a, { loss: 2.5 });
    await track.record(10, b);
    expect(memory().numTensors).toBe(before);
    expect([track.steps, track.losses, track.attentions]).toEqual([
      [0, 10],
      [2.5, null],
      [first, last],
    ]);
    expect(track.bytesPerStep).toBe(2 * 2 * 2 * 8 * 8);
    for (const [step, model] of [
      [0, a],
      [10, b],
    ] as const) {
      const truth = await mapsOf(model, last);
      const seen = track.mapsAt(step, last);
      expect(seen.allowed).toEqual(truth.allowed);
      const differences = Array.from({ length: 256 }, (_, cell) => Math.abs(seen.weights[cell]! - truth.weights[cell]!));
      expect(Math.max(...differences)).toBeLessThanOrEqual(1 / 255);
      const { perHead } = headScores(truth, { ids })["prefixMatching"]!;
      const [{ score, nullScore }] = track.series(last, 1, "prefixMatching").filter((each) => each.step === step) as [never];
      expect([score, nullScore]).toEqual([perHead[1]!.score, perHead[1]!.nullScore]);
    }
  });
});

describe("TrainingTrack", () => {
  beforeAll(() => useBackend("cpu"));

  it("goes through JSON and back, and records more steps", async () => {
    const track = new TrainingTrack({ ids, tokens: ids.map((row) => row.map((id) => `word ${id}`)) });
    await track.record(3, tiny(1), { loss: 1 });
    await track.record(5, tiny(2));
    const copy = TrainingTrack.fromJSON(JSON.parse(JSON.stringify(track)));
    expect(copy.toJSON()).toEqual(track.toJSON());
    expect(copy.tokens[0]![2]).toBe("word 3");
    expect(copy.mapsAt(5, last)).toEqual(track.mapsAt(5, last));
    expect(copy.series(first, 0, "entropy")).toEqual(track.series(first, 0, "entropy"));
    await copy.record(6, tiny(3));
    expect([copy.steps, track.steps]).toEqual([
      [3, 5, 6],
      [3, 5],
    ]);
    const empty = new TrainingTrack({ ids });
    expect(empty.tokens[0]![2]).toBe("3");
    expect(TrainingTrack.fromJSON(JSON.parse(JSON.stringify(empty))).toJSON()).toEqual(empty.toJSON());
  });

  it("replays uniform attention exactly", async () => {
    const model = tiny();
    for (const [name, variable] of Object.entries(model.parameters())) if (/query/.test(name)) variable.assign(use(zerosLike(variable)));
    const track = new TrainingTrack({ ids });
    await track.record(0, model);
    const { weights } = track.mapsAt(0, first);
    for (let query = 0; query < 8; query++) {
      const row = Array.from({ length: 8 }, (_, key) => weights[query * 8 + key]!);
      expect(row).toEqual(row.map((_, key) => (key <= query ? Math.fround(1 / (query + 1)) : 0)));
    }
    expect(entropy(track.mapsAt(0, first)).perHead[0]!.score).toBeCloseTo(track.series(first, 0, "entropy")[0]!.score!, 6);
  });

  it("takes another run and other metrics, for example of the decoder of an encoder-decoder", async () => {
    const model = use(t5({ vocabSize: 12, dModel: 16, numHeads: 2, numLayers: 1, hiddenDim: 8, random: new Random(1) }));
    const track = new TrainingTrack<EncoderDecoder>({
      ids,
      run: (each, source) => each.apply(source, source),
      scores: (maps): Record<string, ReturnType<typeof entropy>> => ({ entropy: entropy(maps) }),
    });
    await track.record(1, model);
    expect(track.attentions).toEqual(["encoder.layers.0.attention", "decoder.layers.0.attention", "decoder.layers.0.crossAttention"]);
    expect(track.metrics("decoder.layers.0.crossAttention")).toEqual(["entropy"]);
    expect(track.mapsAt(1, "decoder.layers.0.crossAttention").keyLength).toBe(8);
  });
});

describe("a track of real training", () => {
  beforeAll(() => useBackend("wasm"));

  it("shows how a head learns to attend to the previous token", async () => {
    const random = new Random(7);
    const rows = (count: number) => Array.from({ length: count }, () => Array.from({ length: 8 }, () => random.integer(12)));
    const model = tiny(3, { numLayers: 1 });
    const track = new TrainingTrack({ ids: rows(8), scores: (maps) => ({ previous: previousTokenMass(maps) }) });
    await track.record(0, model);
    const progress = await train({
      model,
      batches: () => {
        const drawn = rows(16);
        const labels = drawn.map((row) => [-100, ...row.slice(0, -1)]);
        return { ids: tensor2d(drawn, undefined, "int32"), labels: tensor2d(labels, undefined, "int32") };
      },
      loss: (batch) => crossEntropy(model.apply(batch.ids).logits, batch.labels),
      optimizer: use(new AdamW({ learningRate: 0.02 })),
      steps: 100,
      onProgress: async ({ step, loss }) => {
        if (step % 25 === 0) await track.record(step, model, { loss });
      },
    });
    expect(track.steps).toEqual([0, 25, 50, 75, 100]);
    expect(track.losses.at(-1)).toBe(progress!.loss);
    expect(progress!.loss).toBeLessThan(track.losses[1]!);
    const learned = [0, 1].map((head) => track.series(first, head, "previous").map(({ score }) => score!));
    for (const scores of learned) {
      expect(scores[0]).toBeLessThan(0.35); // uniform attention: 0.25
      expect(scores.at(-1)).toBeGreaterThan(0.9);
    }
    expect(previousTokenMass(track.mapsAt(100, first)).perHead[0]!.score).toBeCloseTo(learned[0]!.at(-1)!, 2);
  });
});
