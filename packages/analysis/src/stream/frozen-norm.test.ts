import { add, memory, ones, sub, tidy } from "@tensorflow/tfjs-core";
import { LayerNorm, RMSNorm } from "@tfblocks/norm";
import { Linear } from "@tfblocks/tensor-utils";
import { expectClose, expectNewTensors, fusedBackendNames, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { frozenNorm } from "./frozen-norm.js";

const features = 5;
const rows = 4;
const eps = 1e-3;

/** A LayerNorm or RMSNorm with the statistics of x, of a component, in float64. */
function oracle(kind: string, x: number[][], component: number[][], weight: number[], bias: number[]): number[][] {
  return x.map((row, at) => {
    const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / features;
    const centre = kind === "LayerNorm" ? mean(row) : 0;
    const root = Math.sqrt(mean(row.map((each) => (each - centre) ** 2)) + eps);
    const shift = kind === "LayerNorm" ? mean(component[at]!) : 0;
    return component[at]!.map((each, column) => ((each - shift) / root) * weight[column]! + bias[column]!);
  });
}

function normOf(kind: string): LayerNorm | RMSNorm {
  const norm = use(
    kind === "LayerNorm"
      ? new LayerNorm({ features, eps })
      : new RMSNorm({ features, eps, weightOffset: kind === "Gemma's RMSNorm" ? 1 : 0 }),
  );
  for (const [index, parameter] of Object.values(norm.parameters()).entries()) {
    parameter.assign(randomTensor([features], 10 + index));
  }
  return norm;
}

describe.each(["cpu", fusedBackendNames[0]!] as const)("frozenNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(["LayerNorm", "RMSNorm", "Gemma's RMSNorm"])("%s: as plain loops in float64, for any component", async (kind) => {
    const norm = normOf(kind);
    const [x, component] = [randomTensor([rows, features], 1), randomTensor([rows, features], 2)];
    const weights = [...(await norm.weight.data())].map((each) => each + ("weightOffset" in norm ? norm.weightOffset : 0));
    const bias = "bias" in norm ? [...(await norm.bias!.data())] : weights.map(() => 0);
    const expected = oracle(kind, (await x.array()) as number[][], (await component.array()) as number[][], weights, bias);
    const computed = await expectNewTensors(() => tidy(() => frozenNorm("test", "norm", norm, x)(component)), 1);
    await expectClose(computed, { shape: [rows, features], data: expected.flat() });
  });

  it.each(["LayerNorm", "RMSNorm", "Gemma's RMSNorm"])("%s: equals the norm at its input, and adds up", async (kind) => {
    const norm = normOf(kind);
    const [x, part] = [randomTensor([rows, features], 3), randomTensor([rows, features], 4)];
    const frozen = tidy(() => frozenNorm("test", "norm", norm, x)(x));
    await expectClose(frozen, norm.apply(x));
    const summed = tidy(() => {
      const map = frozenNorm("test", "norm", norm, x);
      const twice = add(map(part), map(sub(x, part)));
      return sub(twice, map(sub(x, x))); // the bias was added twice
    });
    await expectClose(summed, norm.apply(x));
  });
});

describe("frozenNorm", () => {
  beforeAll(() => useBackend("cpu"));

  it("refuses another norm by its name, and leaves nothing", () => {
    const [x, other] = [use(ones([2, 3])), use(new Linear({ inFeatures: 3, outFeatures: 3 }))];
    const before = memory().numTensors;
    expect(() => tidy(() => frozenNorm("attributeLogits", "layers.0.attentionNorm", other, x)(x))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attributeLogits: "layers.0.attentionNorm" must be a LayerNorm or an RMSNorm, got an object; its statistics cannot be frozen]`,
    );
    expect(memory().numTensors).toBe(before);
  });
});
