import type { Tensor } from "@tensorflow/tfjs-core";
import { expectNewTensors, use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import type { ReadProgress } from "./reader.js";
import { SafetensorsError } from "./safetensors-error.js";
import type { ByteSource } from "./sources/byte-source.js";
import { makeFile } from "./testing/make-file.js";
import { smallFile } from "./testing/small-file.js";
import { writeSafetensors } from "./write-safetensors.js";

const dispose = (state: Record<string, Tensor>): void => {
  for (const each of Object.values(state)) each.dispose();
};

/** A source that records the requested ranges. */
function watched(bytes: Uint8Array): ByteSource & { readonly asked: [number, number][]; closed: number } {
  const asked: [number, number][] = [];
  return {
    asked,
    closed: 0,
    size: bytes.length,
    async read(begin, end) {
      asked.push([begin, end]);
      return bytes.subarray(begin, end);
    },
    async close() {
      this.closed++;
    },
  };
}

/** A source that never answers a read from `from` on. */
const hanging = (file: Uint8Array, from: number): ByteSource => ({
  size: file.length,
  read: (begin, end) => (begin >= from ? new Promise(() => {}) : Promise.resolve(file.subarray(begin, end))),
  close: async () => {},
});

describe("a reader", () => {
  it("reads only the header until a tensor is requested, and then only that tensor", async () => {
    const file = smallFile();
    const source = watched(file);
    const reader = await openSafetensors(source);
    const header = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(source.asked).toEqual([
      [0, 8],
      [8, 8 + header],
    ]);
    expect(reader.names).toEqual(["a", "b", "c"]);
    expect(reader.metadata).toEqual({ step: "7" });
    expect(reader.info("b")).toEqual({ dtype: "F32", shape: [2, 1], offsets: [12, 20] });
    const b = await reader.read("b");
    expect(source.asked.slice(2)).toEqual([[8 + header + 12, 8 + header + 20]]);
    expect([...b.dataSync()]).toEqual([4, 5]);
    b.dispose();
    await reader.close();
    await reader.close();
    expect(source.closed).toBe(1);
  });

  it("reads some tensors, each once, or all", async () => {
    const reader = await openSafetensors(smallFile());
    const some = await expectNewTensors(() => reader.readAll({ names: ["c", "a", "c"] }), 2);
    expect(Object.keys(some)).toEqual(["c", "a"]);
    const all = use(await reader.readAll());
    expect(Object.keys(all)).toEqual(["a", "b", "c"]);
  });

  it("reports its progress by tensor and bytes", async () => {
    const seen: ReadProgress[] = [];
    const reader = await openSafetensors(smallFile());
    dispose(await reader.readAll({ onProgress: (each) => seen.push(each) }));
    expect(seen).toEqual([
      { name: "a", loadedBytes: 12, totalBytes: 24 },
      { name: "b", loadedBytes: 20, totalBytes: 24 },
      { name: "c", loadedBytes: 24, totalBytes: 24 },
    ]);
  });
});

describe("the tensors of a reader", () => {
  it("share no memory with the file", async () => {
    const file = smallFile();
    const reader = await openSafetensors(file);
    const a = use(await reader.read("a"));
    file.fill(0xff);
    expect([...a.dataSync()]).toEqual([1, 2, 3]);
  });

  it("are read and converted in chunks, with memory for one chunk, when they are large", async () => {
    const count = 2 ** 22 + 2 ** 21 + 3; // float16: one chunk of 8 MiB and a part
    const data = new Uint16Array(count).map((_, index) => index % 0x7c00);
    const head = makeFile({ a: { dtype: "F16", shape: [count], data_offsets: [0, 2 * count] } });
    const file = new Uint8Array(head.length + 2 * count);
    file.set(head);
    file.set(new Uint8Array(data.buffer), head.length);
    const source = watched(file);
    const reader = await openSafetensors(source);
    const a = use(await reader.read("a"));
    expect(source.asked.slice(2).map(([begin, end]) => end - begin)).toEqual([2 ** 23, 2 * count - 2 ** 23]);
    const back = writeSafetensors({ a }, { dtype: "F16" });
    expect(new Uint16Array(back.slice(back.length - 2 * count).buffer).findIndex((half, index) => half !== data[index])).toBe(-1);
  });

  it("keep every bit of a NaN", async () => {
    const reader = await openSafetensors(
      makeFile({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, [1, 2, 0xa0, 0x7f, 3, 4, 0xc0, 0xff]),
    );
    const a = use(await reader.read("a"));
    expect([...new Uint8Array(a.dataSync<"float32">().slice().buffer)]).toEqual([1, 2, 0xa0, 0x7f, 3, 4, 0xc0, 0xff]);
  });
});

describe("a reader refuses", () => {
  it("unknown names, unknown options, and reads after it was closed", async () => {
    const reader = await openSafetensors(smallFile());
    await expect(reader.read("d")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: name must be of a tensor in the file, got "d"]`,
    );
    await expect(reader.readAll({ names: ["a", "__proto__"] })).rejects.toThrow('got "__proto__"');
    await expect(reader.read("a", { progress: 1 } as never)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: SafetensorsReader.read: unknown option "progress"; known options: onProgress, signal]`,
    );
    await expect(openSafetensors(smallFile(), { limit: 1 } as never)).rejects.toThrow("limit");
    await reader.close();
    await expect(reader.read("a")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: reader must be open, got a closed one; open the file again]`,
    );
  });

  it("what is not a source", async () => {
    await expect(openSafetensors(7 as never)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: openSafetensors: source must be bytes, a File or Blob, an address or a ByteSource, got 7]`,
    );
    await expect(openSafetensors(null as never)).rejects.toThrow("got null");
  });

  it("files over maxBytes, before it reads any of them", async () => {
    const source = watched(smallFile());
    await expect(openSafetensors(source, { maxBytes: 100 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: file must be at most 100 bytes (maxBytes), got 232; raise maxBytes if you trust the file]`,
    );
    expect(source.asked).toEqual([]);
    expect(source.closed).toBe(1);
  });
});

describe("a reader refuses to read", () => {
  it("dtypes without a tensor, but not to open their file", async () => {
    const file = makeFile(
      { a: { dtype: "F8_E4M3", shape: [2], data_offsets: [0, 2] }, b: { dtype: "U8", shape: [], data_offsets: [2, 3] } },
      3,
    );
    const reader = await openSafetensors(file);
    await expect(reader.read("a")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: dtype of tensor "a" must be one for which tfjs has tensors, got F8_E4M3]`,
    );
    dispose({ b: await reader.read("b") });
    await expect(reader.readAll()).rejects.toThrow(SafetensorsError);
  });

  it.each([
    ["I64", 2n ** 31n],
    ["I64", -(2n ** 31n) - 1n],
    ["I64", 2n ** 32n],
    ["U64", 2n ** 64n - 1n],
    ["U64", 2n ** 31n],
    ["U32", 2n ** 31n],
  ] as const)("%s %i, which no int32 is", async (dtype, value) => {
    const bytes = new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, value)).buffer).subarray(0, dtype === "U32" ? 4 : 8);
    const reader = await openSafetensors(makeFile({ a: { dtype, shape: [1], data_offsets: [0, bytes.length] } }, [...bytes]));
    await expect(reader.read("a")).rejects.toThrow("of integers that fit int32, got a larger one at element 0");
  });

  it("sources that return fewer bytes than requested", async () => {
    const file = smallFile();
    const reader = await openSafetensors({
      size: file.length,
      read: async (begin, end) => file.subarray(begin, Math.min(end, file.length - 4)),
      close: async () => {},
    });
    await expect(reader.readAll()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: source must be one that gives 4 bytes, got 0]`,
    );
  });
});

describe("an abort", () => {
  it("rejects at once with its reason, even while a source hangs, and frees what was read", async () => {
    const file = smallFile();
    const reader = await openSafetensors(hanging(file, file.length - 4));
    const controller = new AbortController();
    const reading = reader.readAll({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")));
    await expect(reading).rejects.toThrow("enough");
  });

  it("rejects opening and reading when it came earlier", async () => {
    const signal = AbortSignal.abort();
    await expect(openSafetensors(smallFile(), { signal })).rejects.toMatchObject({ name: "AbortError" });
    const reader = await openSafetensors(smallFile());
    await expect(reader.read("a", { signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("rejects opening while the header is pending", async () => {
    const controller = new AbortController();
    const opening = openSafetensors(hanging(smallFile(), 8), { signal: controller.signal });
    setTimeout(() => controller.abort());
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
  });

  it("takes effect between two chunks", async () => {
    const count = 2 ** 22;
    const head = makeFile({ a: { dtype: "F32", shape: [count], data_offsets: [0, 4 * count] } });
    const file = new Uint8Array(head.length + 4 * count);
    file.set(head);
    const reader = await openSafetensors(file);
    const controller = new AbortController();
    let loaded = 0;
    setTimeout(() => controller.abort());
    await expect(
      reader.read("a", { signal: controller.signal, onProgress: ({ loadedBytes }) => (loaded = loadedBytes) }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(loaded).toBe(2 ** 23);
  });
});

describe("an error of onProgress", () => {
  it("rejects the read and frees what was read", async () => {
    const reader = await openSafetensors(smallFile());
    const onProgress = ({ name }: ReadProgress) => {
      if (name === "b") throw new Error("listener");
    };
    await expect(reader.readAll({ onProgress })).rejects.toThrow("listener");
  });
});
