import { describe, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import { SafetensorsError } from "./safetensors-error.js";
import { malformedFiles, wellFormedFiles } from "./testing/vectors.js";

const faultOf = async (file: Uint8Array): Promise<SafetensorsError> => {
  const error: unknown = await openSafetensors(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SafetensorsError);
  return error as SafetensorsError;
};

describe("a malformed file is refused", () => {
  it.each(malformedFiles.map((each) => [each.title, each] as const))("%s", async (_title, { kind, file }) => {
    const fault = await faultOf(file);
    expect(fault.kind).toBe(kind);
    expect(fault.message).toMatch(/^openSafetensors: .+ must be .+, got .+$/);
    expect(fault.message.length).toBeLessThan(300);
  });
});

describe("an unusual file is read", () => {
  it.each(wellFormedFiles.map((each) => [each.title, each] as const))("%s", async (_title, { file, shapes, metadata }) => {
    const reader = await openSafetensors(file);
    expect(new Set(reader.names)).toEqual(new Set(Object.keys(shapes)));
    expect(reader.metadata).toEqual(metadata);
    const state = await reader.readAll();
    for (const [name, shape] of Object.entries(shapes)) expect(state[name]!.shape).toEqual(shape);
    for (const each of Object.values(state)) each.dispose();
    await reader.close();
  });
});

it("names tensors in the order of their data", async () => {
  const file = wellFormedFiles.find(({ title }) => title === "names in another order than the data")!.file;
  expect((await openSafetensors(file)).names).toEqual(["a", "b"]);
});
