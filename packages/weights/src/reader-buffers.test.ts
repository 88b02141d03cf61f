import { tensor1d } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import type { ByteSource } from "./sources/byte-source.js";
import { writeSafetensors } from "./write-safetensors.js";

describe("reads that run at the same time", () => {
  it("have buffers of their own, which a later read uses again", async () => {
    const file = writeSafetensors({ a: use(tensor1d([1, 2, 3])), b: use(tensor1d([4, 5, 6])) });
    const buffers: (ArrayBufferLike | undefined)[] = [];
    const source: ByteSource = {
      size: file.length,
      read: async (begin, end, _signal, into) => {
        buffers.push(into?.buffer);
        const bytes = into ?? new Uint8Array(end - begin);
        bytes.set(file.subarray(begin, end));
        await new Promise((resolve) => setTimeout(resolve));
        return bytes;
      },
      close: async () => {},
    };
    const reader = await openSafetensors(source);
    const [a, b] = await Promise.all([reader.read("a"), reader.read("b")]);
    expect([[...use(a!).dataSync()], [...use(b!).dataSync()]]).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...use(await reader.read("a")).dataSync()]).toEqual([1, 2, 3]);
    const [, , first, second, third] = buffers; // the header has none
    expect(first).not.toBe(second);
    expect([first, second]).toContain(third);
  });
});
