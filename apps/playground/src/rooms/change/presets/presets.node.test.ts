import { readFile } from "node:fs/promises";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { loadTrained } from "../../../models/load-trained.js";
import type { OpenModel } from "../../../models/opened-model.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { readPredictions } from "../../../reading/read-predictions.js";
import type { PredictionsReading } from "../../../reading/readings.js";
import { Run } from "../../../reading/run.js";
import { taskPort } from "../../../reading/testing/task-port.js";
import { patchLink } from "../patching/patch-settings.js";
import type { PatchReading } from "../patching/patch-reading.js";
import { readPatches } from "../patching/read-patches.js";
import { type Preset, presetsOf } from "./presets.js";

beforeAll(async () => {
  await useBackend(fusedBackendNames[0]!);
  const folder = new URL("../../../../public/models/", import.meta.url);
  vi.stubGlobal("fetch", async (url: URL) => new Response(await readFile(new URL(url.pathname.slice(1), folder))));
});

async function trained(name: string): Promise<OpenModel> {
  const opened = await loadTrained(name, "https://localhost/", new AbortController().signal);
  use(opened.model);
  return opened;
}

const presetNamed = (model: string, title: string): Preset => presetsOf(model).find((each) => each.title === title)!;

async function predict(
  opened: OpenModel,
  { example: { text, answer = "" } }: Preset,
  edits: readonly EditSpec[],
): Promise<PredictionsReading> {
  const run = new Run(opened, { model: opened.info.id, text, answer, edits });
  const reading = await readPredictions(run, { temperature: 1, topK: 5 });
  run.dispose();
  return reading;
}

async function lossChange(opened: OpenModel, preset: Preset): Promise<number> {
  return (await predict(opened, preset, preset.edits)).meanLoss! - (await predict(opened, preset, [])).meanLoss!;
}

async function patched(opened: OpenModel, { example, patch }: Preset): Promise<PatchReading> {
  const input = { model: opened.info.id, text: example.text, answer: "", edits: [] };
  return (await readPatches(opened, input, { ...patchLink.defaults, ...patch }, taskPort()))!;
}

test("one induction head is not needed, all four are, and neither without L0·H0", async () => {
  const opened = await trained("induction");
  const changeOf = (title: string): Promise<number> => lossChange(opened, presetNamed("induction", title));
  expect(await changeOf("Switch off L0·H0")).toBeGreaterThan(1.5);
  expect(Math.abs(await changeOf("Switch off one induction head"))).toBeLessThan(0.1);
  expect(await changeOf("Switch off all four")).toBeGreaterThan(3);
});

test("the repetition comes back with the stream at the first “Z”, before layer 1", async () => {
  const opened = await trained("induction");
  const { cells, tokens } = await patched(opened, presetNamed("induction", "Bring a repetition back"));
  const best = cells.toSorted((a, b) => b.restored! - a.restored!)[0]!;
  expect(best).toMatchObject({ layer: "layers.1", position: 8 });
  expect(best.restored).toBeGreaterThan(0.9);
  expect(tokens[19]).toBe("Z");
});

test("without L2·H3 the verb agrees with the nearest noun, and half of it is enough", async () => {
  const opened = await trained("grammar");
  const preset = presetNamed("grammar", "Switch off L2·H3");
  const verbs = async (edits: readonly EditSpec[]): Promise<string[]> =>
    (await predict(opened, preset, edits)).positions[5]!.top.map(({ text }) => text);
  expect((await verbs([])).slice(0, 4).filter((verb) => verb.endsWith("s"))).toEqual([]);
  expect((await verbs(preset.edits)).slice(0, 4).filter((verb) => !verb.endsWith("s"))).toEqual([]);
  expect(await lossChange(opened, preset)).toBeGreaterThan(0);
});

test("the number of the subject is stored at the subject, and reaches the last word in layer 2", async () => {
  const opened = await trained("grammar");
  const { cells } = await patched(opened, presetNamed("grammar", "One dog, or several"));
  const restored = (layer: number, position: number): number =>
    cells.find((cell) => cell.layer === `layers.${layer}` && cell.position === position)!.restored!;
  expect([restored(0, 1), restored(1, 1)]).toEqual([expect.closeTo(1, 1), expect.closeTo(1, 1)]);
  expect(restored(2, 5)).toBeGreaterThan(0.4);
  expect(restored(1, 5)).toBeLessThan(0.1);
});
