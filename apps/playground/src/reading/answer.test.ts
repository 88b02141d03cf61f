import { AllocationError, DisposedError, ValueError } from "@tfblocks/tensor-utils";
import { expect, test } from "vitest";
import { explainFailure, ModelFailure } from "../models/explain-failure.js";
import { Cancelled } from "../models/opening.js";
import { answer } from "./answer.js";
import { ReadingError } from "./reading-error.js";

const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};
const fault = { operation: "matmul", argument: "a", expected: "[2]", received: "[3]" };

test.each([
  [new ReadingError("edits", "There is no head."), "edits", "There is no head."],
  [new ModelFailure("config.json is missing"), "model", "config.json is missing."],
  [new Cancelled(), "model", "The model was closed meanwhile. Please open it again."],
  [new DisposedError(fault), "model", "The model was closed meanwhile. Please open it again."],
  [new ValueError(fault), "model", "This could not be computed. matmul: a must be [2], got [3]."],
])("%s is a sentence for the reader", async (error, field, sentence) => {
  expect(await answer(failing(error))).toEqual({ ok: false, failure: { field, sentence } });
});

test.each([
  new AllocationError(fault),
  new RangeError("Array buffer allocation failed"),
  new RangeError("Invalid typed array length: 9e15"),
])("%s says that memory is short", async (error) => {
  const sentence = "There is not enough memory for this text. Try a shorter one.";
  const failure = { field: "text", sentence, isShortOfMemory: true };
  expect(await answer(failing(error))).toEqual({ ok: false, failure });
});

test("a model that does not fit into memory says so, and that memory is short", async () => {
  const error = explainFailure(new AllocationError(fault));
  expect(error).toBeInstanceOf(ModelFailure);
  expect(await answer(failing(error))).toMatchObject({ ok: false, failure: { field: "model", isShortOfMemory: true } });
});

test("a result is handed on", async () => {
  expect(await answer(async () => ({ values: Float32Array.of(1) }))).toEqual({ ok: true, result: { values: Float32Array.of(1) } });
});
