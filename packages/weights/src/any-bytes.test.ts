import { dispose } from "@tensorflow/tfjs-core";
import { expect, describe, it } from "vitest";
import fc from "fast-check";
import { openSafetensors } from "./open-safetensors.js";
import { SafetensorsError } from "./safetensors-error.js";
import type { ByteSource } from "./sources/byte-source.js";
import { bytesOf, fileOf, makeFile } from "./testing/make-file.js";
import python from "./testing/python-files.json" with { type: "json" };
import { smallFile } from "./testing/small-file.js";

/** Opens and reads any bytes; the test fails on any error but a SafetensorsError. */
async function readOrRefuse(file: Uint8Array): Promise<void> {
  let largest = 0;
  const source: ByteSource = {
    size: file.length,
    async read(begin, end) {
      largest = Math.max(largest, end - begin);
      return file.subarray(begin, end);
    },
    close: async () => {},
  };
  try {
    dispose(await (await openSafetensors(source)).readAll());
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
  }
  expect(largest).toBeLessThanOrEqual(file.length);
}

describe("any bytes give tensors or a SafetensorsError", () => {
  it("for random bytes", () => fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), readOrRefuse), { numRuns: 300 }));

  it("for random headers", () => {
    const header = fc.uint8Array({ maxLength: 100 });
    return fc.assert(
      fc.asyncProperty(header, fc.nat(16), (bytes, data) => readOrRefuse(fileOf(bytes, data))),
      { numRuns: 300 },
    );
  });

  it("for random JSON", () => {
    const field = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("F32", "BOOL", [], [0], [1], [0, 0], [0, 4], [4, 8], [2 ** 53, 1]),
    );
    const entry = fc.record({ dtype: field, shape: field, data_offsets: field }, { requiredKeys: [] });
    const header = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "__metadata__", "a")), fc.oneof(entry, field));
    return fc.assert(
      fc.asyncProperty(header, fc.nat(16), (json, data) => readOrRefuse(makeFile(json, data))),
      { numRuns: 500 },
    );
  });

  it("for a good file with some bytes changed, dropped or added", () => {
    const good = bytesOf(python.everyDType.file);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255), fc.constantFrom("set", "drop", "add"));
    const mutate = async (changes: [number, number, string][]) => {
      const bytes = [...good];
      for (const [at, value, how] of changes) bytes.splice(at, how === "add" ? 0 : 1, ...(how === "drop" ? [] : [value]));
      await readOrRefuse(Uint8Array.from(bytes));
    };
    return fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), mutate), { numRuns: 500 });
  });

  it("for a good file that ends early, anywhere", async () => {
    const good = smallFile();
    for (let length = 0; length < good.length; length++) await readOrRefuse(good.subarray(0, length));
  });
});
