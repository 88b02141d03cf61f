import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/**
 * Asserts that a computation gives the same bits with 1, 2 and 3 threads.
 *
 * @param start starts the backend with so many threads; no tensors may live in it
 */
export async function expectSameBits(
  start: (threads: number) => Promise<{ readonly refusals: readonly string[] }>,
  run: () => Tensor[],
): Promise<void> {
  const results: (readonly Uint8Array[])[] = [];
  for (const threads of [2, 3, 1]) {
    const { refusals } = await start(threads);
    expect(refusals.filter((each) => each.includes("holds tensors"))).toEqual([]);
    results.push(bitsOf(run));
  }
  const [two, three, one] = results;
  one!.forEach((expected, index) => {
    expect(sameBytes(two![index]!, expected), `output ${index} with 2 threads`).toBe(true);
    expect(sameBytes(three![index]!, expected), `output ${index} with 3 threads`).toBe(true);
  });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function bitsOf(run: () => Tensor[]): Uint8Array[] {
  const outputs = tidy(run);
  const bits = outputs.map((each) => new Uint8Array(each.dataSync().slice().buffer));
  for (const each of outputs) each.dispose();
  return bits;
}
