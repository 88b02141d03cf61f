import { randomNormal } from "@tensorflow/tfjs-core";
import { RMSNorm } from "@tfblocks/norm";
import { Linear, Random } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, describeBlock, expectClose, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { Normed } from "./normed.js";

const make = () =>
  new Normed({ map: new Linear({ inFeatures: 5, outFeatures: 6, random: new Random(1) }), norm: new RMSNorm({ features: 6 }) });
const input = () => randomNormal([2, 3, 5], 0, 1, "float32", 2);

for (const backend of backendNames) {
  const calls = countsMemory(backend) ? 60 : 8;
  describeBlock(`Normed on ${backend}`, { prepare: () => useBackend(backend), make, input, apply: (block, x) => block.apply(x), calls });
}

describe("Normed", () => {
  beforeAll(() => useBackend("cpu"));

  it("norms the whole width of what the map gives", async () => {
    const [block, x] = [use(make()), use(input())];
    await expectClose(use(block.apply(x)), use(block.norm.apply(use(block.map.apply(x)))), { atol: 0, rtol: 0 });
    expect([block.inFeatures, block.outFeatures]).toEqual([5, 6]);
    expect(Object.keys(block.parameters())).toEqual(["weight", "bias", "norm.weight"]);
  });

  it("refuses parts that are not blocks", () => {
    const map = use(new Linear({ inFeatures: 5, outFeatures: 6 }));
    expect(() => new Normed({ map, norm: undefined as never })).toThrow("Normed: norm must be a block");
  });
});
