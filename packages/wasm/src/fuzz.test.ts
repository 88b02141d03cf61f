import { elementwiseSweep, fuzzKernel, fuzzRows, imageSweep, layoutSweep, listSweep, startWasm } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";

// Compares calls on the CPU backend of tfjs and on this one. TFBLOCKS_FUZZ_CASES=20000 runs more cases, and
// TFBLOCKS_FUZZ=Sum:17 only the case that a failure names.
const environment = typeof process === "object" ? process.env : {};
const total = Number(environment["TFBLOCKS_FUZZ_CASES"] ?? 1500);
const [onlyKernel, onlySeed] = environment["TFBLOCKS_FUZZ"]?.split(":") ?? [];

const rowsHere = fuzzRows.filter(({ kernelName }) => onlyKernel === undefined || kernelName === onlyKernel);
const count = Math.ceil(total / fuzzRows.length);
const seeds = onlySeed === undefined ? Array.from({ length: count }, (_, seed) => seed) : [Number(onlySeed)];

describe("the kernels of setupWasm agree with tfjs's CPU backend", () => {
  beforeAll(async () => {
    await startWasm({ threads: 2 });
  });

  for (const row of rowsHere) {
    test(`${row.kernelName}, on any shape, axis and type`, async () => {
      expect(await fuzzKernel(row, "wasm", seeds)).toBeUndefined();
    });
  }

  test("every replaced and every added kernel has cases", async () => {
    const { replaced, added } = await startWasm({ threads: 2 });
    const known = fuzzRows.map(({ kernelName }) => kernelName);
    const swept = [...elementwiseSweep(), ...layoutSweep(), ...imageSweep(), ...listSweep()].map(({ kernelName }) => kernelName); // in sweep.test.ts
    expect([...replaced, ...added].filter((name) => !known.includes(name) && !swept.includes(name))).toEqual([]);
  });
});
