import { useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { generate, type GenerateOptions, type GeneratedStep } from "../generate.js";
import { expectedOf, goldenModel } from "../testing/golden-model.js";
import type { LanguageModel } from "../index.js";

beforeAll(() => useBackend("cpu"));

describe("log-probabilities", () => {
  const steps = async (model: LanguageModel, prompts: number[][], options: GenerateOptions) => {
    const all: GeneratedStep[] = [];
    for await (const step of generate(model, prompts, options)) all.push(step);
    return all;
  };

  it("are those of the logits of transformers, for the chosen and the likeliest tokens", async () => {
    const { loaded, fixture } = use(await goldenModel("gpt2"));
    const rows = (await use(await expectedOf(fixture))["unpadded.logits"]!.array()) as number[][][];
    const [step] = await steps(loaded.model as LanguageModel, fixture.case.inputs.unpadded.input_ids, { logProbs: 3, maxNewTokens: 1 });
    for (const [row, { logProb, top }] of step!.logProbs!.map((each) => each!).entries()) {
      const last = rows[row]!.at(-1)!;
      const total = Math.log(last.reduce((sum, each) => sum + Math.exp(each), 0));
      const order = last.map((each, token) => ({ token, logProb: each - total })).toSorted((a, b) => b.logProb - a.logProb);
      expect(top.map(({ token }) => token)).toEqual(order.slice(0, 3).map(({ token }) => token));
      top.forEach((each, at) => expect(each.logProb).toBeCloseTo(order[at]!.logProb, 4));
      expect(logProb).toBe(top[0]!.logProb);
      expect(step!.tokens[row]).toBe(top[0]!.token);
    }
  });

  it("are those before the processors, none for a row that has ended, and absent unless asked for", async () => {
    const { loaded } = use(await goldenModel("gpt2"));
    const model = loaded.model as LanguageModel;
    const [plain] = await steps(model, [[5]], { logProbs: 0, maxNewTokens: 1 });
    const [first] = plain!.tokens;
    const all = await steps(model, [[5], [5, 6]], {
      logProbs: 1,
      maxNewTokens: 3,
      logitBias: { [first!]: -50 },
      stopWhen: ({ row }) => row === 0,
    });
    expect(all[0]!.tokens[0]).not.toBe(first);
    expect(all[0]!.logProbs![0]!.top[0]!.token).toBe(first);
    expect(all[0]!.logProbs![0]!.logProb).toBeLessThan(all[0]!.logProbs![0]!.top[0]!.logProb);
    expect(plain!.logProbs![0]!.top).toEqual([]);
    expect(all[1]!.logProbs![0]).toBeUndefined();
    expect((await steps(model, [[5]], { maxNewTokens: 1 }))[0]).not.toHaveProperty("logProbs");
    await expect(steps(model, [[5]], { logProbs: -1 })).rejects.toThrow("generate: logProbs must be an integer >= 0, got -1");
  });
});
