import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { continueText } from "./continue-text.js";
import { follow } from "./follow.js";
import { readAblations } from "./read-ablations.js";
import { readAttribution } from "./read-attribution.js";
import { readLens } from "./read-lens.js";
import { readPredictions } from "./read-predictions.js";
import { readSimilar } from "./read-similar.js";
import { Run } from "./run.js";
import { taskPort } from "./testing/task-port.js";
import { inputOf, type TinyFamily, tinyFamilies, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b d e";
const noProgress = async (): Promise<void> => {};
const withHead = tinyFamilies.filter((family) => family !== "headless");
const writing = withHead.filter((family) => family !== "bert");

async function withRun<Result>(family: TinyFamily, read: (run: Run) => Promise<Result>, words = text): Promise<Result> {
  const opened = tinyModel(family);
  const before = memory().numTensors;
  const run = new Run(opened, inputOf(family, words));
  try {
    return await read(run);
  } finally {
    run.dispose();
    expect(memory().numTensors).toBe(before);
  }
}

describe.each(withHead)("a random %s", (family) => {
  test("the last layer of the lens is the prediction", async () => {
    await withRun(family, async (run) => {
      const { layers, cells, first } = await readLens(run, noProgress);
      const { positions } = await readPredictions(run, { temperature: 1, topK: 3 });
      expect(layers).toEqual(["embedding", "L0", "L1"]);
      expect(first).toBe(0);
      for (const [at, cell] of cells.at(-1)!.entries()) {
        expect(cell!.top.map(({ id }) => id)).toEqual(positions[at]!.top.map(({ id }) => id));
        cell!.top.forEach(({ probability }, rank) => expect(probability).toBeCloseTo(positions[at]!.top[rank]!.probability, 5));
        expect(cell!.actual ?? -1).toBeCloseTo(positions[at]!.actual?.probability ?? -1, 5);
      }
    });
  });

  test("the parts of an attribution add up to the logit, and heads have their places", async () => {
    await withRun(family, async (run) => {
      const { positions } = await readPredictions(run, { temperature: 1, topK: 1 });
      for (const tokenId of [undefined, 5]) {
        const { components, logit, token } = await readAttribution(run, 2, tokenId);
        expect(token.id).toBe(tokenId ?? positions[2]!.top[0]!.id);
        expect(components.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(logit, 4);
        const heads = components.flatMap(({ place }) => (place === null ? [] : [place]));
        const kinds = family === "t5" ? 2 : 1; // of the decoder, its own attention and that to the encoder
        expect(heads.length).toBe(kinds * 2 * run.opened.info.stacks[0]!.heads);
        expect(components.map(({ name }) => name).join()).toMatch(/token embedding,.*L1 feed-forward/);
      }
      await expect(readAttribution(run, 99)).rejects.toThrow("There is no position 99");
      await expect(readAttribution(run, 0, 99)).rejects.toThrow("There is no token 99");
    });
  });
});

describe.each(writing)("a random %s that writes", (family) => {
  test("loses what the ablations say, and the gradient foresees some of it", async () => {
    const { loss, heads, randomHead } = await withRun(family, (run) => readAblations(run, noProgress));
    const opened = tinyModel(family);
    const [{ place, change }] = heads as [(typeof heads)[number]];
    const part = opened.info.stacks.find(({ kind }) => kind === place.kind)!.parts[place.layer]!;
    const edits = [{ kind: "ablate", part, heads: [place.head], by: "zero" }] as const;
    const run = new Run(opened, inputOf(family, text, { edits }));
    const { meanLoss } = await readPredictions(run, { temperature: 1, topK: 1 });
    run.dispose();
    expect(meanLoss! - loss).toBeCloseTo(change!, 4);
    expect(randomHead!.draws).toBe(heads.length);
    for (const each of heads) {
      expect(each.predictedChange).not.toBeNull();
      expect(each.attribution === null).toBe(each.place.kind === "encoder"); // heads of the encoder add nothing directly
    }
  });

  test("writes what it writes without a cache, and frees everything", async () => {
    const opened = tinyModel(family);
    const before = memory().numTensors;
    const input = inputOf(family, "a b c", { answer: family === "t5" ? "d" : "" });
    const settings = { count: 3, temperature: 0, seed: 1 };
    const written = (await continueText(opened, input, settings, taskPort()))!;
    expect(memory().numTensors).toBe(before);
    let { text: words, answer } = input;
    for (const token of written.tokens) {
      const run = new Run(opened, { ...input, text: words, answer });
      const { positions } = await readPredictions(run, { temperature: 1, topK: 1 });
      run.dispose();
      expect(token.id).toBe(positions.at(-1)!.top[0]!.id);
      expect(token.probability).toBeCloseTo(positions.at(-1)!.top[0]!.probability, 5);
      if (family === "t5") answer += ` ${token.text}`;
      else words += ` ${token.text}`;
    }
    expect(written.added).toBe(written.tokens.map((token) => ` ${token.text}`).join(""));
    expect(written.isEnded).toBe(written.tokens.length < settings.count);
    expect(await continueText(opened, input, { count: 5, temperature: 1, seed: 2 }, taskPort())).toEqual(
      await continueText(opened, input, { count: 5, temperature: 1, seed: 2 }, taskPort()),
    );
    expect(await continueText(opened, input, { count: 5, temperature: 1, seed: 2 }, taskPort(1))).toBeUndefined();
    expect(memory().numTensors).toBe(before);
  });
});

test("masks and ablations hold while the model writes, patches do not", async () => {
  const opened = tinyModel("gpt2");
  const settings = { count: 4, temperature: 0, seed: 1 };
  const mask = { causal: true, prefix: 0, window: { before: 1, after: 0 }, padding: 0, documents: [2] };
  for (const edit of [
    { kind: "mask", mask },
    { kind: "ablate", part: "layers.0.attention", heads: [0], by: "mean" },
  ] as const) {
    expect((await continueText(opened, inputOf("gpt2", text, { edits: [edit] }), settings, taskPort()))!.tokens.length).toBe(4);
  }
  const patch = { kind: "patch", part: "layers.0", from: text } as const;
  const input = inputOf("gpt2", text, { edits: [patch] });
  await expect(continueText(opened, input, settings, taskPort())).rejects.toThrow("the model cannot write on with them");
});

test("a model writes until it takes no more tokens", async () => {
  const long = inputOf("gpt2", "a b c d e f g h i j a b c d e");
  const written = await continueText(tinyModel("gpt2"), long, { count: 4, temperature: 0, seed: 1 }, taskPort());
  expect(written).toMatchObject({ isFull: true, tokens: { length: 1 } });
});

describe.each(tinyFamilies)("the heads of a random %s", (family) => {
  test("are compared, each once", async () => {
    await withRun(family, async (run) => {
      const { places, layout } = await readSimilar(run, noProgress);
      const names = places.map(({ kind, layer, head }) => `${kind} ${layer} ${head}`);
      const count = run.opened.info.stacks.reduce((sum, { heads, parts }) => sum + heads * parts.length, 0);
      expect(new Set(names).size).toBe(count);
      expect(layout.length).toBe(count);
      layout.forEach((point) => expect(Number.isFinite(point!.x + point!.y)).toBe(true));
    });
  });
});

test("a model without a head has no predictions", async () => {
  const none = { positions: [], meanLoss: null };
  await withRun("headless", async (run) => expect(await readPredictions(run, { temperature: 1, topK: 1 })).toEqual(none));
});

test("what a model cannot do is reported with an error message", async () => {
  await withRun("headless", async (run) => {
    await expect(readLens(run, noProgress)).rejects.toThrow("This model predicts no tokens");
    await expect(readAttribution(run, 0)).rejects.toThrow("This model predicts no tokens");
    await expect(readAblations(run, noProgress)).rejects.toThrow("This model predicts no tokens");
  });
  await withRun("bert", (run) => expect(readAblations(run, noProgress)).rejects.toThrow("fills in masked tokens"));
  await withRun("gpt2", (run) => expect(readAblations(run, noProgress)).rejects.toThrow("at least two tokens"), "a");
  await expect(continueText(tinyModel("bert"), inputOf("bert", text), { count: 1, temperature: 0, seed: 0 }, taskPort())).rejects.toThrow(
    "does not write",
  );
});

test("a long computation tells its progress, and ends with a cancel or a newer text", async () => {
  await withRun("gpt2", async (run) => {
    const port = taskPort();
    await follow(run, port, "Reading layers", (onProgress) => readLens(run, onProgress));
    expect(port.steps).toEqual([0, 1, 2, 3].map((done) => ["Reading layers", done, done === 0 ? 0 : 3]));
    expect(await follow(run, taskPort(2), "Reading layers", (onProgress) => readLens(run, onProgress))).toBeUndefined();
    const ablated = follow(run, taskPort(), "Switching off heads", (onProgress) => readAblations(run, onProgress));
    run.outdate();
    await expect(ablated).rejects.toThrow("The text has changed meanwhile");
  });
});
