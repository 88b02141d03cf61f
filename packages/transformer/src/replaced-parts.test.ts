import { memory, mul, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { borrowed, Linear, Random, replaceParts } from "@tfblocks/tensor-utils";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { goldenModel } from "./testing/golden-model.js";

const close = { atol: 1e-6, rtol: 1e-6 };
const numHeads = 3; // of the fixture

/** 1 for the columns that a projection reads of the other heads, 0 for those of one. */
const withoutHead = (head: number, width: number): Tensor =>
  tensor1d(Array.from({ length: width }, (_, at) => (Math.floor((at * numHeads) / width) === head ? 0 : 1)));

const logitsOf = (model: LanguageModel): Tensor => use(model.apply(use(tensor2d([[3, 1, 4, 1, 5]], [1, 5], "int32")))).logits;

/** The logits of a second copy of the model with one parameter set by hand. */
async function logitsByHand(name: string, value: (parameter: Tensor) => Tensor): Promise<Tensor> {
  const copy = use(await goldenModel("gpt2")).loaded.model as LanguageModel;
  copy.loadStateDict({ [name]: use(value(copy.parameters()[name]!)) }, { strict: false });
  const logits = use(logitsOf(copy));
  copy.dispose();
  return logits;
}

let model: LanguageModel;
beforeAll(async () => {
  await useBackend("cpu");
  model = (await goldenModel("gpt2")).loaded.model as LanguageModel;
});

describe("a loaded GPT-2 with parts replaced", () => {
  it("can ablate one head, as if its columns of the output projection were 0, without copying anything", async () => {
    const own = use(logitsOf(model));
    const open = use(withoutHead(1, 36));
    const held = memory().numBytes;
    const ablated = use(
      replaceParts(model, "layers.0.attention.output", (output: Linear) =>
        borrowed(output, (inner) => ({ apply: (x: Tensor) => inner.apply(use(mul(x, open))) })),
      ),
    );
    expect(memory().numBytes).toBe(held);
    const expected = use(await logitsByHand("layers.0.attention.output.weight", (weight) => mul(weight, open)));
    await expectClose(logitsOf(ablated), expected, close);
    await expect(expectClose(logitsOf(ablated), own, close)).rejects.toThrow(/^tensor\[/);
    ablated.dispose();
    await expectClose(logitsOf(model), own, { atol: 0, rtol: 0 });
  });

  it("can use another projection, which is the only memory added", async () => {
    const before = memory().numBytes;
    const query = use(new Linear({ inFeatures: 36, outFeatures: 36, random: new Random(5) }));
    const added = memory().numBytes - before;
    const other = use(replaceParts(model, "layers.1.attention.query", () => query));
    expect(memory().numBytes - before).toBe(added);
    const name = "layers.1.attention.query";
    const copy = use(await goldenModel("gpt2")).loaded.model as LanguageModel;
    copy.loadStateDict({ [`${name}.weight`]: query.weight, [`${name}.bias`]: query.bias! }, { strict: false });
    await expectClose(logitsOf(other), logitsOf(copy), { atol: 0, rtol: 0 });
    expect(Object.keys(other.parameters())).toEqual(Object.keys(model.parameters()));
    copy.dispose();
    other.dispose();
    expect(query.weight.isDisposed).toBe(true);
  });

  it("matches the part of every layer with a star", () => {
    const names: string[] = [];
    use(
      replaceParts(model, "layers.*.feedForward.up", (part, name) => {
        names.push(name);
        return part;
      }),
    );
    expect(names).toEqual(["layers.0.feedForward.up", "layers.1.feedForward.up"]);
  });
});
