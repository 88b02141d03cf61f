import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "@tensorflow/tfjs-core";
import { canFillDisk, onFullDisk } from "@tfblocks/testkit/full-disk";
import { use } from "@tfblocks/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeSafetensors } from "../write-safetensors.js";
import { openSafetensorsFile } from "./open-safetensors-file.js";
import { writeSafetensorsFile } from "./write-safetensors-file.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weights-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const small = () => ({ a: tensor([1, 2, 3]), b: tensor([[4, 5]]), ids: tensor([6], [1], "int32") });

describe("a file written by path", () => {
  it("has the bytes of writeSafetensors and can be opened by path", async () => {
    const state = use(small());
    await writeSafetensorsFile(at("model.safetensors"), state, { metadata: { format: "pt" }, dtype: "BF16" });
    const expected = writeSafetensors(state, { metadata: { format: "pt" }, dtype: "BF16" });
    expect(new Uint8Array(await readFile(at("model.safetensors")))).toEqual(expected);
    const reader = await openSafetensorsFile(at("model.safetensors"));
    const read = use(await reader.readAll());
    expect(Object.fromEntries(Object.entries(read).map(([name, each]) => [name, each.arraySync()]))).toEqual({
      a: [1, 2, 3],
      b: [[4, 5]],
      ids: [6],
    });
    await reader.close();
    await expect(reader.read("a")).rejects.toMatchObject({ kind: "closed" });
  });
});

describe("an older file at the path", () => {
  it("is replaced, and no other file is left", async () => {
    const state = use(small());
    await writeFile(at("model.safetensors"), "old");
    await writeSafetensorsFile(at("model.safetensors"), state);
    expect((await readFile(at("model.safetensors"))).length).toBe(writeSafetensors(state).length);
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("stays when writing fails", async () => {
    const state = use(small());
    await writeFile(at("model.safetensors"), "old");
    const failing = use(Object.assign(tensor([1]), { data: () => Promise.reject(new Error("no space left")) }));
    await expect(writeSafetensorsFile(at("model.safetensors"), { ...state, z: failing })).rejects.toThrow("no space left");
    expect(await readFile(at("model.safetensors"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it.runIf(canFillDisk)("stays when the disk fills up", async () => {
    const state = use(small());
    await writeFile(at("model.safetensors"), "old");
    const size = writeSafetensors(state).length;
    await expect(onFullDisk(size - 1, () => writeSafetensorsFile(at("model.safetensors"), state))).rejects.toThrow("EFBIG");
    expect(await readFile(at("model.safetensors"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("stays when writing is aborted or given an unknown option", async () => {
    const state = use(small());
    await writeFile(at("model.safetensors"), "old");
    const signal = AbortSignal.abort();
    await expect(writeSafetensorsFile(at("model.safetensors"), state, { signal })).rejects.toMatchObject({ name: "AbortError" });
    await expect(writeSafetensorsFile(at("model.safetensors"), state, { dtype: "F8" as never })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: writeSafetensorsFile: dtype must be "F32", "F16" or "BF16", got "F8"]`,
    );
    await expect(writeSafetensorsFile(at("missing/model.safetensors"), state)).rejects.toThrow("ENOENT");
    expect(await readFile(at("model.safetensors"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });
});

describe("a path", () => {
  it("of an index opens the shards beside it, also through symbolic links", async () => {
    const state = use(small());
    await writeSafetensorsFile(at("blob"), { a: state.a });
    await symlink(at("blob"), at("one.safetensors"));
    await writeSafetensorsFile(at("two.safetensors"), { b: state.b });
    await writeFile(at("model.safetensors.index.json"), JSON.stringify({ weight_map: { a: "one.safetensors", b: "two.safetensors" } }));
    const reader = await openSafetensorsFile(at("model.safetensors.index.json"));
    expect(reader.names).toEqual(["a", "b"]);
    const read = use(await reader.readAll());
    expect([...read["b"]!.dataSync()]).toEqual([4, 5]);
    await reader.close();
  });

  it("of a missing file, of a folder or of a malformed file is refused", async () => {
    await expect(openSafetensorsFile(at("none"))).rejects.toMatchObject({ kind: "source" });
    await expect(openSafetensorsFile(folder)).rejects.toMatchObject({ kind: "source" });
    await writeFile(at("short"), "1234");
    await expect(openSafetensorsFile(at("short"))).rejects.toMatchObject({ kind: "truncated" });
    await expect(openSafetensorsFile(at("short"), { maxBytes: 3 })).rejects.toMatchObject({ kind: "limit" });
  });

  it.skipIf(process.platform === "win32")("of a pipe is refused at once, without waiting for a writer", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    await expect(openSafetensorsFile(at("pipe"))).rejects.toMatchObject({ kind: "source" });
  });

  it("of a file that was truncated after it was opened is refused when read", async () => {
    const state = use(small());
    await writeSafetensorsFile(at("model.safetensors"), state);
    const reader = await openSafetensorsFile(at("model.safetensors"));
    await writeFile(at("model.safetensors"), "cut");
    await expect(reader.read("a")).rejects.toMatchObject({ kind: "truncated" });
    await reader.close();
  });
});
