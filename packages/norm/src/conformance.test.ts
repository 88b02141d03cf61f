import { grads, type Tensor } from "@tensorflow/tfjs-core";
import { layerNormFixtures, type NormFixture, rmsNormFixtures } from "@tfblocks/fixtures";
import "@tfblocks/tensor-utils/gradients";
import { conformanceBackendNames, expectClose, fixtureTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, it } from "vitest";
import { layerNorm } from "./layer-norm.js";
import { rmsNorm } from "./rms-norm.js";

type Norm = (x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined) => Tensor;

const named = (fixtures: readonly NormFixture[]) => fixtures.map((fixture) => [fixture.name, fixture] as const);

for (const backend of conformanceBackendNames) {
  describe(`PyTorch fixtures on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it.each(named(layerNormFixtures))("layerNorm: %s", (_, fixture) => {
      const { eps } = fixture;
      return expectFixture(fixture, (x, weight, bias) => layerNorm(x, { weight, bias, eps }));
    });

    it.each(named(rmsNormFixtures))("rmsNorm: %s", (_, fixture) => {
      const { eps, weightOffset } = fixture;
      return expectFixture(fixture, (x, weight) => rmsNorm(x, { weight, eps, weightOffset }));
    });
  });
}

/** Compares the output and the gradients of x, weight and bias with a fixture. */
async function expectFixture({ expected, gradOutput, ...fixture }: NormFixture, norm: Norm): Promise<void> {
  const names = (["x", "weight", "bias"] as const).filter((name) => fixture[name] !== undefined);
  const inputs = names.map((name) => fixtureTensor(fixture[name]!));
  const run = (...at: Tensor[]) => norm(at[0]!, at[names.indexOf("weight")], at[names.indexOf("bias")]);
  const dy = fixtureTensor(gradOutput);
  const results = use([run(...inputs), ...grads(run)(inputs, dy)]);
  const wanted = [expected.output, expected.gradX, expected.gradWeight, expected.gradBias].filter((each) => each !== undefined);
  for (const [index, { shape, data }] of wanted.entries()) await expectClose(results[index]!, { shape, data: data.map(Number) });
}
