import { memory, type Tensor } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, atPositions, headsOf, inputOf, keysOf, neuronsOf, outputOf, record, type Site, withEdits } from "../models.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const exact = { atol: 0, rtol: 0 };

beforeAll(() => useBackend("cpu"));

describe("record", () => {
  it("keeps sites without changing the result", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4], [5, 6, 7, 8])];
    const sites = {
      heads: headsOf("layers.*.attention", [2, 0]),
      stream: inputOf("layers.*"),
      last: atPositions(outputOf("layers.1"), 3),
      keys: keysOf("layers.0.attention", 1),
      neurons: neuronsOf("layers.0.feedForward", [7]),
    };
    const { result, values } = use(record(model, sites, (watched) => watched.apply(ids)));
    await expectClose(use(result).logits, use(model.apply(ids)).logits, exact);
    const shapes = Object.entries(values).map(([name, each]) => [name, Object.entries(each).map(([part, { shape }]) => [part, ...shape])]);
    expect(Object.fromEntries(shapes)).toEqual({
      heads: [
        ["layers.0.attention.output", 2, 4, 8],
        ["layers.1.attention.output", 2, 4, 8],
      ],
      stream: [
        ["layers.0", 2, 4, 12],
        ["layers.1", 2, 4, 12],
      ],
      last: [["layers.1", 2, 1, 12]],
      keys: [["layers.0.attention.key", 2, 4, 4]],
      neurons: [["layers.0.feedForward.down", 2, 4, 1]],
    });
    const hidden = use(model.apply(ids, { needHiddenStates: true })).hiddenStates!;
    await expectClose(values.stream["layers.1"]!, hidden[1]!, exact);
  });

  it("of an edited model keeps what the edits make", async () => {
    const [model, site] = [tinyModel(), headsOf("layers.1.attention", 1)];
    const { result, values } = use(record(withEdits(model, [ablate(site)]), { site }, (watched) => watched.apply(tokens([1, 2]))));
    use(result);
    await expectClose(values.site["layers.1.attention.output"]!, { shape: [1, 2, 4], data: new Float32Array(8) }, exact);
  });
});

describe("record, if a run is wrong,", () => {
  it("keeps nothing when it throws, or does not apply each part once", () => {
    const [model, ids, x] = [tinyModel(), tokens([1, 2]), randomTensor([1, 2, 12], 1)];
    const count = memory().numTensors;
    const recording =
      (run: (of: typeof model) => unknown, site = inputOf("layers.*")) =>
      () =>
        record(model, { stream: site }, run);
    const applied = (of: typeof model): Tensor => of.apply(ids).logits;
    expect(recording((of) => [applied(of), applied(of)])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: record: run must be a function that applies "layers.0" once, got a second call]`,
    );
    expect(recording((of) => of.stack.layers[0]!.apply(x).output.dispose())).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: record: run must be a function that applies "layers.1", whose values are recorded as "stream", got no call]`,
    );
    expect(recording(() => {}, inputOf("layers.2"))).toThrow('got "layers.2"');
    expect(recording((of) => of.apply(tokens([99])))).toThrow("ids must be from 0 to 10");
    expect(recording(applied, inputOf("tokenEmbedding"))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: record: the input of "tokenEmbedding" must be a float32 tensor [batch, length, width], got int32 [1, 2]]`,
    );
    expect(memory().numTensors).toBe(count);
  });

  it("refuses sites without names, and a run that is asynchronous or no function", () => {
    const [model, ids, count] = [tinyModel(), tokens([1, 2]), memory().numTensors];
    const recording = (sites: unknown, run: unknown) => () => record(model, sites as Record<string, Site>, run as () => void);
    const apply = (of: typeof model) => of.apply(ids).logits;
    expect(recording(inputOf("layers.0"), apply)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: record: sites must be an object of sites by name, got a site; pass { name: site }]`,
    );
    expect(recording([inputOf("layers.0")], apply)).toThrow("got an array of length 1; pass { name: site }");
    expect(recording({ stream: inputOf("layers.0") }, async (of: typeof model) => apply(of))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: record: run must be a synchronous function, got one that returns a promise; return tensors, and read their data after record]`,
    );
    expect(recording({ stream: inputOf("layers.0") }, undefined)).toThrow("run must be a function that applies the model, got undefined");
    expect(memory().numTensors).toBe(count);
  });
});
