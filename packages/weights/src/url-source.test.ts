import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import { writeSafetensors } from "./write-safetensors.js";

const address = "https://models.example/tiny/model.safetensors";

interface Server {
  /** The requested ranges; undefined for the whole file. */
  readonly asked: (string | undefined)[];
  /** Bodies that were neither read to the end nor cancelled. */
  open: number;
}

interface Behaviour {
  readonly ranges?: boolean;
  readonly length?: boolean;
  readonly change?: (response: { status: number; headers: Headers; bytes: Uint8Array }) => void;
}

let server: Server;
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A `fetch` that serves files by address, in parts of at most 1000 bytes. */
function serve(files: Readonly<Record<string, Uint8Array>>, { ranges = true, length = true, change = () => {} }: Behaviour = {}): void {
  server = { asked: [], open: 0 };
  vi.stubGlobal("fetch", async (url: URL, { headers, signal }: { headers: { Range?: string }; signal?: AbortSignal }) => {
    signal?.throwIfAborted();
    server.asked.push(headers.Range);
    const file = files[String(url)];
    if (file === undefined) return new Response("no", { status: 404 });
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.Range ?? "") ?? [];
    const partly = ranges && first !== undefined;
    const bytes = partly ? file.subarray(Number(first), Number(last) + 1) : file;
    const answer = { status: partly ? 206 : 200, headers: new Headers({ etag: '"1"' }), bytes };
    if (partly) answer.headers.set("content-range", `bytes ${first}-${Number(first) + bytes.length - 1}/${file.length}`);
    if (length) answer.headers.set("content-length", String(bytes.length));
    change(answer);
    return new Response(streamOf(answer.bytes, signal), { status: answer.status, headers: answer.headers });
  });
}

function streamOf(bytes: Uint8Array, signal?: AbortSignal): ReadableStream<Uint8Array> {
  let at = 0;
  server.open++;
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) =>
    signal?.addEventListener("abort", () => {
      if (at < bytes.length) server.open--;
      controller.error(signal.reason);
    });
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (at < bytes.length) return controller.enqueue(bytes.slice(at, (at += 1000)));
    controller.close();
    server.open--;
  };
  return new ReadableStream({ start, pull, cancel: () => void server.open-- }, { highWaterMark: 0 });
}

/** Two tensors over a mebibyte and a small one. */
function large(): Uint8Array {
  const numbers = (from: number) => Float32Array.from({ length: 300_000 }, (_, index) => from + index);
  const state = { a: tensor(numbers(0)), b: tensor(numbers(1)), c: tensor([7]) };
  const file = writeSafetensors(state);
  for (const each of Object.values(state)) each.dispose();
  return file;
}

async function firstOf(read: Promise<Tensor>): Promise<number> {
  const one = await read;
  const [first] = one.dataSync();
  one.dispose();
  return first!;
}

describe("an address", () => {
  it.each(["http://models.example/x", "http://127.0.0.1.example/x", "http://10.0.0.1/x", "ftp://localhost/x", "data:,x", "file:///x"])(
    "is refused unread when it is %s",
    async (insecure) => {
      serve({});
      await expect(openSafetensors(insecure)).rejects.toMatchObject({ kind: "source", argument: "source" });
      expect(server.asked).toEqual([]);
    },
  );

  it.each(["http://localhost:8080/x", "http://127.0.0.1/x", "http://[::1]/x"])("may be %s", async (local) => {
    serve({ [local]: large() });
    expect((await openSafetensors(local)).names.length).toBe(3);
  });

  it("that cannot be reached is named in the error", async () => {
    serve({});
    await expect(openSafetensors(address)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: source must be found, got https://models.example/tiny/model.safetensors: status 404]`,
    );
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    await expect(openSafetensors(address)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: source must be reachable, got https://models.example/tiny/model.safetensors: TypeError: failed]`,
    );
  });
});

