import { grads, sum, type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as analysis from "../models.js";
import { logitsOf, tinyModel, tokens } from "../testing/tiny-model.js";

const {
  ablate,
  editSite,
  freezeAttention,
  headsOf,
  meanOf,
  outputOf,
  patch,
  patchPath,
  record,
  resampled,
  scale,
  watchAttention,
  withEdits,
} = analysis;
const wrong = (value: unknown): never => value as never;
const attention = "layers.0.attention";

let model: LanguageModel;
let ids: Tensor;
beforeAll(() => useBackend("cpu"));
beforeEach(() => {
  [model, ids] = [tinyModel(), tokens([1, 2, 3])];
});

const applied = (edit: () => analysis.Edit) => () => void logitsOf(withEdits(model, [edit()]), ids);

describe("edits that are none", () => {
  it.each<[string, () => unknown, string]>([
    ["no model", () => withEdits(wrong(null), []), "withEdits: model must be a model, or a block with parts, got null"],
    [
      "null among the edits",
      () => withEdits(model, [wrong(null)]),
      "withEdits: edits[0] must be an edit, got null; make one with ablate, patch, steer, scale, maskAttention or freezeAttention",
    ],
    [
      "a site among the edits",
      () => withEdits(model, [wrong(headsOf(attention))]),
      "withEdits: edits[0] must be an edit, got a site; say what to do there, for example ablate(site)",
    ],
    [
      "the name of a part as site",
      () => analysis.atPositions(wrong("layers.0"), 1),
      'atPositions: site must be a site, got "layers.0"; pass outputOf("layers.0")',
    ],
    [
      "a number as replacement",
      () => ablate(outputOf("layers.1"), wrong(0)),
      "ablate: replacement must be meanOf(values) or resampled(values, { seed }), got 0; leave it out for zeros",
    ],
    [
      "no values to patch",
      () => patch(headsOf(attention), wrong(undefined)),
      "patch: values must be a tensor, or tensors by the names of parts, got undefined",
    ],
    ["no values of a mean", () => meanOf(wrong(null)), "meanOf: values must be a tensor, or tensors by the names of parts, got null"],
    [
      "no samples",
      () => resampled(wrong([]), { seed: 1 }),
      "resampled: values must be a tensor, or tensors by the names of parts, got an array of length 0",
    ],
    [
      "no weights",
      () => freezeAttention(attention, wrong(null)),
      "freezeAttention: weights must be a tensor, or tensors by the names of parts, got null",
    ],
    [
      "no change",
      () => editSite("mine", outputOf("layers.1"), wrong(3)),
      "mine: change must be a function of the value of the site, got 3",
    ],
  ])("refuses %s", (_name, call, message) => expect(call).toThrow(message));
});

describe("runs that are none", () => {
  it.each<[string, () => unknown, string]>([
    [
      "no sender",
      () => patchPath(model, wrong({ clean: () => 1, corrupt: () => 1, receiver: outputOf("head") })),
      "patchPath: site must be a site, got undefined",
    ],
    [
      "no clean run",
      () => patchPath(model, wrong({ sender: headsOf(attention), receiver: outputOf("head") })),
      "patchPath: clean must be a function that applies the model, got undefined",
    ],
    ["no sites", () => record(model, wrong(null), () => 1), "record: sites must be an object, got null"],
    [
      "no run",
      () => record(model, { a: outputOf("layers.1") }, wrong(undefined)),
      "record: run must be a function that applies the model, got undefined",
    ],
    [
      "no run to watch",
      () => watchAttention(model, wrong(undefined)),
      "watchAttention: run must be a function that applies the model, got undefined",
    ],
    [
      "no pattern to watch",
      () => watchAttention(model, () => 1, { attention: [] }),
      "watchAttention: attention must be at least one pattern, got an empty list",
    ],
    [
      "a site to watch",
      () => watchAttention(model, () => 1, { attention: wrong(headsOf(attention)) }),
      "watchAttention: pattern must be the name of a part, got an object",
    ],
  ])("refuses %s", (_name, call, message) => expect(call).toThrow(message));
});

describe("edits that do not fit when they run", () => {
  it.each<[string, () => analysis.Edit, string]>([
    ["a part that is misspelt", () => ablate(outputOf("layers.0.atention")), 'did you mean "layers.0.attention"?'],
    ["a head that does not exist", () => ablate(headsOf(attention, 3)), "ablate: heads must be an integer from 0 to 2, got 3"],
    [
      "a mean of a vector",
      () => ablate(outputOf("layers.1"), meanOf(use(zeros([12])))),
      'meanOf: values for "layers.1" must be [samples, positions, columns], got [12]',
    ],
    [
      "samples of a scalar",
      () => ablate(outputOf("layers.1"), resampled(use(tensor(1)), { seed: 1 })),
      'resampled: values for "layers.1" must be [samples, positions, columns], got []',
    ],
    ["values of another length", () => patch(headsOf(attention), use(zeros([1, 4, 12]))), "must be of length 3, as this run, got length 4"],
    [
      "a change without result",
      () =>
        editSite(
          "mine",
          outputOf("layers.1"),
          wrong(() => undefined),
        ),
      'mine: the new value for the output of "layers.1" must be a float32 tensor, got undefined',
    ],
    [
      "a change that returns a promise",
      () =>
        editSite(
          "mine",
          outputOf("layers.1"),
          wrong(async (x: Tensor) => x),
        ),
      'the new value for the output of "layers.1" must be a float32 tensor, got an object',
    ],
  ])("refuses %s, and leaves the model as it was", async (_name, edit, message) => {
    const before = await logitsOf(model, ids).data();
    expect(applied(edit)).toThrow(message);
    expect(await logitsOf(model, ids).data()).toEqual(before);
  });
});

describe("models without an edit", () => {
  it("are views, so that disposing them frees nothing", async () => {
    withEdits(model, []).dispose();
    const { changes, mean } = await analysis.lossChange(model, [], ids);
    expect([changes, mean]).toEqual([[[0, 0]], 0]);
    expect(logitsOf(model, ids).shape).toEqual([1, 3, 11]);
  });
});

describe("gradients through edits after an error", () => {
  it("are those without it", async () => {
    const gate = use(tensor([1, 1, 1]));
    const gradient = () => use(grads((each: Tensor) => tidy(() => sum(logitsOfGated(each))))([gate])[0]!);
    const logitsOfGated = (each: Tensor) => withEdits(model, [scale(headsOf(attention), each)]).apply(ids).logits;
    const before = await gradient().data();
    expect(applied(() => ablate(headsOf("layers.1.attention", 9)))).toThrow("heads must be an integer from 0 to 2, got 9");
    expect(await gradient().data()).toEqual(before);
    expect(before.some((value) => value !== 0)).toBe(true);
  });
});
