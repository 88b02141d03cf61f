import { positionalFixture } from "@tfblocks/fixtures";
import { AllocationError } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, expectNewTensors, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { alibiBias, alibiSlopes } from "./alibi.js";

describe("alibiSlopes", () => {
  it.each(positionalFixture.alibi.map(({ numHeads, slopes }) => [numHeads, slopes] as const))(
    "equal those of the paper's code for %i heads",
    (numHeads, slopes) => {
      const found = alibiSlopes(numHeads);
      expect(found.length).toBe(numHeads);
      for (const [head, slope] of slopes.entries()) expect(Math.abs(found[head]! / slope - 1)).toBeLessThan(1e-7);
    },
  );

  it("reject half a head", () => {
    expect(() => alibiSlopes(2.5)).toThrow("alibiSlopes: numHeads must be an integer >= 1, got 2.5");
  });
});

describe.each(backendNames.map((name) => [name]))("alibiBias on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    { numHeads: 3, queryLength: 4, keyLength: 4 },
    { numHeads: 8, queryLength: 1, keyLength: 5, queryOffset: 4 },
    { numHeads: 1, queryLength: 3, keyLength: 2, queryOffset: 1, keyOffset: 7 },
    { numHeads: 2, queryLength: 0, keyLength: 3 },
    { numHeads: 2, queryLength: 3, keyLength: 0 },
  ])("decreases with the distance in %j", async (sizes) => {
    const { numHeads, queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = sizes;
    const bias = await expectNewTensors(() => alibiBias(sizes), 1);
    const data = [...alibiSlopes(numHeads)].flatMap((slope) =>
      Array.from({ length: queryLength * keyLength }, (_, cell) => {
        const [query, key] = [Math.floor(cell / keyLength), cell % keyLength];
        return -slope * Math.abs(queryOffset + query - (keyOffset + key));
      }),
    );
    await expectClose(bias, { shape: [1, numHeads, queryLength, keyLength], data }, { atol: 0, rtol: 1e-7 });
  });
});

describe("alibiBias", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid arguments by name", () => {
    const sizes = { numHeads: 2, queryLength: 3, keyLength: 3 };
    expect(() => alibiBias({ ...sizes, numHeads: 0 })).toThrow("alibiBias: numHeads must be an integer >= 1, got 0");
    expect(() => alibiBias({ ...sizes, keyLength: -1 })).toThrow("alibiBias: keyLength must be an integer >= 0, got -1");
    expect(() => alibiBias({ ...sizes, queryOffset: 0.5 })).toThrow("alibiBias: queryOffset must be an integer >= 0, got 0.5");
    expect(() => alibiBias({ ...sizes, offset: 1 } as never)).toThrow(
      'alibiBias: unknown option "offset"; known options: numHeads, queryLength, keyLength, queryOffset, keyOffset',
    );
    expect(() => alibiBias({ numHeads: 64, queryLength: 1e5, keyLength: 1e5 })).toThrow(AllocationError);
  });
});
