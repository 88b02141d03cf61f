import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canFillDisk, onFullDisk } from "@tfblocks/testkit/full-disk";
import { FileCheckpointStore } from "@tfblocks/training/node";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
});

afterEach(() => rm(folder, { recursive: true }));

it("loads undefined before the first save, and then the last bytes", async () => {
  const store = new FileCheckpointStore(join(folder, "run"));
  expect(await store.load()).toBeUndefined();
  await store.save(Uint8Array.of(1, 2, 3));
  await store.save(Uint8Array.of(4, 5));
  expect(await store.load()).toEqual(Uint8Array.of(4, 5));
  expect(await readdir(folder)).toEqual(["run"]);
});

it.runIf(canFillDisk)("keeps the old file when the disk is full", async () => {
  const store = new FileCheckpointStore(join(folder, "run"));
  await store.save(Uint8Array.of(1, 2, 3));
  await expect(onFullDisk(1, () => store.save(Uint8Array.of(4, 5)))).rejects.toThrow(/EFBIG/);
  expect(await store.load()).toEqual(Uint8Array.of(1, 2, 3));
  expect(await readdir(folder)).toEqual(["run"]);
});

it("ignores the remains of an interrupted save", async () => {
  const store = new FileCheckpointStore(join(folder, "run"));
  await store.save(Uint8Array.of(1, 2, 3));
  await writeFile(join(folder, "run.tmp"), "half of a checkp");
  expect(await store.load()).toEqual(Uint8Array.of(1, 2, 3));
  await store.save(Uint8Array.of(6));
  expect([...(await readFile(join(folder, "run")))]).toEqual([6]);
});

it("rejects when the folder does not exist", async () => {
  await expect(new FileCheckpointStore(join(folder, "none", "run")).save(Uint8Array.of(1))).rejects.toThrow(/ENOENT/);
});
