import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import { openSafetensors } from "./open-safetensors.js";
import { writeSafetensors } from "./write-safetensors.js";

const indexFile = (content: unknown, name = "model.safetensors.index.json"): File =>
  new File([typeof content === "string" ? content : JSON.stringify(content)], name);

function shard(name: string, numbers: Readonly<Record<string, number[]>>): File {
  const state = Object.fromEntries(Object.entries(numbers).map(([each, values]) => [each, tensor(values)]));
  const bytes = writeSafetensors(state, { metadata: { format: "pt", [name]: "here" } });
  for (const each of Object.values(state)) each.dispose();
  return new File([bytes as BlobPart], name);
}

const shards = () => [shard("1.safetensors", { a: [1, 2], b: [3] }), shard("2.safetensors", { c: [4] })];
const weightMap = { a: "1.safetensors", b: "1.safetensors", c: "2.safetensors" };

describe("files chosen together", () => {
  it("are one model by their index", async () => {
    const reader = await openSafetensors([...shards(), indexFile({ metadata: { total_size: 16 }, weight_map: weightMap })]);
    expect(reader.names).toEqual(["a", "b", "c"]);
    expect(reader.metadata).toEqual({ format: "pt", "1.safetensors": "here", "2.safetensors": "here" });
    const state: Record<string, Tensor> = use(await reader.readAll());
    expect(Object.values(state).map((each) => [...each.dataSync()])).toEqual([[1, 2], [3], [4]]);
  });

  it("need neither the total size nor more than one shard", async () => {
    expect((await openSafetensors([...shards(), indexFile({ weight_map: weightMap })])).names.length).toBe(3);
    expect((await openSafetensors([shards()[0]!])).names).toEqual(["a", "b"]);
    expect((await openSafetensors(shards()[1]!)).names).toEqual(["c"]);
  });

  it("are refused without an index, or when they exceed maxBytes together", async () => {
    await expect(openSafetensors(shards())).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SafetensorsError: openSafetensors: files must be one file, or shards with their .index.json, got 2 files]`,
    );
    await expect(openSafetensors([])).rejects.toThrow("got 0 files");
    const files = [...shards(), indexFile({ weight_map: weightMap })];
    const maxBytes = files[0]!.size + files[1]!.size;
    expect((await openSafetensors(files, { maxBytes })).names.length).toBe(3);
    await expect(openSafetensors(files, { maxBytes: maxBytes - 1 })).rejects.toMatchObject({ kind: "limit" });
  });
});

describe("an index of shards", () => {
  it.each<[string, unknown, string]>([
    [
      "misses a tensor in its shard",
      { weight_map: { ...weightMap, d: "2.safetensors" } },
      'shard "2.safetensors" must be one with tensor "d"',
    ],
    ["lacks a tensor that a shard has", { weight_map: { a: "1.safetensors", c: "2.safetensors" } }, 'weight_map of "b"'],
    ["names another shard", { weight_map: { ...weightMap, b: "2.safetensors" } }, 'weight_map of "b"'],
    ["names a shard that is missing", { weight_map: { ...weightMap, d: "3.safetensors" } }, "with 3.safetensors"],
    [
      "gives another total",
      { metadata: { total_size: 17 }, weight_map: weightMap },
      "total_size must be 16, the bytes of all tensors, got 17",
    ],
    [
      "gives the total as 16.0",
      '{"metadata":{"total_size":16.0},"weight_map":{"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors"}}',
      "got 16.0",
    ],
    ["has no weight_map", {}, "an object with a weight_map"],
    ["is not an object", [], "an object with a weight_map"],
    ["names a tensor twice", '{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}', "without duplicate names"],
    ["names a number", { weight_map: { a: 1 } }, "plain file names"],
  ])("is refused when it %s", async (_title, content, message) => {
    await expect(openSafetensors([...shards(), indexFile(content)])).rejects.toThrow(message);
  });

  it.each([
    "../1.safetensors",
    "/etc/passwd",
    "a/../1.safetensors",
    "sub/1.safetensors",
    "..",
    "",
    ".hidden",
    "C:\\x",
    "a\\b",
    "%2e%2e%2fx",
    "a\0",
    "https://x.example/1",
    "a..b",
  ])("is refused when it calls a shard %j", async (name) => {
    await expect(openSafetensors([...shards(), indexFile({ weight_map: { a: name } })])).rejects.toMatchObject({ kind: "index" });
  });
});
