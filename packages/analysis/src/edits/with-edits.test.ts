import { broadcastTo, memory, mul, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, type Edit, headsOf, inputOf, outputOf, patch, record, scale, type Site, steer, withEdits } from "../models.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const exact = { atol: 0, rtol: 0 };
const differs = (actual: Tensor, other: Tensor) => expect(expectClose(actual, other, { atol: 1e-5, rtol: 0 })).rejects.toThrow(/^tensor\[/);

/** What a site is after edits of a model. */
function valueAfter(edits: readonly Edit[], site: Site): Tensor {
  const { result, values } = use(record(withEdits(tinyModel(), edits), { site }, (watched) => watched.apply(tokens([1, 2, 3, 4]))));
  result.logits.dispose();
  return Object.values(values.site)[0]!;
}

beforeAll(() => useBackend("cpu"));

describe("the order of edits", () => {
  const sites = { input: inputOf("layers.1.attention.output"), output: outputOf("layers.1.attention.query") };
  const vector = () => randomTensor([12], 3);

  it.each(["input", "output"] as const)("of one %s is that of the list", async (side) => {
    const [site, direction] = [sites[side], vector()];
    const steered = valueAfter([ablate(site), steer(site, direction), scale(site, 2)], site);
    await expectClose(
      steered,
      use(() => broadcastTo(mul(direction, 2), [1, 4, 12])),
      exact,
    );
    await expectClose(
      valueAfter([steer(site, direction), ablate(site)], site),
      use(() => broadcastTo(mul(direction, 0), [1, 4, 12])),
      exact,
    );
  });

  it.each(["input", "output"] as const)("continues when a model is edited again, for an %s", async (side) => {
    const [site, model, ids] = [sites[side], tinyModel(), tokens([1, 2, 3])];
    const edits = [ablate(site), steer(site, vector())];
    const once = withEdits(model, edits);
    const twice = withEdits(withEdits(model, [edits[0]!]), [edits[1]!]);
    await expectClose(use(twice.apply(ids)).logits, use(once.apply(ids)).logits, exact);
    await differs(use(twice.apply(ids)).logits, use(withEdits(model, edits.toReversed()).apply(ids)).logits);
  });

  it("does not matter for a part and a part inside it", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3])];
    const edits = [
      scale(headsOf("layers.0.attention", [0, 2]), 3),
      steer(outputOf("layers.0.attention"), vector()),
      scale(inputOf("layers.0"), 2),
      scale(outputOf("layers.0.attention.value"), 2),
    ];
    const [forth, back] = [withEdits(model, edits), withEdits(model, edits.toReversed())];
    await expectClose(use(forth.apply(ids)).logits, use(back.apply(ids)).logits, exact);
    for (const left of edits) {
      const others = edits.filter((each) => each !== left);
      await differs(use(withEdits(model, others).apply(ids)).logits, use(forth.apply(ids)).logits);
    }
  });
});

describe("an edited model", () => {
  it("leaves the model as it was, shares its parameters and frees nothing", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3])];
    const before = use(model.apply(ids)).logits;
    const count = memory().numTensors;
    const edited = withEdits(model, [ablate(headsOf("layers.*.attention", 1)), scale(outputOf("layers.*.feedForward"), 0.5)]);
    expect(memory().numTensors).toBe(count);
    expect(edited.constructor).toBe(model.constructor);
    expect(Object.values(edited.parameters())).toEqual(Object.values(model.parameters()));
    await differs(use(edited.apply(ids)).logits, before);
    edited.dispose();
    await expectClose(use(model.apply(ids)).logits, before, exact);
  });

  it("keeps memory flat over 1000 calls, also when they throw", () => {
    const [model, ids, gate] = [tinyModel(), tokens([1, 2]), use(tensor1d([1, 0.5, 0]))];
    const heads = headsOf("layers.*.attention");
    const edited = withEdits(model, [scale(heads, gate), ablate(headsOf("layers.1.attention", 1))]);
    const failing = withEdits(edited, [patch(heads, randomTensor([1, 3, 12], 1))]);
    const count = memory().numTensors;
    for (let call = 0; call < 500; call++) {
      edited.apply(ids).logits.dispose();
      expect(() => failing.apply(ids)).toThrow("of length 2, as this run, got length 3");
    }
    expect(memory().numTensors).toBe(count);
  });
});

describe("what is not an edit", () => {
  it("is refused, so that no site is silently left as it is", () => {
    const edited = (edit: unknown) => () => withEdits(tinyModel(), [scale(inputOf("layers.0"), 2), edit as Edit]);
    expect(edited(headsOf("layers.0.attention", 1))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: withEdits: edits[1] must be an edit, got a site; say what to do there, for example ablate(site)]`,
    );
    expect(edited(undefined)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: withEdits: edits[1] must be an edit, got undefined; make one with ablate, patch, steer, scale, maskAttention or freezeAttention]`,
    );
  });
});

describe("a part that does not exist", () => {
  it("is answered by the names that do", () => {
    const model = tinyModel();
    const edited = (edit: Edit) => () => withEdits(model, [edit]);
    expect(edited(ablate(headsOf("layers.0.atention")))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: pattern must be the name of a part, got "layers.0.atention.output"; did you mean "layers.0.attention.output"?]`,
    );
    expect(edited(ablate(headsOf("layers.2.attention")))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: pattern must be the name of a part, got "layers.2.attention.output"; the parts of "layers" are 0, 1]`,
    );
    expect(edited(scale(outputOf("layers.*.mlp"), 2))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: scale: pattern must be the name of a part, got "layers.*.mlp"; the parts of "layers.*" are attention, attentionNorm, feedForward, feedForwardNorm]`,
    );
    expect(edited(ablate(outputOf("layers.0.attention.query.weight")))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: pattern must be the name of a block, got the parameter "layers.0.attention.query.weight"; replace the block that contains it]`,
    );
    expect(() => record(model, { site: inputOf("layer.1") }, () => {})).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: record: pattern must be the name of a part, got "layer.1"; did you mean "layers.1"?]`,
    );
  });
});
