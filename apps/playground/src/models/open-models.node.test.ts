import { readFile } from "node:fs/promises";
import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { expectNewTensors, fusedBackendNames, useBackend } from "@tfblocks/testkit";
import { grammar } from "@tfblocks/zoo";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openedRecipe } from "./load-trained.js";
import { closeChosen, openModel } from "./open-models.js";
import { provideRunModels } from "./run-models.js";
import { Cancelled } from "./opening.js";
import { registerOwn } from "./own-files/own-models.js";
import { ownFolder } from "./testing/own-folder.js";
import { forget, list, open, register } from "./worker-calls.js";

const url = "https://localhost/models/";
const folder = new URL("../../public/models/", import.meta.url);
const go = { step: async () => true };

/** Serves the models of the page. @param before waits before a file is sent */
function serve(before: (name: string) => Promise<void> = async () => {}): void {
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("fetch", async (address: URL, { signal }: RequestInit = {}) => {
    signal?.throwIfAborted();
    const name = address.pathname.replace("/models/", "");
    await Promise.race([before(name), new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)))]);
    if (name === "index.json") return Response.json(["copy", "grammar", "mine"].map((each) => ({ name: each, title: each })));
    const bytes = await readFile(new URL(name, folder)).catch(() => undefined);
    return bytes === undefined ? new Response("no", { status: 404 }) : new Response(bytes);
  });
}

beforeAll(() => useBackend(fusedBackendNames[0]!));
afterEach(() => {
  closeChosen();
  vi.unstubAllGlobals();
});

describe("openModel", () => {
  it("keeps one model open, which calls share, and frees it when another is opened", async () => {
    serve();
    await expectNewTensors(async () => {
      const before = memory().numTensors;
      const [one, same] = await Promise.all([openModel("grammar", url), openModel("grammar", url)]);
      expect([one === same, memory().numTensors - before]).toEqual([true, one!.held]);
      const other = await openModel("untrained-copy", url);
      expect([other.info.id, memory().numTensors - before]).toEqual(["untrained-copy", other.held]);
      closeChosen();
    }, 0);
  });

  it("leaves nothing when another model is chosen, or when it is cancelled, while it loads", async () => {
    serve((name) => (name.startsWith("copy") ? new Promise(() => {}) : Promise.resolve()));
    await expectNewTensors(async () => {
      const replaced = openModel("copy", url).catch((error: unknown) => error);
      const opened = await openModel("grammar", url);
      expect(await replaced).toBeInstanceOf(Cancelled);
      expect(await openModel("grammar", url)).toBe(opened);
      const waiting = openModel("copy", url).catch((error: unknown) => error);
      expect(await open("copy", url, { step: async () => false })).toBeUndefined();
      expect(await waiting).toBeInstanceOf(Cancelled);
    }, 0);
  });

  it("continues until all who wait for it have cancelled it", async () => {
    const asked = new Promise<void>((resolve) => setTimeout(resolve, 20)); // both ports are asked before a file is there
    serve(() => asked);
    const [first, again] = [open("grammar", url, { step: async () => false }), open("grammar", url, go)];
    expect([(await first)?.ok, (await again)?.ok]).toEqual([true, true]);
  });

  it("is cancelled by its port in the middle of the weights", async () => {
    vi.stubGlobal("navigator", {});
    registerOwn({ id: "own-slow", title: "slow", files: await ownFolder("gpt2") });
    const seen: string[] = [];
    await expectNewTensors(async () => {
      const step = async (what: string) => (seen.push(what), !what.startsWith("Reading"));
      expect(await open("own-slow", url, { step })).toBeUndefined();
    }, 0);
    expect(new Set(seen)).toEqual(new Set(["Opening the model", "Reading the weights"]));
    await forget("own-slow");
  });

  it("reports what cannot be opened, and opens it the next time", async () => {
    serve(async (name) => {
      if (name.startsWith("reverse")) throw new Error("offline");
    });
    const sentence = async (id: string) => {
      const outcome = await expectNewTensors(() => open(id, url, go), 0);
      return outcome?.ok === false ? outcome.failure.sentence : "";
    };
    expect([
      await sentence("missing"),
      await sentence("reverse"),
      await sentence("own-gone"),
      await sentence("run-1"),
      await sentence("untrained-x"),
    ]).toMatchInlineSnapshot(`
      [
        "There is no model named “missing” in this page. Please choose another one.",
        "The model file reverse/config.json could not be fetched (no connection). Check the connection and try again.",
        "This model is made of files of yours, which the page has not kept. Please open them again.",
        "There is no model named “run-1” in this page. Please choose another one.",
        "There is no model named “x” in this page. Please choose another one.",
      ]
    `);
    serve();
    expect(await open("reverse", url, go)).toMatchObject({ ok: true, result: { id: "reverse" } });
  });

  it("opens and lists the models of trainings where the worker says", async () => {
    serve();
    const openRun = async (id: string) => openedRecipe(grammar, grammar.build(new Random(1)), { id, title: "Grammar, step 300", held: 0 });
    provideRunModels({ open: openRun, list: async () => [{ id: "run-k-300", title: "Grammar, step 300", group: "run" }] });
    await expectNewTensors(async () => {
      expect(await open("run-k-300", url, go)).toMatchObject({ ok: true, result: { id: "run-k-300", title: "Grammar, step 300" } });
      closeChosen();
    }, 0);
    expect((await list(url)).at(-1)).toEqual({ id: "run-k-300", title: "Grammar, step 300", group: "run" });
    provideRunModels(undefined);
  });
});

it("lists trained models in the order of their descriptions, untrained ones, and those of the reader", async () => {
  serve();
  register({ id: "own-a", title: "a", files: new Map([["config.json", new Blob(["{}"])]]) });
  expect((await list(url)).map(({ id, group, bytes }) => [id, group, bytes])).toEqual([
    ["grammar", "trained", undefined],
    ["copy", "trained", undefined],
    ["mine", "trained", undefined],
    ["untrained-grammar", "untrained", undefined],
    ["untrained-copy", "untrained", undefined],
    ["own-a", "own", 2],
  ]);
  await forget("own-a");
  vi.stubGlobal("fetch", () => Promise.reject(new Error("offline")));
  expect(await list(url)).toEqual([]);
});
