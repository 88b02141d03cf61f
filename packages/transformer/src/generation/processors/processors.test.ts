import { processorFixtures } from "@tfblocks/fixtures/generation";
import { type GenerationContext, generationOptions, logitBias, type LogitsProcessor } from "@tfblocks/transformer/generate";
import { openSafetensors } from "@tfblocks/weights";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import {
  frequencyPenalty,
  minLength,
  minNewTokens,
  minP,
  noRepeatNgram,
  presencePenalty,
  repetitionPenalty,
  temperature,
  topK,
  topP,
} from "../../generate.js";
import { samplingOf } from "../search/sampling.js";
import { applyProcessors } from "./logits-processor.js";
import { processorsOf } from "./processing-options.js";

const context = (ids: number[], promptLength = ids.length): GenerationContext => ({ ids, promptLength, row: 0 });
const after = (processor: LogitsProcessor, logits: number[], ids: number[] = [0], promptLength = ids.length) =>
  Array.from(applyProcessors([processor], new Float32Array(logits), context(ids, promptLength)));

beforeAll(() => useBackend("cpu"));

describe("logits processors", () => {
  it("give exactly the logits of transformers for every case of the fixture", async () => {
    const { cases, tensors } = await processorFixtures();
    const reader = await openSafetensors(tensors);
    expect(cases.length).toBeGreaterThanOrEqual(200);
    for (const [index, { name, config, ids, promptLength }] of cases.entries()) {
      const options = generationOptions(config);
      const all = [...processorsOf("test", options, options.stopTokens ?? []), ...samplingOf("test", options).processors];
      const [logits, expected] = [await valuesOf(reader, `${index}.logits`), await valuesOf(reader, `${index}.processed`)];
      const actual = applyProcessors(all, logits, context(ids, promptLength));
      expect([name, ...numbers(actual)]).toEqual([name, ...numbers(expected)]);
    }
    await reader.close();
  });

  it("subtract the penalties of OpenAI's API from tokens that were generated before", () => {
    expect(after(presencePenalty(0.5), [1, 2, 3, 4], [0, 1, 2, 2], 1)).toEqual([1, 1.5, 2.5, 4]);
    expect(after(frequencyPenalty(0.5), [1, 2, 3, 4], [0, 1, 2, 2], 1)).toEqual([1, 1.5, 2, 4]);
    expect(after(frequencyPenalty(-2), [1, 2], [0, 1, 1], 1)).toEqual([1, 6]);
  });

  it("keep as many tokens as asked for in any case", () => {
    expect(after(topK(1, { minTokensToKeep: 2 }), [1, 2, 3])).toEqual([-Infinity, 2, 3]);
    expect(after(topP(0.01, { minTokensToKeep: 2 }), [1, 2, 3])).toEqual([-Infinity, 2, 3]);
    expect(after(minP(1, { minTokensToKeep: 2 }), [1, 2, 3])).toEqual([-Infinity, 2, 3]);
  });

  it("keep tokens as likely as the last of topK, and the larger ids of a tie in topP, as transformers does", () => {
    expect(after(topK(1), [2, 1, 2, 2])).toEqual([2, -Infinity, 2, 2]);
    expect(after(topP(0.5), [1, 1, 1, 1])).toEqual([-Infinity, -Infinity, 1, 1]);
    expect(after(topP(1), [-200, 0])).toEqual([-200, 0]);
  });

  it("treat -0 like 0", () => {
    expect(after(topK(2), [-0, -1, 0, -2])).toEqual([-0, -Infinity, 0, -Infinity]);
    expect(after(topP(0.4), [0, -0])).toEqual([-Infinity, -0]);
  });
});

describe("logits processors, given wrong arguments,", () => {
  it("refuse values out of range by name", () => {
    expect(() => topK(0)).toThrow("topK: k must be an integer >= 1, got 0");
    expect(() => topP(1.1)).toThrow("topP: p must be a number in [0, 1], got 1.1");
    expect(() => minP(NaN)).toThrow("minP: p must be a number in [0, 1], got NaN");
    expect(() => temperature(0)).toThrow("temperature: value must be a finite float32 number > 0, got 0");
    expect(() => repetitionPenalty(-1)).toThrow("repetitionPenalty: penalty must be a finite float32 number > 0, got -1");
    expect(() => presencePenalty(Infinity)).toThrow("presencePenalty: penalty must be a finite float32 number, got Infinity");
    expect(() => noRepeatNgram(0)).toThrow("noRepeatNgram: size must be an integer >= 1, got 0");
    expect(() => minLength(-1, [])).toThrow("minLength: length must be an integer >= 0, got -1");
    expect(() => minNewTokens(0.5, [])).toThrow("minNewTokens: count must be an integer >= 0, got 0.5");
    expect(() => topK(1, { min: 2 } as never)).toThrow('topK: unknown option "min"; known options: minTokensToKeep');
    expect(() => logitBias({ 3: NaN })).toThrow("logitBias: the bias of token 3 must be a finite float32 number or -Infinity, got NaN");
    for (const nothing of [null, 3, NaN, true, "", new Set([3])]) {
      expect(() => logitBias(nothing as never)).toThrow("logitBias: biases must be an object with a bias for each token, or an array, got");
    }
    expect(() => logitBias(new Map([[3, 1]]) as never)).toThrow("convert it with Object.fromEntries");
    expect(() => logitBias([{ ids: [], bias: 1 }])).toThrow(
      "logitBias: biases[0].ids must be an array of at least one id, got an array of length 0",
    );
    expect(() => after(logitBias({ 9: 1 }), [1, 2])).toThrow("logitBias: ids must be tokens from 0 to 1, got 9");
  });
});

/** As numbers, so that -0 is 0. */
const numbers = (values: Float32Array) => Array.from(values, (value) => value + 0);

async function valuesOf(reader: Awaited<ReturnType<typeof openSafetensors>>, name: string): Promise<Float32Array> {
  const tensor = await reader.read(name);
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}
