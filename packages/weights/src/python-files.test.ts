import { memory, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { backendNames, countsMemory, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import { bytesOf } from "./testing/make-file.js";
import python from "./testing/python-files.json" with { type: "json" };
import { writeSafetensors } from "./write-safetensors.js";

const numberOf = (text: string | number): number =>
  String(text).includes("inf") ? Number(String(text).replace("inf", "Infinity")) : Number(text);
const floats = Float32Array.from([
  0,
  -0,
  1,
  -2.5,
  0.1,
  1 / 3,
  65_504,
  65_519,
  65_520,
  1e5,
  6e-8,
  2.9e-8,
  3.1e-8,
  6.1e-5,
  1e-40,
  3.4e38,
  2049,
  2051,
  1.003_906_25,
  1.011_718_75,
  Infinity,
  -Infinity,
]);

/** Written by `scripts/python_files.py`. */
function state(): Record<string, Tensor> {
  return {
    "b.weight": tensor(floats, [2, 11], "float32"),
    "a.weight": tensor(floats.toReversed(), [22], "float32"),
    empty: tensor(new Float32Array(), [0, 3], "float32"),
    scalar: tensor(Float32Array.of(7.5), [] as unknown as [number], "float32"),
    'quote" \\ \n é 日': tensor(Int32Array.of(1, -2, 3), [3], "int32"),
    mask: tensor(Uint8Array.of(1, 0, 1), [3], "bool"),
  };
}

describe.each(backendNames.map((name) => [name]))("files of Python's safetensors on %s", (name) => {
  beforeAll(() => useBackend(name));

  it("have the numbers that PyTorch reads, in every dtype", async () => {
    const reader = await openSafetensors(bytesOf(python.everyDType.file));
    expect(reader.metadata).toEqual({ format: "pt" });
    expect(reader.names.length).toBe(13);
    for (const [dtype, values] of Object.entries(python.everyDType.values)) {
      const read = use(await reader.read(dtype));
      const expected = (values as (string | number)[]).map(numberOf);
      expect(read.dtype).toBe(dtype.includes("float") ? "float32" : dtype === "bool" ? "bool" : "int32");
      if (countsMemory(name)) expect([dtype, ...(await read.data())]).toEqual([dtype, ...expected]);
    }
  });

  it.runIf(countsMemory(name)).each(["F32", "F16", "BF16"] as const)("are written byte for byte as %s", (dtype) => {
    const ours = use(state());
    expect(writeSafetensors(ours, { dtype })).toEqual(bytesOf(python.written[dtype]));
  });

  it("survive a round trip", async () => {
    const before = memory().numTensors;
    const reader = await openSafetensors(bytesOf(python.written.F32));
    const read = await expectNewTensors(() => reader.readAll(), 6);
    const expected = state();
    for (const [each, value] of Object.entries(expected)) {
      expect([read[each]!.shape, read[each]!.dtype]).toEqual([value.shape, value.dtype]);
      if (countsMemory(name)) expect(await read[each]!.data()).toEqual(await value.data());
    }
    for (const each of [...Object.values(read), ...Object.values(expected)]) each.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
