import { tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { generate, type GeneratedStep, type GenerateOptions } from "../generate.js";
import { gpt2, llama } from "../models.js";

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

/** The new tokens of each row. */
function tokensByRow(steps: readonly GeneratedStep[]): number[][] {
  return steps[0]!.tokens.map((_, row) => steps.map(({ tokens }) => tokens[row]).filter((token) => token !== undefined));
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

  it("ends each row when it fills the context itself, and tells each end", async () => {
    const steps = await collected([[1], [1, 2]], { maxNewTokens: Number.MAX_SAFE_INTEGER });
    expect(steps.map(({ finished }) => finished).slice(-2)).toEqual([
      [undefined, "context"],
      ["context", undefined],
    ]);
    const [short, long] = [[3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]];
    const together = tokensByRow(await collected([short, long], { maxNewTokens: 8 }));
    expect(together.map(({ length }) => length)).toEqual([8, 3]);
    expect(together[0]).toEqual(tokensByRow(await collected(short, { maxNewTokens: 8 }))[0]);
    expect(together[1]).toEqual(tokensByRow(await collected(long, { maxNewTokens: 8 }))[0]);
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
    await expect(collected(Array<number>(13).fill(1), {})).rejects.toThrow(
      /prompts\[0\] must be at most maxLength = 12 tokens long, got 13/,
    );
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

describe("what ends a row", () => {
  const greedy = async (options: GenerateOptions) => collected([3], { maxNewTokens: 8, ...options });

  it("ends at maxLength, counted without padding", async () => {
    const steps = await collected([[1], [1, 2, 3]], { maxLength: 5, maxNewTokens: 8 });
    expect(tokensByRow(steps).map(({ length }) => length)).toEqual([4, 2]);
    expect(steps.flatMap(({ finished }) => finished).filter(Boolean)).toEqual(["length", "length"]);
    await expect(collected([1, 2, 3], { maxLength: 3 })).rejects.toThrow("prompts[0] must be shorter than maxLength = 3, got 3 ids");
  });

  it("ends by a rule of the caller, which sees prompt and new tokens", async () => {
    const seen: number[][] = [];
    const steps = await greedy({ stopWhen: ({ ids, promptLength, row }) => (seen.push([...ids, promptLength, row]), ids.length === 3) });
    expect(steps.map(({ finished }) => finished[0])).toEqual([undefined, "stopWhen"]);
    const [first, second] = tokensByRow(steps)[0]!;
    expect(seen).toEqual([
      [3, first, 1, 0],
      [3, first, second, 1, 0],
    ]);
    await expect(greedy({ stopWhen: (async () => true) as never })).rejects.toThrow(
      "generate: stopWhen must be a function that returns true or false, got an object",
    );
    await expect(greedy({ stopWhen: 3 as never })).rejects.toThrow("generate: stopWhen must be a function, got 3");
  });

  it("ends at a stop string across tokens", async () => {
    const tokenizer = { decode: (ids: readonly number[]) => ids.map((id) => `<${id}>`).join("") };
    const all = tokensByRow(await greedy({}))[0]!;
    const across = `${all[1]!}><${all[2]!}`;
    const steps = await greedy({ stopStrings: { tokenizer, strings: ["absent", across] } });
    const end = tokenizer.decode([3, ...all]).indexOf(across) + across.length;
    const expected = all.findIndex((_, at) => tokenizer.decode([3, ...all.slice(0, at + 1)]).length >= end) + 1;
    expect(steps).toHaveLength(expected);
    expect(steps.at(-1)!.finished).toEqual(["stopString"]);
  });

  it("refuses stop strings that are null or empty, rather than to stop at none", async () => {
    for (const stopStrings of [null, "", NaN]) {
      await expect(greedy({ stopStrings: stopStrings as never })).rejects.toThrow(/^stopStrings: options must be an object, got /);
    }
  });
});

/** The first new token after a prompt of one id. */
const first = async (options: GenerateOptions) => (await collected([3], { maxNewTokens: 1, ...options }))[0]!.tokens[0];

describe("processors of generate", () => {
  it("apply in the order of the options, then those of the caller, which see the row", async () => {
    const seen: unknown[] = [];
    const only = (token: number) => (logits: Float32Array) => logits.map((_, id) => (id === token ? 0 : -Infinity));
    const steps = await collected([[3], [4, 5]], {
      maxNewTokens: 1,
      logitBias: { 7: 100 },
      processors: [
        (logits, { ids, promptLength, row }) =>
          void seen.push([logits.indexOf(logits.reduce((a, b) => Math.max(a, b))), [...ids], promptLength, row]),
        only(6),
      ],
    });
    expect(seen).toEqual([
      [7, [3], 1, 0],
      [7, [4, 5], 2, 1],
    ]);
    expect(steps[0]!.tokens).toEqual([6, 6]);
  });

  it("see the new tokens of their own row: a presence penalty gives each token once", async () => {
    const [tokens] = tokensByRow(await collected([3], { presencePenalty: 1000, maxNewTokens: 10 }));
    expect(new Set(tokens).size).toBe(10);
  });
});

describe("processors of generate that go wrong", () => {
  it("are refused by name when they return NaN, another length, or no Float32Array", async () => {
    const refused = (result: unknown) =>
      first({
        processors: [
          () => {},
          function broken() {
            return result as Float32Array;
          },
        ],
      }).catch(String);
    const expected =
      "ValueError: generate: processors[1] (broken) must be a function that gives a Float32Array of length 17 without NaN, got";
    expect(await refused(new Float32Array(17).fill(NaN, 4))).toBe(`${expected} NaN for token 4`);
    expect(await refused(new Float32Array(16))).toBe(`${expected} a Float32Array of length 16`);
    expect(await refused([1, 2])).toBe(`${expected} an array of length 2`);
    expect(await refused(Promise.resolve())).toBe(`${expected} an object`);
    expect(await first({ processors: "x" as never }).catch(String)).toBe(
      'ValueError: generate: processors must be an array of functions, got "x"',
    );
    expect(await first({ processors: [3 as never] }).catch(String)).toBe("ValueError: generate: processors[0] must be a function, got 3");
  });

  it("are refused when they rule out every token", async () => {
    const nothing = first({ processors: [(logits) => void logits.fill(-Infinity)] });
    await expect(nothing).rejects.toThrow(
      "generate: the largest logit must be finite, got -Infinity for token 0; the processors rule out every token",
    );
    const draw = first({ temperature: 1, topK: 2, topP: 0.5, minP: 0.1, processors: [(logits) => void logits.fill(-Infinity)] });
    await expect(draw).rejects.toThrow("the processors rule out every token");
  });
});
