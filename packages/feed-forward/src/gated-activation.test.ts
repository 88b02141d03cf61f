import { grads, mul, tanh as tfTanh, tensor, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, expectClose, expectNewTensors, randomTensor, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { activation } from "./activations/activation.js";
import { silu } from "./activations/silu.js";
import { gatedActivation } from "./gated-activation.js";

const gates = ["sigmoid", "relu", "gelu", "geluTanh", "silu", "tanh", "relu2", "quickGelu", "identity"];

describe.each(backendNames.map((name) => [name]))("gatedActivation on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(gates)("with %s is activation(gate) · up, and has its gradients", async (name) => {
    const pair = [randomTensor([3, 7], 3), randomTensor([3, 7], 2)];
    const activate = activation(name);
    await expectClose(gatedActivation(pair[0]!, pair[1]!, activate), mul(use(activate(pair[0]!)), pair[1]!), { atol: 1e-6, rtol: 1e-6 });
    await checkGradients((gate, up) => gatedActivation(gate!, up!, activate), pair);
  });

  it("accepts a custom function", async () => {
    const pair = [randomTensor([5], 3), randomTensor([5], 2)];
    await checkGradients((gate, up) => gatedActivation(gate!, up!, (x) => tfTanh(x)), pair);
  });

  it("supports empty tensors, whose gradients are empty", () => {
    const none = use(zeros([2, 0]));
    for (const name of gates) {
      expect(use(gatedActivation(none, none, activation(name))).shape).toEqual([2, 0]);
      const gradients = use(grads((...at) => gatedActivation(at[0]!, at[1]!, activation(name)))([none, use(zeros([2, 0]))], none));
      expect(gradients.map((each) => each.shape)).toEqual([
        [2, 0],
        [2, 0],
      ]);
    }
  });

  it("returns NaN exactly where gate or up is NaN", async () => {
    const y = use(gatedActivation(use(tensor([NaN, 1, 1])), use(tensor([1, NaN, 1])), silu));
    expect(Array.from(await y.data(), Number.isNaN)).toEqual([true, true, false]);
  });

  it("returns one new tensor, and does not leak when it throws", async () => {
    const [gate, up, wrong] = [randomTensor([2, 3], 1), randomTensor([2, 3], 2), randomTensor([3, 2], 3)];
    await expectNewTensors(() => gatedActivation(gate, up, silu), 1);
    expect(() => gatedActivation(gate, wrong, silu)).toThrow("up must be [2, 3], the shape of gate, got [3, 2]");
  });
});
