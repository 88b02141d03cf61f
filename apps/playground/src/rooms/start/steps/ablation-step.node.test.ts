import { readFile } from "node:fs/promises";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { loadTrained } from "../../../models/load-trained.js";
import type { OpenModel } from "../../../models/opened-model.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { readPredictions } from "../../../reading/read-predictions.js";
import type { PredictionsReading } from "../../../reading/readings.js";
import { Run } from "../../../reading/run.js";
import { patchedHead, previousToken } from "./starts.js";

beforeAll(async () => {
  await useBackend(fusedBackendNames[0]!);
  const folder = new URL("../../../../public/models/", import.meta.url);
  vi.stubGlobal("fetch", async (url: URL) => new Response(await readFile(new URL(url.pathname.slice(1), folder))));
});

async function trained(): Promise<OpenModel> {
  const opened = await loadTrained(previousToken.model, "https://localhost/", new AbortController().signal);
  use(opened.model);
  return opened;
}

const off: EditSpec = { kind: "ablate", part: patchedHead.part, heads: patchedHead.heads, by: "zero" };

async function predict(opened: OpenModel, edits: readonly EditSpec[], text: string = previousToken.text): Promise<PredictionsReading> {
  const run = new Run(opened, { ...previousToken, text, edits });
  const reading = await readPredictions(run, { temperature: 1, topK: 1 });
  run.dispose();
  return reading;
}

/** How many tokens of the repetition are predicted: those after the second “q” to the last but one. */
function foundIn({ positions }: PredictionsReading): number {
  return positions.slice(12, 19).filter(({ top, actual }) => top[0]!.id === actual!.id).length;
}

test("without L0·H0 the repetition is lost, and with its output from a text that does not repeat it is found again", async () => {
  const opened = await trained();
  const readings = [await predict(opened, []), await predict(opened, [off]), await predict(opened, [off, patchedHead])];
  expect(readings.map(foundIn)).toEqual([7, 1, 7]);
  expect(readings.map(({ meanLoss }) => meanLoss)).toEqual([expect.closeTo(2.56, 1), expect.closeTo(3.92, 1), expect.closeTo(2.65, 1)]);
});

test("in the text that is patched in, nothing repeats and nothing is found", async () => {
  const { from } = patchedHead;
  expect(new Set(from).size).toBe(from.length);
  expect(from.slice(0, 12)).toBe(previousToken.text.slice(0, 12));
  expect(foundIn(await predict(await trained(), [], from))).toBe(0);
});
