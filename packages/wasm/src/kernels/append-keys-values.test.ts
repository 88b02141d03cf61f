import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { AppendKeysValues, FusedAttention, type FusedAttentionAttrs, FusedAttentionGrad, runKernel } from "@tfblocks/tensor-utils/kernels";
import { expectClose, fusedBackendNames, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const attrs: FusedAttentionAttrs = {
  hasBias: false,
  hasSink: false,
  needWeights: false,
  scale: 1,
  softcap: 0,
  dropoutRate: 0,
  dropoutSeed: 0,
  queryOffset: 0,
  keyOffset: 0,
};

describe("AppendKeysValues", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([
    [4, 3, "AppendKeysValues: at must be an integer from 0 to 3, got 4"],
    [-1, 3, "AppendKeysValues: at must be an integer from 0 to 3, got -1"],
    [0.5, 3, "AppendKeysValues: at must be an integer from 0 to 3, got 0.5"],
    [0, 2, "AppendKeysValues: value must be [1, 2, 1, 3], got [1, 2, 1, 2]"],
  ])("writes nothing at row %f with values of %i numbers", async (at, valueDim, message) => {
    const room = () => use(tensor(new Float32Array(24), [1, 2, 4, 3]));
    const [cachedKey, cachedValue, key] = [room(), room(), randomTensor([1, 2, 1, 3], 1)];
    const value = randomTensor([1, 2, 1, valueDim], 2);
    expect(() => runKernel(AppendKeysValues, { cachedKey, cachedValue, key, value }, { at })).toThrow(message);
    await expectClose(cachedKey, { shape: [1, 2, 4, 3], data: new Float32Array(24) }, { atol: 0, rtol: 0 });
  });
});

describe("keys with room", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([[[0, 5]], [[-1, 2]], [[2, 2]], [[4, 4]]] as const)("are refused where rows %j are not among them", ([start, end]) => {
    const x = randomTensor([1, 1, 4, 2], 1);
    expect(() => runKernel(FusedAttention, [x, x, x], { ...attrs, keyRows: [start, end] })).toThrow(
      /FusedAttention: keyRows\[[01]\] must be/,
    );
  });

  it("have no gradient", () => {
    const x = randomTensor([1, 1, 4, 2], 1);
    const rest: Tensor[] = [x, randomTensor([1, 1, 4], 2), x, randomTensor([1, 1, 4], 3)];
    expect(() => runKernel(FusedAttentionGrad, [x, x, x, ...rest], { ...attrs, keyRows: [0, 2] })).toThrow(
      "FusedAttentionGrad: keyRows must be absent, because gradients have no room, got 0,2",
    );
  });
});
