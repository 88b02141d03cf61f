import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canFillDisk, onFullDisk } from "@tfblocks/testkit/full-disk";
import { replaceFile } from "@tfblocks/weights/node";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "replace-"));
});
afterEach(() => rm(folder, { recursive: true }));

const path = (): string => join(folder, "file");
const replace = (text: string, signal?: AbortSignal) => replaceFile(path(), (file) => file.writeFile(text), { signal });

/** The names and texts of the files in the folder. */
async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")])));
}

it("creates a file and replaces it with a shorter one", async () => {
  await replace("first");
  expect(await contents()).toEqual({ file: "first" });
  await replace("2nd");
  expect(await contents()).toEqual({ file: "2nd" });
});

it("shows the old file until the new one is complete", async () => {
  await replace("old");
  await replaceFile(path(), async (file) => {
    await file.writeFile("new, ");
    expect(await readFile(path(), "utf8")).toBe("old");
    await file.writeFile("in parts");
  });
  expect(await contents()).toEqual({ file: "new, in parts" });
});

it("leaves the old file when writing throws", async () => {
  await replace("old");
  const failing = replaceFile(path(), async (file) => {
    await file.writeFile("half");
    throw new Error("no more");
  });
  await expect(failing).rejects.toThrow("no more");
  expect(await contents()).toEqual({ file: "old" });
});

it.runIf(canFillDisk)("leaves the old file when the disk fills up", async () => {
  await replace("old");
  await expect(onFullDisk(100, () => replace("x".repeat(1000)))).rejects.toThrow(/EFBIG/);
  expect(await contents()).toEqual({ file: "old" });
});

it("leaves the old file when aborted, before writing or while it writes", async () => {
  await replace("old");
  await expect(replace("new", AbortSignal.abort(new Error("never mind")))).rejects.toThrow("never mind");
  const controller = new AbortController();
  const interrupted = replaceFile(
    path(),
    async (file) => {
      await file.writeFile("new");
      controller.abort(new Error("enough"));
    },
    { signal: controller.signal },
  );
  await expect(interrupted).rejects.toThrow("enough");
  expect(await contents()).toEqual({ file: "old" });
});

it("works while another call replaces the same file", async () => {
  await Promise.all([replace("a".repeat(9999)), replace("b".repeat(9999))]);
  expect(Object.keys(await contents())).toEqual(["file"]);
  expect((await contents())["file"]).toMatch(/^(a{9999}|b{9999})$/);
});

it("leaves no file beside a folder that it cannot replace, and names a folder that does not exist", async () => {
  await mkdir(path());
  await expect(replace("new")).rejects.toThrow(/EISDIR|EPERM/);
  expect(await readdir(folder)).toEqual(["file"]);
  await writeFile(join(folder, "plain"), "");
  await expect(replaceFile(join(folder, "plain", "file"), async () => {})).rejects.toThrow(/ENOTDIR: not a directory, open|ENOENT/);
  await expect(replaceFile(join(folder, "none", "file"), async () => {})).rejects.toThrow("ENOENT");
});

it("refuses an unknown option before it writes", async () => {
  await expect(replaceFile(path(), async () => {}, { mode: 0o600 } as never)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: replaceFile: unknown option "mode"; known options: signal]`,
  );
  expect(await contents()).toEqual({});
});
