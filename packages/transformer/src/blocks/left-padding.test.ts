import { tensor2d } from "@tensorflow/tfjs-core";
import { and, causal, padding, prefixLM } from "@tfblocks/masks";
import { Random, replaceParts } from "@tfblocks/tensor-utils";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { slice } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { generate } from "../generate.js";
import { bert, gpt2, llama, t5 } from "../models.js";
import type { TransformerLayer } from "./transformer-layer.js";

const sizes = { vocabSize: 17, dModel: 8, numLayers: 1, numHeads: 2, random: new Random(4) };
const left = padding({
  keep: [
    [true, true, true],
    [false, true, true],
  ],
});
const ids = () =>
  use(
    tensor2d(
      [
        [1, 2, 3],
        [0, 2, 3],
      ],
      undefined,
      "int32",
    ),
  );

beforeAll(() => useBackend("cpu"));

describe("padding on the left", () => {
  it("is refused without positions where they are learned, and gives the logits of the row alone with them", async () => {
    const model = use(gpt2({ ...sizes, maxLength: 12 }));
    const refused =
      /LanguageModel.apply: positions must be given where the mask hides the start of a row, got none, and row 1 is padded on the left; pass those/;
    expect(() => model.apply(ids(), { mask: left })).toThrow(refused);
    expect(() => model.hidden(ids(), { mask: and(left, causal()) })).toThrow(refused);
    const positions = use(
      tensor2d(
        [
          [0, 1, 2],
          [0, 0, 1],
        ],
        undefined,
        "int32",
      ),
    );
    const { logits } = use(model.apply(ids(), { mask: left, positions }));
    const alone = use(model.apply(use(tensor2d([[2, 3]], undefined, "int32"))));
    await expectClose(use(slice(logits, [1, 1, 0], [1, 2, 17])), alone.logits, { atol: 1e-6, rtol: 1e-5 });
  });

  it("is no other than without it where positions are relative, and where transformers counts it: in encoders", () => {
    use(use(llama({ ...sizes, hiddenDim: 12 })).apply(ids(), { mask: left }));
    use(use(bert({ ...sizes, maxLength: 12 })).apply(ids(), { mask: left }));
  });

  it("is told from padding on the right and from rows of padding alone", () => {
    const model = use(gpt2({ ...sizes, maxLength: 12 }));
    use(model.apply(ids(), { mask: padding({ lengths: [3, 1] }) }));
    use(model.apply(ids(), { mask: padding({ lengths: [3, 0] }) }));
  });
});

describe("isCausal", () => {
  it("says whether tokens attend to later ones, and generate refuses such a model", async () => {
    const [encoder, decoder] = [use(bert({ ...sizes, maxLength: 12 })), use(llama({ ...sizes, hiddenDim: 12 }))];
    expect([encoder.isCausal, decoder.isCausal]).toEqual([false, true]);
    const write = async (model: typeof encoder) => generate(model, [1, 2]).next();
    await expect(write(encoder)).rejects.toThrow(
      "generate: model must be a model that predicts the next token, got one whose tokens attend to later ones; an encoder such as BERT does not generate",
    );
    expect([t5Parts().encoder, t5Parts().decoder]).toEqual([false, true]);
  });

  it("follows the masks of the layers, whatever family they are from", async () => {
    const decoder = use(llama({ ...sizes, hiddenDim: 12 }));
    const withMask = (mask: TransformerLayer["mask"]) =>
      use(replaceParts(decoder, "layers.*", (layer: TransformerLayer) => layer.remake({ mask })));
    expect(withMask(undefined).isCausal).toBe(false);
    expect(withMask(prefixLM(2)).isCausal).toBe(true);
  });
});

function t5Parts(): { encoder: boolean; decoder: boolean } {
  const { encoder, decoder } = use(t5({ ...sizes, hiddenDim: 12 }));
  return { encoder: encoder.isCausal, decoder: decoder.isCausal };
}
