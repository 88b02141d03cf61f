import type { Tensor } from "@tensorflow/tfjs-core";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { atPositions, headsOf, inputOf, keysOf, outputOf, patch, record, type Site, type SiteValues, withEdits } from "../models.js";
import { logitsOf, tinyModel, tokens, valuesOf } from "../testing/tiny-model.js";

const exact = { atol: 0, rtol: 0 };
let model: LanguageModel;
let clean: Tensor;
let corrupt: Tensor;

beforeAll(() => useBackend("cpu"));
beforeEach(() => {
  model = tinyModel();
  [clean, corrupt] = [tokens([1, 2, 3, 4], [9, 8, 7, 6], [5, 5, 5, 5]), tokens([1, 7, 3, 2], [4, 4, 2, 6], [1, 2, 1, 2])];
});

const patched = (site: Site) => withEdits(model, [patch(site, valuesOf(model, site, clean))]);

describe("patch", () => {
  it.each([inputOf("layers.0"), outputOf("layers.1")])("of the whole stream ($part) gives the other run", async (site) => {
    await expectClose(logitsOf(patched(site), corrupt), logitsOf(model, clean), exact);
  });

  it.each([inputOf("layers.0"), headsOf("layers.0.attention", 1), keysOf("layers.1.attention", [2, 0])])(
    "by the values of the same run ($part) changes nothing",
    async (site) => {
      await expectClose(logitsOf(patched(site), clean), logitsOf(model, clean), exact);
      await expect(expectClose(logitsOf(patched(site), corrupt), logitsOf(model, corrupt), { atol: 1e-5, rtol: 0 })).rejects.toThrow(
        /^tensor\[/,
      );
    },
  );

  it("of some positions and columns changes only these", async () => {
    const [all, part] = [headsOf("layers.0.attention"), "layers.0.attention.output"];
    const expected = (await valuesOf(model, all, corrupt)[part]!.array()) as number[][][];
    const others = (await valuesOf(model, all, clean)[part]!.array()) as number[][][];
    for (const [row, each] of expected.entries()) {
      for (const position of [1, 3]) {
        for (const column of [0, 1, 2, 3, 8, 9, 10, 11]) each[position]![column] = others[row]![position]![column]!;
      }
    }
    const edited = patched(atPositions(headsOf("layers.0.attention", [2, 0]), [3, 1]));
    await expectClose(valuesOf(edited, all, corrupt)[part]!, { shape: [3, 4, 12], data: expected.flat(2) }, exact);
  });
});

describe("what patch refuses", () => {
  it("is named by both lengths, and by what was not recorded", () => {
    const site = inputOf("layers.1");
    const values = valuesOf(model, site, tokens([1, 2, 3]));
    const run = (at: Site) => () => withEdits(model, [patch(at, values)]).apply(tokens([1, 2, 3, 4]));
    expect(run(site)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: patch: values for "layers.1" must be of length 4, as this run, got length 3; use a run of the same length, or choose positions with atPositions]`,
    );
    expect(run(inputOf("layers.0"))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: patch: values must be a tensor, or tensors by name with one for "layers.0", got "layers.1"]`,
    );
    expect(run(atPositions(site, 4))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: patch: positions must be an integer from 0 to 3, got 4]`,
    );
  });

  it("says where the values are in a recording", () => {
    const [site, ids] = [inputOf("layers.1"), tokens([1, 2])];
    const recording = record(model, { stream: site }, (watched) => use(watched.apply(ids).logits));
    const run = (values: object) => () => withEdits(model, [patch(site, values as SiteValues)]).apply(ids);
    expect(run(recording)).toThrow("pass the values of one site of the recording: recording.values[site]");
    expect(run(recording.values)).toThrow("pass the values of one site, here values.stream");
    recording.dispose();
  });
});
