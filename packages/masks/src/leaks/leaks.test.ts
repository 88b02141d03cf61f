import * as tf from "@tensorflow/tfjs-core";
import { backendNames, use, useBackend } from "@tfblocks/testkit";
import { PropertyError } from "@tfblocks/tensor-utils";
import { afterAll, describe, expect, it } from "vitest";
import * as masks from "../index.js";
import { assertCausal, assertPackedIsolation, assertPaddingInvariant, LeakError, type MaskedLengths } from "../leaks.js";

const shape = [2, 6, 3] as const;

/** Each position is the mean of the inputs its mask allows: the plainest thing that attends. Masked values are left out, not weighted by 0. */
function average(x: tf.Tensor, mask: masks.Mask): tf.Tensor {
  const [batch, length, dim] = x.shape as [number, number, number];
  const values = x.dataSync();
  const output = new Float32Array(values.length);
  for (let b = 0; b < batch; b++) {
    for (let q = 0; q < length; q++) {
      const keys = Array.from({ length }, (_key, k) => k).filter((k) => mask.at(b, 0, q, k));
      for (let d = 0; d < dim; d++) {
        output[(b * length + q) * dim + d] =
          keys.reduce((sum, k) => sum + values[(b * length + k) * dim + d]!, 0) / Math.max(1, keys.length);
      }
    }
  }
  return tf.tensor(output, [batch, length, dim]);
}

/** The same with a matrix of weights, whose zeros do not stop NaN. */
function weighted(x: tf.Tensor, mask: masks.Mask): tf.Tensor {
  return tf.tidy(() => {
    const [batch, length] = x.shape as [number, number];
    const cells = tf.cast(mask.dense({ queryLength: length, keyLength: length, batch }), "float32");
    const weights: tf.Tensor3D = tf.tile(tf.reshape(cells, [mask.batch, length, length]), [batch / mask.batch, 1, 1]);
    return tf.matMul(weights, x as tf.Tensor3D);
  });
}

async function failure(check: Promise<void>): Promise<Error> {
  return check.then(
    () => {
      throw new Error("the check passed");
    },
    (error: Error) => error,
  );
}

async function leakOf(check: Promise<void>): Promise<LeakError> {
  const error = await failure(check);
  expect(error).toBeInstanceOf(LeakError);
  expect(error).toBeInstanceOf(PropertyError);
  expect(error.name).toBe("LeakError");
  return error as LeakError;
}

describe("assertCausal", () => {
  it("accepts functions that only look back, sync or async, and catches a look ahead of one position", async () => {
    await assertCausal((x) => average(x, masks.causal()), { shape });
    await assertCausal(async (x) => average(x, masks.lastN(2)), { shape });
    const leak = await leakOf(assertCausal((x) => average(x, masks.causal({ offset: 1 })), { shape }));
    expect(leak.counterexample).toMatchObject({ changed: { start: 1, end: 6 }, leaked: { position: 0 } });
    expect(leak.counterexample.difference).toBeGreaterThan(0);
    expect(leak.message).toMatch(
      /^assertCausal: output must be unchanged before position 1 when the input changes from there on, got a change of [\d.]+ at batch element [01], position 0$/,
    );
  });

  it("reports the size and position of a leak at the far end", async () => {
    const peek = (x: tf.Tensor3D) => tf.tidy(() => tf.concat([tf.slice(x, [0, 0, 0], [2, 5, 3]), tf.slice(x, [0, 0, 0], [2, 1, 3])], 1));
    const backwards = (x: tf.Tensor3D) =>
      tf.tidy(() => tf.concat([tf.slice(x, [0, 5, 0], [2, 1, 3]), tf.slice(x, [0, 1, 0], [2, 5, 3])], 1));
    const input = use(tf.ones([2, 6, 3]));
    await assertCausal(peek, input);
    const leak = await leakOf(assertCausal(backwards, input, { replaceWith: "NaN", positions: [1] }));
    expect(leak.counterexample).toEqual({ changed: { start: 1, end: 6 }, leaked: { batch: 0, position: 0 }, difference: Infinity });
  });

  it("accepts token ids and outputs of any rank", async () => {
    const sums = (x: tf.Tensor) => tf.cumsum(x, 1);
    await assertCausal(sums, { shape: [2, 5], vocabSize: 7 });
    const ids = use(tf.tensor([[0, 3, 1, 2]], [1, 4], "int32"));
    await assertCausal(sums, ids);
    await leakOf(assertCausal((x) => tf.cumsum(x, 1, false, true), ids));
    expect(ids.isDisposed).toBe(false);
  });
});

