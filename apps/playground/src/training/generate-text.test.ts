import { use, useBackend } from "@tfblocks/testkit";
import { Random } from "@tfblocks/tensor-utils";
import { beforeAll, expect, test } from "vitest";
import { generateText } from "./generate-text.js";
import { planOf } from "./plan-of.js";
import { textDefaults } from "./run-settings.js";

const going = { step: () => Promise.resolve(true) };

beforeAll(() => useBackend("cpu"));

test("tokens of the prompt that are not in the vocabulary are counted", async () => {
  const sizes = { ...textDefaults, tokens: "characters", context: 16 } as const;
  const source = { kind: "text", text: "abc ".repeat(300), sizes } as const;
  const plan = (await planOf({ source, steps: 1, batchSize: 1, learningRate: 1e-3, seed: 0 }, going))!;
  const model = use(plan.build(new Random(0)));
  const settings = { temperature: 0, maxTokens: 2, seed: 0 };
  expect((await generateText(model, plan, { ...settings, prompt: "a☃bé" })).unknownTokens).toBe(2);
  expect((await generateText(model, plan, { ...settings, prompt: "abc" })).unknownTokens).toBe(0);
});
