import { tensor2d } from "@tensorflow/tfjs-core";
import { and, lastN, padding } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { decoderOf, generate } from "../generate.js";
import { t5 } from "../models.js";

const build = () => use(t5({ vocabSize: 17, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12, random: new Random(2) }));
const source = () =>
  use(
    tensor2d(
      [
        [3, 4, 5],
        [6, 7, 0],
      ],
      undefined,
      "int32",
    ),
  );

async function rowsOf(decoder: ReturnType<typeof decoderOf>, prompts: number[][]): Promise<(number | undefined)[][]> {
  const steps: (readonly (number | undefined)[])[] = [];
  for await (const { tokens } of generate(decoder, prompts, { maxNewTokens: 4 })) steps.push(tokens);
  return prompts.map((_, row) => steps.map((tokens) => tokens[row]));
}

describe("decoderOf", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([
    padding({
      keep: [
        [true, true, true],
        [true, true, false],
      ],
    }),
    padding({ lengths: [3, 2] }),
  ])("lets several prompts in succession share a source and its padding", async (sourceMask) => {
    const model = build();
    const decoder = use(decoderOf(model, source(), { sourceMask }));
    const [a, b] = await rowsOf(decoder, [[0], [0]]);
    expect(await rowsOf(decoder, [[0], [0], [0], [0]])).toEqual([a, a, b, b]);
    expect(await rowsOf(decoder, [[0], [0]])).toEqual([a, b]);
  });

  it("refuses rows that are no multiple of the sources, and masks that it cannot repeat", async () => {
    const model = build();
    const decoder = use(decoderOf(model, source()));
    await expect(rowsOf(decoder, [[0], [0], [0]])).rejects.toThrow(
      "decoderOf: ids must be a multiple of 2 rows, as there are 2 sources, got 3 rows",
    );
    const mask = and(padding({ lengths: [3, 2] }), lastN(3));
    const masked = use(decoderOf(model, source(), { sourceMask: mask }));
    await expect(rowsOf(masked, [[0], [0], [0], [0]])).rejects.toThrow(
      "decoderOf: sourceMask must be padding where rows share a source, got and",
    );
  });
});
