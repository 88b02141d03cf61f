import { grads, type Tensor, tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { expect, it } from "vitest";
import { expectClose, randomTensor } from "../tensors.js";
import { use } from "../use.js";
import type { Attend } from "./attention-case.js";

/** A NaN reaches only what may attend to it. */
export function testNaN(attend: Attend): void {
  it("keeps a forbidden NaN key and value from other rows, and lets an allowed one through", () => checkNaN(attend));

  it.each([undefined, 3])("keeps a NaN out of the gradients of all that may not use it, softcap %s", (softcap) =>
    checkNaNGradients(attend, softcap),
  );
}

/** Position 2 holds the NaN: rows 0 and 1 may not see it, rows 2 and 3 may. */
async function checkNaN(attend: Attend): Promise<void> {
  const [query, key, value] = [1, 2, 3].map((seed) => randomTensor([1, 1, 4, 3], seed)) as [Tensor, Tensor, Tensor];
  const [badKey, badValue] = [await withNaN(key, 2 * 3 + 1), await withNaN(value, 2 * 3 + 1)];
  const rows = (k: Tensor, v: Tensor) => outputRows(attend(query, k, v, { mask: masks.causal() }).output);
  const [clean, fromKey, fromValue] = [await rows(key, value), await rows(badKey, value), await rows(key, badValue)];
  for (const given of [fromKey, fromValue]) expect(given.slice(0, 2)).toEqual(clean.slice(0, 2));
  for (const row of fromKey.slice(2)) expect(row.every(Number.isNaN)).toBe(true);
  for (const row of fromValue.slice(2)) expect(row.map(Number.isNaN)).toEqual([false, true, false]);
  const { logSumExp } = use(attend(query, badKey, value, { mask: masks.causal(), needLogSumExp: true }));
  expect(Array.from(await logSumExp!.data(), Number.isNaN)).toEqual([false, false, true, true]);
}

/** Query 1 may attend to nothing, and nobody to key 2: NaN there changes no gradient. */
async function checkNaNGradients(attend: Attend, softcap: number | undefined): Promise<void> {
  const [query, key, value] = [1, 2, 3].map((seed) => randomTensor([1, 1, 3, 2], seed)) as [Tensor, Tensor, Tensor];
  const bias = randomTensor([3, 3], 4);
  const bad = [await withNaN(query, 2), await withNaN(key, 5), await withNaN(value, 4), await withNaN(bias, 2)];
  const [open, shut] = [
    [true, true, false],
    [false, false, false],
  ] as const;
  const mask = masks.blockPattern({ blockSize: 1, pattern: [open, shut, open] });
  const gradients = (at: Tensor[]) =>
    grads((q: Tensor, k: Tensor, v: Tensor, b: Tensor) => attend(q, k, v, { bias: b, mask, softcap }).output as Tensor)(at);
  const [expected, actual] = [gradients([query, key, value, bias]), gradients(bad)];
  for (const [index, each] of expected.entries()) await expectClose(actual[index]!, each, undefined, `gradient ${index}`);
}

async function withNaN(x: Tensor, at: number): Promise<Tensor> {
  const values = Float32Array.from(await x.data());
  values[at] = Number.NaN;
  return use(tensor(values, x.shape as [number], "float32"));
}

async function outputRows(output: Tensor4D): Promise<number[][]> {
  return (await use(output).array())[0]![0]!;
}
