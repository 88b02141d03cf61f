import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { analyzeText, type ModelTexts } from "../models.js";
import { tinyModel } from "../testing/tiny-model.js";

const text = { ids: [1, 2], tokens: ["a", "b"] };

describe("analyzeText refuses", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([
    ["a string", { text: "a b" }, 'text must be a text { ids, tokens }, got "a b"; encode it with the tokenizer of the model'],
    ["ids without tokens", { text: { ids: [1, 2] } }, "text must be a text { ids, tokens }, got an object"],
    ["a text that is not named", [1, 2], "texts must be an object, got an array of length 2"],
    ["no texts", undefined, "texts must be an object, got undefined"],
    ["an empty text", { text: { ids: [], tokens: [] } }, "text must be at least one token, got none"],
    ["too few tokens", { text: { ids: [1, 2], tokens: ["a"] } }, "text.tokens must be as many as ids, 2, got 1"],
    ["a source without an encoder", { text, source: text }, "source must be left out, as the model has no encoder"],
  ])("%s", async (_title, texts, message) => {
    const model = tinyModel();
    const before = memory().numTensors;
    await expect(analyzeText(model, texts as ModelTexts)).rejects.toThrow(`analyzeText: ${message}`);
    expect(memory().numTensors).toBe(before);
  });
});
