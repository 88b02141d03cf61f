import { grads, type Tensor, zeros } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { expect, it } from "vitest";
import { expectFlatResources } from "../flat-resources.js";
import { expectNewTensors } from "../tensors.js";
import { use } from "../use.js";
import { type Attend, type AttentionSizes, prepare } from "./attention-case.js";

const emptySizes: readonly AttentionSizes[] = [
  { queryLength: 0, keyLength: 3 },
  { queryLength: 2, keyLength: 0 },
  { queryLength: 0, keyLength: 0 },
  { batch: 0 },
];

/** Lengths of 0, the tensors that a call leaves, and the resources that many calls leave. */
export function testResources(attend: Attend, calls: number): void {
  it("takes lengths of 0", async () => {
    for (const sizes of emptySizes) await checkEmpty(attend, sizes);
  });

  it("leaves one new tensor a call: its output", async () => {
    const { query, key, value, options } = prepare({ mask: masks.causal() });
    await expectNewTensors(() => attend(query, key, value, options), 1);
  });

  it(`leaves resources flat over ${calls} calls, throwing ones among them`, () => {
    const { query, key, value, options } = prepare({ mask: masks.causal(), bias: true, sizes: { batch: 1, queryLength: 4 } });
    const wrong = use(zeros([1, 1, 2, 3]));
    expectFlatResources((index) => {
      const result = attend(query, index % 3 === 0 ? wrong : key, value, {
        ...options,
        mask: index % 5 === 0 ? (zeros as never) : options.mask,
        needWeights: index % 2 === 0,
      });
      result.output.dispose();
      result.weights?.dispose();
    }, calls);
  });
}

async function checkEmpty(attend: Attend, given: AttentionSizes): Promise<void> {
  const { sizes, query, key, value } = prepare({ sizes: given });
  const { batch, heads, queryLength, keyLength, valueDim } = sizes;
  const mask = masks.causal();
  const { output, weights, logSumExp } = use(attend(query, key, value, { mask, needWeights: true, needLogSumExp: true }));
  expect([output.shape, weights!.shape, logSumExp!.shape]).toEqual([
    [batch, heads, queryLength, valueDim],
    [batch, heads, queryLength, keyLength],
    [batch, heads, queryLength],
  ]);
  expect((await output.data()).every((each) => each === 0)).toBe(true);
  const bias = use(zeros([queryLength, keyLength]));
  const average = use(attend(query, key, value, { bias, needWeights: true, averageWeights: true }));
  expect(average.weights!.shape).toEqual([batch, queryLength, keyLength]);
  const learned = [query, key, value, bias];
  const gradients = use(grads((...[q, k, v, b]: Tensor[]) => attend(q!, k!, v!, { bias: b }).output as Tensor)(learned, output));
  expect(gradients.map(({ shape }) => shape)).toEqual(learned.map(({ shape }) => shape));
  for (const each of gradients) expect((await each.data()).every((number) => number === 0)).toBe(true);
}
