import { startWasm, tinyBlocks, type TinyModel, tinyPlain, train, type TrainingRun, useBackend } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";

const steps = 60;
const models: [string, () => TinyModel][] = [
  ["the blocks of tfblocks", tinyBlocks],
  ["plain operations of tfjs", tinyPlain],
];

describe.each(models)("a language model of %s", (_, make) => {
  let onWasm: TrainingRun;

  it(`learns two alternating tokens in ${steps} steps of Adam`, async () => {
    await startWasm({ threads: 2 });
    onWasm = await train(make(), steps);
    expect(onWasm.losses[0]).toBeGreaterThan(2);
    expect(onWasm.losses.at(-1)).toBeLessThan(0.1);
  });

  it("has the same losses as on the CPU backend", async () => {
    await useBackend("cpu");
    const { losses } = await train(make(), steps / 2);
    losses.forEach((loss, step) => expect(Math.abs(loss - onWasm.losses[step]!), `step ${step}`).toBeLessThan(1e-3));
  });

  it("allocates no tensors, buffers or heap after the first steps", () => {
    const settled = onWasm.resources[5];
    for (const used of onWasm.resources.slice(6)) expect(used).toEqual(settled);
  });
});