describe("assertCausal and its limits", () => {
  it("checks only the given positions", async () => {
    const jump = masks.or(masks.causal(), masks.not(masks.slidingWindow({ left: Infinity, right: 4 })));
    await assertCausal((x) => average(x, jump), { shape: [1, 5, 1] });
    expect((await leakOf(assertCausal((x) => average(x, jump), { shape }))).counterexample.changed.start).toBe(1);
    await assertCausal((x) => average(x, masks.chunked(3)), { shape }, { positions: [3] });
    await leakOf(assertCausal((x) => average(x, masks.chunked(3)), { shape }, { positions: [3, 4] }));
  });

  it("samples at most 32 of many positions, including the first", async () => {
    let calls = 0;
    await assertCausal((x) => (calls++, tf.clone(x)), { shape: [1, 500, 1] });
    expect(calls).toBe(2 + 32);
    await leakOf(assertCausal((x) => average(x, masks.or(masks.causal(), masks.padding({ lengths: [2] }))), { shape: [1, 100, 1] }));
  });

  it("allows a change within the tolerance", async () => {
    const nearly = (x: tf.Tensor) => tf.tidy(() => tf.add(tf.cumsum(x, 1), tf.mul(tf.mean(x, 1, true), 1e-6)));
    await assertCausal(nearly, { shape }, { tolerance: 1e-4 });
    await leakOf(assertCausal(nearly, { shape }));
  });
});

describe("assertPaddingInvariant", () => {
  it("accepts a masked function, also with NaN in the padding, and catches one that ignores the mask", async () => {
    await assertPaddingInvariant((x, { mask }) => average(x, mask), { shape }, { replaceWith: "NaN" });
    await assertPaddingInvariant((x, { mask }) => weighted(x, mask), { shape });
    const leak = await leakOf(assertPaddingInvariant((x) => average(x, masks.full()), { shape }, { lengths: [6, 4] }));
    expect(leak.counterexample).toMatchObject({ changed: { batch: 1, start: 4, end: 6 }, leaked: { batch: 1 } });
  });

  it("catches a weight of 0 on a value that is NaN", async () => {
    const leak = await leakOf(assertPaddingInvariant((x, { mask }) => weighted(x, mask), { shape }, { replaceWith: "NaN" }));
    expect(leak.counterexample.difference).toBe(Infinity);
  });

  it("catches a lengths vector used for the wrong batch element", async () => {
    const swapped = (x: tf.Tensor, { lengths }: MaskedLengths) => average(x, masks.padding({ lengths: lengths.toReversed() }));
    expect((await leakOf(assertPaddingInvariant(swapped, { shape }, { lengths: [2, 5] }))).counterexample.changed).toEqual({
      batch: 0,
      start: 2,
      end: 6,
    });
  });
});

describe("assertPackedIsolation", () => {
  it("accepts document masks and catches plain causal ones", async () => {
    await assertPackedIsolation((x, { mask }) => average(x, masks.and(mask, masks.causal())), { shape }, { replaceWith: "NaN" });
    const leak = await leakOf(assertPackedIsolation((x) => average(x, masks.causal()), { shape }, { lengths: [2, 4] }));
    expect(leak.counterexample).toMatchObject({ changed: { start: 0, end: 2 } });
    expect(leak.counterexample.leaked.position).toBeGreaterThanOrEqual(2);
  });

  it("catches documents cut one position too late", async () => {
    const late = (x: tf.Tensor, { lengths: [first, ...rest] }: MaskedLengths) => average(x, masks.packed([first! + 1, ...rest]));
    await leakOf(assertPackedIsolation(late, { shape }));
    await assertPackedIsolation((x, { mask }) => average(x, mask), { shape: [1, 2, 1] });
  });
});

