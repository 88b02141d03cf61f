import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeStorage } from "../testing/fake-storage.js";
import { deleteKept, keepModel, keepState, keptModel, keptModels, renameKept } from "./kept-models.js";
import type { OwnModel } from "./own-model.js";

const go = { step: async () => true };
let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage().install();
});
afterEach(() => void vi.unstubAllGlobals());

const modelOf = (key: string, weights = "weights"): OwnModel => ({
  id: `own-${key}`,
  title: `Model ${key}`,
  files: new Map([
    ["config.json", new Blob(["{}"])],
    ["model.safetensors", new Blob([weights])],
  ]),
});

const refusal = (keeping: Promise<unknown>): Promise<string> =>
  keeping.then(
    () => "kept",
    (error: Error) => error.message,
  );

describe("a model that the browser keeps", () => {
  test("is listed with its title and files, found by its id, and deleted", async () => {
    expect(await keepModel(modelOf("b"), go)).toBe(true);
    expect(await keepModel(modelOf("a", "other"), go)).toBe(true);
    expect((await keptModels()).map(({ id, title }) => [id, title])).toEqual([
      ["own-a", "Model a"],
      ["own-b", "Model b"],
    ]);
    const { files } = (await keptModel("own-a"))!;
    expect([[...files.keys()], await files.get("model.safetensors")!.text()]).toEqual([["config.json", "model.safetensors"], "other"]);
    await deleteKept("own-a");
    await deleteKept("own-a");
    expect([(await keptModels()).length, await keptModel("own-a")]).toEqual([1, undefined]);
  });

  test("has the title that it is given later, shorter or longer", async () => {
    await keepModel(modelOf("a"), go);
    for (const title of ["A", "A model with a long name"]) {
      await renameKept("own-a", title);
      expect((await keptModel("own-a"))!.title).toBe(title);
    }
    await renameKept("own-b", "B");
    expect((await keptModels()).map(({ id }) => id)).toEqual(["own-a"]);
  });

  test("is not looked for by any other name", async () => {
    for (const id of ["grammar", "own-../x", "own-a/b", "run-1"]) expect(await keptModel(id)).toBeUndefined();
  });

  test("is copied once when two pages keep it at the same time", async () => {
    const seen: string[] = [];
    const step = async (what: string) => (seen.push(what), true);
    expect(await Promise.all([keepModel(modelOf("a"), { step }), keepModel(modelOf("a"), { step })])).toEqual([true, true]);
    expect(seen).toEqual(["Keeping config.json", "Keeping model.safetensors"]);
  });

  test("is not there after a cancel", async () => {
    const step = async (what: string) => !what.endsWith("safetensors");
    expect(await keepModel(modelOf("a"), { step })).toBeUndefined();
    expect([await keptModels(), storage.usage, storage.folders]).toEqual([[], 0, []]);
  });

  test("is not there when the page was closed meanwhile, and can be kept again", async () => {
    const pages = [keepModel(modelOf("a"), { step: () => new Promise(() => {}) })];
    await vi.waitFor(() => expect(storage.usage).toBeGreaterThan(0));
    expect([await keptModels(), pages.length]).toEqual([[], 1]);
    new FakeStorage().install();
    storage.install();
    expect(await keepModel(modelOf("a"), go)).toBe(true);
    expect((await keptModels()).map(({ id }) => id)).toEqual(["own-a"]);
  });
});

describe("a model that cannot be kept", () => {
  test("has more bytes than the browser has left, or than it turns out to have", async () => {
    storage.quota = 8;
    expect(await refusal(keepModel(modelOf("a"), go))).toBe(
      "The model has 9 bytes, and the browser has 8 bytes left for this page. Delete a model first.",
    );
    storage.quota = 12;
    expect(await refusal(keepModel(modelOf("a"), go))).toBe("The browser has no space left for this model. Delete another one first.");
    expect([await keptModels(), storage.usage]).toEqual([[], 0]);
  });

  test("can no longer be read", async () => {
    const own = modelOf("a");
    const gone = new Blob(["x"]);
    gone.slice = () => ({ arrayBuffer: () => Promise.reject(new Error("the file was moved")) }) as unknown as Blob;
    const files = new Map(own.files).set("model.safetensors", gone);
    expect(await refusal(keepModel({ ...own, files }, go))).toBe("The model could not be kept: the file was moved.");
    expect(storage.folders).toEqual([]);
  });

  test("is in a browser without storage, or on a page without encryption, which are told apart", async () => {
    const reasons: unknown[] = [];
    for (const isSecureContext of [true, false]) {
      vi.unstubAllGlobals();
      vi.stubGlobal("navigator", {});
      vi.stubGlobal("isSecureContext", isSecureContext);
      reasons.push(await keepState(), await keptModels(), await refusal(keepModel(modelOf("a"), go)));
      await deleteKept("own-a");
    }
    expect(reasons).toEqual([
      { canKeep: false, reason: expect.stringMatching(/keeps no files/) },
      [],
      expect.stringMatching(/keeps no files/),
      { canKeep: false, reason: expect.stringMatching(/https/) },
      [],
      expect.stringMatching(/https/),
    ]);
  });
});
