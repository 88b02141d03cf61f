import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { OpenModel } from "../../../models/opened-model.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { Run } from "../../../reading/run.js";
import { taskPort } from "../../../reading/testing/task-port.js";
import { inputOf, type TinyFamily, tinyModel } from "../../../reading/testing/tiny-models.js";
import { logitsAt } from "./logits-at.js";
import type { PatchReading } from "./patch-reading.js";
import { type PatchSettings, patchLink } from "./patch-settings.js";
import { readPatches } from "./read-patches.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c d e";
const other = "a b f d e";
const families = ["gpt2", "gemma2", "sinks", "bert", "t5"] as const satisfies readonly TinyFamily[];
const settings: PatchSettings = { ...patchLink.defaults, other, right: "h", wrong: "i" };
const [right, wrong] = [10, 11]; // of "h" and "i" in the vocabulary of the tiny models

/** logit(right) − logit(wrong) at a position of the text with edits, or of another text. */
async function differenceOf(opened: OpenModel, words: string, at: number, edits: readonly EditSpec[] = []): Promise<number> {
  const run = new Run(opened, { ...inputOf(opened.info.family as TinyFamily, words), edits });
  const logits = logitsAt(run.model, run.hidden, at);
  const values = await logits.data();
  logits.dispose();
  run.dispose();
  return values[right]! - values[wrong]!;
}

async function read(opened: OpenModel, patch: Partial<PatchSettings>, words = text): Promise<PatchReading> {
  const before = memory().numTensors;
  const reading = await readPatches(opened, inputOf(opened.info.family as TinyFamily, words), { ...settings, ...patch }, taskPort());
  expect(memory().numTensors).toBe(before);
  return reading!;
}

describe.each(families)("a random %s", (family) => {
  test("the value of each head is what the same patch gives among the edits", async () => {
    const opened = tinyModel(family);
    const reading = await read(opened, { at: 2 });
    const heads = opened.info.stacks.reduce((sum, { heads: each, parts }) => sum + each * parts.length, 0);
    expect([reading.cells.length, reading.at, reading.right, reading.wrong]).toEqual([heads, 2, "h", "i"]);
    expect(reading.clean).toBeCloseTo(await differenceOf(opened, other, 2), 4);
    expect(reading.corrupt).toBeCloseTo(await differenceOf(opened, text, 2), 4);
    for (const { attention, head, value } of reading.cells.filter((_, index) => index % 3 === 0)) {
      const edit: EditSpec = { kind: "patch", part: attention!, heads: [head!], from: other };
      expect(value).toBeCloseTo(await differenceOf(opened, text, 2, [edit]), 4);
    }
  });

  test("the stream before a layer is what the layer before it puts out", async () => {
    const opened = tinyModel(family);
    const { cells } = await read(opened, { by: "position" });
    const stack = family === "t5" ? "encoder.layers" : "layers";
    const last = family === "t5" ? 3 : family === "bert" ? 6 : 4;
    for (const { position, value } of cells.filter(({ layer }) => layer === `${stack}.1`)) {
      const edit: EditSpec = { kind: "patch", part: `${stack}.0`, positions: [position!], from: other };
      expect(value).toBeCloseTo(await differenceOf(opened, text, last, [edit]), 4);
    }
  });
});

test("without names, the likeliest tokens after the two texts are compared", async () => {
  const opened = tinyModel("llama");
  const [run, otherRun] = [new Run(opened, inputOf("gpt2", text)), new Run(opened, inputOf("gpt2", "j j j j j"))];
  const likeliest = async ({ model, hidden }: Run): Promise<string> => {
    const logits = logitsAt(model, hidden, 4);
    const values = [...(await logits.data())];
    logits.dispose();
    return opened.tokenizer.texts([values.indexOf(Math.max(...values))])[0]!;
  };
  const expected = { right: await likeliest(otherRun), wrong: await likeliest(run) };
  run.dispose();
  otherRun.dispose();
  expect(expected.right).not.toBe(expected.wrong);
  expect(await read(opened, { other: "j j j j j", right: "", wrong: "" })).toMatchObject(expected);
});

test("a cancel ends the patching and leaves nothing behind", async () => {
  const opened = tinyModel("gpt2");
  const before = memory().numTensors;
  const port = taskPort(2);
  expect(await readPatches(opened, inputOf("gpt2", text), settings, port)).toBeUndefined();
  expect(port.steps).toEqual([
    ["Putting values in", 1, 6],
    ["Putting values in", 2, 6],
  ]);
  expect(memory().numTensors).toBe(before);
});

const refused: readonly (readonly [string, TinyFamily, Partial<PatchSettings>, string])[] = [
  ["another length", "gpt2", { other: "a b" }, "The other text has 2 tokens and your text has 5."],
  ["an empty text", "gpt2", { other: "" }, "The other text cannot be read: The text is empty."],
  ["a position beyond the text", "gpt2", { at: 9 }, "There is no token 9: the text has 5"],
  ["twice the same token", "gpt2", { right: "h", wrong: "h" }, "Both sides of the comparison are “h”"],
  ["a name of several tokens", "gpt2", { right: "a b" }, "“a b” is 2 tokens of this model"],
  ["a model without a head", "headless", {}, "This model predicts no tokens"],
];

test.each(refused)("refuses %s with an error message", async (_, family, patch, sentence) => {
  await expect(read(tinyModel(family), patch)).rejects.toThrow(sentence);
});
