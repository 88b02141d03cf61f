import { tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { generate, type GenerateOptions } from "../generate.js";
import { gpt2, llama } from "../models.js";
import { nextToken, resolveSampling } from "./sampling.js";

const small = () => gpt2({ vocabSize: 17, maxLength: 12, dModel: 8, numLayers: 1, numHeads: 2, random: new Random(4) });

async function collected(prompts: number[] | number[][], options: GenerateOptions) {
  const model = small();
  try {
    const steps = [];
    for await (const step of generate(model, prompts, options)) steps.push(step);
    return steps;
  } finally {
    model.dispose();
  }
}

beforeAll(() => useBackend("cpu"));

describe("generate", () => {
  it("stops at a stop token, after enough tokens, and when the context is full", async () => {
    const [first] = await collected([1, 2], { maxNewTokens: 1 });
    expect(first!.finished).toEqual(["length"]);
    const stopped = await collected([1, 2], { maxNewTokens: 5, stopTokens: [first!.tokens[0]!] });
    expect(stopped.map(({ finished }) => finished)).toEqual([["stop"]]);
    const full = await collected([1, 2], { maxNewTokens: 100 });
    expect(full).toHaveLength(11);
    expect(full.at(-1)!.finished).toEqual(["context"]);
  });

  it("fills the context of prompts of different lengths, however many tokens are allowed", async () => {
    const steps = await collected([[1], [1, 2]], { maxNewTokens: Number.MAX_SAFE_INTEGER });
    expect(steps.at(-1)!.finished).toEqual(["context", "context"]);
  });

  it("stops between two tokens when aborted, with the signal's reason, and frees everything", async () => {
    const model = use(small());
    const controller = new AbortController();
    const run = async () => {
      for await (const _step of generate(model, [1], { signal: controller.signal })) controller.abort(new Error("enough"));
    };
    await expect(run()).rejects.toThrow("enough");
    for await (const _step of generate(model, [1])) break;
  });

  it("draws the same tokens for the same seed and others for another seed", async () => {
    const drawn = async (seed: number) => (await collected([3], { temperature: 5, seed, maxNewTokens: 10 })).map(({ tokens }) => tokens[0]);
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
  });
});

describe("generate refuses", () => {
  it("a prompt longer than the context, an empty one and ids outside the vocabulary, and leaves nothing behind", async () => {
    await expect(collected(Array<number>(13).fill(1), {})).rejects.toThrow(/ids must be at most maxLength = 12 tokens long, got 13/);
    await expect(collected([], {})).rejects.toThrow(/generate: prompts/);
    await expect(collected([[1], []], {})).rejects.toThrow(/generate: prompts\[1\] must be at least one id/);
    await expect(collected([17], {})).rejects.toThrow(/ids must be from 0 to 16/);
    await expect(collected([1], { topk: 3 } as never)).rejects.toThrow(/topk/);
    await expect(collected([1], { temperature: -1 })).rejects.toThrow(/temperature must be a finite number >= 0/);
  });

  it("prompts and stop tokens that are not arrays of ids", async () => {
    const refused = (prompts: unknown, options: object = {}) => collected(prompts as number[], options).catch(String);
    expect(await refused("abc")).toMatchInlineSnapshot(
      `"ValueError: generate: prompts must be an array of ids, or of such arrays, got "abc""`,
    );
    expect(await refused(Int32Array.of(1, 2))).toMatchInlineSnapshot(
      `"ValueError: generate: prompts must be an array of ids, or of such arrays, got an Int32Array of length 2; copy it with Array.from(prompts)"`,
    );
    expect(await refused([Int32Array.of(1, 2)])).toMatchInlineSnapshot(
      `"ValueError: generate: prompts[0] must be an array of ids, got an Int32Array of length 2; copy it with Array.from(prompts[0])"`,
    );
    expect(await refused([[1], 2])).toMatchInlineSnapshot(`"ValueError: generate: prompts[1] must be an array of ids, got 2"`);
    expect(await refused([1, 2.5])).toMatchInlineSnapshot(
      `"ValueError: generate: prompts[0][1] must be an integer from 0 to 2147483647, got 2.5"`,
    );
    expect(await refused([1], { stopTokens: 3 })).toMatchInlineSnapshot(
      `"ValueError: generate: stopTokens must be an array of ids, got 3"`,
    );
    expect(await refused([1], { stopTokens: [undefined] })).toMatchInlineSnapshot(
      `"ValueError: generate: stopTokens[0] must be an integer from 0 to 2147483647, got undefined"`,
    );
  });

  it("ids that an int32 cannot hold", async () => {
    await expect(collected([2 ** 32 + 1], {})).rejects.toThrow(/prompts\[0\]\[0\] must be an integer from 0 to 2147483647, got 4294967297/);
    await expect(collected([[1], [1, 2]], { padId: 2 ** 40 })).rejects.toThrow(/padId must be an integer from 0 to 2147483647/);
    await expect(collected([1], { stopTokens: [2 ** 31] })).rejects.toThrow(/stopTokens\[0\] must be an integer from 0 to 2147483647/);
    await expect(collected([1], null as never)).rejects.toThrow(/generate: options must be an object, got null/);
  });
});

describe("the cache of a model", () => {
  it("stays as it was when a call fails", () => {
    const model = use(llama({ vocabSize: 9, dModel: 8, numLayers: 2, numHeads: 2, hiddenDim: 12 }));
    const cache = use(model.createCache());
    const [good, bad] = [use(tensor2d([[1, 2]], undefined, "int32")), use(tensor2d([[99]], undefined, "int32"))];
    model.apply(good, { cache }).logits.dispose();
    expect(() => model.apply(bad, { cache })).toThrow(/ids must be from 0 to 8/);
    expect(cache.length).toBe(2);
  });
});

describe("nextToken", () => {
  const logits = () => Float32Array.from([0, 1, 2, 3], (weight) => Math.log(weight + 1)); // probabilities 0.1 … 0.4
  const frequencies = (options: object, seen: number[] = []) => {
    const random = new Random(0);
    const resolved = resolveSampling("test", options);
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 4000; draw++) counts[nextToken(logits(), seen, random, resolved)]!++;
    return counts.map((count) => count / 4000);
  };
  const expectFrequencies = (actual: number[], expected: number[]) =>
    expected.forEach((each, index) => expect(Math.abs(actual[index]! - each)).toBeLessThan(0.03));

  it("takes the likeliest token, the first in a tie, when temperature is 0", () => {
    expect(nextToken(logits(), [], new Random(0), resolveSampling("test", {}))).toBe(3);
    expect(nextToken(new Float32Array([1, 1]), [], new Random(0), resolveSampling("test", {}))).toBe(0);
  });

  it("draws by probability, which a low temperature sharpens", () => {
    expectFrequencies(frequencies({ temperature: 1 }), [0.1, 0.2, 0.3, 0.4]);
    expectFrequencies(frequencies({ temperature: 0.5 }), [1 / 30, 4 / 30, 9 / 30, 16 / 30]);
  });

  it("draws among the k likeliest, a nucleus, or those close to the likeliest", () => {
    expectFrequencies(frequencies({ temperature: 1, topK: 2 }), [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies(frequencies({ temperature: 1, topP: 0.6 }), [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies(frequencies({ temperature: 1, topP: 0.75 }), [0, 2 / 9, 3 / 9, 4 / 9]);
    expectFrequencies(frequencies({ temperature: 1, minP: 0.6 }), [0, 0, 3 / 7, 4 / 7]);
    expectFrequencies(frequencies({ temperature: 1, topP: 1e-9 }), [0, 0, 0, 1]);
  });

  it("penalises tokens that were seen before", () => {
    const resolved = resolveSampling("test", { repetitionPenalty: 2 });
    expect(nextToken(new Float32Array([3, 2]), [0], new Random(0), resolved)).toBe(1);
    expect(nextToken(new Float32Array([-1, -1.5]), [0], new Random(0), resolved)).toBe(1);
  });

  it.each([
    ["Infinity", [1, Infinity]],
    ["-Infinity", [-Infinity, -Infinity]],
  ])("refuses a largest logit of %s", (name, infinite) => {
    const draw = (options: object) => nextToken(new Float32Array(infinite), [], new Random(0), resolveSampling("test", options));
    expect(() => draw({})).toThrow(`the largest logit must be finite, got ${name} for token`);
    expect(() => draw({ temperature: 1, topP: 0.5 })).toThrow(`the largest logit must be finite, got ${name} for token`);
  });

  it("refuses a logit of NaN", () => {
    expect(() => nextToken(new Float32Array([1, NaN]), [], new Random(0), resolveSampling("test", {}))).toThrow(/NaN for token 1/);
  });
});
