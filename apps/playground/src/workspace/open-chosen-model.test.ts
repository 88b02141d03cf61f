import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { ComputeState } from "../compute/compute-client.js";
import type { Outcome } from "../compute/outcome.js";
import type { TaskPort } from "../compute/task.js";
import type { ModelInfo } from "../models/model-info.js";
import type { OwnModel } from "../models/own-files/own-model.js";
import { ChosenModel } from "./open-chosen-model.js";
import { Workspace } from "./workspace.js";
import { defaultWorkspace } from "./workspace-link.js";

vi.mock("../models/models-url.js", () => ({ modelsUrl: "https://localhost/models/" }));

const infoOf = (id: string) =>
  ({ id, examples: [{ text: `text of ${id}`, note: "" }], firstHead: defaultWorkspace.head }) as unknown as ModelInfo;

/** A worker whose openings end when the test says so. */
function fakeWorker() {
  const state = signal<ComputeState>({ phase: "starting" });
  const openings: { id: string; port: TaskPort; end: (outcome: Outcome<ModelInfo> | undefined) => void; fail: (error: Error) => void }[] =
    [];
  const registered: string[] = [];
  const renamed: string[][] = [];
  const titles: string[] = [];
  const models = {
    list: async () => registered.map((id) => ({ id, title: id, group: "own" as const })),
    open: (id: string, _url: string, port: TaskPort) =>
      new Promise<Outcome<ModelInfo> | undefined>((end, fail) => openings.push({ id, port, end, fail })),
    register: async ({ id, title }: OwnModel) => void (registered.push(id), titles.push(title)),
    rename: async (id: string, title: string) => (renamed.push([id, title]), { ok: true, result: true } as const),
    forget: async (id: string) => void registered.splice(registered.indexOf(id), 1),
  };
  type Listener = (calls: { models: typeof models }) => Promise<void> | void;
  const listeners: Listener[] = [];
  const compute = { state, calls: Promise.resolve({ models }), onStart: (listener: Listener) => (listeners.push(listener), () => {}) };
  const start = async (lost?: string): Promise<void> => {
    state.value = { phase: "starting" };
    for (const listener of listeners) await listener({ models });
    state.value = { phase: "ready", info: undefined!, lost };
    await settled();
  };
  return { compute, start, openings, registered, renamed, titles };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const opened = (id: string): Outcome<ModelInfo> => ({ ok: true, result: infoOf(id) });

async function started() {
  const worker = fakeWorker();
  const workspace = new Workspace({ ...defaultWorkspace, model: "grammar" });
  const chosen = new ChosenModel(worker.compute, workspace);
  await worker.start();
  return { ...worker, workspace, chosen };
}

test("opens the chosen model once the worker runs, and each one that is chosen later", async () => {
  const { openings, workspace, chosen } = await started();
  expect([openings.map(({ id }) => id), chosen.opening.value !== undefined]).toEqual([["grammar"], true]);
  openings[0]!.end(opened("grammar"));
  await settled();
  expect([workspace.info.value?.id, workspace.state.value.text, chosen.opening.value]).toEqual(["grammar", "text of grammar", undefined]);
  workspace.write("the dog");
  workspace.chooseModel("copy");
  await settled();
  expect(openings.map(({ id }) => id)).toEqual(["grammar", "copy"]);
});

test("the model chosen last is shown, and the opening of the one before is cancelled", async () => {
  const { openings, workspace, chosen } = await started();
  workspace.chooseModel("copy");
  await settled();
  expect(await openings[0]!.port.step("Reading", 1, 2)).toBe(false);
  openings[1]!.end(opened("copy"));
  openings[0]!.end(opened("grammar"));
  await settled();
  expect([workspace.info.value?.id, chosen.failure.value]).toEqual(["copy", undefined]);
});

test("tells how far the opening is, why it failed and that it was cancelled, and tries again", async () => {
  const { openings, workspace, chosen } = await started();
  await openings[0]!.port.step("Reading the weights", 1, 2);
  expect(chosen.opening.value!.progress.value).toEqual({ what: "Reading the weights", done: 1, total: 2 });
  openings[0]!.end({ ok: false, failure: { field: "model", sentence: "No." } });
  await settled();
  expect([chosen.failure.value, chosen.opening.value, workspace.info.value]).toEqual(["No.", undefined, undefined]);
  chosen.retry();
  await settled();
  expect(chosen.failure.value).toBeUndefined();
  chosen.cancel();
  expect(await openings[1]!.port.step("Reading", 1, 2)).toBe(false);
  openings[1]!.end(undefined);
  await settled();
  expect(chosen.failure.value).toMatch(/cancelled/);
});

test("a model that a late call about another one has closed is opened again", async () => {
  const { openings, workspace, chosen } = await started();
  openings[0]!.end(undefined);
  await settled();
  expect([openings.map(({ id }) => id), chosen.failure.value]).toEqual([["grammar", "grammar"], undefined]);
  openings[1]!.end(opened("grammar"));
  await settled();
  expect([workspace.info.value?.id, chosen.opening.value]).toEqual(["grammar", undefined]);
});

test("a new worker learns the models of the reader before the chosen one is opened again; the text stays", async () => {
  const { openings, registered, start, workspace, chosen } = await started();
  void chosen.add({ id: "own-a", title: "a", files: new Map() });
  await settled();
  expect([workspace.state.value.model, registered, chosen.choices.value.length]).toEqual(["own-a", ["own-a"], 1]);
  openings.at(-1)!.end(opened("own-a"));
  await settled();
  workspace.write("mine");
  registered.length = 0;
  await start();
  expect([registered, openings.at(-1)!.id]).toEqual([["own-a"], "own-a"]);
  openings.at(-1)!.end(opened("own-a"));
  await settled();
  expect([workspace.info.value?.id, workspace.state.value.text]).toEqual(["own-a", "mine"]);
  await chosen.forget("own-a");
  expect(chosen.choices.value).toEqual([]);
});

test("a chosen model that gets another name is opened again, and a new worker knows the name; the text stays", async () => {
  const { openings, titles, renamed, start, workspace, chosen } = await started();
  void chosen.add({ id: "own-a", title: "a", files: new Map() });
  await settled();
  openings.at(-1)!.end(opened("own-a"));
  await settled();
  workspace.write("mine");
  expect(await chosen.rename("own-a", "b")).toBeUndefined();
  expect([renamed, openings.map(({ id }) => id)]).toEqual([[["own-a", "b"]], ["grammar", "own-a", "own-a"]]);
  openings.at(-1)!.end(opened("own-a"));
  await settled();
  expect(workspace.state.value.text).toBe("mine");
  await start();
  expect(titles).toEqual(["a", "b"]);
});

test("a worker that is lost while it opens is a failure until the next one has opened the model", async () => {
  const { openings, start, workspace, chosen } = await started();
  openings[0]!.fail(new Error("The worker was lost"));
  await settled();
  expect(chosen.failure.value).toBe("The worker was lost.");
  await start();
  openings[1]!.end(opened("grammar"));
  await settled();
  expect([chosen.failure.value, workspace.info.value?.id]).toEqual([undefined, "grammar"]);
});

test("a new worker in place of a lost one opens the model again, and nothing is read again", async () => {
  const { openings, start, workspace, chosen } = await started();
  openings[0]!.end(opened("grammar"));
  await settled();
  const known = workspace.info.value;
  await start("it was lost");
  expect([openings.length, chosen.opening.value !== undefined]).toEqual([2, true]);
  openings[1]!.end(opened("grammar"));
  await settled();
  expect([workspace.info.value === known, chosen.opening.value]).toEqual([true, undefined]);
});

test("a model that lacks memory in two workers stays closed until the reader tries again", async () => {
  const { openings, start, chosen } = await started();
  const shortage: Outcome<ModelInfo> = { ok: false, failure: { field: "model", sentence: "Too large.", isShortOfMemory: true } };
  openings[0]!.end(shortage);
  await start("there was not enough memory");
  expect([openings.length, chosen.failure.value]).toEqual([2, undefined]);
  openings[1]!.end(shortage);
  await start("there was not enough memory");
  expect([openings.length, chosen.failure.value]).toEqual([2, "Too large."]);
  chosen.retry();
  await settled();
  expect(openings).toHaveLength(3);
});
