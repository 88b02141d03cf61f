import { tensor, tensor2d } from "@tensorflow/tfjs-core";
import { expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { openSafetensors, type SafetensorsReader, type StoredTensor, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";
import { narrowestDType } from "./narrowest-dtype.js";

/** Every row of a tensor, and where each piece starts. */
async function rowsOf(reader: SafetensorsReader, name: string): Promise<{ starts: number[]; elements: number[] }> {
  const [starts, elements]: [number[], number[]] = [[], []];
  for await (const rows of reader.readRows(name)) {
    starts.push(rows.start);
    elements.push(...rows.elements);
  }
  return { starts, elements };
}

describe("the rows that readRows gives", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives the numbers that read gives, and takes no memory of the backend", async () => {
    const [matrix, vector] = [use(tensor2d([1, -2, 3.5, 4, 5, 6], [3, 2])), use(tensor([7, 8, 9], [3], "int32"))];
    for (const dtype of ["F32", "F16", "BF16"] as const) {
      const reader = await openSafetensors(writeSafetensors({ matrix, vector }, { dtype }));
      await expectNewTensors(async () => {
        expect(await rowsOf(reader, "matrix")).toEqual({ starts: [0], elements: [1, -2, 3.5, 4, 5, 6] });
        expect(await rowsOf(reader, "vector")).toEqual({ starts: [0], elements: [7, 8, 9] });
      }, 0);
      await reader.close();
    }
  });

  it("gives whole rows, as many as fit into 8 MiB", async () => {
    const [rows, columns] = [5, 700_000]; // 2.8 MB a row
    const numbers = Float32Array.from({ length: rows * columns }, (_, at) => at);
    const large: StoredTensor = { dtype: "F32", shape: [rows, columns], elements: () => numbers };
    const reader = await openSafetensors(writeSafetensors({ large }));
    const seen: number[] = [];
    let loaded = 0;
    for await (const { start, elements } of reader.readRows("large", { onProgress: ({ loadedBytes }) => (loaded = loadedBytes) })) {
      seen.push(start, elements.length / columns, elements[0]!, elements.at(-1)!);
    }
    expect(seen).toEqual([0, 2, 0, 2 * columns - 1, 2, 2, 2 * columns, 4 * columns - 1, 4, 1, 4 * columns, 5 * columns - 1]);
    expect(loaded).toBe(4 * rows * columns);
    await reader.close();
  });

  it("gives a row that is larger than 8 MiB", async () => {
    const columns = 2 ** 21 + 3;
    const numbers = Float32Array.from({ length: 2 * columns }, (_, at) => at % 1000);
    const reader = await openSafetensors(writeSafetensors({ wide: { dtype: "F32", shape: [2, columns], elements: () => numbers } }));
    const starts: number[] = [];
    for await (const { start, elements } of reader.readRows("wide")) {
      starts.push(start);
      expect(elements.every((each, at) => each === (at + start * columns) % 1000)).toBe(true);
    }
    expect(starts).toEqual([0, 1]);
  });
});

describe("readRows", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives U32 of any size, which no tensor holds", async () => {
    const words = Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1);
    const reader = await openSafetensors(writeSafetensors({ words: { dtype: "U32", shape: [2, 2], elements: () => words } }));
    expect((await rowsOf(reader, "words")).elements).toEqual([...words]);
    await expect(reader.read("words")).rejects.toThrow(/must be of integers that fit int32/);
  });

  it("gives nothing for an empty tensor, and refuses an unknown name and a closed reader", async () => {
    const reader = await openSafetensors(writeSafetensors({ empty: use(tensor2d([], [0, 3])), scalar: use(tensor(4)) }));
    expect(await rowsOf(reader, "empty")).toEqual({ starts: [], elements: [] });
    expect(await rowsOf(reader, "scalar")).toEqual({ starts: [0], elements: [4] });
    await expect(rowsOf(reader, "other")).rejects.toThrow('name must be of a tensor in the file, got "other"');
    await reader.close();
    await expect(rowsOf(reader, "scalar")).rejects.toThrow("reader must be open");
  });

  it("stops when its signal aborts", async () => {
    const reader = await openSafetensors(writeSafetensors({ a: use(tensor2d([1, 2], [1, 2])) }));
    const rows = reader.readRows("a", { signal: AbortSignal.abort(new Error("enough")) });
    await expect(rows.next()).rejects.toThrow("enough");
  });
});

describe("writeSafetensors of a stored tensor", () => {
  it("rounds to its dtype, and refuses elements that do not fill its shape", async () => {
    const elements = () => Float32Array.of(1, 1 + 2 ** -9);
    const half: StoredTensor = { dtype: "BF16", shape: [2], elements };
    const reader = await openSafetensors(writeSafetensors({ half }));
    expect([reader.info("half").dtype, (await rowsOf(reader, "half")).elements]).toEqual(["BF16", [1, 1]]);
    expect(() => writeSafetensors({ half: { ...half, shape: [3] } })).toThrow('writeSafetensors: state["half"] must be 6 bytes, got 4');
  });
});

describe("narrowestDType", () => {
  it.each([
    ["BF16", [1, -(2 ** -7), 2 ** 100]],
    ["BF16", []],
    ["F16", [1, 1 + 2 ** -10]],
    ["F32", [1, 1 + 2 ** -11]],
    ["F32", [2 ** 100, 1 + 2 ** -10]],
  ])("is %s for %j", (dtype, numbers) => {
    expect(narrowestDType(numbers.map((each) => Float32Array.of(each)))).toBe(dtype);
  });
});
