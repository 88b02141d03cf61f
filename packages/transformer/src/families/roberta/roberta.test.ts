import { tensor2d } from "@tensorflow/tfjs-core";
import { modelFixture } from "@tfblocks/fixtures/models";
import { backendNames, expectClose, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { roberta } from "@tfblocks/transformer/models";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { positionsAfterPadding } from "./position-rule.js";

const sizes = { vocabSize: 9, dModel: 8, numLayers: 1, numHeads: 2, numPositions: 7 };

describe.each(backendNames)("positions of RoBERTa on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("count tokens from padId + 1 on and give padding padId", async () => {
    const ids = use(
      tensor2d(
        [
          [0, 5, 2, 1],
          [1, 0, 5, 2],
          [0, 1, 5, 1],
        ],
        undefined,
        "int32",
      ),
    );
    const rows = (offset: number) => expectNewTensors(() => use(positionsAfterPadding(1)(ids, offset)).array() as Promise<number[][]>, 1);
    expect(await rows(0)).toEqual([
      [2, 3, 4, 1],
      [1, 2, 3, 4],
      [2, 1, 3, 1],
    ]);
    expect((await rows(3))[1]).toEqual([1, 5, 6, 7]);
  });
});

describe("roberta", () => {
  beforeAll(() => useBackend("cpu"));

  it("takes inputs as long as the table without padId + 1 rows", () => {
    const model = use(roberta(sizes));
    expect(model.maxLength).toBe(5);
    const long = use(tensor2d([[2, 2, 2, 2, 2, 2]], undefined, "int32"));
    expect(() => model.apply(long)).toThrow("ids must be at most maxLength = 5 tokens long, got 6");
  });

  it("takes positions as rows of the table", async () => {
    const model = use(roberta(sizes));
    const [ids, positions] = [use(tensor2d([[3, 4, 1]], undefined, "int32")), use(tensor2d([[2, 3, 1]], undefined, "int32"))];
    const [counted, given] = [use(use(model.apply(ids)).logits), use(use(model.apply(ids, { positions })).logits)];
    await expectClose(given, counted, { atol: 0, rtol: 0 });
  });

  it("refuses a table without room for a token, and a config of another kind of model", async () => {
    expect(() => roberta({ ...sizes, padId: 6 })).toThrow("roberta: padId must be an integer from 0 to 5, got 6");
    const { config, weights } = await modelFixture("roberta-masked-lm");
    const load = async (change: object) => loadModel({ config: { ...config, ...change }, weights: await openSafetensors(weights) });
    await expect(use(load({ is_decoder: true }))).rejects.toThrow("loadModel: config.is_decoder must be false, got true");
    await expect(use(load({ position_embedding_type: "relative_key" }))).rejects.toThrow("config.position_embedding_type");
    await expect(use(load({ max_position_embeddings: 2 ** 24 }))).rejects.toThrow("got numPositions = 16777216");
  });
});
