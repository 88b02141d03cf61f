import { add, memory, mul, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { replaceParts } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel, TransformerLayer } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ablate,
  attributeLogits,
  type Edit,
  editSite,
  headsOf,
  neuronsOf,
  patch,
  queriesOf,
  record,
  scale,
  type SiteValues,
  steer,
  type LogitAttribution,
  outputOf,
  withEdits,
} from "../models.js";

let model: LanguageModel;
beforeAll(async () => {
  await useBackend("cpu");
  model = gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
});
afterAll(() => model.dispose());

const idsOf = (rows: number[][]) => use(tensor2d(rows, [rows.length, rows[0]!.length], "int32"));
const valueOf = ({ components }: LogitAttribution, name: string) => components.find((each) => each.name === name)?.value;

const followed: readonly [string, (values: SiteValues, vector: Tensor) => Edit][] = [
  ["heads patched", (values) => patch(headsOf("layers.0.attention"), values)],
  ["a head doubled", () => scale(headsOf("layers.1.attention", 2), 2)],
  ["a head steered", (_values, vector) => steer(headsOf("layers.1.attention", 0), vector)],
  ["neurons ablated", () => ablate(neuronsOf("layers.0.feedForward", [0, 7, 19]))],
  ["queries doubled", () => scale(queriesOf("layers.0.attention", 1), 2)],
];

describe("attributeLogits of edited models", () => {
  it("gives an ablated head nothing, and sums to the logit of the edited model", async () => {
    const ids = idsOf([[1, 2, 3]]);
    const edited = withEdits(model, [ablate(headsOf("layers.0.attention", 1)), ablate(outputOf("layers.1.feedForward"))]);
    const [attribution] = await attributeLogits(edited, ids, { token: 4 });
    const logits = await use(edited.apply(ids)).logits.data();
    expect(attribution!.sum).toBeCloseTo(logits[2 * 11 + 4]!, 5);
    expect(valueOf(attribution!, "L0·H1")).toBe(0);
    expect(valueOf(attribution!, "layers.1.feedForward")).toBe(0);
    expect(valueOf(attribution!, "L0·H0")).not.toBe(0);
  });

  it.each(followed)("follows %s", async (_title, editOf) => {
    const ids = idsOf([[1, 2, 3]]);
    const other = use(record(model, { heads: headsOf("layers.0.attention") }, (watched) => use(watched.hidden(idsOf([[4, 5, 6]])))));
    const edited = withEdits(model, [editOf(other.values.heads, use(tensor1d([3, -1, 2, 0.5])))]);
    const attributions = await attributeLogits(edited, ids, { token: 4, at: [0, 2], neuronGroup: 1 });
    const [logits, plain] = [await use(edited.apply(ids)).logits.data(), await use(model.apply(ids)).logits.data()];
    for (const { position, sum } of attributions) expect(sum).toBeCloseTo(logits[position * 11 + 4]!, 5);
    expect(Math.abs(logits[2 * 11 + 4]! - plain[2 * 11 + 4]!)).toBeGreaterThan(1e-5);
  });

  it("takes any residual rule that is affine once its norms are frozen", async () => {
    const doubled = replaceParts<LanguageModel, TransformerLayer>(model, "layers.1", (layer) =>
      layer.remake({ residual: { ...layer.residual, join: (x: Tensor, y: Tensor) => mul(add(x, y), 2) } }),
    );
    const ids = idsOf([[5, 6]]);
    const [attribution] = await attributeLogits(doubled, ids, { token: 4, minus: 9 });
    const logits = await use(doubled.apply(ids)).logits.data();
    expect(attribution!.sum).toBeCloseTo(logits[11 + 4]! - logits[11 + 9]!, 5);
  });

  it("names a part that is not the sum of its parts", async () => {
    const added = (site: ReturnType<typeof outputOf>) => withEdits(model, [editSite("test", site, (value) => mul(add(value, 1), 3))]);
    const ids = idsOf([[1, 2]]);
    const before = memory().numTensors;
    await expect(attributeLogits(added(outputOf("layers.0")), ids, { token: 4 })).rejects.toThrow(
      'attributeLogits: "layers.0.feedForward" must be a sum',
    );
    await expect(attributeLogits(added(outputOf("layers.1.attention")), ids, { token: 4 })).rejects.toThrow(
      '"layers.1.attention.output" must be',
    );
    await expect(attributeLogits(added(outputOf("head")), ids, { token: 4 })).rejects.toThrow('"head" must be a sum of its inputs');
    expect(memory().numTensors).toBe(before);
  });
});
