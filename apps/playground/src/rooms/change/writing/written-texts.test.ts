import { expect, test } from "vitest";
import type { Outcome } from "../../../compute/outcome.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { Continuation } from "../../../reading/readings.js";
import { firstDifference, writeTexts } from "./written-texts.js";

const written = (...ids: number[]): Continuation => ({
  tokens: ids.map((id) => ({ id, text: String(id), probability: 1 })),
  added: ids.join(" "),
  isEnded: false,
  isFull: false,
});
const input: ReadingInput = {
  model: "m",
  text: "a",
  answer: "b",
  edits: [{ kind: "ablate", part: "layers.0.attention", heads: [0], by: "zero" }],
};

test("the model writes its whole answer, without the edits and with them", async () => {
  const asked: ReadingInput[] = [];
  const outcome = await writeTexts(input, async (each) => {
    asked.push(each);
    return { ok: true, result: written(each.edits.length) };
  });
  expect(asked).toEqual([
    { ...input, answer: "", edits: [] },
    { ...input, answer: "" },
  ]);
  expect(outcome).toEqual({ ok: true, result: { before: written(0), after: { ok: true, result: written(1) } } });
});

test("a failure of the edits leaves what is written without them, and a cancel leaves nothing", async () => {
  const failure: Outcome<Continuation> = { ok: false, failure: { field: "edits", sentence: "No." } };
  const failing = await writeTexts(input, async ({ edits }) => (edits.length === 0 ? { ok: true, result: written(1) } : failure));
  expect(failing).toEqual({ ok: true, result: { before: written(1), after: failure } });
  expect(await writeTexts(input, async ({ edits }) => (edits.length === 0 ? { ok: true, result: written(1) } : undefined))).toBeUndefined();
});

test("the first token that differs is found, also behind the end of the other text", () => {
  expect([
    firstDifference(written(1, 2), written(1, 3)),
    firstDifference(written(1), written(1, 3)),
    firstDifference(written(1, 2), written(1)),
  ]).toEqual([1, 1, 1]);
});