describe("leak checkers", () => {
  it("give the same counterexample for the same seed", async () => {
    const run = async (seed: number) => (await leakOf(assertCausal((x) => average(x, masks.full()), { shape }, { seed }))).counterexample;
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it("distinguish a function that is not deterministic from one that leaks", async () => {
    let calls = 0;
    const error = await failure(assertCausal((x) => tf.tidy(() => tf.add(x, calls++)), { shape }));
    expect(error).toBeInstanceOf(PropertyError);
    expect(error).not.toBeInstanceOf(LeakError);
    expect(error.message).toMatchInlineSnapshot(
      `"assertCausal: output must be the same for the same input, got a change of 1; turn off dropout or give it a seed"`,
    );
  });

  it("reject input, options and output that they cannot check", async () => {
    const clone = (x: tf.Tensor) => tf.clone(x);
    const message = async (check: Promise<void>) => (await failure(check)).message;
    expect(await message(assertCausal(clone, { shape: [2, 1, 3] }))).toMatchInlineSnapshot(
      `"assertCausal: input must be [batch, length, ...] with length >= 2, got [2,1,3]; a single position cannot leak"`,
    );
    expect(await message(assertCausal(clone, { shape }, { positions: [6] }))).toMatchInlineSnapshot(
      `"assertCausal: positions[0] must be an integer from 1 to 5, got 6"`,
    );
    expect(await message(assertCausal(clone, { shape: [1, 3], vocabSize: 4 }, { replaceWith: "NaN" }))).toMatchInlineSnapshot(
      `"assertCausal: replaceWith must be random, got "NaN""`,
    );
    expect(await message(assertCausal(clone, { shape }, { tolerance: NaN }))).toMatch(/tolerance must be a number >= 0, got NaN/);
    expect(await message(assertCausal(clone, { shape }, { seed: 0.5 }))).toMatch(/seed must be an integer >= 0/);
    expect(await message(assertCausal((x) => tf.sum(x, 1), { shape: [2, 6, 3] }))).toMatchInlineSnapshot(
      `"assertCausal: output must be [2, 6, ...], got [2, 3]"`,
    );
    expect(await message(assertCausal((() => undefined) as never, { shape }))).toMatch(/output must be a/);
    expect(await message(assertPaddingInvariant(clone, { shape }, { lengths: [6, 6] }))).toMatchInlineSnapshot(
      `"assertPaddingInvariant: lengths must be 2 numbers up to 6, one of them less, got [6, 6]"`,
    );
    expect(await message(assertPackedIsolation(clone, { shape }, { lengths: [6] }))).toMatchInlineSnapshot(
      `"assertPackedIsolation: lengths must be at least two, with a sum up to 6, got [6]"`,
    );
  });
});

describe("leak checkers on each backend", () => {
  afterAll(() => useBackend("cpu"));

  for (const backend of backendNames) {
    it(`read from ${backend} and leak no tensor, also when the function throws`, async () => {
      await useBackend(backend);
      const input = use(tf.ones([2, 6, 3]));
      const before = tf.memory().numTensors;
      await assertCausal((x) => x, input);
      await assertCausal((x: tf.Tensor3D) => tf.cumsum(x, 1), input);
      await assertPaddingInvariant((x, { mask }) => weighted(x, mask), input);
      await leakOf(assertPackedIsolation((x) => tf.tidy(() => tf.add(x, tf.mean(x))), input));
      await failure(assertCausal(() => tf.zeros([3]), input));
      await failure(assertCausal(() => Promise.reject(new Error("no")), input));
      expect(tf.memory().numTensors).toBe(before);
    });
  }
});
