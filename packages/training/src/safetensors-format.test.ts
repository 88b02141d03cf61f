import { dispose, memory, tensor } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { safetensorsFormat } from "@tfblocks/training";
import { SafetensorsError } from "@tfblocks/weights";
import { beforeAll, expect, it } from "vitest";

beforeAll(() => useBackend("cpu"));

it("round-trips tensors and metadata bit for bit, and borrows the written tensors", async () => {
  const before = memory().numTensors;
  const state = { "model.w": tensor([-0, 1e-45, 3.4e38, NaN]), "optimizer.step": tensor([7], [1], "int32") };
  const bytes = await safetensorsFormat.write({ state, metadata: { "tfblocks.training": '{"version":1}' } });
  const read = await safetensorsFormat.read(bytes);
  expect(read.metadata).toEqual({ "tfblocks.training": '{"version":1}' });
  expect(Object.keys(read.state).toSorted()).toEqual(Object.keys(state));
  for (const [name, each] of Object.entries(state)) {
    expect([read.state[name]!.dtype, read.state[name]!.shape]).toEqual([each.dtype, each.shape]);
    expect(new Uint8Array(read.state[name]!.dataSync().slice().buffer)).toEqual(new Uint8Array(each.dataSync().slice().buffer));
  }
  dispose([state, read.state] as never);
  expect(memory().numTensors).toBe(before);
});

it("rejects a truncated file and leaks no tensor", async () => {
  const before = memory().numTensors;
  const state = { "model.w": tensor([1, 2, 3]) };
  const bytes = await safetensorsFormat.write({ state, metadata: {} });
  await expect(safetensorsFormat.read(bytes.subarray(0, bytes.length - 4))).rejects.toThrow(SafetensorsError);
  await expect(safetensorsFormat.read(new Uint8Array())).rejects.toThrow(SafetensorsError);
  dispose(state);
  expect(memory().numTensors).toBe(before);
});