describe("a file at an address", () => {
  it("is read by ranges, and only the requested ones", async () => {
    const file = large();
    serve({ [address]: file });
    const reader = await openSafetensors(address);
    expect(server.asked).toEqual(["bytes=0-1048575"]);
    expect(await firstOf(reader.read("b"))).toBe(1);
    expect(await firstOf(reader.read("c"))).toBe(7);
    expect(await firstOf(reader.read("c"))).toBe(7);
    const head = file.length - 2_400_004;
    expect(server.asked.slice(1)).toEqual([`bytes=${head + 1_200_000}-${head + 2_399_999}`, `bytes=${file.length - 4}-${file.length - 1}`]);
    expect(server.open).toBe(0);
  });

  it("takes one request for many small tensors", async () => {
    const state = use(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t${index}`, tensor([index])])));
    const file = writeSafetensors(state);
    serve({ [address]: file });
    const read = use(await (await openSafetensors(new URL(address))).readAll());
    expect(read["t42"]!.dataSync()[0]).toBe(42);
    expect(server.asked.length).toBe(1);
  });

  it("is read as a stream where the server ignores ranges, and requested again to read backwards", async () => {
    serve({ [address]: large() }, { ranges: false });
    const reader = await openSafetensors(address);
    const state = await reader.readAll();
    expect(server.asked.length).toBe(1);
    expect([state["a"]!.dataSync()[299_999], state["b"]!.dataSync()[0], state["c"]!.dataSync()[0]]).toEqual([299_999, 1, 7]);
    for (const each of Object.values(state)) each.dispose();
    const [b, a] = await Promise.all([firstOf(reader.read("b")), firstOf(reader.read("a"))]);
    expect([a, b]).toEqual([0, 1]);
    expect(server.asked).toEqual(["bytes=0-1048575", undefined, undefined]);
    await reader.close();
    expect(server.open).toBe(0);
  });

  it("is read whole where the server does not give its length", async () => {
    serve({ [address]: large() }, { ranges: false, length: false });
    const reader = await openSafetensors(address);
    expect(await firstOf(reader.read("c"))).toBe(7);
    expect(await firstOf(reader.read("a"))).toBe(0);
    expect(server.asked.length).toBe(1);
    expect(server.open).toBe(0);
  });
});

describe("a file at an address is refused", () => {
  it.each([
    ["by ranges", {}],
    ["as a stream", { ranges: false }],
    ["whole", { ranges: false, length: false }],
  ])("over maxBytes when read %s", async (_how, behaviour) => {
    serve({ [address]: large() }, behaviour);
    await expect(openSafetensors(address, { maxBytes: 100_000 })).rejects.toMatchObject({ kind: "limit" });
    expect(server.open).toBe(0);
  });

  it.each<[string, string, NonNullable<Behaviour["change"]>]>([
    ["does not name the range that it sends", "source", ({ headers }) => headers.delete("content-range")],
    ["does not know the length of the file", "source", ({ headers }) => headers.set("content-range", "bytes 0-9/*")],
    ["sends fewer bytes than it states", "truncated", (answer) => (answer.bytes = answer.bytes.subarray(1))],
    [
      "sends more than was asked",
      "source",
      (answer) => (answer.bytes = new Uint8Array([...answer.bytes.subarray(0, 9), ...new Uint8Array(3 << 20)])),
    ],
  ])("when the server %s", async (_what, kind, change) => {
    serve({ [address]: large() }, { change });
    await expect(openSafetensors(address)).rejects.toMatchObject({ kind });
    expect(server.open).toBe(0);
  });

  it("when it changes between two ranges", async () => {
    let version = 0;
    serve({ [address]: large() }, { change: ({ headers }) => headers.set("etag", String(version++)) });
    const reader = await openSafetensors(address);
    await expect(reader.read("c")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: server must be one that sends the ranges of one file, got status 206 or another file; open it again]`,
    );
    expect(server.open).toBe(0);
  });
});

describe("an aborted read from an address", () => {
  it("stops, and the file can be read afterwards", async () => {
    for (const ranges of [true, false]) {
      serve({ [address]: large() }, { ranges });
      const reader = await openSafetensors(address);
      const controller = new AbortController();
      const reading = reader.read("b", { signal: controller.signal });
      controller.abort();
      await expect(reading).rejects.toMatchObject({ name: "AbortError" });
      expect(await firstOf(reader.read("c"))).toBe(7);
      await reader.close();
      expect(server.open).toBe(0);
    }
  });
});

describe("an index", () => {
  it("opens the shards beside it, with the same query", async () => {
    const [a, b] = [use(tensor([1])), use(tensor([2]))];
    const index = JSON.stringify({ metadata: { total_size: 8 }, weight_map: { a: "one 1.safetensors", b: "two.safetensors" } });
    serve({
      "https://models.example/m/model.safetensors.index.json?token=x": new TextEncoder().encode(index),
      "https://models.example/m/one%201.safetensors?token=x": writeSafetensors({ a }),
      "https://models.example/m/two.safetensors?token=x": writeSafetensors({ b }),
    });
    const reader = await openSafetensors("https://models.example/m/model.safetensors.index.json?token=x");
    expect(reader.names).toEqual(["a", "b"]);
    expect([await firstOf(reader.read("a")), await firstOf(reader.read("b"))]).toEqual([1, 2]);
  });
});
