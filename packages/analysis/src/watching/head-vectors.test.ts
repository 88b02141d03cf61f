import { fromTensor, padding } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { randomTensor, use, useBackend } from "@tfblocks/testkit";
import { EncoderDecoder } from "@tfblocks/transformer";
import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { attentionsOf, watchAttention } from "../models.js";
import { alone } from "../testing/alone.js";
import { type RandomCase, randomCase, randomFamilies } from "../testing/random-models.js";

beforeAll(() => useBackend("cpu"));

function watch({ model, ids, options }: RandomCase) {
  return use(
    watchAttention(model, (each): void => {
      if (each instanceof EncoderDecoder) use(each.apply(options.source!, ids, { targetMask: options.mask }));
      else use(each.hidden(ids, { mask: options.mask }));
    }),
  );
}

/** `[batch][row][column]` */
async function rows(tensor: Tensor): Promise<number[][][]> {
  return (await use(tensor).array()) as number[][][];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe.each(randomFamilies)("the vectors of heads of a random %s", (family) => {
  it("give the raw scores and, with the weights, the outputs", async () => {
    for (const seed of [1, 2, 3]) {
      const sample = randomCase(family, seed);
      const watched = watch(sample);
      for (const { name, attention } of attentionsOf(sample.model)) {
        const head = new Random(seed).integer(attention.numHeads);
        const { query, key, value } = watched.vectors(name, head);
        const [queries, keys, values] = [await rows(query), await rows(key), await rows(value)];
        const raw = (await use(watched.scores(name, { stages: ["raw"], heads: [head] }).raw!).array()) as number[][][][];
        const weights = (await use(watched.weights(name)).array()) as number[][][][];
        const outputs = (await use(watched.outputs(name, 1)).array()) as number[][][][];
        for (const [batch, lines] of queries.entries()) {
          for (const [at, own] of lines.entries()) {
            keys[batch]!.forEach((other, column) => expect(dot(own, other)).toBeCloseTo(raw[batch]![0]![at]![column]!, 4));
            if (at === 0) continue;
            outputs[batch]![head]![at - 1]!.forEach((sum, dim) => {
              const column = values[batch]!.map((each) => each[dim]!);
              expect(sum).toBeCloseTo(dot(weights[batch]![head]![at]!, column), 5);
            });
          }
        }
      }
    }
  });
});

describe("explain", () => {
  it("tells what masks, tensors of cells and no mask allow", () => {
    const model = alone();
    const x = randomTensor([2, 3, 8], 1);
    const cells = use(
      tensor2d(
        [
          [1, 0, 1],
          [1, 1, 0],
          [0, 1, 1],
        ],
        undefined,
        "bool",
      ),
    );
    const masks = { none: undefined, padding: padding({ lengths: [3, 1] }), tensor: cells, table: fromTensor(cells, { kind: "keep" }) };
    const told = Object.entries(masks).map(([name, mask]) => {
      const watched = use(watchAttention(model, (each) => use(each.attention.apply(x, x, x, { mask })).output));
      return `${name}: ${watched.explain("attention", 0, 1, 2, 1).reason}`;
    });
    expect(told).toMatchInlineSnapshot(`
      [
        "none: every query may attend to every key: there is no mask",
        "padding: query 0 may not attend to key 1: padding allows keys 0 to 0",
        "tensor: the tensor that masks the call forbids it",
        "table: query 0 may not attend to key 1: fromTensor holds false there",
      ]
    `);
  });

  it("refuses heads and cells that do not exist", () => {
    const x = randomTensor([1, 3, 8], 1);
    const watched = use(watchAttention(alone(), (each) => use(each.attention.apply(x, x, x)).output));
    expect(() => watched.vectors("attention", 4)).toThrow("WatchedAttention.vectors: head must be an integer from 0 to 3, got 4");
    expect(() => watched.explain("attention", 3, 0)).toThrow("WatchedAttention.explain: query must be an integer from 0 to 2, got 3");
    expect(() => watched.explain("attention", 0, 0, 0, 1)).toThrow("WatchedAttention.explain: batch must be");
  });
});
